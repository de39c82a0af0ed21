/* Pods by what made them, so that nobody looks through all pods for those of one workload. */
#include "base/limits.h"
#include "facts/net_take.h"

static void put(struct kb_net_model *model, struct kb_str kind, struct kb_str name_space,
                struct kb_str name, uint32_t pod)
{
    struct kb_buf key;
    kb_buf_init(&key, KB_MAX_RECORD);
    kb_buf_printf(&key, "%.*s/%.*s/%.*s", KB_FMT(kind), KB_FMT(name_space), KB_FMT(name));
    struct kb_map_entry *entry = kb_map_add(&model->made_index, kb_buf_view(&key), NULL);
    *KB_VEC_PUSH(&model->made) = (struct kb_net_made){pod, (uint32_t)entry->value.u};
    entry->value.u = model->made.n;
    kb_buf_done(&key);
}

/* The name of a pod's controller's controller: a ReplicaSet's name is its Deployment's, a dash and a hash. */
static bool maker_name(struct kb_str owner, struct kb_str *out)
{
    size_t dash = owner.n;
    while (dash > 0 && owner.p[dash - 1] != '-') {
        dash--;
    }
    *out = kb_str_sub(owner, 0, dash == 0 ? 0 : dash - 1);
    return dash > 0 && dash < owner.n;
}

static struct kb_str maker_kind(struct kb_str owner_kind)
{
    return kb_str_eq_c(owner_kind, "ReplicaSet") ? KB_STR("Deployment")
           : kb_str_eq_c(owner_kind, "Job")      ? KB_STR("CronJob")
                                                 : KB_STR("");
}

/* These own their pods through another; who says otherwise is not believed. */
static bool owns_pods(struct kb_str kind)
{
    return kind.n > 0 && !kb_str_eq_c(kind, "Deployment") && !kb_str_eq_c(kind, "CronJob");
}

/* From the last, as each is put before those that are there. */
void kb_net_index_makers(struct kb_net_model *model)
{
    for (size_t i = model->net.pods.n; i > 0; i--) {
        const struct kb_net_pod *pod = model->net.pods.at[i - 1];
        struct kb_str name, above = maker_kind(pod->owner_kind);
        if (pod->finished || !owns_pods(pod->owner_kind)) {
            continue;
        }
        put(model, pod->owner_kind, pod->name_space, pod->owner_name, (uint32_t)(i - 1));
        if (above.n > 0 && maker_name(pod->owner_name, &name)) {
            put(model, above, pod->name_space, name, (uint32_t)(i - 1));
        }
    }
}

struct kb_net_made_by kb_net_made_begin(const struct kb_net_model *model,
                                        const struct kb_workload *workload)
{
    struct kb_net_made_by by = {.model = model};
    struct kb_buf key;
    if (workload->kind->id == KB_KIND_POD) {
        by.alone = kb_net_find_pod(&model->net, workload->at.name_space, workload->at.name);
        by.alone = by.alone != NULL && by.alone->finished ? NULL : by.alone;
        return by;
    }
    kb_buf_init(&key, KB_MAX_RECORD);
    kb_buf_printf(&key, "%s/%.*s/%.*s", workload->kind->kind, KB_FMT(workload->at.name_space),
                  KB_FMT(workload->at.name));
    const struct kb_map_entry *entry = kb_map_find(&model->made_index, kb_buf_view(&key));
    by.next = entry == NULL ? 0 : (uint32_t)entry->value.u;
    kb_buf_done(&key);
    return by;
}

const struct kb_net_pod *kb_net_made_next(struct kb_net_made_by *by)
{
    const struct kb_net_pod *pod = by->alone;
    by->alone = NULL;
    if (by->next > 0) {
        const struct kb_net_made *made = &by->model->made.at[by->next - 1];
        pod = by->model->net.pods.at[made->pod];
        by->next = made->next;
    }
    return pod;
}

/* Pods by the workload that made them. */
#include <stdlib.h>

#include "facts/net_tables.h"
#include "facts/net_take.h"

/* Those that are followed up to the one that a person wrote. */
static bool is_workload(struct kb_str kind)
{
    static const char *const kinds[] = {"Deployment", "ReplicaSet", "StatefulSet",
                                        "DaemonSet",  "Job",        "CronJob"};
    bool found = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !found; i++) {
        found = kb_str_eq_c(kind, kinds[i]);
    }
    return found;
}

/* The Deployment of a ReplicaSet that was not read: its name without the hash that the pod carries too. */
static bool by_hash(const struct kb_net_pod *pod, struct kb_str *name)
{
    struct kb_str hash = KB_STR("");
    if (!kb_str_eq_c(pod->owner_kind, "ReplicaSet") ||
        !kb_net_labels_get(&pod->labels, KB_STR("pod-template-hash"), &hash) || hash.n == 0 ||
        pod->owner_name.n <= hash.n + 1) {
        return false;
    }
    size_t at = pod->owner_name.n - hash.n;
    bool ends = kb_str_eq(kb_str_sub(pod->owner_name, at, pod->owner_name.n), hash) &&
                pod->owner_name.p[at - 1] == '-';
    *name = kb_str_sub(pod->owner_name, 0, at - 1);
    return ends;
}

/* "Kind/namespace/name" of what made the pod. */
static struct kb_str maker(struct kb_net_model *model, const struct kb_net_pod *pod)
{
    struct kb_arena *arena = &model->arena;
    struct kb_str name = KB_STR("");
    if (!is_workload(pod->owner_kind)) {
        return kb_arena_printf(arena, "Pod/%.*s/%.*s", KB_FMT(pod->name_space), KB_FMT(pod->name));
    }
    struct kb_str own = kb_arena_printf(arena, "%.*s/%.*s/%.*s", KB_FMT(pod->owner_kind),
                                        KB_FMT(pod->name_space), KB_FMT(pod->owner_name));
    const char *above = kb_map_get(&model->owners, own);
    if (above != NULL) {
        struct kb_str rest, kind = kb_str_split(kb_str_c(above), '/', &rest);
        return is_workload(kind) ? kb_str_c(above) : own;
    }
    return by_hash(pod, &name) ? kb_arena_printf(arena, "Deployment/%.*s/%.*s",
                                                 KB_FMT(pod->name_space), KB_FMT(name))
                               : own;
}

static struct kb_net_group *group_of(struct kb_net_model *model, const struct kb_net_pod *pod)
{
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&model->group_index, maker(model, pod), &is_new);
    if (is_new) {
        struct kb_str rest, kind = kb_str_split(entry->key, '/', &rest);
        struct kb_str name;
        (void)kb_str_split(rest, '/', &name);
        entry->value.u = model->groups.n;
        *KB_VEC_PUSH(&model->groups) =
            (struct kb_net_group){.number = (uint32_t)entry->value.u,
                                  .kind = kb_map_intern(&model->names, kind),
                                  .name = name,
                                  .name_space = pod->name_space,
                                  .object = entry->key,
                                  .pod = pod,
                                  .host_network = pod->host_network,
                                  .standalone = pod->owner_kind.n == 0};
    }
    return &model->groups.at[entry->value.u];
}

static bool has_class(const struct kb_net_group *group, uint32_t cls)
{
    bool found = false;
    for (size_t i = group->class_count; i > 0 && !found; i--) {
        found = group->classes[i - 1] == cls;
    }
    return found;
}

/* Room doubles: the array has place for the next power of two. */
static void add_class(struct kb_net_model *model, struct kb_net_group *group, uint32_t cls)
{
    size_t n = group->class_count;
    if (has_class(group, cls)) {
        return;
    }
    if ((n & (n - 1)) == 0) {
        uint32_t *more = KB_NEW_ARRAY(&model->arena, n == 0 ? 1 : 2 * n, uint32_t);
        for (size_t i = 0; i < n; i++) {
            more[i] = group->classes[i];
        }
        group->classes = more;
    }
    ((uint32_t *)(uintptr_t)group->classes)[n] = cls;
    group->class_count++;
}

static int by_place(const void *a, const void *b)
{
    const struct kb_net_group *x = a, *y = b;
    int order = kb_str_cmp(x->name_space, y->name_space);
    order = order != 0 ? order : kb_str_cmp(x->name, y->name);
    return order != 0 ? order : kb_str_cmp(x->kind, y->kind);
}

/* The pods that resolve names, as Kubernetes labels them. */
static bool is_resolver(const struct kb_net_group *group)
{
    struct kb_str app = KB_STR("");
    (void)kb_net_labels_get(&group->pod->labels, KB_STR("k8s-app"), &app);
    return kb_str_eq_c(app, "kube-dns");
}

/* Groups stand by namespace. */
static void note_system(struct kb_net_model *model)
{
    for (size_t i = 0; i < model->groups.n; i++) {
        if (kb_str_eq_c(model->groups.at[i].name_space, "kube-system")) {
            model->system_first = model->system_end == 0 ? i : model->system_first;
            model->system_end = i + 1;
            if (is_resolver(&model->groups.at[i])) {
                *KB_VEC_PUSH(&model->resolvers) = (uint32_t)i;
            }
        }
    }
}

/* Where each group is after sorting. */
static void number_pods(struct kb_net_model *model)
{
    uint32_t *places = kb_alloc((model->groups.n + 1) * sizeof *places);
    for (size_t i = 0; i < model->groups.n; i++) {
        places[model->groups.at[i].number] = (uint32_t)i;
    }
    for (size_t i = 0; i < model->net.pods.n; i++) {
        if (model->pod_groups[i] != UINT32_MAX) {
            model->pod_groups[i] = places[model->pod_groups[i]];
        }
    }
    kb_free(places);
}

void kb_net_group_pods(struct kb_net_model *model)
{
    const struct kb_net_world *net = &model->net;
    model->pod_groups = KB_NEW_ARRAY(&model->arena, net->pods.n, uint32_t);
    for (size_t i = 0; i < net->pods.n; i++) {
        const struct kb_net_pod *pod = net->pods.at[i];
        model->pod_groups[i] = UINT32_MAX;
        if (pod->finished) {
            continue;
        }
        struct kb_net_group *group = group_of(model, pod);
        model->pod_groups[i] = group->number;
        group->pods++;
        group->unenforced = group->unenforced || pod->unenforced;
        add_class(model, group, pod->cls);
    }
    if (model->groups.n > 1) {
        qsort(model->groups.at, model->groups.n, sizeof model->groups.at[0], by_place);
    }
    for (size_t i = 0; i < model->groups.n; i++) {
        kb_map_find(&model->group_index, model->groups.at[i].object)->value.u = i;
    }
    number_pods(model);
    note_system(model);
}

void kb_net_link_workloads(struct kb_net_model *model, const struct kb_cluster *cluster)
{
    struct kb_buf key;
    kb_buf_init(&key, SIZE_MAX);
    for (size_t i = 0; i < cluster->workloads.n; i++) {
        const struct kb_workload *at = &cluster->workloads.at[i];
        kb_buf_clear(&key);
        kb_buf_printf(&key, "%s/%.*s/%.*s", at->kind->kind, KB_FMT(at->at.name_space), KB_FMT(at->at.name));
        const struct kb_map_entry *entry = kb_map_find(&model->group_index, kb_buf_view(&key));
        struct kb_net_group *group = entry == NULL ? NULL : &model->groups.at[entry->value.u];
        if (group != NULL && group->workload == 0) {
            group->workload = (uint32_t)i + 1;
        }
    }
    kb_buf_done(&key);
}

typedef void row_fn(struct kb_net_world *net, uint32_t cls, kb_net_ports *out);

static void sum_rows(struct kb_net_model *model, const struct kb_net_group *group, row_fn *row,
                     kb_net_ports *out)
{
    struct kb_net_world *net = &model->net;
    size_t n = net->classes.n;
    kb_net_ports *sum = kb_alloc((2 * n + 1) * sizeof *sum), *one = sum + n;
    for (size_t c = 0; c < group->class_count; c++) {
        row(net, group->classes[c], c == 0 ? sum : one);
        for (size_t i = 0; c > 0 && i < n; i++) {
            sum[i] = kb_net_ports_union(&net->ports, sum[i], one[i]);
        }
    }
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *other = &model->groups.at[i];
        out[i] = KB_NET_NO_PORTS;
        for (size_t c = 0; c < other->class_count; c++) {
            out[i] = kb_net_ports_union(&net->ports, out[i], sum[other->classes[c]]);
        }
    }
    kb_free(sum);
}

void kb_net_group_sources(struct kb_net_model *model, const struct kb_net_group *to, kb_net_ports *out)
{
    sum_rows(model, to, kb_net_sources, out);
}

void kb_net_group_targets(struct kb_net_model *model, const struct kb_net_group *from, kb_net_ports *out)
{
    sum_rows(model, from, kb_net_targets, out);
}

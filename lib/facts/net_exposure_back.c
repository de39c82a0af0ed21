/* What is behind an object that publishes. */
#include <stdlib.h>

#include "facts/net_exposure.h"
#include "facts/world.h"

/* A StatefulSet gives each pod its name as a label, which is not in the template. */
static bool is_pod_name(const struct kb_net_label *label, const struct kb_workload *workload)
{
    return workload->kind->id == KB_KIND_STATEFUL_SET &&
           (kb_str_eq_c(label->key, "apps.kubernetes.io/pod-index") ||
            (kb_str_eq_c(label->key, "statefulset.kubernetes.io/pod-name") &&
             kb_str_starts(label->value, workload->at.name)));
}

bool kb_exposure_selects(const struct kb_net_labels *selector, const struct kb_workload *workload)
{
    for (size_t i = 0; i < selector->n; i++) {
        const struct kb_net_label *want = &selector->at[i];
        const json_t *has = json_object_getn(workload->labels, want->key.p, want->key.n);
        bool met = json_is_string(has) && kb_str_eq(kb_json_view(has), want->value);
        if (!met && !is_pod_name(want, workload)) {
            return false;
        }
    }
    return selector->n > 0;
}

typedef KB_VEC(const struct kb_workload *) workload_list;
typedef KB_VEC(struct kb_str) text_list;

static void add_workload(workload_list *to, const struct kb_workload *workload)
{
    for (size_t i = 0; i < to->n; i++) {
        if (to->at[i] == workload) {
            return;
        }
    }
    *KB_VEC_PUSH(to) = workload;
}

/* How many workloads the Service selects. */
static size_t select_workloads(const struct kb_world *world, const struct kb_exposure_part *service,
                               workload_list *to)
{
    const struct kb_map_entry *first =
        kb_map_find(&world->exposure.by_namespace, service->at.name_space);
    size_t count = 0, n = world->cluster.workloads.n;
    for (size_t i = first == NULL ? n : first->value.u; i < n; i++) {
        const struct kb_workload *workload = &world->cluster.workloads.at[i];
        if (!kb_str_eq(workload->at.name_space, service->at.name_space)) {
            break;
        }
        if (kb_exposure_selects(&service->service.selector, workload)) {
            add_workload(to, workload);
            count++;
        }
    }
    return count;
}

static bool has_port(const struct kb_net_published *service, const struct kb_net_backend *backend)
{
    bool any = backend->port == 0 && backend->port_name.n == 0;
    for (size_t i = 0; i < service->port_count && !any; i++) {
        any = backend->port != 0 ? service->ports[i].port == backend->port
                                 : kb_str_eq(service->ports[i].name, backend->port_name);
    }
    return any || kb_str_eq_c(service->type, "ExternalName");
}

/* Whether the backend leads somewhere. */
static bool follow(const struct kb_world *world, const struct kb_net_backend *backend,
                   workload_list *to)
{
    const struct kb_exposure_part *service = kb_exposure_part_find(
        &world->exposure, KB_KIND_SERVICE, backend->name_space, backend->service);
    if (service == NULL) {
        return false;
    }
    size_t found = select_workloads(world, service, to);
    return (found > 0 || !service->service.has_selector) && has_port(&service->service, backend);
}

static int by_name(const void *a, const void *b)
{
    const struct kb_workload *x = *(const struct kb_workload *const *)a;
    const struct kb_workload *y = *(const struct kb_workload *const *)b;
    int order = kb_str_cmp(x->at.name_space, y->at.name_space);
    order = order != 0 ? order : kb_str_cmp(x->at.name, y->at.name);
    return order != 0 ? order : (int)x->kind->id - (int)y->kind->id;
}

static void close_row(struct kb_arena *arena, workload_list *workloads, text_list *dangling,
                      struct kb_exposure *row)
{
    struct kb_str *texts = KB_NEW_ARRAY(arena, dangling->n, struct kb_str);
    row->workloads = KB_NEW_ARRAY(arena, workloads->n, const struct kb_workload *);
    row->workload_count = workloads->n;
    row->dangling = (struct kb_net_texts){texts, dangling->n};
    for (size_t i = 0; i < workloads->n; i++) {
        row->workloads[i] = workloads->at[i];
    }
    if (workloads->n > 1) {
        qsort(row->workloads, workloads->n, sizeof *row->workloads, by_name);
    }
    for (size_t i = 0; i < dangling->n; i++) {
        texts[i] = dangling->at[i];
    }
    KB_VEC_DONE(workloads);
    KB_VEC_DONE(dangling);
}

void kb_exposure_join(struct kb_world *world, struct kb_exposure *row)
{
    struct kb_arena *arena = &world->exposure.arena;
    workload_list workloads = {0};
    text_list dangling = {0};
    for (size_t i = 0; i < row->backend_count; i++) {
        const struct kb_net_backend *backend = &row->backends[i];
        if (!follow(world, backend, &workloads)) {
            *KB_VEC_PUSH(&dangling) =
                kb_arena_printf(arena, "Service/%.*s/%.*s", KB_FMT(backend->name_space),
                                KB_FMT(backend->service));
        }
    }
    close_row(arena, &workloads, &dangling, row);
}

bool kb_exposure_runs_nginx(const struct kb_exposure *row)
{
    for (size_t i = 0; i < row->workload_count; i++) {
        const struct kb_texts *images = &row->workloads[i]->pod->images;
        for (size_t k = 0; k < images->n; k++) {
            if (kb_str_find(images->at[k], KB_STR("ingress-nginx"), 0) != SIZE_MAX ||
                kb_str_find(images->at[k], KB_STR("nginx-ingress-controller"), 0) != SIZE_MAX) {
                return true;
            }
        }
    }
    return false;
}

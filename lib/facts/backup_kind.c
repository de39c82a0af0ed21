/* Table backup.kind: types of objects, and whether the filters of usable schedules let them in. */
#include "facts/backup_kinds.h"
#include "facts/backup_rows.h"

#define NAMED(plural, singular_name, group_name, in_namespace)                                     \
    {.name = KB_STR_INIT(plural),                                                                  \
     .singular = KB_STR_INIT(singular_name),                                                       \
     .group = KB_STR_INIT(group_name),                                                             \
     .namespaced = in_namespace}

/* Those without which a cluster or a namespace does not come back. */
static const struct kb_velero_type types[] = {
    NAMED("secrets", "secret", "", true),
    NAMED("configmaps", "configmap", "", true),
    NAMED("serviceaccounts", "serviceaccount", "", true),
    NAMED("persistentvolumeclaims", "persistentvolumeclaim", "", true),
    NAMED("services", "service", "", true),
    NAMED("deployments", "deployment", "apps", true),
    NAMED("statefulsets", "statefulset", "apps", true),
    NAMED("roles", "role", "rbac.authorization.k8s.io", true),
    NAMED("rolebindings", "rolebinding", "rbac.authorization.k8s.io", true),
    NAMED("customresourcedefinitions", "customresourcedefinition", "apiextensions.k8s.io", false),
    NAMED("clusterroles", "clusterrole", "rbac.authorization.k8s.io", false),
    NAMED("clusterrolebindings", "clusterrolebinding", "rbac.authorization.k8s.io", false),
    NAMED("storageclasses", "storageclass", "storage.k8s.io", false),
    NAMED("priorityclasses", "priorityclass", "scheduling.k8s.io", false),
    NAMED("validatingwebhookconfigurations", "validatingwebhookconfiguration",
          "admissionregistration.k8s.io", false),
    NAMED("mutatingwebhookconfigurations", "mutatingwebhookconfiguration",
          "admissionregistration.k8s.io", false),
    NAMED("namespaces", "namespace", "", false),
    NAMED("persistentvolumes", "persistentvolume", "", false),
};
enum { TYPES = sizeof types / sizeof types[0] };

static const struct {
    const char *plural;
    struct kb_str at[1];
} short_names[] = {
    {"configmaps", {KB_STR_INIT("cm")}},     {"serviceaccounts", {KB_STR_INIT("sa")}},
    {"services", {KB_STR_INIT("svc")}},      {"persistentvolumeclaims", {KB_STR_INIT("pvc")}},
    {"deployments", {KB_STR_INIT("deploy")}}, {"statefulsets", {KB_STR_INIT("sts")}},
    {"customresourcedefinitions", {KB_STR_INIT("crd")}}, {"storageclasses", {KB_STR_INIT("sc")}},
    {"priorityclasses", {KB_STR_INIT("pc")}}, {"namespaces", {KB_STR_INIT("ns")}},
    {"persistentvolumes", {KB_STR_INIT("pv")}},
};

static void name_type(struct kb_velero_type *type, struct kb_arena *arena)
{
    for (size_t i = 0; i < sizeof short_names / sizeof short_names[0]; i++) {
        if (kb_str_eq_c(type->name, short_names[i].plural)) {
            type->short_names = (struct kb_velero_names){short_names[i].at, 1};
        }
    }
    type->full = kb_velero_full_name(arena, type->name, type->group);
}

/* Velero's own objects, and those that it never restores. */
static bool never_restored(struct kb_str group)
{
    return kb_str_eq_c(group, "velero.io") || kb_str_eq_c(group, "snapshot.storage.k8s.io");
}

/* The types above, then those of definitions, whose scope is not known: most are namespaced. */
static struct kb_velero_types all_types(const struct kb_world *world, struct kb_arena *arena)
{
    const struct kb_backup_model *m = &world->backup;
    struct kb_velero_type *at = KB_NEW_ARRAY(arena, TYPES + m->crds.n, struct kb_velero_type);
    size_t n = 0;
    for (; n < TYPES; n++) {
        at[n] = types[n];
        name_type(&at[n], arena);
    }
    for (size_t i = 0; i < m->crds.n; i++) {
        struct kb_str group, plural = kb_str_split(m->crds.at[i], '.', &group);
        if (group.n > 0 && !never_restored(group)) {
            at[n++] = (struct kb_velero_type){.name = plural, .singular = plural, .group = group,
                                              .namespaced = true, .full = m->crds.at[i]};
        }
    }
    return (struct kb_velero_types){at, n};
}

void kb_backup_kinds_init(struct kb_backup_kinds *kinds, const struct kb_world *world)
{
    const struct kb_backup_model *m = &world->backup;
    *kinds = (struct kb_backup_kinds){.world = world};
    kinds->types = all_types(world, &kinds->arena);
    kinds->filters = KB_NEW_ARRAY(&kinds->arena, m->schedules.n + 1, struct kb_velero_filter);
    for (size_t i = 0; i < m->schedules.n; i++) {
        const struct kb_backup_schedule *at = m->schedules.at[i];
        kb_velero_filter_init(&kinds->filters[i], &at->effective, kb_resource_policy_types(at->policy),
                              kinds->types, &at->namespaces, &kinds->arena);
    }
}

void kb_backup_kinds_done(struct kb_backup_kinds *kinds)
{
    kb_arena_done(&kinds->arena);
}

/* Objects of cluster scope come whole only where they are asked for by name; else Velero takes those that others
 * bring along. */
static bool asks_for_cluster(const struct kb_backup_schedule *at)
{
    return at->spec.lists.cluster_resources == KB_VELERO_TRUE ||
           at->spec.lists.lists[KB_VELERO_INCLUDED_CLUSTER].n > 0;
}

static enum kb_tri is_here(const struct kb_backup_schedule *at, struct kb_str name_space)
{
    return name_space.n > 0         ? kb_backup_covers(at, name_space)
           : at->selection_unread ? KB_NOT_KNOWN
           : at->covers.n > 0       ? KB_YES
                                    : KB_NO;
}

enum kb_tri kb_backup_kind_included(const struct kb_backup_kinds *kinds,
                                    const struct kb_velero_type *type, struct kb_str name_space,
                                    struct kb_velero_names *by, struct kb_arena *arena)
{
    const struct kb_backup_model *m = &kinds->world->backup;
    struct kb_str *names = KB_NEW_ARRAY(arena, m->schedules.n + 1, struct kb_str);
    bool unsure = false;
    *by = (struct kb_velero_names){names, 0};
    for (size_t i = 0; i < m->schedules.n; i++) {
        const struct kb_backup_schedule *at = m->schedules.at[i];
        enum kb_tri here = is_here(at, name_space);
        bool in = here != KB_NO && (type->namespaced || asks_for_cluster(at)) &&
                  kb_velero_includes(&kinds->filters[i], type, &unsure);
        bool certain = here == KB_YES && at->usable == KB_YES;
        unsure = unsure || (in && !certain && at->usable != KB_NO);
        if (in && certain) {
            names[by->n++] = at->at.name;
        }
    }
    unsure = unsure || !kb_world_whole(kinds->world, KB_KIND_VELERO_SCHEDULE);
    return by->n > 0 ? KB_YES : unsure ? KB_NOT_KNOWN : KB_NO;
}

bool kb_backup_kind_is_cluster(const struct kb_velero_type *type)
{
    return !type->namespaced && !kb_str_eq_c(type->name, "namespaces") &&
           !kb_str_eq_c(type->name, "persistentvolumes");
}

bool kb_backup_kind_is_custom(const struct kb_backup_kinds *kinds, const struct kb_velero_type *type)
{
    return type - kinds->types.at >= TYPES;
}

struct subject {
    const struct kb_velero_type *type;
    struct kb_str name_space;
    bool custom;
};

#define COLUMNS(X)                                                                                 \
    X("object", "string", KB_ALWAYS, kb_cel_string(row->info.object),                              \
      "The namespace, the definition of the kind, or Velero's namespace for kinds of cluster scope.")\
    X("resource", "string", KB_ALWAYS, kb_cel_string(at->type->full), "\"secrets\", \"deployments.apps\".")\
    X("namespace", "string", KB_ALWAYS, kb_cel_string(at->name_space), "The namespace; empty for cluster scope and definitions.")\
    X("cluster_scope", "bool", KB_ALWAYS, kb_cel_bool(!at->type->namespaced), "Whether it has no namespace.")\
    X("custom", "bool", KB_ALWAYS, kb_cel_bool(at->custom), "Whether a CustomResourceDefinition makes it.")\
    X("included", "bool", KB_ALWAYS, kb_val_tri(included),                                         \
      "Whether a usable schedule saves all of it; of cluster scope only where it asks for it by name.")\
    X("included_by", "list(string)", KB_ALWAYS, kb_val_texts(arena, by), "Usable schedules that do.")

static const struct kb_column columns[] = {COLUMNS(KB_BACKUP_COLUMN)};

const struct kb_table kb_table_backup_kind = {
    .name = "backup.kind",
    .doc = "One row a kind of objects that matters: in each namespace that is covered, of cluster scope, and "
           "each that a definition makes.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

static void give(const struct kb_backup_kinds *kinds, const struct subject *at, kb_row_fn *fn, void *ctx)
{
    struct kb_arena own = {0}, *arena = &own;
    struct kb_backup_row made, *row = &made;
    struct kb_velero_names by;
    size_t n = 0;
    struct kb_named named = {.name_space = KB_STR(""), .uid = KB_STR(""), .source = KB_STR("")};
    named.name = at->custom              ? at->type->full
                 : at->name_space.n > 0 ? at->name_space
                                        : kinds->world->backup.name_space;
    enum kb_tri included =
        kb_backup_kind_included(kinds, at->type, at->name_space, &by, arena);
    kb_backup_row_of(&named, at->custom ? "CustomResourceDefinition" : "Namespace", arena, row);
    row->info.name_space = at->custom ? KB_STR("") : named.name;
    row->info.order = kb_arena_printf(arena, "%.*s %.*s", KB_FMT(row->info.object),
                                      KB_FMT(at->type->full));
    COLUMNS(KB_BACKUP_VALUE)
    kb_backup_row_give(&kb_table_backup_kind, row, fn, ctx);
    kb_arena_done(&own);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_backup_kinds kinds;
    kb_backup_kinds_init(&kinds, world);
    for (size_t i = 0; i < world->backup.namespaces.n; i++) {
        const struct kb_backup_namespace *ns = world->backup.namespaces.at[i];
        for (size_t k = 0; ns->in_scope && ns->covered == KB_YES && k < TYPES; k++) {
            struct subject at = {&kinds.types.at[k], ns->name, false};
            if (at.type->namespaced) {
                give(&kinds, &at, fn, ctx);
            }
        }
    }
    for (size_t k = 0; k < kinds.types.n && world->backup.schedules.n > 0; k++) {
        struct subject at = {&kinds.types.at[k], KB_STR(""), k >= TYPES};
        if (at.custom || kb_backup_kind_is_cluster(at.type)) {
            give(&kinds, &at, fn, ctx);
        }
    }
    kb_backup_kinds_done(&kinds);
}

static const enum kb_kind_id needs[] = {KB_KIND_NAMESPACE, KB_KIND_VELERO_SCHEDULE,
                                        KB_KIND_VELERO_LOCATION,
                                        KB_KIND_CUSTOM_RESOURCE_DEFINITION};
const struct kb_fact_source kb_facts_backup_kind = {
    .table = &kb_table_backup_kind, .needs = needs, .need_count = 4, .rows = rows};

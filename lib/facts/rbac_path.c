/* Table rbac.path. */
#include "facts/getters.h"
#include "facts/rbac_scene.h"
#include "facts/rbac_tables.h"

struct path_row {
    const struct kb_world *world;
    const struct kb_attack_path *path;
    uint64_t number;
    bool whole; /* every grant was read */
};

static const struct kb_attack_path *path_of(const void *data)
{
    return ((const struct path_row *)data)->path;
}

static struct kb_str principal_text(const struct kb_attack_path *path, struct kb_arena *arena)
{
    return path->entry != NULL ? path->entry->principal
                               : kb_rbac_subject_text(&path->principal, arena);
}

static void get_principal(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    *out = kb_cel_string(principal_text(path_of(data), arena));
}

static void get_kind(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct kb_attack_path *path = path_of(data);
    *out = kb_cel_string(path->entry != NULL
                             ? KB_STR("AccessEntry")
                             : kb_str_c(kb_rbac_subject_kind_name(path->principal.kind)));
}

static void get_name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(path_of(data)->principal.name);
}

static void get_namespace(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(path_of(data)->principal.name_space);
}

static void get_goal(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(kb_str_c(kb_attack_goal_name(path_of(data)->goal)));
}

static void get_target(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(path_of(data)->target);
}

static void get_steps(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_attack_path *path = path_of(data);
    struct kb_str *texts = KB_NEW_ARRAY(arena, path->step_count, struct kb_str);
    for (size_t i = 0; i < path->step_count; i++) {
        texts[i] = kb_arena_printf(arena, "%.*s -> %.*s", KB_FMT(path->steps[i].does),
                                   KB_FMT(path->steps[i].gains));
    }
    *out = kb_cel_list(kb_text_list(arena, texts, path->step_count));
}

static void get_grants(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_attack_path *path = path_of(data);
    struct kb_str *texts =
        KB_NEW_ARRAY(arena, path->step_count * KB_ATTACK_STEP_GRANTS, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < path->step_count; i++) {
        for (size_t k = 0; k < path->steps[i].grant_count; k++) {
            struct kb_str text = kb_attack_grant_text(path->steps[i].grants[k], arena);
            bool known = false;
            for (size_t at = 0; at < n && !known; at++) {
                known = kb_str_eq(texts[at], text);
            }
            texts[n] = text;
            n += !known;
        }
    }
    *out = kb_cel_list(kb_text_list(arena, texts, n));
}

static void get_sure(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_string(kb_str_c(kb_attack_sure_name(path_of(data)->sure)));
}

static void get_cluster_admin(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct path_row *row = data;
    *out = row->path->cluster_admin || row->whole ? kb_cel_bool(row->path->cluster_admin)
                                                  : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_direct(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_bool(path_of(data)->direct);
}

static const struct kb_column columns[] = {
    {"principal", "string", KB_ALWAYS, get_principal,
     "Who gets there: \"User/name\", \"Group/name\", \"ServiceAccount/namespace/name\", or the ARN of an "
     "access entry."},
    {"kind", "string", KB_ALWAYS, get_kind,
     "\"User\", \"Group\", \"ServiceAccount\" or \"AccessEntry\"."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone; of an access entry its user name."},
    {"namespace", "string", KB_ALWAYS, get_namespace, "Namespace of a service account."},
    {"goal", "string", KB_ALWAYS, get_goal,
     "\"cluster-admin\", \"node-root\", \"all-secrets\", \"evidence-tamper\" or \"aws-role\"."},
    {"target", "string", KB_ALWAYS, get_target, "The IAM role's ARN, where the goal is one."},
    {"steps", "list(string)", KB_ALWAYS, get_steps,
     "The shortest way there: what is done, and what is gained by it."},
    {"grants", "list(string)", KB_ALWAYS, get_grants, "Bindings and access policies that it stands on."},
    {"sure", "string", KB_ALWAYS, get_sure,
     "\"certain\": by RBAC alone; \"likely\": where a pod is there and answers; \"maybe\": where "
     "something that was not read lets it."},
    {"cluster_admin", "bool", KB_ALWAYS, get_cluster_admin,
     "Whether the principal comes to cluster-admin, which holds every other goal, as surely."},
    {"direct", "bool", KB_ALWAYS, get_direct,
     "Whether the principal was simply given the goal: one step, of a right that is the goal itself."},
};

const struct kb_table kb_table_rbac_path = {
    .name = "rbac.path",
    .doc = "One row a principal that is not stock and a goal that it can reach step by step.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

/* The evidence is the binding of the first step. */
static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct path_row *row = data;
    const struct kb_attack_path *path = row->path;
    struct kb_str who = principal_text(path, arena);
    const struct kb_attack_grant *first =
        path->step_count > 0 && path->steps[0].grant_count > 0 ? path->steps[0].grants[0] : NULL;
    if (first != NULL && first->binding != NULL) {
        kb_rbac_row_info(&first->binding->meta, who, NULL, 0, arena, out);
    } else {
        *out = (struct kb_row_info){.object = who,
                                    .evidence = {row->world->eks.source, KB_STR("access entry"),
                                                 KB_STR("")},
                                    .time_ns = INT64_MIN};
    }
    out->subject = who;
    out->name_space = path->principal.name_space;
    out->order = kb_arena_printf(arena, "%.*s %08u", KB_FMT(who), (unsigned)row->number);
}

static const enum kb_kind_id needs[] = {
    KB_KIND_CLUSTER_ROLE,    KB_KIND_CLUSTER_ROLE_BINDING, KB_KIND_ROLE,     KB_KIND_ROLE_BINDING,
    KB_KIND_SERVICE_ACCOUNT, KB_KIND_NAMESPACE,            KB_KIND_CONFIG_MAP};

/* Access entries count where AWS was asked at all, and the cluster heeds them. */
static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    const struct kb_eks_model *eks = &world->eks;
    struct kb_str text = eks->problem;
    if (!world->aws_read || kb_str_eq_c(eks->auth_mode, "CONFIG_MAP")) {
        return KB_STR("");
    }
    if (text.n == 0 && !eks->entries_read) {
        text = KB_STR("access entries were not read (aws eks list-access-entries)");
    }
    for (size_t i = 0; i < eks->entries.n && text.n == 0; i++) {
        const struct kb_access_entry *at = eks->entries.at[i];
        if (!at->described || !at->policies_read) {
            text = kb_arena_printf(arena, "access entry %.*s was not read whole (aws eks "
                                   "describe-access-entry, list-associated-access-policies)",
                                   KB_FMT(at->principal));
        }
    }
    return text;
}

static bool is_whole(const struct kb_world *world, struct kb_arena *arena)
{
    bool whole = missing(world, arena).n == 0;
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        whole = whole && kb_world_whole(world, needs[i]);
    }
    return whole;
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_arena arena = {0};
    bool whole = is_whole(world, &arena);
    struct kb_attack_scene scene;
    kb_rbac_scene(world, &arena, &scene);
    struct kb_attack *attack = kb_attack_new(&scene, &arena);
    struct kb_attack_paths paths = kb_attack_paths(attack);
    for (size_t i = 0; i < paths.n; i++) {
        struct path_row row = {world, &paths.at[i], i, whole};
        struct kb_row out = {&kb_table_rbac_path, &ops, &row};
        fn(ctx, &out);
    }
    kb_attack_free(attack);
    kb_arena_done(&arena);
}

const struct kb_fact_source kb_facts_rbac_path = {
    .table = &kb_table_rbac_path,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = missing,
};

/* Table rbac.rule_use. */
#include "facts/getters.h"
#include "facts/usage_tables.h"

struct rule_row {
    const struct kb_world *world;
    const struct kb_rbac_grant *grant;
    const struct kb_rbac_binding *binding;
    unsigned subject, part;
    const struct kb_rbac_rule *rule;
    enum kb_use use, binding_use;
    const struct kb_usage_mark *mark; /* NULL: nothing was seen */
};

static void get_binding(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    *out = kb_cel_string(
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena));
}

static void get_subject(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    *out = kb_cel_string(kb_rbac_subject_text(&row->binding->subjects[row->subject], arena));
}

static void get_role(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    *out = kb_cel_string(kb_arena_printf(arena, "%sRole/%.*s",
                                         row->binding->role_cluster ? "Cluster" : "",
                                         KB_FMT(row->binding->role_name)));
}

#define WORDS(name, member)                                                                        \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        const struct kb_rbac_words *words = &((const struct rule_row *)data)->rule->member;        \
        *out = kb_cel_list(kb_text_list(arena, words->at, words->n));                              \
    }
WORDS(verbs, verbs)
WORDS(api_groups, groups)
WORDS(resources, resources)
WORDS(resource_names, names)
WORDS(urls, urls)

static void get_managed(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = kb_cel_bool(((const struct rule_row *)data)->grant->managed);
}

static void get_use(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    kb_put_use(((const struct rule_row *)data)->use, out);
}

static void get_binding_use(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    kb_put_use(((const struct rule_row *)data)->binding_use, out);
}

static bool was_seen(const struct kb_usage_mark *mark, struct kb_str verb)
{
    for (size_t i = 0; i < mark->verbs.n; i++) {
        if (kb_str_eq(mark->verbs.at[i], verb)) {
            return true;
        }
    }
    return false;
}

/* Of a rule that is used and could be said to be unused: nothing is said of others' verbs. */
static void get_unused_verbs(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    const struct kb_rbac_words *verbs = &row->rule->verbs;
    bool sayable = kb_usage_missing(row->world, arena).n == 0;
    struct kb_str *unused = KB_NEW_ARRAY(arena, verbs->n, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; row->mark != NULL && i < verbs->n; i++) {
        if (!kb_str_eq_c(verbs->at[i], "*") && !was_seen(row->mark, verbs->at[i])) {
            unused[n++] = verbs->at[i];
        }
    }
    *out = sayable ? kb_cel_list(kb_text_list(arena, unused, n))
                   : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_atoms(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    *out = kb_cel_list(row->mark == NULL ? kb_text_list(arena, NULL, 0)
                                         : kb_text_list(arena, row->mark->atoms.at, row->mark->atoms.n));
}

static void get_atoms_whole(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct rule_row *row = data;
    bool more = row->mark != NULL && row->mark->more;
    *out = more || kb_usage_missing(row->world, arena).n == 0
               ? kb_cel_bool(!more)
               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_wildcard(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct kb_rbac_rule *rule = ((const struct rule_row *)data)->rule;
    const struct kb_rbac_words *lists[] = {&rule->verbs, &rule->resources, &rule->groups};
    bool found = false;
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < lists[k]->n; i++) {
            found = found || (rule->resources.n > 0 && kb_str_eq_c(lists[k]->at[i], "*"));
        }
    }
    *out = kb_cel_bool(found);
}

static const struct kb_column columns[] = {
    {"binding", "string", KB_ALWAYS, get_binding, "The binding, as in rbac.binding."},
    {"subject", "string", KB_ALWAYS, get_subject, "Its subject, as in rbac.binding."},
    {"role", "string", KB_ALWAYS, get_role, "\"ClusterRole/name\" or \"Role/name\"."},
    {"verbs", "list(string)", KB_ALWAYS, get_verbs, "Verbs of the rule, as written."},
    {"api_groups", "list(string)", KB_ALWAYS, get_api_groups, "apiGroups of the rule; \"\" is the core group."},
    {"resources", "list(string)", KB_ALWAYS, get_resources, "Resources of the rule."},
    {"resource_names", "list(string)", KB_ALWAYS, get_resource_names, "resourceNames of the rule."},
    {"urls", "list(string)", KB_ALWAYS, get_urls, "nonResourceURLs of the rule."},
    {"managed", "bool", KB_ALWAYS, get_managed, "Whether the binding is stock, as in rbac.binding."},
    {"use", "string", KB_ALWAYS, get_use, KB_USE_DOC},
    {"binding_use", "string", KB_ALWAYS, get_binding_use, "The use of the whole binding, in the same words."},
    {"unused_verbs", "list(string)", KB_ALWAYS, get_unused_verbs,
     "Of a rule that is in use, verbs that no request had."},
    {"atoms", "list(string)", KB_ALWAYS, get_atoms,
     "What it was used for: \"get pods\" …, at most 64."},
    {"atoms_whole", "bool", KB_ALWAYS, get_atoms_whole, "Whether atoms holds all of it; unknown where the log does not show everything."},
    {"wildcard", "bool", KB_ALWAYS, get_wildcard,
     "Whether the verbs, resources or groups of the rule hold \"*\"."},
};

const struct kb_table kb_table_rbac_rule_use = {
    .name = "rbac.rule_use",
    .doc = "One row a rule that a subject holds through a binding: what a log shows of its use.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct rule_row *row = data;
    struct kb_str object =
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena);
    kb_rbac_row_info(&row->binding->meta, object, &row->binding->subjects[row->subject], row->part,
                     arena, out);
}

static void give_rules(struct rule_row *row, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_rbac_rules *rules = &row->binding->role->rules;
    for (size_t i = 0; i < rules->n; i++, row->part++) {
        row->rule = &rules->at[i];
        row->use = kb_usage_of(row->world, row->binding, row->subject, i, &row->mark);
        struct kb_row out = {&kb_table_rbac_rule_use, &ops, row};
        fn(ctx, &out);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    for (size_t i = 0; i < world->rbac.policy.bindings.n && world->usage.read; i++) {
        const struct kb_rbac_grant *grant = &world->rbac.grants[i];
        struct rule_row row = {.world = world, .grant = grant, .binding = grant->binding};
        for (; row.binding->role != NULL && row.subject < row.binding->subject_count; row.subject++) {
            row.binding_use = kb_usage_of(world, row.binding, row.subject, SIZE_MAX, NULL);
            give_rules(&row, fn, ctx);
        }
    }
}

const struct kb_fact_source kb_facts_rbac_rule_use = {
    .table = &kb_table_rbac_rule_use,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
    .missing = kb_usage_missing,
};

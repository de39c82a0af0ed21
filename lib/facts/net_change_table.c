/* Table net.change. */
#include "facts/getters.h"
#include "facts/net_tables.h"

enum { NAMES_MAX = 50 };

struct change_row {
    const struct kb_world *world;
    const struct kb_net_logged *at;
    const struct kb_net_policy *policy; /* as it is now; NULL: it is not there */
    struct kb_str object, kind, name_space, name, verb, user;
    int64_t time;
    uint64_t changes;
    bool in_scope, deleted, present, opens;
    bool sure; /* all was read that tells what is now */
};

static void put_open(const struct change_row *row, enum kb_net_direction direction, struct kb_arena *arena,
                     struct kb_cel_val *out)
{
    struct kb_net_model *model = row->world->network;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    if (!row->sure) {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
        return;
    }
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *group = &model->groups.at[i];
        bool open = false, here = row->name_space.n == 0 ? kb_net_in_scope(row->world, group)
                                                         : kb_str_eq(group->name_space, row->name_space);
        for (size_t k = 0; k < group->class_count && here && !group->host_network && !open; k++) {
            open = kb_net_open(&model->net, model->net.classes.at[group->classes[k]].pod, direction);
        }
        if (open) {
            kb_net_text_add(&texts, group->object);
        }
    }
    kb_net_texts_put(&texts, out);
}

static void get_open_ingress(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    put_open(data, KB_NET_INGRESS, arena, out);
}

static void get_open_egress(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    put_open(data, KB_NET_EGRESS, arena, out);
}

static void get_present(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct change_row *row = data;
    *out = row->present || row->sure ? kb_cel_bool(row->present) : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static void get_admits_all(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct change_row *row = data;
    bool all = false;
    for (int d = 0; row->policy != NULL && d < KB_NET_DIRECTIONS; d++) {
        for (size_t i = 0; i < row->policy->rules[d].n; i++) {
            struct kb_net_of_rule of = {&row->world->network->net, row->policy, (enum kb_net_direction)d,
                                        &row->policy->rules[d].at[i]};
            all = all || (of.rule->action == KB_NET_ACCEPT && of.rule->any_port && kb_net_rule_everyone(&of));
        }
    }
    *out = row->sure ? kb_cel_bool(all) : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static bool selects_by(const struct kb_net_select *select, struct kb_str key)
{
    bool found = false;
    for (size_t i = 0; select != NULL && i < select->selector.n && !found; i++) {
        found = kb_str_eq(select->selector.at[i].key, key);
    }
    return found;
}

static bool names_key(const struct kb_net_policy *policy, struct kb_str key)
{
    bool found = selects_by(policy->namespaces, key);
    for (int d = 0; d < KB_NET_DIRECTIONS && !found; d++) {
        for (size_t i = 0; i < policy->rules[d].n && !found; i++) {
            const struct kb_net_rule *rule = &policy->rules[d].at[i];
            for (size_t k = 0; k < rule->peer_count && !found; k++) {
                found = selects_by(rule->peers[k].namespaces, key);
            }
        }
    }
    return found;
}

static bool is_chosen_by(const struct kb_net_model *model, struct kb_str key)
{
    bool found = false;
    for (size_t i = 0; i < model->net.policies.n && !found; i++) {
        found = names_key(model->net.policies.at[i], key);
    }
    return found;
}

static void get_labels(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct change_row *row = data;
    struct kb_net_text_list texts = {.arena = arena, .max = NAMES_MAX};
    for (struct kb_str key, rest = row->at->keys; rest.n > 0;) {
        key = kb_str_split(rest, '\n', &rest);
        if (key.n > 0 && is_chosen_by(row->world->network, key)) {
            kb_net_text_add(&texts, key);
        }
    }
    bool none = texts.list.n == 0;
    kb_net_texts_put(&texts, out);
    if (none && (row->at->keys_cut || (row->at->keys.n > 0 && !row->sure))) {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    }
}

KB_GET(STR, change_row, object)
KB_GET(STR, change_row, kind)
KB_GET(STR, change_row, name_space)
KB_GET(STR, change_row, name)
KB_GET(STR, change_row, verb)
KB_GET(STR, change_row, user)
KB_GET(TIME, change_row, time)
KB_GET(INT, change_row, changes)
KB_GET(BOOL, change_row, in_scope)
KB_GET(BOOL, change_row, deleted)
KB_GET(BOOL, change_row, opens)

static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "The policy, \"NetworkPolicy/shop/db\"; \"NetworkPolicy/shop/*\": all of the namespace at once."},
    {"kind", "string", KB_ALWAYS, get_kind, "\"NetworkPolicy\", \"ClusterNetworkPolicy\", \"AdminNetworkPolicy\" and others; \"Namespace\"."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Its namespace; empty for policies of the cluster."},
    {"name", "string", KB_ALWAYS, get_name, "Its name; empty: all of the namespace at once (deletecollection)."},
    {"in_scope", "bool", KB_ALWAYS, get_in_scope, "Whether its namespace is none of settings.excludedNamespaces."},
    {"time", "timestamp", KB_OPTIONAL, get_time, "When the log last shows it changed."},
    {"verb", "string", KB_ALWAYS, get_verb, "The verb of that change: create, update, patch, delete, deletecollection."},
    {"user", "string", KB_ALWAYS, get_user, "Who made it."},
    {"changes", "int", KB_ALWAYS, get_changes, "How many changes of it the log has."},
    {"deleted", "bool", KB_ALWAYS, get_deleted, "Whether the last change took it away."},
    {"opens", "bool", KB_ALWAYS, get_opens, "Whether what was written last has a rule that admits everything."},
    {"present", "bool", KB_ALWAYS, get_present, "Whether the cluster has it now."},
    {"admits_all", "bool", KB_ALWAYS, get_admits_all, "Whether a rule of it, as it is now, admits everybody on all ports."},
    {"labels", "list(string)", KB_ALWAYS, get_labels,
     "Of a namespace: labels that were set or taken away, by which policies that are there now choose namespaces. Unknown for an "
     "update, which does not tell what it changes."},
    {"open_ingress", "list(string)", KB_ALWAYS, get_open_ingress,
     "Workloads of its namespace (of a policy of the cluster: all in scope) to which something comes now of which no policy "
     "speaks (at most 50)."},
    {"open_egress", "list(string)", KB_ALWAYS, get_open_egress, "The same of what leaves."},
};

const struct kb_table kb_table_net_change = {
    .name = "net.change",
    .doc = "One row a network policy that the log shows changed, or a namespace whose labels it shows changed: the last change, and "
           "what the cluster has now.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct change_row *row = data;
    (void)arena;
    *out = (struct kb_row_info){
        .object = row->object,
        .name_space = row->name_space,
        .subject = row->user,
        .evidence = {row->at->source, kb_str_c(row->at->locator), kb_str_c(row->at->audit_id)},
        .time_ns = row->time,
        .order = row->object,
    };
}

static const struct kb_net_policy *find(const struct kb_net_model *model, const struct kb_net_logged *at)
{
    for (size_t i = 0; i < model->net.policies.n; i++) {
        const struct kb_net_policy *policy = model->net.policies.at[i];
        if (kb_str_eq(policy->name, at->name) && kb_str_eq(policy->name_space, at->name_space) &&
            kb_str_eq_c(at->kind, kb_net_kind_name(policy->kind))) {
            return policy;
        }
    }
    return NULL;
}

static struct kb_str object_of(const struct kb_net_logged *at, struct kb_arena *arena)
{
    struct kb_str name = at->name.n > 0 ? at->name : KB_STR("*");
    bool inside = at->name_space.n > 0 && !kb_str_eq_c(at->kind, KB_NET_NAMESPACE);
    return inside ? kb_arena_printf(arena, "%.*s/%.*s/%.*s", KB_FMT(at->kind), KB_FMT(at->name_space), KB_FMT(name))
                  : kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(at->kind), KB_FMT(name));
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_net_log *log = &world->net_log;
    bool sure = kb_net_sure(world) && kb_world_whole(world, KB_KIND_POD);
    struct kb_arena arena = {0};
    for (size_t i = 0; i < log->policies.n && log->read; i++) {
        const struct kb_net_logged *at = &log->policies.at[i];
        struct change_row row = {
            .world = world,
            .at = at,
            .policy = find(world->network, at),
            .object = object_of(at, &arena),
            .kind = at->kind,
            .name_space = at->name_space,
            .name = at->name,
            .verb = at->verb,
            .user = at->user,
            .time = at->time_ns,
            .changes = at->changes,
            .in_scope = !kb_world_setting_has(world, "excludedNamespaces", at->name_space),
            .deleted = kb_str_starts(at->verb, KB_STR("delete")),
            .opens = at->opens,
            .sure = sure,
        };
        row.present = row.policy != NULL;
        struct kb_row out = {&kb_table_net_change, &ops, &row};
        fn(ctx, &out);
        kb_arena_reset(&arena);
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    if (!world->net_log.read) {
        return KB_STR("no audit log was read beside the objects: name one with --logs");
    }
    struct kb_str objects = kb_net_missing(world, arena);
    return world->net_log.problem.n == 0 || objects.n == 0
               ? kb_arena_printf(arena, "%.*s%.*s", KB_FMT(world->net_log.problem), KB_FMT(objects))
               : kb_arena_printf(arena, "%.*s; %.*s", KB_FMT(world->net_log.problem), KB_FMT(objects));
}

static const enum kb_kind_id needs[] = {KB_KIND_POD};

const struct kb_fact_source kb_facts_net_change = {
    .table = &kb_table_net_change,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = missing,
};

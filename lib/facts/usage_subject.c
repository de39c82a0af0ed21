/* Table rbac.subject_use. */
#include "facts/getters.h"
#include "facts/usage_tables.h"

struct subject_row {
    const struct kb_rbac_holder *holder;
    enum kb_use use;
    int64_t last_seen;
    bool managed, system;
};

/* Groups of everybody, and the control plane's own names. */
bool kb_usage_is_system(const struct kb_rbac_subject *subject)
{
    return subject->kind != KB_RBAC_SERVICE_ACCOUNT &&
           kb_str_starts(subject->name, KB_STR("system:"));
}

static void get_subject(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    *out = kb_cel_string(
        kb_rbac_subject_text(&((const struct subject_row *)data)->holder->subject, arena));
}

static void get_kind(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct subject_row *row = data;
    *out = kb_cel_string(kb_str_c(kb_rbac_subject_kind_name(row->holder->subject.kind)));
}

static void get_use(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    kb_put_use(((const struct subject_row *)data)->use, out);
}

KB_GET(TIME, subject_row, last_seen)
KB_GET(BOOL, subject_row, managed)
KB_GET(BOOL, subject_row, system)

static const struct kb_column columns[] = {
    {"subject", "string", KB_ALWAYS, get_subject,
     "\"User/name\", \"Group/name\" or \"ServiceAccount/namespace/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind, "\"User\", \"Group\" or \"ServiceAccount\"."},
    {"use", "string", KB_ALWAYS, get_use,
     "\"sole\" where it was seen in the log (a group: any member), else as in rbac.use."},
    {"last_seen", "timestamp", KB_OPTIONAL, get_last_seen, "When it last sent any request."},
    {"managed", "bool", KB_ALWAYS, get_managed, "Whether all bindings that name it are stock."},
    {"system", "bool", KB_ALWAYS, get_system,
     "Whether it is a group or user of Kubernetes itself, which is not given to anybody in particular."},
};

const struct kb_table kb_table_rbac_subject_use = {
    .name = "rbac.subject_use",
    .doc = "One row a user, group or service account that some binding names: whether a log shows it.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct subject_row *row = data;
    struct kb_str text = kb_rbac_subject_text(&row->holder->subject, arena);
    kb_rbac_row_info(&row->holder->places.at[0].binding->meta, text, &row->holder->subject, 0, arena,
                     out);
    out->name_space = row->holder->subject.name_space;
}

static struct kb_str name_in_log(const struct kb_rbac_subject *subject, struct kb_arena *arena)
{
    return subject->kind == KB_RBAC_GROUP
               ? kb_arena_printf(arena, "group:%.*s", KB_FMT(subject->name))
           : subject->kind == KB_RBAC_SERVICE_ACCOUNT
               ? kb_arena_printf(arena, "system:serviceaccount:%.*s:%.*s",
                                 KB_FMT(subject->name_space), KB_FMT(subject->name))
               : subject->name;
}

/* It is there since its oldest binding. */
static void judge(const struct kb_world *world, struct subject_row *row)
{
    struct kb_arena arena = {0};
    int64_t since = INT64_MAX;
    bool hidden = true;
    row->managed = true;
    for (size_t i = 0; i < row->holder->places.n; i++) {
        const struct kb_rbac_binding *binding = row->holder->places.at[i].binding;
        row->managed = row->managed && world->rbac.grants[binding->number].managed;
        hidden = hidden && kb_usage_binding_hidden(binding);
        since = binding->meta.created_ns < since ? binding->meta.created_ns : since;
    }
    struct kb_str name = name_in_log(&row->holder->subject, &arena);
    row->use = kb_usage_of_anybody(world, &name, 1, since, &row->last_seen);
    if (hidden && row->use == KB_USE_UNUSED) {
        row->use = KB_USE_HIDDEN;
    }
    row->system = kb_usage_is_system(&row->holder->subject);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->rbac.policy.holders.n && world->usage.read; i++) {
        struct subject_row row = {.holder = world->rbac.policy.holders.at[i]};
        judge(world, &row);
        struct kb_row out = {&kb_table_rbac_subject_use, &ops, &row};
        fn(ctx, &out);
    }
}

const struct kb_fact_source kb_facts_rbac_subject_use = {
    .table = &kb_table_rbac_subject_use,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
    .missing = kb_usage_missing,
};

/* Table net.expectation. */
#include "facts/getters.h"
#include "facts/net_expect.h"
#include "facts/net_tables.h"

struct expectation_row {
    struct kb_str text, from, to, port, object, name_space, reason, ports_text;
    bool must, readable, holds;
};

KB_GET(STR, expectation_row, text)
KB_GET(STR, expectation_row, from)
KB_GET(STR, expectation_row, to)
KB_GET(STR, expectation_row, port)
KB_GET(STR, expectation_row, reason)
KB_GET(STR, expectation_row, ports_text)
KB_GET(BOOL, expectation_row, must)

static void get_holds(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct expectation_row *row = data;
    *out = row->readable ? kb_cel_bool(row->holds) : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

static const struct kb_column columns[] = {
    {"text", "string", KB_ALWAYS, get_text, "The expectation, as the profile has it."},
    {"must", "bool", KB_ALWAYS, get_must, "Whether it must be reached, or must not."},
    {"from", "string", KB_ALWAYS, get_from,
     "Who: a workload \"Kind/namespace/name\", \"namespace/NAME\", \"world\", or an address."},
    {"to", "string", KB_ALWAYS, get_to, "Whom, likewise."},
    {"port", "string", KB_ALWAYS, get_port, "\"5432\", \"53/UDP\"; empty: any."},
    {"ports", "string", KB_ALWAYS, get_ports_text,
     "Ports that are open from somebody there to somebody there, or empty."},
    {"holds", "bool", KB_ALWAYS, get_holds,
     "Whether it is as expected: must for all pairs, must not for none; unknown where an end cannot be found."},
    {"reason", "string", KB_ALWAYS, get_reason, "Why it cannot be judged, or the pair that is otherwise."},
};

const struct kb_table kb_table_net_expectation = {
    .name = "net.expectation",
    .doc = "One row an entry of settings.reachExpectations: \"must FROM -> TO PORT\" or \"must-not FROM -> TO PORT\".",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct expectation_row *row = data;
    (void)arena;
    *out = (struct kb_row_info){.object = row->object,
                                .name_space = row->name_space,
                                .evidence = {KB_STR("profile"), KB_STR("settings.reachExpectations"),
                                             KB_STR("")},
                                .time_ns = INT64_MIN,
                                .order = row->text};
}

static struct kb_str space_of(struct kb_str object)
{
    struct kb_str rest, name;
    (void)kb_str_split(object, '/', &rest);
    name = kb_str_split(rest, '/', &rest);
    return name.p == NULL ? KB_STR("") : name;
}

static void judge(struct kb_net_model *model, struct expectation_row *row, struct kb_arena *arena)
{
    struct kb_net_expectation e = {row->must, row->from, row->to, row->port};
    struct kb_net_expect_end from = {0}, to = {0};
    if (!kb_net_expect_end_find(model, row->from, &from)) {
        row->reason = kb_arena_printf(arena, "%.*s has no live pods", KB_FMT(row->from));
    } else if (!kb_net_expect_end_find(model, row->to, &to)) {
        row->reason = kb_arena_printf(arena, "%.*s has no live pods", KB_FMT(row->to));
    } else if (from.groups.n == 0 && to.groups.n == 0) {
        row->reason = KB_STR("neither end is in the cluster");
    } else {
        struct kb_net_expect_answer answer;
        row->readable = true;
        row->object = to.groups.n > 0 ? row->to : row->from;
        row->name_space = space_of(row->object);
        kb_net_expectation_judge(model, &e, &from, &to, arena, &answer);
        row->holds = answer.holds;
        row->reason = answer.reason;
        row->ports_text = kb_net_ports_show(&model->net, answer.ports, arena);
    }
    KB_VEC_DONE(&from.groups);
    KB_VEC_DONE(&to.groups);
}

static void one(const struct kb_world *world, struct kb_str text, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    struct kb_arena arena = {0};
    struct kb_net_expectation e = {0};
    bool written = kb_net_expectation_read(text, &e);
    struct expectation_row row = {.text = text, .object = text, .must = e.must, .from = e.from, .to = e.to,
                                  .port = e.port};
    if (written) {
        judge(world->network, &row, &arena);
    } else {
        row.reason = KB_STR("is not written \"must FROM -> TO PORT\" or \"must-not FROM -> TO PORT\"");
    }
    struct kb_row out = {&kb_table_net_expectation, &ops, &row};
    fn(ctx, &out);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_cel_val list = world->setting(world->setting_ctx, "reachExpectations");
    bool sure = kb_net_sure(world);
    for (size_t i = 0; sure && list.kind == KB_CEL_LIST && i < list.list->n; i++) {
        if (list.list->items[i].kind == KB_CEL_STRING) {
            one(world, list.list->items[i].s, fn, ctx);
        }
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_POD};

const struct kb_fact_source kb_facts_net_expectation = {
    .table = &kb_table_net_expectation,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
    .missing = kb_net_missing,
};

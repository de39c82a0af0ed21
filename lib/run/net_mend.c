/* Proposing, trying, judging again. */
#include "run/net_mend.h"

#include "facts/net_expect.h"
#include "facts/net_fix.h"
#include "facts/net_tables.h"
#include "run/net_mend_flows.h"

enum { FINDINGS_MAX = 100000 };

/* What mends which, in the order of trying: what names two ends first, then whole namespaces, which often mend what
 * comes behind. */
static const struct shape {
    const char *control;
    const struct kb_fact_source *source;
    const char *detail; /* the column that tells findings of one object apart */
    const char *toward; /* which end makes it fail; "namespace/": that of the detail; NULL: any, or in the detail */
    enum kb_net_fix_shape shape;
    bool opens;         /* it is meant to open something */
} shapes[] = {
    {"reach-expectations", &kb_facts_net_expectation, "text", NULL, KB_NET_FIX_EXPECTATION, true},
    {"reach-cross-tenant", &kb_facts_net_flow, "from_namespace", "namespace/", KB_NET_FIX_INGRESS, false},
    {"reach-cross-environment", &kb_facts_net_flow, "from_namespace", "namespace/", KB_NET_FIX_INGRESS, false},
    {"reach-datastore-ports", &kb_facts_net_flow, "from_namespace", "namespace/", KB_NET_FIX_INGRESS, false},
    {"namespace-default-deny-ingress", &kb_facts_net_namespace, NULL, NULL, KB_NET_FIX_NAMESPACE_INGRESS, false},
    {"namespace-has-policy", &kb_facts_net_namespace, NULL, NULL, KB_NET_FIX_NAMESPACE_INGRESS, false},
    {"namespace-default-deny-egress", &kb_facts_net_namespace, NULL, NULL, KB_NET_FIX_NAMESPACE_EGRESS, false},
    {"pod-open-ingress", &kb_facts_net_workload, NULL, NULL, KB_NET_FIX_INGRESS, false},
    {"pod-open-egress", &kb_facts_net_workload, NULL, NULL, KB_NET_FIX_EGRESS, false},
    {"reach-kube-system", &kb_facts_net_workload, NULL, "namespace/kube-system", KB_NET_FIX_EGRESS, false},
    {"reach-node-services", &kb_facts_net_workload, NULL, NULL, KB_NET_FIX_EGRESS, false},
    {"reach-pod-to-world", &kb_facts_net_workload, NULL, "world", KB_NET_FIX_EGRESS, false},
    {"reach-api-server", &kb_facts_net_workload, NULL, NULL, KB_NET_FIX_EGRESS, false},
    {"reach-imds", &kb_facts_net_workload, NULL, "169.254.169.254", KB_NET_FIX_IMDS, false},
    {"netpol-dns-blocked", &kb_facts_net_workload, NULL, NULL, KB_NET_FIX_DNS, true},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

struct mending {
    const struct kb_net_mend_options *options;
    struct kb_world world;       /* the caller's, with the network of the moment */
    const struct kb_net_model *base;
    struct kb_net_model *trial;  /* NULL: nothing was accepted yet */
    json_t *accepted;            /* all policies so far */
    KB_VEC(struct kb_str) keep;
    struct kb_map failing;       /* keys of what fails at the moment */
    struct kb_map tables;        /* those that controls which are wanted look at */
    struct kb_net_mending *out;
};

bool kb_net_mends(struct kb_str control)
{
    bool mends = false;
    for (size_t i = 0; i < SHAPES && !mends; i++) {
        mends = kb_str_eq_c(control, shapes[i].control);
    }
    return mends;
}

static void judge_row(void *ctx, const struct kb_row *row)
{
    kb_engine_row(ctx, row);
}

/* The controls over the tables of the network, in a world with this network. */
static void judge(const struct mending *m, const struct kb_net_model *model, struct kb_result *result)
{
    struct kb_engine_options options = {.now_ns = m->options->now_ns, .fail_on = KB_FAIL_ON_NEVER,
                                        .max_findings = FINDINGS_MAX};
    struct kb_engine *engine = kb_engine_new(m->options->plan, &options);
    struct kb_world world = m->world;
    struct kb_arena arena = {0};
    world.network = (struct kb_net_model *)(uintptr_t)model;
    for (size_t i = 0; i < SHAPES; i++) {
        const struct kb_fact_source *source = shapes[i].source;
        bool again = i > 0 && shapes[i - 1].source == source;
        bool asked = kb_map_find(&m->tables, kb_str_c(source->table->name)) != NULL;
        if (again || !asked || !kb_plan_reads(m->options->plan, source->table)) {
            continue;
        }
        source->rows(&world, judge_row, engine);
        kb_engine_table_complete(engine, source->table);
        struct kb_str missing = kb_world_missing(&world, source, &arena);
        if (missing.n > 0) {
            kb_engine_table_incomplete(engine, source->table, missing);
        }
    }
    kb_engine_finish(engine, result);
    kb_engine_free(engine);
    kb_arena_done(&arena);
}

static const struct kb_control_result *control_of(const struct kb_result *result, const char *id)
{
    for (size_t i = 0; i < result->control_count; i++) {
        if (kb_str_eq_c(result->controls[i].id, id)) {
            return &result->controls[i];
        }
    }
    return NULL;
}

static struct kb_str detail_of(const struct shape *shape, const struct kb_finding *finding)
{
    for (size_t i = 0; shape->detail != NULL && i < finding->cell_count; i++) {
        if (strcmp(finding->cells[i].column, shape->detail) == 0 &&
            finding->cells[i].value.kind == KB_CEL_STRING) {
            return finding->cells[i].value.s;
        }
    }
    return KB_STR("");
}

static struct kb_str key_of(struct kb_arena *arena, struct kb_str control, struct kb_str object, struct kb_str detail)
{
    return kb_arena_printf(arena, "%.*s\n%.*s\n%.*s", KB_FMT(control), KB_FMT(object), KB_FMT(detail));
}

/* What fails, or cannot be judged, in a network. */
static void note_failing(const struct mending *m, const struct kb_net_model *model, struct kb_map *failing)
{
    struct kb_result result = {0};
    struct kb_arena arena = {0};
    judge(m, model, &result);
    for (size_t i = 0; i < SHAPES; i++) {
        const struct kb_control_result *control = control_of(&result, shapes[i].control);
        for (size_t k = 0; control != NULL && k < control->finding_count; k++) {
            const struct kb_finding *f = &control->findings[k];
            if (f->verdict == KB_FAIL || f->verdict == KB_UNKNOWN) {
                kb_map_add(failing, key_of(&arena, control->id, f->object, detail_of(&shapes[i], f)), NULL)
                    ->value.u = i + 1;
            }
        }
    }
    kb_result_done(&result);
    kb_arena_done(&arena);
}

static void add_finding(struct mending *m, const struct shape *shape, const struct kb_control_result *control,
                        const struct kb_finding *finding)
{
    struct kb_arena *arena = &m->out->arena;
    *KB_VEC_PUSH(&m->out->findings) = (struct kb_net_mend){
        .control = kb_arena_copy(arena, control->id),
        .object = kb_arena_copy(arena, finding->object),
        .message = kb_arena_copy(arena, finding->message),
        .detail = kb_arena_copy(arena, detail_of(shape, finding)),
    };
}

/* What is to be mended, in the order of the shapes. */
static void find_wanted(struct mending *m)
{
    struct kb_result result = {0};
    for (size_t i = 0; i < SHAPES; i++) {
        if (m->options->wants_control(m->options->ctx, kb_str_c(shapes[i].control))) {
            (void)kb_map_add(&m->tables, kb_str_c(shapes[i].source->table->name), NULL);
        }
    }
    judge(m, m->base, &result);
    for (size_t i = 0; i < SHAPES; i++) {
        const struct kb_control_result *control = control_of(&result, shapes[i].control);
        if (control == NULL || !m->options->wants_control(m->options->ctx, control->id)) {
            continue;
        }
        if (control->verdict == KB_UNKNOWN) {
            *KB_VEC_PUSH(&m->out->unknown) =
                kb_arena_printf(&m->out->arena, "%s: %.*s", shapes[i].control, KB_FMT(control->reason));
        }
        for (size_t k = 0; k < control->finding_count; k++) {
            const struct kb_finding *finding = &control->findings[k];
            if (finding->verdict == KB_FAIL && m->options->wants(m->options->ctx, control, finding)) {
                add_finding(m, &shapes[i], control, finding);
            }
        }
    }
    kb_result_done(&result);
}

static const struct shape *shape_of(struct kb_str control)
{
    size_t i = 0;
    while (!kb_str_eq_c(control, shapes[i].control)) {
        i++;
    }
    return &shapes[i];
}

static bool expectation_holds(struct kb_net_model *model, struct kb_str text, struct kb_arena *arena)
{
    struct kb_net_expectation e;
    struct kb_net_expect_end from = {0}, to = {0};
    struct kb_net_expect_answer answer = {.holds = true};
    if (kb_net_expectation_read(text, &e) && kb_net_expect_end_find(model, e.from, &from) &&
        kb_net_expect_end_find(model, e.to, &to) && from.groups.n + to.groups.n > 0) {
        kb_net_expectation_judge(model, &e, &from, &to, arena, &answer);
    }
    KB_VEC_DONE(&from.groups);
    KB_VEC_DONE(&to.groups);
    return answer.holds;
}

/* An expectation that would be broken, and is not today; empty. */
static struct kb_str broken(struct mending *m, struct kb_net_model *now, struct kb_net_model *then)
{
    for (size_t i = 0; i < m->keep.n; i++) {
        if (expectation_holds(now, m->keep.at[i], &m->out->arena) &&
            !expectation_holds(then, m->keep.at[i], &m->out->arena)) {
            return m->keep.at[i];
        }
    }
    return KB_STR("");
}

/* Something that did not fail before; empty. */
static struct kb_str newly_failing(struct mending *m, const struct kb_map *then)
{
    for (size_t i = 0; i < then->n; i++) {
        if (kb_map_find(&m->failing, then->entries[i].key) == NULL) {
            struct kb_str rest, object, control = kb_str_split(then->entries[i].key, '\n', &rest);
            object = kb_str_split(rest, '\n', &rest);
            return kb_arena_printf(&m->out->arena, "%.*s of %.*s", KB_FMT(control), KB_FMT(object));
        }
    }
    return KB_STR("");
}

/* Why the trial is no good for the finding; empty: it is. Its flows are noted. `still`: rules that may be why. */
static struct kb_str fault(struct mending *m, struct kb_net_mend *finding, struct kb_net_model *trial,
                           const json_t *policies, const struct kb_map *then, struct kb_str still)
{
    struct kb_net_model *now = m->world.network;
    struct kb_arena *arena = &m->out->arena;
    struct kb_str key = key_of(arena, finding->control, finding->object, finding->detail), bad;
    if (kb_map_find(then, key) != NULL) {
        return still.n == 0 ? KB_STR("the policy that was tried does not change it: another one has the last word")
                            : kb_arena_printf(arena, "policies only add up: narrow %.*s", KB_FMT(still));
    }
    bad = broken(m, now, trial);
    if (bad.n > 0) {
        return kb_arena_printf(arena, "the policy that was tried breaks \"%.*s\"", KB_FMT(bad));
    }
    bad = newly_failing(m, then);
    if (bad.n > 0) {
        return kb_arena_printf(arena, "with the policy that was tried %.*s fails", KB_FMT(bad));
    }
    bool opened = kb_net_mend_flows(now, trial, policies, arena, finding);
    return opened && !shape_of(finding->control)->opens
               ? KB_STR("the policy that was tried opens something, as the engine has it")
               : KB_STR("");
}

static void accept(struct mending *m, size_t number, json_t *policies, struct kb_net_model *trial,
                   struct kb_map *then)
{
    m->out->findings.at[number].policies = policies;
    json_array_extend(m->accepted, policies);
    kb_net_trial_free(m->trial);
    m->trial = m->world.network = trial;
    for (size_t i = 0; i < m->out->findings.n; i++) {
        struct kb_net_mend *at = &m->out->findings.at[i];
        struct kb_str key = key_of(&m->out->arena, at->control, at->object, at->detail);
        if (at->by == 0 && kb_map_find(then, key) == NULL) {
            at->by = number + 1;
            at->reason = KB_STR("");
            m->out->mended++;
        }
    }
    kb_map_done(&m->failing);
    m->failing = *then;
    *then = (struct kb_map){0};
}

/* With all that was accepted before. */
static struct kb_net_model *try_out(const struct mending *m, const json_t *policies)
{
    json_t *all = json_copy(m->accepted);
    json_array_extend(all, (json_t *)(uintptr_t)policies);
    struct kb_net_model *trial = kb_net_trial_new(m->base, all);
    json_decref(all);
    return trial;
}

static struct kb_str toward_of(struct mending *m, const struct shape *shape, const struct kb_net_mend *finding)
{
    struct kb_str toward = kb_str_c(shape->toward);
    return kb_str_ends(toward, KB_STR("/"))
               ? kb_arena_printf(&m->out->arena, "%.*s%.*s", KB_FMT(toward), KB_FMT(finding->detail))
               : toward;
}

static void mend(struct mending *m, size_t number)
{
    struct kb_net_mend *finding = &m->out->findings.at[number];
    const struct shape *shape = shape_of(finding->control);
    struct kb_net_fix_question q = {
        .model = m->world.network,
        .shape = shape->shape,
        .object = shape->shape == KB_NET_FIX_EXPECTATION ? finding->detail : finding->object,
        .toward = toward_of(m, shape, finding),
        .keep = m->keep.at,
        .keep_count = m->keep.n,
        .arena = &m->out->arena};
    json_t *policies = kb_net_fix_propose(&q, &finding->reason);
    if (policies == NULL) {
        return;
    }
    struct kb_map then = {0};
    struct kb_net_model *trial = try_out(m, policies);
    note_failing(m, trial, &then);
    finding->reason = fault(m, finding, trial, policies, &then, kb_net_fix_still(&q));
    if (finding->reason.n == 0) {
        accept(m, number, policies, trial, &then);
    } else {
        KB_VEC_DONE(&finding->flows);
        json_decref(policies);
        kb_net_trial_free(trial);
    }
    kb_map_done(&then);
}

static KB_RES note_keep(struct mending *m, struct kb_err *err)
{
    struct kb_cel_val list = m->world.setting(m->world.setting_ctx, "reachExpectations");
    for (size_t i = 0; list.kind == KB_CEL_LIST && i < list.list->n; i++) {
        if (list.list->items[i].kind == KB_CEL_STRING) {
            *KB_VEC_PUSH(&m->keep) = list.list->items[i].s;
        }
    }
    for (size_t i = 0; i < m->options->keep_count; i++) {
        struct kb_str text = kb_arena_printf(&m->out->arena, "must %.*s", KB_FMT(m->options->keep[i]));
        struct kb_net_expectation e;
        struct kb_net_expect_end from = {0}, to = {0};
        bool reads = kb_net_expectation_read(text, &e);
        bool finds = reads && kb_net_expect_end_find(m->base, e.from, &from) &&
                     kb_net_expect_end_find(m->base, e.to, &to);
        KB_VEC_DONE(&from.groups);
        KB_VEC_DONE(&to.groups);
        KB_ENSURE(reads, err, KB_ERR_USAGE, "what is to stay is written \"FROM -> TO PORT\", not \"%.*s\"",
                  KB_FMT(m->options->keep[i]));
        KB_ENSURE(finds, err, KB_ERR_USAGE, "\"%.*s\": an end of it has no live pods", KB_FMT(m->options->keep[i]));
        *KB_VEC_PUSH(&m->keep) = text;
    }
    return KB_SUCCESS;
}

KB_RES kb_net_mend(const struct kb_world *world, const struct kb_net_mend_options *options,
                   struct kb_net_mending *out, struct kb_err *err)
{
    struct mending m = {.options = options, .world = *world, .base = world->network, .out = out,
                        .accepted = json_array()};
    kb_res res = note_keep(&m, err);
    if (!kb_failed(res)) {
        find_wanted(&m);
        if (out->findings.n > 0) {
            note_failing(&m, m.base, &m.failing);
        }
        for (size_t i = 0; i < out->findings.n; i++) {
            if (out->findings.at[i].by == 0) {
                mend(&m, i);
            }
        }
    }
    json_decref(m.accepted);
    kb_net_trial_free(m.trial);
    kb_map_done(&m.failing);
    kb_map_done(&m.tables);
    KB_VEC_DONE(&m.keep);
    return res;
}

void kb_net_mending_done(struct kb_net_mending *mending)
{
    for (size_t i = 0; i < mending->findings.n; i++) {
        json_decref(mending->findings.at[i].policies);
        KB_VEC_DONE(&mending->findings.at[i].flows);
    }
    KB_VEC_DONE(&mending->findings);
    KB_VEC_DONE(&mending->unknown);
    kb_arena_done(&mending->arena);
}

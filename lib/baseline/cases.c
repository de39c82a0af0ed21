/* Running the cases of a control. */
#include "baseline/cases.h"

#include <stdlib.h>

#include "base/limits.h"
#include "baseline/case_row.h"
#include "baseline/profile_file.h"

struct draft {
    struct kb_str name, says;
    const struct kb_yaml_node *want, *params, *settings, *given, *log;
    int64_t findings; /* -1: not asked */
};

static bool keep_node(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    (void)d;
    *(const struct kb_yaml_node **)target = node;
    return true;
}

#define IN(field) offsetof(struct draft, field)
static const struct kb_key case_keys[] = {
    {"name", kb_decode_text, IN(name), KB_KEY_REQUIRED},
    {"want", keep_node, IN(want), KB_KEY_REQUIRED},
    {"findings", kb_decode_count, IN(findings), 0},
    {"says", kb_decode_text, IN(says), 0},
    {"params", keep_node, IN(params), 0},
    {"settings", keep_node, IN(settings), 0},
    {"given", keep_node, IN(given), 0},
    {"log", keep_node, IN(log), 0},
};

/* One control's cases while they run. */
struct runner {
    const struct kb_baseline *baseline;
    const struct kb_control *control;
    const struct kb_case_reader *reader;
    struct kb_case_report *report;
    struct kb_decode d;
    struct kb_profile profile; /* the control alone, with defaults */
    struct kb_plan *plan;      /* of that */
    bool seen[KB_VERDICT_COUNT];
};

static void default_profile(const struct runner *r, struct kb_profile *out)
{
    kb_profile_default(out, r->baseline);
    for (size_t i = 0; i < r->baseline->n; i++) {
        out->selected[i] = r->baseline->controls[i] == r->control;
    }
}

static void set_param(const struct runner *r, const struct kb_yaml_pair *pair,
                      struct kb_profile *profile)
{
    for (size_t i = 0; i < r->control->param_count; i++) {
        const struct kb_param *param = &r->control->params[i];
        if (kb_str_eq(param->name, pair->key->text)) {
            struct kb_param_value *set = &profile->params[profile->param_count++];
            *set = (struct kb_param_value){.control = r->control, .param = param,
                                           .value = param->value};
            (void)kb_decode_value(&r->d, pair->value, param->type, &set->value);
            return;
        }
    }
    kb_decode_mistake(&r->d, pair->key, "the control has no parameter '%.*s'",
                      KB_FMT(pair->key->text));
}

/* The case's own parameters and settings. */
static void apply_values(const struct runner *r, const struct draft *draft,
                         struct kb_profile *profile)
{
    kb_profile_settings(&r->d, draft->settings, profile);
    if (draft->params != NULL && kb_decode_is(&r->d, draft->params, KB_YAML_MAP)) {
        profile->params = KB_NEW_ARRAY(r->d.arena, draft->params->n, struct kb_param_value);
        for (size_t i = 0; i < draft->params->n; i++) {
            set_param(r, &draft->params->pairs[i], profile);
        }
    }
}

static void feed_rows(const struct runner *r, const struct kb_yaml_node *list,
                      struct kb_engine *engine)
{
    if (!kb_decode_is(&r->d, list, KB_YAML_SEQ)) {
        return;
    }
    for (size_t i = 0; i < list->n; i++) {
        struct kb_case_row row;
        if (kb_case_row_read(&r->d, list->items[i], r->control->table, i, &row)) {
            kb_engine_row(engine, &(struct kb_row){.table = row.table, .ops = &kb_case_row_ops,
                                                   .data = &row});
        }
    }
}

struct table_draft {
    const struct kb_yaml_node *rows;
    struct kb_str unavailable, absent;
};

static const struct kb_key table_keys[] = {
    {"rows", keep_node, offsetof(struct table_draft, rows), 0},
    {"unavailable", kb_decode_text, offsetof(struct table_draft, unavailable), 0},
    {"absent", kb_decode_text, offsetof(struct table_draft, absent), 0},
};

static void feed_table(const struct runner *r, const struct kb_yaml_node *node,
                       struct kb_engine *engine)
{
    const struct kb_table *table = r->control->table;
    struct table_draft draft = {.unavailable = KB_STR(""), .absent = KB_STR("")};
    if (node->kind == KB_YAML_SEQ) {
        draft.rows = node;
    } else if (!kb_decode_map(&r->d, node, table_keys, sizeof table_keys / sizeof table_keys[0],
                              &draft, "a given table")) {
        return;
    }
    if (draft.rows != NULL) {
        feed_rows(r, draft.rows, engine);
    }
    if (draft.absent.n > 0) {
        kb_engine_table_absent(engine, table, draft.absent);
    } else if (draft.unavailable.n > 0) {
        kb_engine_table_incomplete(engine, table, draft.unavailable);
    } else {
        kb_engine_table_complete(engine, table);
    }
}

static void feed_given(const struct runner *r, const struct kb_yaml_node *given,
                       struct kb_engine *engine)
{
    if (!kb_decode_is(&r->d, given, KB_YAML_MAP)) {
        return;
    }
    for (size_t i = 0; i < given->n; i++) {
        const struct kb_yaml_pair *pair = &given->pairs[i];
        if (kb_str_eq_c(pair->key->text, r->control->table->name)) {
            feed_table(r, pair->value, engine);
        } else {
            kb_decode_mistake(&r->d, pair->key, "the control is over %s, not over '%.*s'",
                              r->control->table->name, KB_FMT(pair->key->text));
        }
    }
}

static void emit_row(void *ctx, const struct kb_row *row)
{
    kb_engine_row(ctx, row);
}

static bool to_json(const struct runner *r, const struct kb_yaml_node *node, struct kb_str *out)
{
    struct kb_err err;
    json_t *json = NULL;
    if (kb_failed(kb_yaml_to_json(node, &json, &err))) {
        kb_decode_mistake(&r->d, node, "%s", err.msg);
        return false;
    }
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    *out = kb_arena_copy(r->d.arena, kb_str_c(text));
    free(text);
    json_decref(json);
    return true;
}

static void feed_log(const struct runner *r, const struct kb_yaml_node *log, struct kb_engine *engine)
{
    struct kb_err err;
    if (!kb_decode_is(&r->d, log, KB_YAML_SEQ)) {
        return;
    }
    struct kb_str *events = KB_NEW_ARRAY(r->d.arena, log->n, struct kb_str);
    for (size_t i = 0; i < log->n; i++) {
        if (!to_json(r, log->items[i], &events[i])) {
            return;
        }
    }
    if (kb_failed(r->reader->read(r->reader->ctx, events, log->n, emit_row, engine, &err))) {
        kb_decode_mistake(&r->d, log, "%s", err.msg);
    }
    kb_engine_table_complete(engine, r->control->table);
}

static void tell_findings(const struct kb_control_result *control, struct kb_buf *out)
{
    for (size_t i = 0; i < control->finding_count; i++) {
        const struct kb_finding *f = &control->findings[i];
        kb_buf_printf(out, "\n%s %.*s: %.*s", kb_verdict_name(f->verdict), KB_FMT(f->object),
                      KB_FMT(f->message));
        if (f->reason.n > 0) {
            kb_buf_printf(out, " (%.*s)", KB_FMT(f->reason));
        }
    }
}

static bool says(const struct kb_control_result *control, struct kb_str wanted)
{
    for (size_t i = 0; i < control->finding_count; i++) {
        if (kb_str_find(control->findings[i].message, wanted, 0) != SIZE_MAX) {
            return true;
        }
    }
    return wanted.n == 0;
}

static void compare(const struct runner *r, const struct draft *draft,
                    const struct kb_control_result *control, struct kb_case_result *out)
{
    struct kb_buf text = {.max = 16 << 10};
    out->got = control->verdict;
    if (out->got != out->want) {
        kb_buf_printf(&text, "wanted %s, got %s", kb_verdict_name(out->want),
                      kb_verdict_name(out->got));
    }
    if (draft->findings >= 0 && (uint64_t)draft->findings != control->findings_total) {
        kb_buf_printf(&text, "%swanted %lld findings, got %llu", text.n == 0 ? "" : "; ",
                      (long long)draft->findings, (unsigned long long)control->findings_total);
    }
    if (!says(control, draft->says)) {
        kb_buf_printf(&text, "%sno finding says '%.*s'", text.n == 0 ? "" : "; ",
                      KB_FMT(draft->says));
    }
    out->ok = text.n == 0;
    if (!out->ok) {
        kb_buf_printf(&text, "; %llu of %llu rows selected", (unsigned long long)control->rows,
                      (unsigned long long)control->rows_seen);
        if (control->reason.n > 0) {
            kb_buf_printf(&text, "; %.*s", KB_FMT(control->reason));
        }
        tell_findings(control, &text);
    }
    out->detail = kb_arena_copy(&r->report->arena, kb_buf_view(&text));
    kb_buf_done(&text);
}

static void run_plan(const struct runner *r, const struct draft *draft, const struct kb_plan *plan,
                     struct kb_case_result *out)
{
    struct kb_engine *engine =
        kb_engine_new(plan, &(struct kb_engine_options){.fail_on = KB_INFO});
    struct kb_result result = {.exit_status = 0};
    if (draft->given != NULL) {
        feed_given(r, draft->given, engine);
    }
    if (draft->log != NULL) {
        feed_log(r, draft->log, engine);
    }
    kb_engine_finish(engine, &result);
    compare(r, draft, &result.controls[0], out);
    kb_result_done(&result);
    kb_engine_free(engine);
}

static void run_case(struct runner *r, const struct draft *draft, struct kb_case_result *out)
{
    if (draft->log != NULL && r->reader == NULL) {
        out->skipped = true;
        out->detail = KB_STR("needs the reader of audit logs");
        return;
    }
    if (draft->params == NULL && draft->settings == NULL) {
        run_plan(r, draft, r->plan, out);
        return;
    }
    struct kb_profile profile;
    struct kb_plan *plan = NULL;
    default_profile(r, &profile);
    apply_values(r, draft, &profile);
    if (!kb_failed(kb_plan_new(r->baseline, &profile, &plan, r->d.mistakes))) {
        run_plan(r, draft, plan, out);
    } else {
        out->detail = KB_STR("the control does not compile with these values");
    }
    kb_plan_free(plan);
    kb_profile_done(&profile);
}

static bool read_want(const struct runner *r, const struct draft *draft, struct kb_case_result *out)
{
    if (!kb_decode_is(&r->d, draft->want, KB_YAML_SCALAR)) {
        return false;
    }
    int want = kb_verdict_find(draft->want->text);
    if (want < 0) {
        kb_decode_mistake(&r->d, draft->want, "unknown verdict '%.*s'", KB_FMT(draft->want->text));
        return false;
    }
    out->want = (enum kb_verdict)want;
    return true;
}

static void count_case(struct runner *r, const struct draft *draft,
                       const struct kb_case_result *result)
{
    struct kb_case_report *report = r->report;
    size_t *count = result->skipped ? &report->skipped
                    : result->ok    ? &report->passed
                                    : &report->failed;
    ++*count;
    /* listing nothing proves nothing of a control that lists */
    bool empty = r->control->judgement == KB_RECORD && result->want == KB_PASS &&
                 draft->findings <= 0;
    r->seen[result->want] = r->seen[result->want] || !empty;
}

static void read_case(struct runner *r, const struct kb_yaml_node *node)
{
    struct draft draft = {.name = KB_STR(""), .says = KB_STR(""), .findings = -1};
    struct kb_case_result result = {.control = r->control, .file = r->d.file, .line = node->line,
                                    .detail = KB_STR("")};
    if (!kb_decode_map(&r->d, node, case_keys, sizeof case_keys / sizeof case_keys[0], &draft,
                       "a case") || !read_want(r, &draft, &result)) {
        return;
    }
    if (draft.given == NULL && draft.log == NULL) {
        kb_decode_mistake(&r->d, node, "a case needs 'given' or 'log'");
        return;
    }
    result.name = kb_arena_copy(&r->report->arena, draft.name);
    run_case(r, &draft, &result);
    *KB_VEC_PUSH(&r->report->results) = result;
    count_case(r, &draft, &result);
}

static void check_complete(const struct runner *r)
{
    static const enum kb_verdict judged[] = {KB_PASS, KB_FAIL, KB_UNKNOWN};
    for (size_t i = 0; i < 3; i++) {
        bool needed = judged[i] != KB_FAIL || r->control->judgement != KB_RECORD;
        if (needed && !r->seen[judged[i]]) {
            kb_mistake_addf(r->d.mistakes, r->d.file, 1, 1, "%.*s has no case that wants %s%s",
                            KB_FMT(r->control->id), kb_verdict_name(judged[i]),
                            r->control->judgement == KB_RECORD && judged[i] == KB_PASS
                                ? " with findings" : "");
        }
    }
}

static void run_file(struct runner *r, const struct kb_library_file *file)
{
    struct kb_err err;
    const struct kb_yaml_node *root;
    r->d.file = file->name;
    if (kb_failed(kb_yaml_parse(r->d.arena, file->name.p, file->text, &root, &err))) {
        kb_mistake_addf(r->d.mistakes, file->name, err.line, err.col, "%s", err.msg);
        return;
    }
    if (!kb_decode_is(&r->d, root, KB_YAML_SEQ)) {
        return;
    }
    for (size_t i = 0; i < root->n; i++) {
        read_case(r, root->items[i]);
    }
    check_complete(r);
}

void kb_cases_run(const struct kb_baseline *baseline, const struct kb_control *control,
                  const struct kb_case_reader *reader, struct kb_case_report *report,
                  struct kb_mistakes *mistakes)
{
    if (control->judgement == KB_BY_HAND) {
        return;
    }
    struct kb_arena arena = {0};
    struct runner r = {.baseline = baseline, .control = control, .reader = reader,
                       .report = report};
    r.d = (struct kb_decode){.arena = &arena, .mistakes = mistakes, .baseline = baseline};
    struct kb_str path =
        kb_arena_printf(&arena, "%.*s%s%.*s.cases.yaml", KB_FMT(control->area),
                        control->area.n == 0 ? "" : "/", KB_FMT(control->id));
    const struct kb_library_file *file = kb_library_find(baseline->library, path);
    default_profile(&r, &r.profile);
    if (file == NULL) {
        kb_mistake_addf(mistakes, control->file, 0, 0, "there is no %.*s beside it", KB_FMT(path));
    } else if (!kb_failed(kb_plan_new(baseline, &r.profile, &r.plan, mistakes))) {
        run_file(&r, file);
    }
    kb_plan_free(r.plan);
    kb_profile_done(&r.profile);
    kb_arena_done(&arena);
}

void kb_case_report_done(struct kb_case_report *report)
{
    KB_VEC_DONE(&report->results);
    kb_arena_done(&report->arena);
    *report = (struct kb_case_report){0};
}

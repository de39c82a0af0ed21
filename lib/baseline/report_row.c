/* Findings: what is wrong with a row, who owns it, whether it is accepted, and how it is
 * recognised again. */
#include "base/limits.h"
#include "baseline/copy.h"
#include "baseline/engine_internal.h"
#include "data/sha256.h"

/* What is decided before a finding is made: most are counted only. */
struct decision {
    enum kb_verdict verdict;
    enum kb_owner owner;
    const struct kb_exception *exception;
    const struct kb_exception *expired;
    bool folded;
};

static bool is_folded(const struct kb_running *running)
{
    int column = running->compiled->fold;
    const struct kb_cel_val *value =
        column < 0 ? NULL : kb_row_state_get(&running->engine->row, (unsigned)column);
    return value != NULL && value->kind == KB_CEL_BOOL && value->b;
}

static struct decision decide(const struct kb_running *running, enum kb_verdict verdict,
                              const struct kb_row_info *info)
{
    struct decision d = {.verdict = verdict};
    const struct kb_control *control = running->compiled->control;
    d.owner = kb_owner_resolve(running->engine, control, info);
    if (verdict == KB_FAIL) {
        d.exception = kb_exception_find(running->engine, control, info, d.owner, &d.expired);
        d.verdict = d.exception == NULL ? KB_FAIL : KB_WAIVED;
        d.folded = d.exception == NULL && is_folded(running);
    }
    return d;
}

static void hash_column(struct kb_engine *engine, struct kb_sha256 *sha, unsigned column)
{
    const struct kb_cel_val *value = kb_row_state_get(&engine->row, column);
    kb_sha256_part(sha, kb_str_c(engine->row.row->table->columns[column].name));
    kb_buf_clear(&engine->key);
    if (value->kind == KB_CEL_UNKNOWN || value->kind == KB_CEL_ERROR) {
        kb_buf_c(&engine->key, "?");
    } else if (value->kind == KB_CEL_ABSENT) {
        kb_buf_c(&engine->key, "-");
    } else {
        kb_buf_c(&engine->key, "=");
        kb_cel_print(value, &engine->key);
    }
    kb_sha256_part(sha, kb_buf_view(&engine->key));
}

/* Of a row: the object and what the control reads of it; of a count: the key. */
static void fingerprint(struct kb_running *running, const struct kb_row_info *info, char out[33])
{
    const struct kb_compiled *c = running->compiled;
    bool counts = c->control->judgement == KB_COUNT;
    struct kb_sha256 sha;
    kb_sha256_init(&sha);
    kb_sha256_part(&sha, c->control->id);
    kb_sha256_part(&sha, counts ? KB_STR("count") : info->object);
    for (size_t i = 0; counts && i < c->per_count; i++) {
        hash_column(running->engine, &sha, c->per[i]);
    }
    for (size_t i = 0; !counts && i < c->identity.n; i++) {
        hash_column(running->engine, &sha, c->identity.at[i]);
    }
    kb_sha256_hex(&sha, out, 16);
}

static const struct kb_cell *make_cells(struct kb_running *running, struct kb_arena *arena)
{
    struct kb_engine *engine = running->engine;
    const struct kb_columns *reads = &running->compiled->reads;
    struct kb_cell *cells = KB_NEW_ARRAY(arena, reads->n, struct kb_cell);
    size_t budget = KB_MAX_ROW_BYTES;
    for (size_t i = 0; i < reads->n; i++) {
        cells[i].column = engine->row.row->table->columns[reads->at[i]].name;
        cells[i].value = kb_value_copy(kb_row_state_get(&engine->row, reads->at[i]), arena, &budget);
    }
    return cells;
}

static struct kb_str make_message(struct kb_running *running, struct kb_arena *arena, int64_t count)
{
    struct kb_engine *engine = running->engine;
    kb_buf_clear(&engine->text);
    kb_say_fill(&running->compiled->say, &engine->row.activation, &engine->row.arena, count,
                &engine->text);
    struct kb_str text = kb_arena_copy(arena, kb_buf_view(&engine->text));
    engine->text.full = false;
    return text;
}

static struct kb_str make_reason(const struct decision *d, struct kb_str reason,
                                 struct kb_arena *arena)
{
    if (d->expired == NULL || d->exception != NULL) {
        return reason;
    }
    return kb_arena_printf(arena, "%s %.*s expired after %.*s and waives nothing",
                           d->expired->approval ? "the" : "waiver", KB_FMT(d->expired->id),
                           KB_FMT(d->expired->expires));
}

/* Everything but evidence; texts in `arena` or in the row. */
static struct kb_finding make(struct kb_running *running, const struct decision *d,
                              struct kb_str reason, struct kb_arena *arena, int64_t count)
{
    const struct kb_row_info *info = kb_row_state_info(&running->engine->row);
    struct kb_finding f = {
        .verdict = d->verdict,
        .owner = d->owner,
        .object = info->object,
        .message = make_message(running, arena, count),
        .reason = make_reason(d, reason, arena),
        .time_ns = info->time_ns,
        .cells = make_cells(running, arena),
        .cell_count = running->compiled->reads.n,
        .waiver = d->exception == NULL ? KB_STR("") : d->exception->id,
        .folded_under = d->folded ? running->compiled->control->fold_under : KB_STR(""),
    };
    fingerprint(running, info, f.fingerprint);
    return f;
}

static void remember_unknown(struct kb_running *running, struct kb_str reason)
{
    if (running->first_unknown.n == 0 && reason.n > 0) {
        running->first_unknown = kb_arena_copy(&running->engine->arena, reason);
    }
}

void kb_report_row_because(struct kb_running *running, enum kb_verdict verdict,
                           struct kb_str reason)
{
    struct kb_engine *engine = running->engine;
    const struct kb_row_info *info = kb_row_state_info(&engine->row);
    struct decision d = decide(running, verdict, info);
    struct kb_rank rank = {d.verdict, d.folded, info->time_ns, info->order};
    running->totals[d.verdict]++;
    running->folded += d.folded;
    if (d.verdict == KB_UNKNOWN) {
        remember_unknown(running, reason);
    }
    if (!kb_kept_wants(&running->kept, &rank)) {
        return;
    }
    struct kb_finding finding = make(running, &d, reason, &engine->row.arena, 1);
    finding.evidence = &info->evidence;
    finding.evidence_count = 1;
    kb_kept_add(&running->kept, &rank, &finding);
}

void kb_report_row(struct kb_running *running, enum kb_verdict verdict,
                   const struct kb_cel_val *reason)
{
    struct kb_str text = KB_STR("");
    if (reason != NULL) {
        struct kb_buf words = {.max = KB_ERR_MSG_MAX};
        kb_reason_print(reason, &words);
        text = kb_arena_copy(&running->engine->row.arena, kb_buf_view(&words));
        kb_buf_done(&words);
    }
    kb_report_row_because(running, verdict, text);
}

/* A row with no columns, for a message about no row at all. */
static void no_column(const void *data, unsigned column, struct kb_arena *arena,
                      struct kb_cel_val *out)
{
    (void)data;
    (void)column;
    (void)arena;
    *out = kb_cel_absent();
}

static void no_info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_table *table = data;
    (void)arena;
    out->object = kb_str_c(table->name);
    out->evidence.source = kb_str_c(table->name);
    out->evidence.locator = KB_STR("all rows");
}

void kb_report_none(struct kb_running *running)
{
    static const struct kb_row_ops none = {no_column, no_info};
    const struct kb_table *table = running->compiled->control->table;
    struct kb_row row = {.table = table, .ops = &none, .data = table};
    kb_row_state_set(&running->engine->row, &row);
    struct kb_pending *pending = kb_report_open(running, false);
    const struct kb_row_info *info = kb_row_state_info(&running->engine->row);
    pending->finding.evidence = &info->evidence;
    pending->finding.evidence_count = 1;
    kb_report_close(running, pending, 0);
}

struct kb_pending *kb_report_open(void *ctx, bool maybe)
{
    struct kb_running *running = ctx;
    const struct kb_row_info *info = kb_row_state_info(&running->engine->row);
    struct decision d = decide(running, maybe ? KB_UNKNOWN : KB_FAIL, info);
    struct kb_str reason = maybe ? KB_STR("only with rows that could not be judged are there so many")
                                 : KB_STR("");
    struct kb_pending *pending = kb_alloc(sizeof *pending);
    struct kb_finding finding = make(running, &d, reason, &pending->arena, -1);
    kb_finding_copy(&finding, &pending->arena, &pending->finding);
    pending->order = kb_arena_copy(&pending->arena, info->order);
    return pending;
}

void kb_report_close(void *ctx, struct kb_pending *pending, uint64_t count)
{
    struct kb_running *running = ctx;
    struct kb_finding *finding = &pending->finding;
    struct kb_rank rank = {finding->verdict, false, finding->time_ns, pending->order};
    struct kb_buf *text = &running->engine->text;
    running->totals[finding->verdict]++;
    if (finding->verdict == KB_UNKNOWN) {
        remember_unknown(running, finding->reason);
    }
    if (kb_kept_wants(&running->kept, &rank)) {
        kb_buf_clear(text);
        kb_say_count(finding->message, (int64_t)count, text);
        finding->message = kb_buf_view(text);
        kb_kept_add(&running->kept, &rank, finding);
    }
    kb_arena_done(&pending->arena);
    kb_free(pending);
}

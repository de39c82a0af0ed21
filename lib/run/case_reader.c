/* Cases' events through the intake. */
#include "run/case_reader.h"

#include "run/event_row.h"
#include "run/intake.h"

struct case_rows {
    kb_row_fn *emit;
    void *ctx;
    struct kb_event_rows rows;
};

static bool emit_event(void *ctx, const struct kb_read_event *event)
{
    struct case_rows *out = ctx;
    struct kb_row row = kb_event_rows_event(&out->rows, event);
    out->emit(out->ctx, &row);
    return true;
}

static KB_RES add_event(struct kb_intake *intake, struct kb_str text, size_t number,
                        struct kb_err *err)
{
    struct kb_event event;
    KB_TRY_CTX(err, kb_event_parse(text, false, &event, err), "event %zu of the log", number);
    struct kb_record record = {
        .kind = KB_RECORD_EVENT, .text = text, .truncated = event.truncated, .line = number};
    struct kb_log_item item = {
        .record = &record,
        .event = &event,
        .time_ns = kb_event_time(&event, KB_M_STAGE_TIME),
        .sequence = number,
    };
    (void)kb_intake_add(intake, &item, KB_STR("case"));
    return KB_SUCCESS;
}

static KB_RES read_case(void *ctx, const struct kb_str *events, size_t n, kb_row_fn *emit,
                        void *emit_ctx, struct kb_err *err)
{
    (void)ctx;
    struct case_rows out = {.emit = emit, .ctx = emit_ctx};
    struct kb_cover cover;
    struct kb_intake_options options = {.since_ns = KB_LOG_NO_TIME,
                                        .until_ns = KB_LOG_NO_TIME,
                                        .canonical = true,
                                        .on_event = emit_event,
                                        .ctx = &out};
    kb_res res = KB_SUCCESS;
    kb_cover_init(&cover);
    kb_event_rows_init(&out.rows);
    struct kb_intake *intake = kb_intake_new(&options, &cover);
    for (size_t i = 0; i < n && !kb_failed(res); i++) {
        res = add_event(intake, events[i], i + 1, err);
    }
    kb_intake_finish(intake);
    kb_intake_free(intake);
    kb_event_rows_done(&out.rows);
    kb_cover_done(&cover);
    return res;
}

const struct kb_case_reader kb_case_reader = {.read = read_case};

/* One finding a line: as JSON, and as CSV. */
#include "data/csv.h"
#include "data/json_write.h"
#include "data/time.h"
#include "report/escape.h"
#include "report/finding.h"
#include "report/report.h"

static KB_RES json_line(const struct kb_control_result *c, const struct kb_finding *f,
                        struct kb_sink sink, struct kb_err *err)
{
    struct kb_jsonw w;
    kb_jsonw_init(&w, sink, false);
    kb_jsonw_object(&w);
    kb_jsonw_member_str(&w, "control", c->id);
    kb_jsonw_member_str(&w, "title", c->title);
    kb_jsonw_member_c(&w, "severity", kb_severity_name(c->severity));
    kb_report_criteria(&w, c);
    kb_report_finding(&w, f);
    kb_jsonw_end(&w);
    KB_TRY(kb_jsonw_finish(&w, err));
    return kb_sink_write(sink, KB_STR("\n"), err);
}

KB_RES kb_report_jsonl(const struct kb_result *r, const struct kb_report_options *options,
                       struct kb_sink sink, struct kb_err *err)
{
    (void)options;
    for (size_t i = 0; i < r->control_count; i++) {
        for (size_t k = 0; k < r->controls[i].finding_count; k++) {
            KB_TRY(json_line(&r->controls[i], &r->controls[i].findings[k], sink, err));
        }
    }
    return KB_SUCCESS;
}

enum { TIME_MAX = 40, CSV_FIELDS = 13 };
static const struct kb_str header[CSV_FIELDS] = {
    KB_STR_INIT("control"),     KB_STR_INIT("severity"), KB_STR_INIT("owner"),
    KB_STR_INIT("verdict"),     KB_STR_INIT("object"),   KB_STR_INIT("message"),
    KB_STR_INIT("reason"),      KB_STR_INIT("time"),     KB_STR_INIT("source"),
    KB_STR_INIT("locator"),     KB_STR_INIT("auditID"),  KB_STR_INIT("waiver"),
    KB_STR_INIT("fingerprint"),
};

/* Fields as they are shown on a terminal, since that is where a CSV file may end. */
static KB_RES csv_escaped(const struct kb_str *fields, struct kb_sink sink, struct kb_err *err)
{
    struct kb_buf text;
    size_t ends[CSV_FIELDS];
    struct kb_str shown[CSV_FIELDS];
    kb_buf_init(&text, SIZE_MAX / 2);
    for (size_t i = 0; i < CSV_FIELDS; i++) {
        kb_escape(&text, fields[i], KB_ESCAPE_FOREIGN);
        ends[i] = text.n;
    }
    for (size_t i = 0; i < CSV_FIELDS; i++) {
        shown[i] = kb_str_sub(kb_buf_view(&text), i == 0 ? 0 : ends[i - 1], ends[i]);
    }
    kb_res res = kb_csv_write(sink, shown, CSV_FIELDS, err);
    kb_buf_done(&text);
    return res;
}

static void add_time(struct kb_buf *out, int64_t ns)
{
    enum { NS = 1000000000 };
    if (ns != INT64_MIN) {
        int64_t s = ns / NS - (ns % NS < 0);
        kb_time_format((struct kb_time){s, (int32_t)(ns - s * NS)}, KB_TIME_NANOS, out);
    }
}

static KB_RES csv_row(const struct kb_control_result *c, const struct kb_finding *f,
                      struct kb_sink sink, struct kb_err *err)
{
    static const struct kb_evidence none = {KB_STR_INIT(""), KB_STR_INIT(""), KB_STR_INIT("")};
    const struct kb_evidence *e = f->evidence_count > 0 ? &f->evidence[0] : &none;
    struct kb_buf time = {.max = TIME_MAX};
    add_time(&time, f->time_ns);
    const struct kb_str fields[CSV_FIELDS] = {
        c->id,
        kb_str_c(kb_severity_name(c->severity)),
        kb_str_c(kb_owner_name(f->owner)),
        kb_str_c(kb_verdict_name(f->verdict)),
        f->object,
        f->message,
        f->reason,
        kb_buf_view(&time),
        e->source,
        e->locator,
        e->audit_id,
        f->waiver,
        kb_str_c(f->fingerprint),
    };
    kb_res res = csv_escaped(fields, sink, err);
    kb_buf_done(&time);
    return res;
}

KB_RES kb_report_csv(const struct kb_result *r, const struct kb_report_options *options,
                     struct kb_sink sink, struct kb_err *err)
{
    (void)options;
    KB_TRY(kb_csv_write(sink, header, CSV_FIELDS, err));
    for (size_t i = 0; i < r->control_count; i++) {
        for (size_t k = 0; k < r->controls[i].finding_count; k++) {
            KB_TRY(csv_row(&r->controls[i], &r->controls[i].findings[k], sink, err));
        }
    }
    return KB_SUCCESS;
}

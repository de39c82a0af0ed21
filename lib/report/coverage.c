/* Coverage of one source as JSON, and whether it is whole. */
#include "report/coverage.h"

#include "report/value.h"

bool kb_coverage_whole(const struct kb_coverage *c)
{
    return c->complete && c->truncated == 0 && c->malformed == 0 && c->conflicts == 0 &&
           c->gap_count == 0 && c->error_count == 0;
}

static void gaps(struct kb_jsonw *w, const struct kb_coverage *c)
{
    kb_jsonw_member_array(w, "gaps");
    for (size_t i = 0; i < c->gap_count; i++) {
        kb_jsonw_object(w);
        kb_jsonw_member_str(w, "what", c->gaps[i].what);
        kb_report_time(w, "from", c->gaps[i].from_ns);
        kb_report_time(w, "to", c->gaps[i].to_ns);
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
}

bool kb_coverage_is_heartbeat(const struct kb_coverage *c)
{
    return kb_str_eq(c->what, KB_STR("heartbeat"));
}

static void lag(struct kb_jsonw *w, const struct kb_coverage *c)
{
    if (!c->has_lag) {
        kb_jsonw_key(w, "lag");
        kb_jsonw_null(w);
        return;
    }
    kb_jsonw_member_object(w, "lag");
    kb_jsonw_member_i64(w, "p99_ms", c->lag_p99_ns / 1000000);
    kb_jsonw_member_i64(w, "max_ms", c->lag_max_ns / 1000000);
    kb_jsonw_end(w);
}

/* How it was asked for, where it was. */
static void asking(struct kb_jsonw *w, const struct kb_coverage *c)
{
    if (c->first_request.n == 0) {
        return;
    }
    kb_jsonw_member_object(w, "asked");
    kb_jsonw_member_str(w, "first_request", c->first_request);
    kb_jsonw_member_str(w, "last_request", c->last_request);
    kb_jsonw_member_u64(w, "waited_ms", c->waited_ms);
    kb_jsonw_member_u64(w, "late", c->late);
    kb_jsonw_end(w);
}

void kb_report_coverage(struct kb_jsonw *w, const struct kb_coverage *c)
{
    kb_jsonw_object(w);
    kb_jsonw_member_str(w, "source", c->source);
    kb_jsonw_member_str(w, "what", c->what);
    kb_jsonw_member_bool(w, "complete", c->complete);
    kb_jsonw_member_u64(w, "items", c->items);
    kb_jsonw_member_u64(w, "pages", c->pages);
    kb_jsonw_member_u64(w, "bytes", c->bytes);
    kb_report_time(w, "first", c->first_ns);
    kb_report_time(w, "last", c->last_ns);
    kb_jsonw_member_u64(w, "truncated", c->truncated);
    kb_jsonw_member_u64(w, "malformed", c->malformed);
    kb_jsonw_member_u64(w, "duplicates", c->duplicates);
    kb_jsonw_member_u64(w, "conflicts", c->conflicts);
    lag(w, c);
    gaps(w, c);
    kb_jsonw_member_array(w, "errors");
    for (size_t i = 0; i < c->error_count; i++) {
        kb_jsonw_str(w, c->errors[i]);
    }
    kb_jsonw_end(w);
    asking(w, c);
    kb_jsonw_end(w);
}

/*
 * The result as one JSON document (docs/result.md, docs/result.schema.json). Written piece by
 * piece; where a write fails nothing more is written, so that a cut document does not parse.
 */
#include "data/json_write.h"
#include "kube_baseline/kube_baseline.h"
#include "report/coverage.h"
#include "report/finding.h"
#include "report/report.h"
#include "report/value.h"

static void tool(struct kb_jsonw *w, const struct kb_report_options *options)
{
    kb_jsonw_member_object(w, "tool");
    kb_jsonw_member_c(w, "version", options->version);
    kb_jsonw_member_c(w, "commit", options->commit[0] == 0 ? NULL : options->commit);
    kb_jsonw_end(w);
}

static void run(struct kb_jsonw *w, const struct kb_result *r)
{
    kb_jsonw_member_object(w, "baseline");
    kb_jsonw_member_str(w, "profile", r->profile);
    kb_jsonw_member_str(w, "digest", r->baseline_digest);
    kb_jsonw_member_u64(w, "controls", r->control_total);
    kb_jsonw_end(w);
    kb_jsonw_member_object(w, "run");
    kb_jsonw_member_str(w, "id", r->run_id);
    kb_report_time(w, "started", r->started_ns);
    kb_report_time(w, "finished", r->finished_ns);
    kb_report_time(w, "now", r->now_ns);
    kb_jsonw_member_c(w, "identity", r->identity.n > 0 ? r->identity.p : NULL);
    if (r->cluster_server.n > 0) {
        kb_jsonw_member_object(w, "cluster");
        kb_jsonw_member_str(w, "server", r->cluster_server);
        kb_jsonw_member_str(w, "version", r->cluster_version);
        kb_jsonw_end(w);
    } else {
        kb_jsonw_member_c(w, "cluster", NULL);
    }
    kb_jsonw_end(w);
}

/* Controls by verdict: one object with every verdict, for those that `selected` takes. */
static void verdicts(struct kb_jsonw *w, const char *key, const struct kb_result *r,
                     bool (*selected)(const struct kb_control_result *c, int which), int which)
{
    kb_jsonw_member_object(w, key);
    for (int v = 0; v < KB_VERDICT_COUNT; v++) {
        uint64_t n = 0;
        for (size_t i = 0; i < r->control_count; i++) {
            n += (int)r->controls[i].verdict == v && selected(&r->controls[i], which);
        }
        kb_jsonw_member_u64(w, kb_verdict_name((enum kb_verdict)v), n);
    }
    kb_jsonw_end(w);
}

static bool any(const struct kb_control_result *c, int which)
{
    (void)c;
    (void)which;
    return true;
}

static bool has_severity(const struct kb_control_result *c, int which)
{
    return (int)c->severity == which;
}

/* Where a verdict stands on findings, it is theirs who own them. */
static bool has_owner(const struct kb_control_result *c, int which)
{
    bool any_kept = false;
    for (size_t i = 0; i < c->finding_count; i++) {
        if (c->findings[i].verdict == c->verdict) {
            any_kept = true;
            if ((int)c->findings[i].owner == which) {
                return true;
            }
        }
    }
    return !any_kept && (int)c->owner == which;
}

static bool passed_over_nothing(const struct kb_control_result *c, int which)
{
    (void)which;
    return c->rows == 0;
}

static void summary(struct kb_jsonw *w, const struct kb_result *r)
{
    kb_jsonw_member_object(w, "summary");
    verdicts(w, "verdicts", r, any, 0);
    verdicts(w, "over_no_rows", r, passed_over_nothing, 0);
    kb_jsonw_member_object(w, "owners");
    for (int o = 0; o < KB_OWNER_COUNT; o++) {
        verdicts(w, kb_owner_name((enum kb_owner)o), r, has_owner, o);
    }
    kb_jsonw_end(w);
    kb_jsonw_member_object(w, "severities");
    for (int s = 0; s < KB_SEVERITY_COUNT; s++) {
        verdicts(w, kb_severity_name((enum kb_severity)s), r, has_severity, s);
    }
    kb_jsonw_end(w);
    kb_jsonw_end(w);
}

static void totals(struct kb_jsonw *w, const struct kb_control_result *c)
{
    kb_jsonw_member_u64(w, "findings_total", c->findings_total);
    kb_jsonw_member_object(w, "totals");
    for (int v = 0; v < KB_VERDICT_COUNT; v++) {
        if (c->totals[v] > 0) {
            kb_jsonw_member_u64(w, kb_verdict_name((enum kb_verdict)v), c->totals[v]);
        }
    }
    kb_jsonw_end(w);
}

static void control(struct kb_jsonw *w, const struct kb_control_result *c)
{
    kb_jsonw_object(w);
    kb_jsonw_member_str(w, "id", c->id);
    kb_jsonw_member_str(w, "title", c->title);
    kb_jsonw_member_c(w, "severity", kb_severity_name(c->severity));
    kb_jsonw_member_c(w, "owner", kb_owner_name(c->owner));
    kb_report_criteria(w, c);
    kb_jsonw_member_c(w, "verdict", kb_verdict_name(c->verdict));
    kb_jsonw_member_str(w, "over", c->table);
    kb_jsonw_member_bool(w, "record", c->record);
    kb_jsonw_member_u64(w, "rows", c->rows);
    kb_jsonw_member_u64(w, "rows_seen", c->rows_seen);
    kb_jsonw_member_str(w, "reason", c->reason);
    kb_jsonw_member_str(w, "why", c->why);
    kb_jsonw_member_str(w, "fix", c->fix);
    kb_jsonw_member_array(w, "findings");
    for (size_t i = 0; i < c->finding_count; i++) {
        kb_jsonw_object(w);
        kb_report_finding(w, &c->findings[i]);
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
    totals(w, c);
    kb_jsonw_end(w);
}

static void waivers(struct kb_jsonw *w, const struct kb_result *r)
{
    static const char *const states[] = {"matched", "unused", "expired"};
    kb_jsonw_member_object(w, "waivers");
    kb_jsonw_member_u64(w, "loaded", r->waiver_count);
    for (size_t state = 0; state < sizeof states / sizeof *states; state++) {
        uint64_t n = 0;
        for (size_t i = 0; i < r->waiver_count; i++) {
            n += (size_t)r->waivers[i].state == state;
        }
        kb_jsonw_member_u64(w, states[state], n);
    }
    kb_jsonw_member_array(w, "entries");
    for (size_t i = 0; i < r->waiver_count; i++) {
        const struct kb_waiver_use *use = &r->waivers[i];
        kb_jsonw_object(w);
        kb_jsonw_member_str(w, "id", use->id);
        kb_jsonw_member_str(w, "control", use->control);
        kb_jsonw_member_str(w, "object", use->object);
        kb_jsonw_member_c(w, "state", states[use->state]);
        kb_jsonw_member_u64(w, "findings", use->matched);
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
    kb_jsonw_end(w);
}

KB_RES kb_report_json(const struct kb_result *r, const struct kb_report_options *options,
                      struct kb_sink sink, struct kb_err *err)
{
    struct kb_jsonw w;
    kb_jsonw_init(&w, sink, true);
    kb_jsonw_object(&w);
    kb_jsonw_member_c(&w, "schema", KUBE_BASELINE_RESULT_SCHEMA);
    tool(&w, options);
    run(&w, r);
    summary(&w, r);
    kb_jsonw_member_array(&w, "controls");
    for (size_t i = 0; i < r->control_count; i++) {
        control(&w, &r->controls[i]);
    }
    kb_jsonw_end(&w);
    kb_jsonw_member_array(&w, "coverage");
    for (size_t i = 0; i < r->coverage_count; i++) {
        kb_report_coverage(&w, &r->coverage[i]);
    }
    kb_jsonw_end(&w);
    waivers(&w, r);
    kb_jsonw_member_i64(&w, "exit", r->exit_status);
    return kb_jsonw_finish(&w, err);
}

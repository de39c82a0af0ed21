/* Findings and criteria as JSON. */
#include "report/finding.h"

#include "report/value.h"

static void evidence(struct kb_jsonw *w, const struct kb_finding *f)
{
    kb_jsonw_member_array(w, "evidence");
    for (size_t i = 0; i < f->evidence_count; i++) {
        const struct kb_evidence *e = &f->evidence[i];
        kb_jsonw_object(w);
        kb_jsonw_member_str(w, "source", e->source);
        kb_jsonw_member_str(w, "locator", e->locator);
        if (e->audit_id.n > 0) {
            kb_jsonw_member_str(w, "auditID", e->audit_id);
        }
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
}

static void row(struct kb_jsonw *w, const struct kb_finding *f)
{
    kb_jsonw_member_object(w, "row");
    for (size_t i = 0; i < f->cell_count; i++) {
        if (f->cells[i].value.kind != KB_CEL_ABSENT) {
            kb_jsonw_key(w, f->cells[i].column);
            kb_report_value(w, &f->cells[i].value);
        }
    }
    kb_jsonw_end(w);
}

/* Why columns that are null are so. */
static void unknown_columns(struct kb_jsonw *w, const struct kb_finding *f)
{
    bool open = false;
    for (size_t i = 0; i < f->cell_count; i++) {
        const struct kb_cel_val *v = &f->cells[i].value;
        if (v->kind != KB_CEL_UNKNOWN) {
            continue;
        }
        if (!open) {
            kb_jsonw_member_object(w, "unknown");
            open = true;
        }
        kb_jsonw_member_str(w, f->cells[i].column,
                            v->unknown == NULL ? (struct kb_str){"", 0} : v->unknown->reason);
    }
    if (open) {
        kb_jsonw_end(w);
    }
}

void kb_report_finding(struct kb_jsonw *w, const struct kb_finding *f)
{
    kb_jsonw_member_c(w, "fingerprint", f->fingerprint);
    kb_jsonw_member_c(w, "verdict", kb_verdict_name(f->verdict));
    kb_jsonw_member_c(w, "owner", kb_owner_name(f->owner));
    kb_jsonw_member_str(w, "object", f->object);
    kb_jsonw_member_str(w, "message", f->message);
    if (f->reason.n > 0) {
        kb_jsonw_member_str(w, "reason", f->reason);
    }
    kb_report_time(w, "time", f->time_ns);
    row(w, f);
    unknown_columns(w, f);
    evidence(w, f);
    if (f->waiver.n > 0) {
        kb_jsonw_member_str(w, "waiver", f->waiver);
    }
    if (f->folded_under.n > 0) {
        kb_jsonw_member_str(w, "folded_under", f->folded_under);
    }
}

/* Criteria of one standard stand together in a control. */
void kb_report_criteria(struct kb_jsonw *w, const struct kb_control_result *control)
{
    kb_jsonw_member_object(w, "criteria");
    for (size_t i = 0; i < control->criterion_count; i++) {
        const struct kb_criterion *k = &control->criteria[i];
        bool opens = i == 0 || !kb_str_eq(k->standard, control->criteria[i - 1].standard);
        if (opens && i > 0) {
            kb_jsonw_end(w);
        }
        if (opens) {
            kb_jsonw_key_str(w, k->standard);
            kb_jsonw_array(w);
        }
        kb_jsonw_str(w, k->id);
    }
    if (control->criterion_count > 0) {
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
}

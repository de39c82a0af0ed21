/* Controls that could not be assessed, gathered by reason, with what to do about it. */
#include <stdio.h>

#include "base/map.h"
#include "report/text.h"

enum { INDENT = 4 };

/* What helps, by a word of the reason; the first that fits. */
static const struct {
    const char *word, *advice;
} advices[] = {
    {"level Metadata",
     "EKS logs these requests without their bodies: judge them from the objects or by hand."},
    {"runcated",
     "The event was cut when it was delivered: ask the API server, or read the log group itself."},
    {"the profile does not say",
     "Set it in a profile of your own (extends: audit-log) and run again with --profile FILE."},
    {"forbidden", "Give the reader the right that was refused, and run again."},
    {"no audit", "Name the audit log of the control plane with --logs, and run again."},
    {"not read", "Repair or add what is listed under Incomplete above, and run again."},
    {"ends", "Read the rest of the log, and run again."},
    {"bad line", "Fetch the log again where lines are damaged, and run again."},
};
static const char general_advice[] =
    "Make it readable, and run again; until then judge it by hand.";

static bool contains(struct kb_str text, const char *word)
{
    return kb_str_find(text, kb_str_c(word), 0) != SIZE_MAX;
}

static const char *advice_for(struct kb_str reason)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (contains(reason, advices[i].word)) {
            return advices[i].advice;
        }
    }
    return general_advice;
}

/* The control's own reason, or that of its first unknown finding. */
static struct kb_str reason_of(const struct kb_control_result *c)
{
    for (size_t i = 0; c->reason.n == 0 && i < c->finding_count; i++) {
        if (c->findings[i].verdict == KB_UNKNOWN && c->findings[i].reason.n > 0) {
            return c->findings[i].reason;
        }
    }
    return c->reason.n > 0 ? c->reason : KB_STR("no reason is known");
}

static void id(struct kb_paper *paper, const struct kb_control_result *c, const char *after)
{
    char text[256];
    int n = snprintf(text, sizeof text, "%.*s (%s)%s", KB_FMT(c->id), kb_severity_name(c->severity),
                     after);
    kb_paper_item(paper,
                  (struct kb_str){text, n < 0                     ? 0
                                        : (size_t)n < sizeof text ? (size_t)n
                                                                  : sizeof text - 1},
                  1, INDENT);
}

/* All controls of one reason, the gravest first. */
static void reason(struct kb_paper *paper, const struct kb_result *result, struct kb_str why,
                   uint64_t n)
{
    uint64_t left = n;
    kb_paper_to(paper, 2);
    kb_paper_foreign(paper, why, INDENT);
    kb_paper_line(paper);
    for (int severity = 0; severity < KB_SEVERITY_COUNT; severity++) {
        for (size_t i = 0; i < result->control_count; i++) {
            const struct kb_control_result *c = &result->controls[i];
            if (c->verdict == KB_UNKNOWN && (int)c->severity == severity &&
                kb_str_eq(reason_of(c), why)) {
                id(paper, c, --left > 0 ? "," : "");
            }
        }
    }
    kb_paper_line(paper);
    kb_paper_to(paper, INDENT);
    kb_paper_style(paper, KB_GREEN);
    kb_paper_printf(paper, "to do: ");
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_own(paper, kb_str_c(advice_for(why)), INDENT + 7);
    kb_paper_line(paper);
}

/* The rows that could not be judged, control by control. */
static void rows(struct kb_paper *paper, const struct kb_result *result,
                 const struct kb_report_options *options)
{
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        if (c->verdict == KB_UNKNOWN && c->totals[KB_UNKNOWN] > 0) {
            kb_paper_to(paper, 2);
            kb_paper_foreign(paper, c->id, INDENT);
            kb_paper_printf(paper, ": ");
            kb_paper_plural(paper, c->totals[KB_UNKNOWN], "row");
            kb_paper_line(paper);
            kb_text_findings(paper, c, KB_UNKNOWN, KB_OWNER_COUNT, options);
        }
    }
}

void kb_text_unknown(struct kb_paper *paper, const struct kb_result *result,
                     const struct kb_report_options *options)
{
    struct kb_map reasons = {0};
    for (size_t i = 0; i < result->control_count; i++) {
        if (result->controls[i].verdict == KB_UNKNOWN) {
            kb_map_add(&reasons, reason_of(&result->controls[i]), NULL)->value.u++;
        }
    }
    if (reasons.n > 0) {
        kb_text_heading(paper, KB_YELLOW, "COULD NOT BE ASSESSED",
                        kb_text_count(result, KB_UNKNOWN));
    }
    for (size_t i = 0; i < reasons.n; i++) {
        reason(paper, result, reasons.entries[i].key, reasons.entries[i].value.u);
    }
    kb_map_done(&reasons);
    if (options->verbose) {
        rows(paper, result, options);
    }
}

/* The sum: verdicts, owners, severities, waivers, and what the exit status means. */
#include "report/text.h"

enum { LABEL = 16 };

static void label(struct kb_paper *paper, const char *text)
{
    kb_paper_to(paper, 2);
    kb_paper_printf(paper, "%s", text);
    kb_paper_to(paper, LABEL);
}

/* "7 fail" with a comma before all but the first. */
static void part(struct kb_paper *paper, uint64_t n, const char *name, bool *first)
{
    if (n > 0) {
        kb_paper_printf(paper, *first ? "" : ", ");
        kb_paper_count(paper, n);
        kb_paper_printf(paper, " %s", name);
        *first = false;
    }
}

static void verdicts(struct kb_paper *paper, const struct kb_result *result)
{
    static const enum kb_style styles[KB_VERDICT_COUNT] = {
        [KB_FAIL] = KB_RED_BOLD, [KB_UNKNOWN] = KB_YELLOW, [KB_PASS] = KB_GREEN};
    bool first = true;
    uint64_t empty = 0;
    label(paper, "controls");
    for (int v = 0; v < KB_VERDICT_COUNT; v++) {
        kb_paper_style(paper, styles[v]);
        part(paper, kb_text_count(result, (enum kb_verdict)v), kb_verdict_name((enum kb_verdict)v),
             &first);
        kb_paper_style(paper, KB_PLAIN);
    }
    for (size_t i = 0; i < result->control_count; i++) {
        empty += result->controls[i].verdict == KB_PASS && result->controls[i].rows == 0;
    }
    if (empty > 0) {
        kb_paper_printf(paper, " (%llu over no rows)", (unsigned long long)empty);
    }
    if (first) {
        kb_paper_printf(paper, "none selected");
    }
    kb_paper_line(paper);
}

static void failed_by(struct kb_paper *paper, const struct kb_result *result)
{
    uint64_t owners[KB_OWNER_COUNT] = {0};
    uint64_t severities[KB_SEVERITY_COUNT] = {0};
    bool first = true;
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        bool seen[KB_OWNER_COUNT] = {false};
        if (c->verdict != KB_FAIL) {
            continue;
        }
        severities[c->severity]++;
        for (size_t k = 0; k < c->finding_count; k++) {
            seen[c->findings[k].owner] |= c->findings[k].verdict == KB_FAIL;
        }
        for (int o = 0; o < KB_OWNER_COUNT; o++) {
            owners[o] += seen[o];
        }
    }
    label(paper, "failed");
    for (int s = 0; s < KB_SEVERITY_COUNT; s++) {
        part(paper, severities[s], kb_severity_name((enum kb_severity)s), &first);
    }
    kb_paper_printf(paper, "  owned by: ");
    first = true;
    for (int o = 0; o < KB_OWNER_COUNT; o++) {
        part(paper, owners[o], kb_owner_name((enum kb_owner)o), &first);
    }
    kb_paper_line(paper);
}

/* "; expired: W-3, W-7": those that matched are counted, the others named. */
static void waivers_in_state(struct kb_paper *paper, const struct kb_result *result, int state,
                             const char *name)
{
    uint64_t n = 0;
    for (size_t i = 0; i < result->waiver_count; i++) {
        if ((int)result->waivers[i].state != state) {
            continue;
        }
        if (state != KB_WAIVER_MATCHED) {
            kb_paper_printf(paper, "%s%s%s", n == 0 ? "; " : ", ", n == 0 ? name : "",
                            n == 0 ? ": " : "");
            kb_paper_foreign(paper, result->waivers[i].id, LABEL);
        }
        n++;
    }
    if (n > 0 && state == KB_WAIVER_MATCHED) {
        kb_paper_printf(paper, ", %llu %s", (unsigned long long)n, name);
    }
}

static void waivers(struct kb_paper *paper, const struct kb_result *result)
{
    if (result->waiver_count == 0) {
        return;
    }
    label(paper, "waivers");
    kb_paper_count(paper, result->waiver_count);
    kb_paper_printf(paper, " loaded");
    waivers_in_state(paper, result, KB_WAIVER_MATCHED, "matched");
    waivers_in_state(paper, result, KB_WAIVER_UNUSED, "unused");
    waivers_in_state(paper, result, KB_WAIVER_EXPIRED, "expired");
    kb_paper_line(paper);
}

/* Failed controls of at least this severity. */
static uint64_t failed_at(const struct kb_result *result, int fail_on)
{
    uint64_t n = 0;
    for (size_t i = 0; i < result->control_count; i++) {
        n += result->controls[i].verdict == KB_FAIL && (int)result->controls[i].severity <= fail_on;
    }
    return n;
}

static void exit_words(struct kb_paper *paper, const struct kb_result *result, int fail_on)
{
    switch (result->exit_status) {
    case 0:
        kb_paper_printf(paper, "all was assessed, ");
        break;
    case 1:
        kb_paper_plural(paper, failed_at(result, fail_on), "control");
        kb_paper_printf(paper, " failed at or above %s (--fail-on)",
                        kb_severity_name((enum kb_severity)fail_on));
        return;
    default:
        kb_paper_plural(paper, kb_text_count(result, KB_UNKNOWN), "control");
        kb_paper_printf(paper, " could not be assessed, ");
        break;
    }
    if (fail_on == KB_FAIL_ON_NEVER) {
        kb_paper_printf(paper, "and failures do not count (--fail-on never)");
    } else {
        kb_paper_printf(paper, "%s failed at or above %s (--fail-on)",
                        result->exit_status == 0 ? "none" : "and none",
                        kb_severity_name((enum kb_severity)fail_on));
    }
}

void kb_text_summary(struct kb_paper *paper, const struct kb_result *result,
                     const struct kb_report_options *options)
{
    kb_paper_line(paper);
    kb_paper_style(paper, KB_BOLD);
    kb_paper_printf(paper, "Summary");
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_line(paper);
    verdicts(paper, result);
    if (kb_text_count(result, KB_FAIL) > 0) {
        failed_by(paper, result);
    }
    waivers(paper, result);
    label(paper, "exit status");
    kb_paper_printf(paper, "%d: ", result->exit_status);
    exit_words(paper, result, options->fail_on);
    kb_paper_line(paper);
}

/* Failed controls: by who owns the failure, then by severity. */
#include <stdio.h>

#include "report/text.h"

enum { INDENT = 4 };

/* Kept failing findings of this owner that are shown here: those that other controls tell are, where `all`. */
static uint64_t failures_of(const struct kb_control_result *c, enum kb_owner owner, bool all)
{
    uint64_t n = 0;
    for (size_t i = 0; i < c->finding_count; i++) {
        const struct kb_finding *f = &c->findings[i];
        n += f->verdict == KB_FAIL && f->owner == owner && (all || f->folded_under.n == 0);
    }
    return n;
}

/* Every failure is told by other controls: the control is only named. */
static bool is_folded(const struct kb_control_result *c)
{
    return c->verdict == KB_FAIL && c->folded > 0 && c->folded == c->totals[KB_FAIL];
}

/* Whether the failure, or a part of it, is this owner's; without kept failures it is the control's
 * owner's. */
static bool concerns(const struct kb_control_result *c, enum kb_owner owner, bool all)
{
    if (c->verdict != KB_FAIL) {
        return false;
    }
    uint64_t kept = 0;
    for (int o = 0; o < KB_OWNER_COUNT; o++) {
        kept += failures_of(c, (enum kb_owner)o, all);
    }
    return kept == 0 ? c->owner == owner : failures_of(c, owner, all) > 0;
}

static bool is_shown(const struct kb_control_result *c, const struct kb_report_options *options)
{
    return options->verbose || !is_folded(c);
}

static uint64_t concerned(const struct kb_result *result, enum kb_owner owner,
                          const struct kb_report_options *options)
{
    uint64_t n = 0;
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        n += is_shown(c, options) && concerns(c, owner, options->verbose);
    }
    return n;
}

static enum kb_style style_of(enum kb_severity severity)
{
    return severity == KB_CRITICAL ? KB_RED_BOLD
           : severity == KB_HIGH   ? KB_RED
           : severity == KB_MEDIUM ? KB_YELLOW
                                   : KB_CYAN;
}

static void head(struct kb_paper *paper, const struct kb_control_result *c)
{
    static const char *const words[] = {"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"};
    kb_paper_line(paper);
    kb_paper_to(paper, 2);
    kb_paper_style(paper, style_of(c->severity));
    kb_paper_printf(paper, "%s", words[c->severity]);
    kb_paper_style(paper, KB_BOLD);
    kb_paper_printf(paper, "  ");
    kb_paper_foreign(paper, c->id, INDENT);
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_line(paper);
    kb_paper_to(paper, INDENT);
    kb_paper_own(paper, c->title, INDENT);
    kb_paper_line(paper);
}

/* "; of 7 kept, 2 are the client's" where a control's failures have several owners. */
static void share(struct kb_paper *paper, const struct kb_control_result *c, enum kb_owner owner, bool all)
{
    uint64_t here = failures_of(c, owner, all);
    uint64_t kept = 0;
    for (int o = 0; o < KB_OWNER_COUNT; o++) {
        kept += failures_of(c, (enum kb_owner)o, all);
    }
    if (here < kept) {
        kb_paper_printf(paper, "; of the ");
        kb_paper_count(paper, kept);
        kb_paper_printf(paper, "%s, ", c->totals[KB_FAIL] > kept ? " kept" : "");
        kb_paper_count(paper, here);
        kb_paper_printf(paper, here == 1 ? " is the %s's" : " are the %s's",
                        owner == KB_SHARED ? "shared side" : kb_owner_name(owner));
    }
}

/* "  soc2 CC6.1", then ", CC6.3" */
static void criterion(struct kb_paper *paper, const struct kb_control_result *c, size_t i)
{
    const struct kb_criterion *k = &c->criteria[i];
    char text[128];
    bool same = i > 0 && kb_str_eq(k->standard, c->criteria[i - 1].standard);
    snprintf(text, sizeof text, "%.*s%s%.*s", same ? 0 : (int)k->standard.n, k->standard.p,
             same ? "" : " ", KB_FMT(k->id));
    kb_paper_printf(paper, "%s", same ? "," : "");
    kb_paper_item(paper, kb_str_c(text), same ? 1 : 2, INDENT);
}

/* "12 findings in 4,011 rows of audit.event  soc2 CC6.1, CC6.3" */
static void numbers(struct kb_paper *paper, const struct kb_control_result *c, enum kb_owner owner,
                    bool all)
{
    kb_paper_to(paper, INDENT);
    kb_paper_plural(paper, c->totals[KB_FAIL], "finding");
    kb_paper_printf(paper, " in ");
    kb_paper_plural(paper, c->rows, "row");
    kb_paper_printf(paper, " of %.*s", KB_FMT(c->table));
    if (c->totals[KB_UNKNOWN] > 0) {
        kb_paper_printf(paper, ", ");
        kb_paper_plural(paper, c->totals[KB_UNKNOWN], "more row");
        kb_paper_printf(paper, " could not be judged");
    }
    share(paper, c, owner, all);
    kb_paper_style(paper, KB_DIM);
    for (size_t i = 0; i < c->criterion_count; i++) {
        criterion(paper, c, i);
    }
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_line(paper);
}

static struct kb_str folded_under(const struct kb_control_result *c)
{
    for (size_t i = 0; i < c->finding_count; i++) {
        if (c->findings[i].folded_under.n > 0) {
            return c->findings[i].folded_under;
        }
    }
    return KB_STR("");
}

static void folded(struct kb_paper *paper, const struct kb_control_result *c,
                   const struct kb_report_options *options)
{
    if (c->folded > 0 && !options->verbose) {
        kb_paper_to(paper, INDENT);
        kb_paper_printf(paper, "%s ", paper->unicode ? "…" : "...");
        kb_paper_count(paper, c->folded);
        kb_paper_printf(paper, " more told under ");
        kb_paper_foreign(paper, folded_under(c), INDENT + 2);
        kb_paper_line(paper);
    }
}

static void fix(struct kb_paper *paper, const struct kb_control_result *c)
{
    if (c->fix.n > 0) {
        kb_paper_to(paper, INDENT);
        kb_paper_style(paper, KB_GREEN);
        kb_paper_printf(paper, "fix: ");
        kb_paper_style(paper, KB_PLAIN);
        kb_paper_own(paper, c->fix, INDENT + 5);
        kb_paper_line(paper);
    }
}

static void control(struct kb_paper *paper, const struct kb_control_result *c, enum kb_owner owner,
                    const struct kb_report_options *options)
{
    head(paper, c);
    numbers(paper, c, owner, options->verbose);
    if (options->verbose && c->why.n > 0) {
        kb_paper_to(paper, INDENT);
        kb_paper_own(paper, c->why, INDENT);
        kb_paper_line(paper);
    }
    kb_text_findings(paper, c, KB_FAIL, owner, options);
    folded(paper, c, options);
    fix(paper, c);
}

static void owner_section(struct kb_paper *paper, const struct kb_result *result,
                          enum kb_owner owner, const struct kb_report_options *options)
{
    uint64_t n = concerned(result, owner, options);
    if (n == 0) {
        return;
    }
    kb_paper_line(paper);
    kb_paper_style(paper, KB_BOLD);
    kb_paper_printf(paper, "Owner %s: ", kb_owner_name(owner));
    kb_paper_plural(paper, n, "failed control");
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_line(paper);
    for (int severity = 0; severity < KB_SEVERITY_COUNT; severity++) {
        for (size_t i = 0; i < result->control_count; i++) {
            const struct kb_control_result *c = &result->controls[i];
            if ((int)c->severity == severity && concerns(c, owner, options->verbose) && is_shown(c, options)) {
                control(paper, c, owner, options);
            }
        }
    }
}

/* Controls that fail by nothing but what others tell. */
static void folded_controls(struct kb_paper *paper, const struct kb_result *result)
{
    uint64_t n = 0;
    for (size_t i = 0; i < result->control_count; i++) {
        n += is_folded(&result->controls[i]);
    }
    if (n == 0) {
        return;
    }
    kb_paper_line(paper);
    kb_paper_style(paper, KB_BOLD);
    kb_paper_printf(paper, "Failed by what is told above: ");
    kb_paper_plural(paper, n, "control");
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_printf(paper, " (--verbose shows the findings)");
    kb_paper_line(paper);
    kb_paper_to(paper, INDENT);
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        if (is_folded(c)) {
            struct kb_buf text;
            kb_buf_init(&text, SIZE_MAX / 2);
            kb_buf_printf(&text, "%.*s (%llu)%s", KB_FMT(c->id), (unsigned long long)c->folded,
                          --n > 0 ? "," : "");
            kb_paper_item(paper, kb_buf_view(&text), 1, INDENT);
            kb_buf_done(&text);
        }
    }
    kb_paper_line(paper);
}

void kb_text_failed(struct kb_paper *paper, const struct kb_result *result,
                    const struct kb_report_options *options)
{
    uint64_t n = kb_text_count(result, KB_FAIL);
    if (n == 0) {
        return;
    }
    kb_text_heading(paper, KB_RED_BOLD, "FAILED", n);
    for (int owner = 0; owner < KB_OWNER_COUNT; owner++) {
        owner_section(paper, result, (enum kb_owner)owner, options);
    }
    if (!options->verbose) {
        folded_controls(paper, result);
    }
}

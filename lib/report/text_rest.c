/* Controls with nothing to do about: by hand, waived, not applicable, recorded, passed. */
#include "report/text.h"

enum { INDENT = 4, ITEM_MAX = 320 };

static void with_reason(struct kb_paper *paper, const struct kb_control_result *c)
{
    kb_paper_to(paper, 2);
    kb_paper_foreign(paper, c->id, INDENT);
    kb_paper_printf(paper, "  ");
    kb_paper_own(paper, c->reason.n > 0 ? c->reason : c->title, INDENT);
    kb_paper_line(paper);
}

static void by_hand(struct kb_paper *paper, const struct kb_result *result, enum kb_verdict verdict,
                    const char *heading, const struct kb_report_options *options)
{
    uint64_t n = kb_text_count(result, verdict);
    if (n == 0) {
        return;
    }
    kb_text_heading(paper, KB_BOLD, heading, n);
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        if (c->verdict != verdict) {
            continue;
        }
        with_reason(paper, c);
        if (verdict == KB_WAIVED) {
            kb_text_findings(paper, c, verdict, KB_OWNER_COUNT, options);
        }
    }
}

static bool passed(const struct kb_control_result *c, bool recorded)
{
    return c->verdict == KB_PASS && c->record == recorded;
}

static uint64_t count_passed(const struct kb_result *result, bool recorded)
{
    uint64_t n = 0;
    for (size_t i = 0; i < result->control_count; i++) {
        n += passed(&result->controls[i], recorded);
    }
    return n;
}

static void recorded(struct kb_paper *paper, const struct kb_result *result,
                     const struct kb_report_options *options)
{
    uint64_t n = count_passed(result, true);
    if (n == 0) {
        return;
    }
    kb_text_heading(paper, KB_BOLD, "Recorded as evidence", n);
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        if (!passed(c, true)) {
            continue;
        }
        kb_paper_to(paper, 2);
        kb_paper_foreign(paper, c->id, INDENT);
        kb_paper_printf(paper, "  ");
        kb_paper_plural(paper, c->rows, "row");
        kb_paper_printf(paper, "  ");
        kb_paper_own(paper, c->title, INDENT);
        kb_paper_line(paper);
        if (options->verbose) {
            kb_text_findings(paper, c, KB_PASS, KB_OWNER_COUNT, options);
        }
    }
}

/* "id (4,011)", or the id alone for passes over no rows. */
static void pass_item(struct kb_paper *paper, const struct kb_control_result *c, bool more)
{
    struct kb_buf text;
    kb_buf_init(&text, ITEM_MAX);
    kb_buf_str(&text, c->id);
    if (c->rows > 0) {
        kb_buf_printf(&text, " (%llu)", (unsigned long long)c->rows);
    }
    kb_buf_c(&text, more ? "," : "");
    kb_paper_item(paper, kb_buf_view(&text), 1, INDENT);
    kb_buf_done(&text);
}

static void passes(struct kb_paper *paper, const struct kb_result *result, bool over_rows,
                   const char *lead)
{
    uint64_t left = 0;
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        left += passed(c, false) && (c->rows > 0) == over_rows;
    }
    if (left == 0) {
        return;
    }
    kb_paper_to(paper, 2);
    kb_paper_printf(paper, "%s", lead);
    kb_paper_line(paper);
    for (size_t i = 0; i < result->control_count; i++) {
        const struct kb_control_result *c = &result->controls[i];
        if (passed(c, false) && (c->rows > 0) == over_rows) {
            pass_item(paper, c, --left > 0);
        }
    }
    kb_paper_line(paper);
}

void kb_text_rest(struct kb_paper *paper, const struct kb_result *result,
                  const struct kb_report_options *options)
{
    by_hand(paper, result, KB_MANUAL, "To be judged by hand", options);
    by_hand(paper, result, KB_WAIVED, "Waived", options);
    by_hand(paper, result, KB_NOT_APPLICABLE, "Not applicable", options);
    recorded(paper, result, options);
    uint64_t n = count_passed(result, false);
    if (n > 0) {
        kb_text_heading(paper, KB_GREEN, "Passed", n);
        passes(paper, result, true, "Over so many rows:");
        passes(paper, result, false, "Over no rows at all (nothing there that could break them):");
    }
}

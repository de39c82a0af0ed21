/* What was read. What is missing is said for every source, before any verdict. */
#include "report/coverage.h"
#include "report/layout.h"
#include "report/text.h"

enum { HANG = 6, SHOWN = 20 };

struct sum {
    uint64_t items, bytes, duplicates, sources, incomplete;
    int64_t first_ns, last_ns;
};

static void add(struct sum *sum, const struct kb_coverage *c)
{
    sum->incomplete += !kb_coverage_whole(c);
    if (c->again || kb_coverage_is_heartbeat(c)) {
        return;
    }
    sum->items += c->items;
    sum->bytes += c->bytes;
    sum->duplicates += c->duplicates;
    sum->sources++;
    if (c->first_ns != INT64_MIN && (sum->first_ns == INT64_MIN || c->first_ns < sum->first_ns)) {
        sum->first_ns = c->first_ns;
    }
    if (c->last_ns != INT64_MIN && c->last_ns > sum->last_ns) {
        sum->last_ns = c->last_ns;
    }
}

static struct sum add_up(const struct kb_result *result)
{
    struct sum sum = {.first_ns = INT64_MIN, .last_ns = INT64_MIN};
    for (size_t i = 0; i < result->coverage_count; i++) {
        add(&sum, &result->coverage[i]);
    }
    return sum;
}

static void size(struct kb_paper *paper, uint64_t bytes)
{
    struct kb_buf buf = {.max = 32};
    if (bytes == 0) {
        return;
    }
    kb_add_bytes(&buf, bytes);
    kb_paper_printf(paper, ", %.*s", KB_FMT(kb_buf_view(&buf)));
    kb_buf_done(&buf);
}

static void span(struct kb_paper *paper, int64_t from_ns, int64_t to_ns)
{
    struct kb_buf buf = {.max = 64};
    kb_add_span(&buf, to_ns - from_ns);
    kb_paper_printf(paper, " (%.*s)", KB_FMT(kb_buf_view(&buf)));
    kb_buf_done(&buf);
}

static void totals(struct kb_paper *paper, const struct sum *sum)
{
    kb_paper_style(paper, KB_BOLD);
    kb_paper_printf(paper, "Read: ");
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_plural(paper, sum->items, "record");
    size(paper, sum->bytes);
    kb_paper_printf(paper, ", ");
    kb_paper_plural(paper, sum->sources, "source");
    if (sum->first_ns != INT64_MIN) {
        kb_paper_printf(paper, ", ");
        kb_paper_times(paper, sum->first_ns, sum->last_ns);
        if (sum->last_ns > sum->first_ns) {
            span(paper, sum->first_ns, sum->last_ns);
        }
    }
    kb_paper_line(paper);
}

/* "12 bad lines" where n > 0. */
static void flaw(struct kb_paper *paper, uint64_t n, const char *one, const char *many)
{
    struct kb_buf text = {.max = 128};
    if (n == 0) {
        return;
    }
    kb_add_count(&text, n);
    kb_buf_printf(&text, " %s", n == 1 ? one : many);
    kb_paper_printf(paper, ",");
    kb_paper_item(paper, kb_buf_view(&text), 1, HANG);
    kb_buf_done(&text);
}

static void lag(struct kb_paper *paper, const struct kb_coverage *c)
{
    struct kb_buf text = {.max = 128};
    if (!c->has_lag) {
        return;
    }
    kb_buf_c(&text, "delivered within ");
    kb_add_span(&text, c->lag_p99_ns);
    kb_buf_c(&text, " (99 of 100), at most ");
    kb_add_span(&text, c->lag_max_ns);
    kb_paper_printf(paper, ",");
    kb_paper_item(paper, kb_buf_view(&text), 1, HANG);
    kb_buf_done(&text);
}

static void gaps(struct kb_paper *paper, const struct kb_coverage *c)
{
    for (size_t i = 0; i < c->gap_count; i++) {
        const struct kb_gap *gap = &c->gaps[i];
        kb_paper_to(paper, HANG);
        kb_paper_foreign(paper, gap->what, HANG + 2);
        if (gap->from_ns != INT64_MIN) {
            kb_paper_printf(paper, ", ");
            kb_paper_times(paper, gap->from_ns, gap->to_ns);
        }
        if (gap->from_ns != INT64_MIN && gap->to_ns != INT64_MIN) {
            span(paper, gap->from_ns, gap->to_ns);
        }
        kb_paper_line(paper);
    }
}

static void source(struct kb_paper *paper, const struct kb_coverage *c)
{
    kb_paper_to(paper, 4);
    kb_paper_foreign(paper, c->source, HANG);
    if (c->what.n > 0) {
        kb_paper_printf(paper, " (%.*s)", KB_FMT(c->what));
    }
    kb_paper_printf(paper, ": ");
    kb_paper_plural(paper, c->items, "record");
    if (c->first_ns != INT64_MIN) {
        kb_paper_printf(paper, ",");
        kb_paper_times_item(paper, c->first_ns, c->last_ns, 1, HANG);
    }
    flaw(paper, c->malformed, "bad line", "bad lines");
    flaw(paper, c->truncated, "truncated event", "truncated events");
    flaw(paper, c->duplicates, "copy left out", "copies left out");
    flaw(paper, c->conflicts, "audit id with different contents",
         "audit ids with different contents");
    lag(paper, c);
    if (!c->complete && c->malformed == 0 && !kb_coverage_is_heartbeat(c)) {
        kb_paper_printf(paper, ",");
        kb_paper_item(paper, KB_STR("not read to its end"), 1, HANG);
    }
    kb_paper_line(paper);
    gaps(paper, c);
    for (size_t i = 0; i < c->error_count; i++) {
        kb_paper_to(paper, HANG);
        kb_paper_foreign(paper, c->errors[i], HANG + 2);
        kb_paper_line(paper);
    }
}

static void sources(struct kb_paper *paper, const struct kb_result *result, bool whole,
                    size_t limit)
{
    size_t n = 0;
    for (size_t i = 0; i < result->coverage_count; i++) {
        if (kb_coverage_whole(&result->coverage[i]) == whole && ++n <= limit) {
            source(paper, &result->coverage[i]);
        }
    }
    if (n > limit) {
        kb_paper_to(paper, 4);
        kb_paper_printf(paper, "and ");
        kb_paper_plural(paper, n - limit, "more source");
        kb_paper_printf(paper, ", in --verbose");
        kb_paper_line(paper);
    }
}

void kb_text_coverage(struct kb_paper *paper, const struct kb_result *result, bool verbose)
{
    struct sum sum = add_up(result);
    totals(paper, &sum);
    if (sum.incomplete > 0) {
        kb_paper_style(paper, KB_YELLOW);
        kb_paper_printf(paper, "  Incomplete");
        kb_paper_style(paper, KB_PLAIN);
        kb_paper_printf(paper, " (what is missing here never counts as passed):");
        kb_paper_line(paper);
        sources(paper, result, false, verbose ? SIZE_MAX : SHOWN);
    } else if (sum.sources > 0) {
        kb_paper_printf(paper, "  Complete: every line was read");
        flaw(paper, sum.duplicates, "copy of an event left out", "copies of events left out");
        kb_paper_printf(paper, ".");
        kb_paper_line(paper);
    } else {
        kb_paper_style(paper, KB_YELLOW);
        kb_paper_printf(paper, "  Nothing was read.");
        kb_paper_style(paper, KB_PLAIN);
        kb_paper_line(paper);
    }
    if (verbose) {
        sources(paper, result, true, SIZE_MAX);
    }
}

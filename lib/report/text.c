/* The report a person reads: what was read, what failed, what could not be judged, the rest, the
 * sum. */
#include "report/text.h"

size_t kb_text_count(const struct kb_result *result, enum kb_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < result->control_count; i++) {
        n += result->controls[i].verdict == verdict;
    }
    return n;
}

void kb_text_heading(struct kb_paper *paper, enum kb_style style, const char *title, uint64_t n)
{
    kb_paper_line(paper);
    kb_paper_style(paper, style);
    kb_paper_printf(paper, "%s: ", title);
    kb_paper_plural(paper, n, "control");
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_line(paper);
}

static void title(struct kb_paper *paper, const struct kb_result *result,
                  const struct kb_report_options *options)
{
    kb_paper_style(paper, KB_BOLD);
    kb_paper_printf(paper, "kube-baseline %s", options->version);
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_printf(paper, "  profile ");
    kb_paper_foreign(paper, result->profile, 2);
    kb_paper_printf(paper, "  ");
    kb_paper_plural(paper, result->control_count, "control");
    kb_paper_printf(paper, "  judged at ");
    kb_paper_times(paper, result->now_ns, INT64_MIN);
    kb_paper_line(paper);
}

KB_RES kb_report_text(const struct kb_result *result, const struct kb_report_options *options,
                      struct kb_sink sink, struct kb_err *err)
{
    struct kb_paper paper;
    kb_paper_init(&paper, sink, options);
    if (!options->quiet) {
        title(&paper, result, options);
    }
    kb_text_coverage(&paper, result, options->verbose);
    kb_text_failed(&paper, result, options);
    if (!options->quiet) {
        kb_text_unknown(&paper, result, options);
        kb_text_rest(&paper, result, options);
    }
    kb_text_summary(&paper, result, options);
    return kb_paper_finish(&paper, err);
}

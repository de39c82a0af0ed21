/* Parts of the text report, one file each. */
#ifndef KB_REPORT_TEXT_H
#define KB_REPORT_TEXT_H

#include "report/paper.h"

/* What was read, and what is missing. */
void kb_text_coverage(struct kb_paper *paper, const struct kb_result *result, bool verbose);
/* Failed controls by owner and severity, with findings. */
void kb_text_failed(struct kb_paper *paper, const struct kb_result *result,
                    const struct kb_report_options *options);
/* Controls that could not be assessed, by reason. */
void kb_text_unknown(struct kb_paper *paper, const struct kb_result *result,
                     const struct kb_report_options *options);
/* Findings of one control with this verdict, and of this owner unless it is KB_OWNER_COUNT; equal
 * messages in one. */
void kb_text_findings(struct kb_paper *paper, const struct kb_control_result *control,
                      enum kb_verdict verdict, enum kb_owner owner,
                      const struct kb_report_options *options);
/* Manual, waived, not applicable, recorded and passed controls. */
void kb_text_rest(struct kb_paper *paper, const struct kb_result *result,
                  const struct kb_report_options *options);
/* Counts, waivers, and the exit status in words. */
void kb_text_summary(struct kb_paper *paper, const struct kb_result *result,
                     const struct kb_report_options *options);

/* Number of controls with a verdict. */
size_t kb_text_count(const struct kb_result *result, enum kb_verdict verdict);
/* A heading: an empty line, then "Failed: 7 controls". */
void kb_text_heading(struct kb_paper *paper, enum kb_style style, const char *title, uint64_t n);

#endif

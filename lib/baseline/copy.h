/* Deep copies of values and findings, so that they outlive the row they came from. */
#ifndef KB_BASELINE_COPY_H
#define KB_BASELINE_COPY_H

#include "baseline/result.h"

/* A copy in `arena`. *budget is how many bytes it may still take; what does not fit is kept as
 * the beginning of its printed text, with a note of the whole length. Opaque values are kept as
 * their text. */
struct kb_cel_val kb_value_copy(const struct kb_cel_val *value, struct kb_arena *arena,
                                size_t *budget);
/* All of a finding. */
void kb_finding_copy(const struct kb_finding *finding, struct kb_arena *arena,
                     struct kb_finding *out);
struct kb_evidence kb_evidence_copy(const struct kb_evidence *evidence, struct kb_arena *arena);

/* Why a value is unknown: "workload.privileged: level Metadata carries no body", or an error's
 * message. */
void kb_reason_print(const struct kb_cel_val *value, struct kb_buf *out);

#endif

/* Reading one file of a baseline; used by baseline.c. */
#ifndef KB_BASELINE_CONTROL_FILE_H
#define KB_BASELINE_CONTROL_FILE_H

#include "baseline/decode.h"

/* The control of a file, of which nothing is known but its name: id, area and source. */
struct kb_control *kb_control_new(const struct kb_decode *d, const struct kb_library_file *file);
/* Read the file into it. Returns whether there was no mistake; what could be read is in it either
 * way, so that its expressions can be checked too (where it has a table). */
bool kb_control_read(const struct kb_decode *d, const struct kb_library_file *file,
                     struct kb_control *control);

/* What is wrong with the bound `max` of the rule, or NULL. A window remembers as many rows for each key; different
 * values are remembered each. */
const char *kb_count_rule_wrong(const struct kb_count_rule *rule, int64_t max);
/* `count: {max, min, per, within, distinct}`. */
bool kb_count_rule_decode(const struct kb_decode *d, const struct kb_yaml_node *node,
                          struct kb_control *control);

/* The terms of a `_terms.yaml`, added to `terms`. */
typedef KB_VEC(struct kb_term) kb_term_list;
void kb_terms_read(const struct kb_decode *d, const struct kb_library_file *file,
                   kb_term_list *terms);

/* Compile every expression of the control with default values, and keep nothing. */
void kb_control_check(const struct kb_baseline *baseline, const struct kb_control *control,
                      struct kb_mistakes *mistakes);
/* The same for terms. */
void kb_terms_check(const struct kb_baseline *baseline, struct kb_mistakes *mistakes);

#endif

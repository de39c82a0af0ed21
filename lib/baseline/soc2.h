/* The criteria controls may answer to: SOC 2 (AICPA Trust Services Criteria 2017, points of
 * focus 2022). */
#ifndef KB_BASELINE_SOC2_H
#define KB_BASELINE_SOC2_H

#include "base/str.h"

enum kb_soc2_evidence {
    KB_SOC2_NONE,       /* organisational: nothing a cluster can show */
    KB_SOC2_SUPPORTING, /* the cluster shows a part */
    KB_SOC2_STRONG
};

struct kb_soc2 {
    const char *id;   /* "CC6.1" */
    const char *text; /* in our words, short */
    enum kb_soc2_evidence evidence;
};

/* All 61, in the standard's order. */
extern const struct kb_soc2 kb_soc2[];
extern const size_t kb_soc2_count;

/* By id (exact), or NULL. */
const struct kb_soc2 *kb_soc2_find(struct kb_str id);
/* The id most like `id`, or NULL. */
const char *kb_soc2_suggest(struct kb_str id);
/* Whether `id` has the form of a CIS recommendation: numbers joined by dots, "4.1.1". */
bool kb_cis_id_valid(struct kb_str id);

#endif

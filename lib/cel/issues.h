/* Collecting mistakes, and places in the source. */
#ifndef KB_CEL_ISSUES_H
#define KB_CEL_ISSUES_H

#include "cel/cel.h"

/* What parsing and checking share: the source and the mistakes in it so far. */
struct kb_cel_source {
    struct kb_str text;
    struct kb_arena *arena; /* of the environment: issues live as long as it does */
    KB_VEC(struct kb_cel_issue) issues;
};

/* At most KB_MAX_ERRORS are kept. */
void kb_cel_issue_add(struct kb_cel_source *source, unsigned phase, uint32_t pos, const char *fmt,
                      ...) KB_PRINTF(4, 5);
/* Hands the issues over, sorted by place, as an array in the arena. */
struct kb_cel_issues kb_cel_issues_take(struct kb_cel_source *source);

#endif

/*
 * Texts of options as what they mean. Failures are KB_ERR_USAGE and name the option.
 */
#ifndef KB_CMD_CHOICES_H
#define KB_CMD_CHOICES_H

#include "kube-baseline/app.h"

/* --now, --since, --until: a point in time in ns since 1970; KB_TIME_NONE where `text` is NULL. */
KB_RES kb_choice_time(const char *option, const char *text, int64_t now_ns, int64_t *out,
                      struct kb_err *err);
/* --fail-on: a severity or "never"; "low" where `text` is NULL. */
KB_RES kb_choice_fail_on(const char *text, int *out, struct kb_err *err);
/* A number from 1 on; 0 where `text` is NULL. */
KB_RES kb_choice_count(const char *option, const char *text, size_t *out, struct kb_err *err);
/* One "FORMAT" or "FORMAT=FILE" of -o. */
KB_RES kb_choice_output(struct kb_str text, struct kb_output *out, struct kb_err *err);

#endif

/* Values of options that are more than a word: times, counts, severities. */
#ifndef KB_CMD_VALUES_H
#define KB_CMD_VALUES_H

#include "kube-baseline/app.h"

/* The clock: --now, or the system's; *given (may be NULL) tells which. Nanoseconds since 1970. */
KB_RES kb_value_now(const struct kb_app *app, int64_t *out_ns, bool *given, struct kb_err *err);
/* --since and --until; KB_TIME_NONE where not given. */
KB_RES kb_value_span(const struct kb_app *app, int64_t now_ns, int64_t *since_ns, int64_t *until_ns,
                     struct kb_err *err);
/* A whole number from `min`; `fallback` where `text` is NULL. `option` names it in messages. */
KB_RES kb_value_count(const char *option, const char *text, uint64_t min, uint64_t fallback,
                      uint64_t *out, struct kb_err *err);

#endif

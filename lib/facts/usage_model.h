/*
 * What a log shows of the use of grants (rbac/usage.h), and how far "unused" can be said.
 *
 * Unused is said of a grant only where the log is whole (no holes, no damage, heartbeats throughout), covers
 * settings.usageWindow, and the grant and its role stood unchanged that long.
 */
#ifndef KB_FACTS_USAGE_MODEL_H
#define KB_FACTS_USAGE_MODEL_H

#include "audit/event.h"
#include "rbac/usage.h"

struct kb_world;

struct kb_usage_model {
    struct kb_usage store;
    struct kb_map extras;      /* raw texts of users' extra that were looked into */
    bool read;                 /* a log was read beside the objects */
    int64_t first_ns, last_ns; /* of the log */
    uint64_t cut;              /* requests whose text does not show all that counts */
    struct kb_str problem;     /* why nothing can be called unused; empty: it can */
};

/* Take one request of the log. */
void kb_usage_model_event(struct kb_world *world, const struct kb_event *event, int64_t time_ns);
/* The log has ended: from first to last, with what is wrong with it (empty: nothing). */
void kb_usage_model_close(struct kb_world *world, int64_t first_ns, int64_t last_ns,
                          struct kb_str problem);
void kb_usage_model_done(struct kb_usage_model *model);

/* What is said of a grant, or of somebody. */
enum kb_use { KB_USE_NOT_KNOWN, KB_USE_SOLE, KB_USE_REDUNDANT, KB_USE_UNUSED, KB_USE_YOUNG,
              KB_USE_HIDDEN, KB_USE_DEAD };
const char *kb_use_name(enum kb_use use); /* "sole" … */

/* Of a binding to one of its subjects; `rule` of its role, or SIZE_MAX for all of it. `mark` (may be NULL)
 * gets what was seen, NULL where nothing. */
enum kb_use kb_usage_of(const struct kb_world *world, const struct kb_rbac_binding *binding,
                        size_t subject, size_t rule, const struct kb_usage_mark **mark);

/* Whether the log never shows what the binding grants, whatever is done with it. */
bool kb_usage_binding_hidden(const struct kb_rbac_binding *binding);

/* Whether somebody who exists since `since_ns` (INT64_MIN: not known) was seen under one of these names;
 * SOLE where he was. *last_ns: when, or INT64_MIN. */
enum kb_use kb_usage_of_anybody(const struct kb_world *world, const struct kb_str *names, size_t n,
                                int64_t since_ns, int64_t *last_ns);

#endif

/*
 * What the log has shown before: of an object, only what a later change is compared with; of a user, when
 * it last changed rights.
 * Rows must come in the order of the log. Not for other tables.
 */
#ifndef KB_FACTS_AUDIT_SEEN_H
#define KB_FACTS_AUDIT_SEEN_H

#include "base/map.h"
#include "facts/audit_event_get.h"

/* An object as the log last showed it. */
struct kb_audit_past {
    enum { KB_PAST_UNSEEN, KB_PAST_KNOWN, KB_PAST_CUT } state; /* CUT: the row does not tell which object it is */
    char psa_enforce[16];   /* of a namespace; empty: no label */
    int64_t ignoring_hooks; /* of a webhook configuration: webhooks whose failure is ignored */
    int64_t rbac_ns; /* since the row's user last changed a role or binding, or one of the values below */
};

enum { KB_RBAC_NONE = -1, KB_RBAC_CUT = -2 }; /* none in this log; the row does not tell */

/* Zeroed memory is a valid empty collection. */
struct kb_audit_seen {
    struct kb_map objects; /* "resource name" → struct kb_audit_past */
    struct kb_map users;   /* name → when it last changed a role or binding, nanoseconds since 1970 */
    struct kb_arena arena; /* of objects */
};

/* What was known before the row; then the row's own change is kept for the rows that follow. */
struct kb_audit_past kb_audit_seen_row(struct kb_audit_seen *seen, const struct kb_audit_row *row);
void kb_audit_seen_done(struct kb_audit_seen *seen);

#endif

/* Table authenticator.event: one row a line of aws-iam-authenticator. */
#ifndef KB_FACTS_AUTHENTICATOR_EVENT_H
#define KB_FACTS_AUTHENTICATOR_EVENT_H

#include "audit/authenticator.h"
#include "facts/audit_event.h"

extern const struct kb_table kb_table_authenticator_event;

/* Plain data; borrows the line. */
struct kb_authenticator_row {
    struct kb_authn_line line;
    struct kb_audit_origin origin;
};

void kb_authenticator_row_init(struct kb_authenticator_row *row, struct kb_str line,
                               const struct kb_audit_origin *origin);
struct kb_row kb_authenticator_row_view(const struct kb_authenticator_row *row);

#endif

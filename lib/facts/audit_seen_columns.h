/* Columns of audit.event that compare with what the log showed before; see audit_event_columns.h. */
#ifndef KB_FACTS_AUDIT_SEEN_COLUMNS_H
#define KB_FACTS_AUDIT_SEEN_COLUMNS_H

/* clang-format off */
#define KB_AUDIT_BEFORE(X) \
    X(BEFORE_SEEN, before_seen, "before.seen", "bool", KB_ALWAYS, \
      "Written namespace or webhook configuration: this log showed the object before this " \
      "request, or the request made it.") \
    X(BEFORE_ENFORCE, before_enforce, "before.psa_enforce", "string", KB_ALWAYS, \
      "Written namespace: its label pod-security.kubernetes.io/enforce before this request, as " \
      "this log last showed it; empty where it had none.") \
    X(BEFORE_IGNORING, before_ignoring, "before.ignoring_webhooks", "int", KB_ALWAYS, \
      "Written webhook configuration: how many of its webhooks had failurePolicy Ignore before " \
      "this request, as this log last showed it.") \
    X(BEFORE_RBAC, before_rbac, "before.rbac_written", "duration", KB_OPTIONAL, \
      "Written workload: how long ago the same user last changed a role or binding, as this " \
      "log shows it; absent where it did not.")
/* clang-format on */

#endif

/*
 * Who made a request, from the names Kubernetes and EKS give: classes of callers, service accounts,
 * ARNs, and addresses.
 */
#ifndef KB_AUDIT_PRINCIPAL_H
#define KB_AUDIT_PRINCIPAL_H

#include "base/err.h"
#include "base/str.h"

/* symbol, word */
#define KB_CALLERS(X)                                                                              \
    X(KB_CALLER_UNAUTHENTICATED, "unauthenticated") /* no user at all (401) */                     \
    X(KB_CALLER_ANONYMOUS, "anonymous")                                                            \
    X(KB_CALLER_NODE, "node")                       /* system:node:… */                          \
    X(KB_CALLER_SERVICE_ACCOUNT, "service-account") /* outside kube-system */                      \
    X(KB_CALLER_SYSTEM, "system") /* system:…, service accounts of kube-system included */       \
    X(KB_CALLER_EKS, "eks")       /* eks:… */                                                    \
    X(KB_CALLER_PERSON, "person") /* all others */
#define KB_CALLER_FIRST(sym, word) sym,
enum kb_caller { KB_CALLERS(KB_CALLER_FIRST) KB_CALLER_COUNT };
#undef KB_CALLER_FIRST

enum kb_caller kb_caller_of(struct kb_str username);
struct kb_str kb_caller_name(enum kb_caller caller);
/* Part of the platform itself: system, node or eks. */
bool kb_caller_is_system(enum kb_caller caller);

/* Parts of "system:serviceaccount:NAMESPACE:NAME"; false for other names. */
bool kb_principal_service_account(struct kb_str username, struct kb_str *name_space,
                                  struct kb_str *name);

/* The 12 digits of an ARN of any partition (aws, aws-cn, aws-us-gov …), or empty. */
struct kb_str kb_arn_account(struct kb_str arn);
/* The same of a uid "aws-iam-authenticator:ACCOUNT:ID" (or the older "heptio-
 * authenticator-aws:…"). */
struct kb_str kb_uid_account(struct kb_str uid);

enum kb_address { KB_ADDRESS_BAD, KB_ADDRESS_PRIVATE, KB_ADDRESS_PUBLIC };
/* PRIVATE: loopback, link-local, unspecified, private (RFC 1918), shared (100.64.0.0/10), unique
 * local (fc00::/7). */
enum kb_address kb_address_kind(struct kb_str text);

#endif

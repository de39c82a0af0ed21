/*
 * The smallest roles with which a subject could have done what a log shows of it.
 *
 * One Role a namespace; what was done in more than KB_PROPOSE_NAMESPACES, or across namespaces, is a
 * ClusterRole. Names of objects are kept for verbs that have one, up to KB_USAGE_NAMES of a kind of request;
 * but not those that controllers make up (pods).
 * A controller's list and watch belong together. Nothing is proposed that the subject does not hold. What
 * every authenticated user may (discovery, asking for one's own rights) is left out.
 */
#ifndef KB_RBAC_PROPOSE_H
#define KB_RBAC_PROPOSE_H

#include "rbac/covers.h"
#include "rbac/usage.h"

enum { KB_PROPOSE_NAMESPACES = 5 };

struct kb_proposed_role {
    struct kb_str name_space; /* empty: a ClusterRole */
    struct kb_rbac_rules rules;
    uint64_t requests;        /* that it would have allowed */
    struct kb_str audit_ids[3]; /* of some of them: evidence */
    size_t audit_id_count;
};

struct kb_proposal {
    const struct kb_proposed_role *roles; /* by namespace; the ClusterRole first */
    size_t n;
    uint64_t requests, left_out; /* of the subject; of these, what everybody may */
    size_t unanswered;           /* kinds of requests that neither the proposal nor other grants allow */
    kb_rbac_atoms uncovered;     /* of the proposal, what the subject does not hold. Freed by the caller */
    bool checked;                /* the subject's own rights were known, to hold the proposal against */
};

/* `policy` NULL: the subject's rights are not known. Arrays in `arena`; texts are the usage's. */
void kb_rbac_propose(struct kb_usage *usage, const struct kb_rbac_policy *policy,
                     const struct kb_rbac_subject *subject, struct kb_arena *arena,
                     struct kb_proposal *out);

#endif

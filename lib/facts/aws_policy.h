/*
 * Statements of IAM resource policies, as far as controls ask. Definition: IAM User Guide, "JSON policy
 * elements". Actions and condition keys are compared without case, with `*` and `?`.
 */
#ifndef KB_FACTS_AWS_POLICY_H
#define KB_FACTS_AWS_POLICY_H

#include "data/json.h"

/* Whether the pattern (`*`, `?`) is like the whole text. */
bool kb_iam_like(struct kb_str pattern, struct kb_str text);
/* A policy from its text; NULL where it is not JSON. A new reference. */
json_t *kb_iam_policy(struct kb_str text);
/* Statement `i`, which may stand alone without a list; NULL behind the last. */
const json_t *kb_iam_statement(const json_t *policy, size_t i);

bool kb_iam_denies(const json_t *statement);
/* Whether the statement is about the action (Action, or NotAction that leaves it out). */
bool kb_iam_covers_action(const json_t *statement, struct kb_str action);
/* Whether its Resource matches; also where it has none (policies of some services). */
bool kb_iam_covers_resource(const json_t *statement, struct kb_str arn);
/* Whether its Principal is everybody. */
bool kb_iam_everybody(const json_t *statement);
bool kb_iam_conditional(const json_t *statement);
/* Whether an Allow is for everybody, with no condition that keeps it to an account, organisation, network or
 * principal. */
bool kb_iam_public(const json_t *statement);
/* Whether it denies this action to all but principals that it names. */
bool kb_iam_denies_others(const json_t *statement, struct kb_str action);
/* Whether it denies everybody everything that does not come by TLS. */
bool kb_iam_denies_plain(const json_t *statement);
/* The same of a service control policy, whose statements name no principal. */
bool kb_iam_scp_denies(const json_t *statement, struct kb_str action);
/* Whether it denies the action to everybody, whoever it is. */
bool kb_iam_denies_all(const json_t *statement, struct kb_str action);

#endif

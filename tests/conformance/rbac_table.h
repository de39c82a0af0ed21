/*
 * RBAC tables: a file of cases, worlds as policies, requests, rules.
 */
#ifndef KB_TESTS_CONFORMANCE_RBAC_TABLE_H
#define KB_TESTS_CONFORMANCE_RBAC_TABLE_H

#include "rbac/authorize.h"
#include "rows.h"

/* One case of a file: `index` of the document's list (or of its `cases`), `whole` the document. Prints what
 * differs. True: it holds. */
typedef bool kb_rbac_case_fn(const json_t *test, const json_t *whole, const char *label);

/* Run the files named; the form of each is told by the members of its first case, which `pick` maps to
 * the function that runs them (NULL: unknown form, a failure). Exit status as kb_rows_main. */
int kb_rbac_main(int argc, char **argv, kb_rbac_case_fn *(*pick)(const json_t *whole));

/* The objects of a world, closed. To be freed with kb_rbac_policy_done. */
void kb_rbac_world(struct kb_rbac_policy *policy, const json_t *world);
/* A request as the tables write it; groups go to `arena`. */
struct kb_rbac_request kb_rbac_table_request(const json_t *request, struct kb_arena *arena);
/* Texts of a JSON list. */
struct kb_rbac_words kb_rbac_table_words(const json_t *list, struct kb_arena *arena);
/* Whether the document's cases are a list with this member, or have it at the top. */
bool kb_rbac_has(const json_t *whole, const char *member);
/* Print the case's label and a message; returns false. */
bool kb_rbac_wrong(const char *label, const char *fmt, ...) KB_PRINTF(2, 3);

#endif

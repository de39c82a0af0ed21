/* Tables rbac.binding, rbac.grant, rbac.subject, rbac.role, rbac.managed, rbac.path. */
#ifndef KB_FACTS_RBAC_TABLES_H
#define KB_FACTS_RBAC_TABLES_H

#include "facts/world.h"

extern const struct kb_table kb_table_rbac_binding, kb_table_rbac_grant, kb_table_rbac_subject,
    kb_table_rbac_role, kb_table_rbac_managed, kb_table_rbac_path;
extern const struct kb_fact_source kb_facts_rbac_binding, kb_facts_rbac_grant,
    kb_facts_rbac_subject, kb_facts_rbac_role, kb_facts_rbac_managed, kb_facts_rbac_path;

/* Kinds that every RBAC table needs. */
enum { KB_RBAC_KINDS = 4 };
extern const enum kb_kind_id kb_rbac_kinds[KB_RBAC_KINDS];

/* "ClusterRoleBinding/name", "RoleBinding/namespace/name", and the same for roles. */
/* Whether the answer about a role stands: one that aggregates is compared with all roles that it gathers. */
bool kb_rbac_origin_known(const struct kb_world *world, const struct kb_rbac_role *role,
                          const struct kb_rbac_origin_answer *origin);
struct kb_str kb_rbac_object_name(const struct kb_rbac_meta *meta, const char *kind, bool cluster,
                                  struct kb_arena *arena);
/* Info of a row about an object of RBAC. `subject` NULL: nobody in particular; `part` orders rows of one
 * object. */
void kb_rbac_row_info(const struct kb_rbac_meta *meta, struct kb_str object,
                      const struct kb_rbac_subject *subject, unsigned part, struct kb_arena *arena,
                      struct kb_row_info *out);
/* A row whose subject exists: users and groups always; a service account that was not read is unknown. */
struct kb_cel_val kb_rbac_subject_exists(const struct kb_world *world,
                                         const struct kb_rbac_subject *subject);
/* Whether each rule of the binding is covered by the subject's other own bindings where this one counts. Of
 * two that cover each other, the later one is. */
bool kb_rbac_redundant(const struct kb_world *world, const struct kb_rbac_binding *binding,
                       const struct kb_rbac_subject *subject);
/* All permissions of the subject in the scope of the binding, through its own bindings. */
const struct kb_cel_list *kb_rbac_effective(const struct kb_world *world,
                                            const struct kb_rbac_binding *binding,
                                            const struct kb_rbac_subject *subject,
                                            struct kb_arena *arena);

#endif

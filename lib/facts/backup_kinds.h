/* Which types of objects the schedules' filters let in. */
#ifndef KB_FACTS_BACKUP_KINDS_H
#define KB_FACTS_BACKUP_KINDS_H

#include "facts/world.h"

struct kb_backup_kinds {
    const struct kb_world *world;
    struct kb_arena arena;
    struct kb_velero_types types;     /* those that matter, then those of definitions */
    struct kb_velero_filter *filters; /* one a schedule */
};

void kb_backup_kinds_init(struct kb_backup_kinds *kinds, const struct kb_world *world);
void kb_backup_kinds_done(struct kb_backup_kinds *kinds);
/* Whether a usable schedule lets all objects of the type in, in the namespace (empty: in any); *by gets the
 * schedules, in `arena`. */
enum kb_tri kb_backup_kind_included(const struct kb_backup_kinds *kinds,
                                    const struct kb_velero_type *type, struct kb_str name_space,
                                    struct kb_velero_names *by, struct kb_arena *arena);
/* Whether the type is one of cluster scope that has to be asked for: volumes and namespaces come by themselves. */
bool kb_backup_kind_is_cluster(const struct kb_velero_type *type);
/* Whether a CustomResourceDefinition makes it. */
bool kb_backup_kind_is_custom(const struct kb_backup_kinds *kinds, const struct kb_velero_type *type);

#endif

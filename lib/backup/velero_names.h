/*
 * Names and patterns as Velero checks and matches them.
 * Source of the rules: vmware-tanzu/velero v1.18.3 pkg/util/wildcard and pkg/util/collections.
 */
#ifndef KB_BACKUP_VELERO_NAMES_H
#define KB_BACKUP_VELERO_NAMES_H

#include "backup/glob.h"

/* A list as the user wrote it. */
struct kb_velero_names {
    const struct kb_str *at;
    size_t n;
};

bool kb_velero_names_have(struct kb_velero_names names, struct kb_str name);

/* Has the name a character that makes it a pattern of namespaces: * ? [ */
bool kb_velero_is_pattern(struct kb_str name);
/* Velero's check of a pattern of namespaces. KB_ERR_INVALID with its message. It takes patterns that do not
 * compile, which then fail when the backup runs. */
KB_RES kb_velero_check_pattern(struct kb_str pattern, struct kb_err *err);
/* What Velero has against a namespace in a list, which may be a pattern or empty: its messages in the arena,
 * and how many. */
size_t kb_velero_namespace_problems(struct kb_str name, struct kb_arena *arena, struct kb_str out[2]);

/* One item of a set. */
struct kb_velero_item {
    struct kb_str name;
    const struct kb_gobwas *glob; /* NULL: does not compile */
    bool unsure;                  /* too long to be compiled here */
};

/* A set of globs, sorted by bytes. Zeroed memory is an empty set; what it holds lives in the arena that it was
 * filled from. */
struct kb_velero_set {
    struct kb_velero_item *at;
    size_t n;
    size_t cap;
};

void kb_velero_set_add(struct kb_velero_set *set, struct kb_arena *arena, struct kb_str name);
void kb_velero_set_add_all(struct kb_velero_set *set, struct kb_arena *arena,
                           struct kb_velero_names names);
/* Is the text itself in the set? */
bool kb_velero_set_has(const struct kb_velero_set *set, struct kb_str name);
/*
 * Does a glob of the set match? As in Velero, a glob that does not compile ends the search: those sorted after
 * it count no more. *unsure (may be NULL) is set, never cleared, where the answer is not known: the library
 * would panic, or a limit was met; the answer is then false.
 */
bool kb_velero_set_match(const struct kb_velero_set *set, struct kb_str name, bool *unsure);

#endif

/*
 * Granted versus used: which grants of a policy a log's requests stood on.
 *
 * Requests collapse into tuples (who, verb, group, resource, namespace, name), which are few; each distinct
 * one is asked of the policy once. A request that was authorised counts whatever its answer's code was.
 * Names count where some rule of the policy names them; all others are one.
 */
#ifndef KB_RBAC_USAGE_H
#define KB_RBAC_USAGE_H

#include "rbac/authorize.h"

enum {
    KB_USAGE_TUPLES = 1 << 17, /* beyond, `full` is set, and nothing can be called unused */
    KB_USAGE_ACTORS = 1 << 16,
    KB_USAGE_NAMES = 16,       /* of one tuple's objects, where all names are kept */
    KB_USAGE_ATOMS = 64,       /* "verb resource" texts kept of one rule's use */
    KB_USAGE_NAMESPACES = 16   /* kept of one grant's use */
};

struct kb_usage_actor {
    struct kb_str user;
    struct kb_rbac_words groups; /* as the log shows them, all */
};

struct kb_usage_tuple {
    unsigned actor;
    struct kb_rbac_request request; /* without user and groups */
    int64_t first_ns, last_ns;
    uint64_t count;
    struct kb_str audit_id; /* of the first: evidence */
};

/* What was seen of one grant: a binding to one of its subjects, or a rule of it. */
struct kb_usage_mark {
    int64_t first_ns, last_ns;
    uint64_t count;
    bool sole;         /* for some request nothing else would have sufficed */
    bool cluster_wide; /* for something that is in no single namespace */
    KB_VEC(struct kb_str) namespaces; /* distinct, at most KB_USAGE_NAMESPACES */
    KB_VEC(struct kb_str) atoms;      /* distinct, at most KB_USAGE_ATOMS: "get pods" */
    KB_VEC(struct kb_str) verbs;      /* distinct */
    bool more;         /* namespaces or atoms were left out */
};

struct kb_usage {
    struct kb_arena arena;
    struct kb_map texts, actor_index, tuple_index, named, mark_index, changes, seen;
    KB_VEC(struct kb_usage_actor) actors;
    KB_VEC(struct kb_usage_tuple) tuples;
    KB_VEC(struct kb_usage_mark *) marks;
    bool keep_names; /* all names, up to KB_USAGE_NAMES of a kind of request */
    bool full;
};

/* Zeroed memory is an empty usage. */
void kb_usage_done(struct kb_usage *usage);
/* Names that rules of the policy mention are told apart from now on. */
void kb_usage_watch(struct kb_usage *usage, const struct kb_rbac_policy *policy);

/* Number of the actor that is written so in the log: `key` is any text equal for equal user and groups.
 * *is_new: the caller gives its user and groups with kb_usage_name_actor. UINT_MAX: there is no room. */
unsigned kb_usage_actor_number(struct kb_usage *usage, struct kb_str key, bool *is_new);
void kb_usage_name_actor(struct kb_usage *usage, unsigned actor, struct kb_str user,
                         const struct kb_str *groups, size_t n);

/* One request that was allowed. Texts are copied. */
void kb_usage_add(struct kb_usage *usage, unsigned actor, const struct kb_rbac_request *request,
                  int64_t time_ns, struct kb_str audit_id);
/* Somebody was seen at all: a user's name, a "group:" with its name, an IAM principal's ARN. */
void kb_usage_saw(struct kb_usage *usage, struct kb_str who, int64_t time_ns);
/* A role was written; `name_space` empty: a ClusterRole. */
void kb_usage_role_changed(struct kb_usage *usage, struct kb_str name_space, struct kb_str name,
                           int64_t time_ns);

/* Ask the policy of every tuple. Once, after the last one. */
void kb_usage_attribute(struct kb_usage *usage, const struct kb_rbac_policy *policy);

/* NULL: not seen. `rule` of a binding's role; SIZE_MAX: any. */
const struct kb_usage_mark *kb_usage_mark_of(const struct kb_usage *usage,
                                             const struct kb_rbac_binding *binding, size_t subject,
                                             size_t rule);
/* When last; INT64_MIN: not seen, or not changed. */
int64_t kb_usage_last_seen(const struct kb_usage *usage, struct kb_str who);
int64_t kb_usage_last_change(const struct kb_usage *usage, struct kb_str name_space, struct kb_str name);

/* Whether the audit policy of EKS keeps everything that the rule allows out of the log, so that it can
 * never be seen (EKS best practices, detective controls: the audit policy's rules of level None). */
bool kb_usage_hidden(const struct kb_rbac_rule *rule);

#endif

/*
 * RBAC objects of one cluster: roles and bindings, interned and joined.
 *
 * Filled object by object, then closed: bindings find their roles, subjects their bindings. Names,
 * verbs, resources and whole rule lists that repeat are kept once.
 * The rules are those of rbac.authorization.k8s.io/v1 (kubernetes staging/src/k8s.io/api/rbac/v1).
 */
#ifndef KB_RBAC_POLICY_H
#define KB_RBAC_POLICY_H

#include "base/map.h"
#include "data/object.h"

/* A list of interned texts: equal texts have equal pointers. */
struct kb_rbac_words {
    const struct kb_str *at;
    size_t n;
};

/* PolicyRule. `verb_bits` are those of kb_rbac_verb_bit among its verbs, for a quick no. */
struct kb_rbac_rule {
    struct kb_rbac_words verbs, groups, resources, names, urls;
    uint32_t verb_bits;
};
struct kb_rbac_rules {
    const struct kb_rbac_rule *at;
    size_t n;
};

/* What is kept of an object's metadata. */
struct kb_rbac_meta {
    struct kb_str name_space; /* empty for cluster scope */
    struct kb_str name, uid, resource_version, source;
    int64_t created_ns;       /* KB_OBJECT_NO_TIME */
    const json_t *labels, *annotations; /* owned by the policy; NULL: none */
    const char *problem;      /* what is malformed in the object; NULL: nothing. Its rules may be wrong then */
};

struct kb_rbac_role {
    struct kb_rbac_meta meta;
    bool cluster; /* ClusterRole */
    struct kb_rbac_rules rules;
    const json_t *aggregation; /* aggregationRule; NULL: none. Owned by the policy */
    unsigned bound;            /* bindings that name it */
};

enum kb_rbac_subject_kind { KB_RBAC_USER, KB_RBAC_GROUP, KB_RBAC_SERVICE_ACCOUNT, KB_RBAC_OTHER };

/* rbacv1.Subject. A service account of a RoleBinding without a namespace is of the binding's; of a
 * ClusterRoleBinding, it matches nobody and name_space stays empty. */
struct kb_rbac_subject {
    enum kb_rbac_subject_kind kind;
    struct kb_str name, name_space; /* interned */
};

struct kb_rbac_binding {
    struct kb_rbac_meta meta;
    bool cluster;              /* ClusterRoleBinding */
    bool role_cluster;         /* roleRef.kind is ClusterRole */
    struct kb_str role_name;   /* interned */
    const struct kb_rbac_subject *subjects;
    size_t subject_count;
    const struct kb_rbac_role *role; /* NULL: there is none of that name (or it was not read) */
    unsigned number;           /* its place in the policy's order */
};

/* A subject with all the places where it is named. */
struct kb_rbac_holder {
    struct kb_rbac_subject subject;
    KB_VEC(struct kb_rbac_place {
        const struct kb_rbac_binding *binding;
        unsigned subject; /* its number in the binding */
    }) places; /* ClusterRoleBindings first, then by namespace and name */
};

struct kb_rbac_policy {
    struct kb_arena arena;
    struct kb_map names; /* interned texts */
    KB_VEC(struct kb_rbac_role *) roles;       /* after closing: cluster first, then by namespace, name */
    KB_VEC(struct kb_rbac_binding *) bindings; /* likewise */
    KB_VEC(struct kb_rbac_holder *) holders;   /* by kind, namespace, name */
    struct kb_map role_index, holder_index, rule_lists;
    KB_VEC(json_t *) owned;
    unsigned minor; /* of Kubernetes 1.<minor>; 0: not known, the careful reading is taken */
    bool closed;
};

void kb_rbac_policy_done(struct kb_rbac_policy *policy); /* zeroed memory is a valid empty policy */

/* Take an object of kind Role, ClusterRole, RoleBinding or ClusterRoleBinding. A malformed one is kept
 * with its meta.problem. */
void kb_rbac_take(struct kb_rbac_policy *policy, const struct kb_object *object);
/* Join. Nothing is taken after it. */
void kb_rbac_close(struct kb_rbac_policy *policy);

/* The interned copy of a text. */
struct kb_str kb_rbac_intern(struct kb_rbac_policy *policy, struct kb_str text);
/* Rules of a JSON array of PolicyRules; *problem (may be NULL) is set where it is malformed. */
struct kb_rbac_rules kb_rbac_read_rules(struct kb_rbac_policy *policy, const json_t *rules,
                                        const char **problem);

/* NULL: there is none. `name_space` empty: a ClusterRole. */
const struct kb_rbac_role *kb_rbac_find_role(const struct kb_rbac_policy *policy,
                                             struct kb_str name_space, struct kb_str name);
const struct kb_rbac_holder *kb_rbac_find_holder(const struct kb_rbac_policy *policy,
                                                 const struct kb_rbac_subject *subject);

/* "User", "Group", "ServiceAccount". */
const char *kb_rbac_subject_kind_name(enum kb_rbac_subject_kind kind);
/* "User/alice", "Group/devs", "ServiceAccount/ns/name". */
struct kb_str kb_rbac_subject_text(const struct kb_rbac_subject *subject, struct kb_arena *arena);

#endif

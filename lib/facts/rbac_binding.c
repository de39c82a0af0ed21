/* Table rbac.binding. */
#include "facts/getters.h"
#include "facts/rbac_tables.h"

struct binding_row {
    const struct kb_world *world;
    const struct kb_rbac_grant *grant;
    const struct kb_rbac_binding *binding;
    const struct kb_rbac_subject *subject; /* NULL: it has none */
    unsigned part;
};

#define COLUMN(name)                                                                               \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
#define ROW const struct binding_row *row = data
#define UNUSED_ARENA (void)arena

static struct kb_cel_val unknown(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

COLUMN(binding)
{
    ROW;
    *out = kb_cel_string(
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena));
}
COLUMN(name)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->binding->meta.name);
}
COLUMN(namespace)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->binding->meta.name_space);
}
COLUMN(scope)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->binding->cluster ? KB_STR("cluster") : KB_STR("namespace"));
}
COLUMN(role)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->binding->role_name);
}
COLUMN(role_kind)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->binding->role_cluster ? KB_STR("ClusterRole") : KB_STR("Role"));
}
COLUMN(role_exists)
{
    ROW;
    UNUSED_ARENA;
    enum kb_kind_id kind = row->binding->role_cluster ? KB_KIND_CLUSTER_ROLE : KB_KIND_ROLE;
    bool there = row->binding->role != NULL;
    *out = there || kb_world_whole(row->world, kind) ? kb_cel_bool(there) : unknown();
}
COLUMN(subject)
{
    ROW;
    *out = kb_cel_string(row->subject == NULL ? KB_STR("")
                                              : kb_rbac_subject_text(row->subject, arena));
}
COLUMN(subject_kind)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->subject == NULL
                             ? KB_STR("")
                             : kb_str_c(kb_rbac_subject_kind_name(row->subject->kind)));
}
COLUMN(subject_name)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->subject == NULL ? KB_STR("") : row->subject->name);
}
COLUMN(subject_namespace)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(row->subject == NULL ? KB_STR("") : row->subject->name_space);
}
COLUMN(subject_exists)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_rbac_subject_exists(row->world, row->subject);
}
COLUMN(managed)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_bool(row->grant->managed);
}

/* What the role holds is not known where the role or its kind was not read, or is malformed. */
static bool known_rules(const struct binding_row *row)
{
    const struct kb_rbac_role *role = row->binding->role;
    if (role != NULL) {
        return role->meta.problem == NULL;
    }
    return kb_world_whole(row->world,
                          row->binding->role_cluster ? KB_KIND_CLUSTER_ROLE : KB_KIND_ROLE);
}

#define OF_WORTH(name, value)                                                                      \
    COLUMN(name)                                                                                   \
    {                                                                                              \
        ROW;                                                                                       \
        UNUSED_ARENA;                                                                              \
        const struct kb_rbac_worth *worth = row->grant->worth;                                     \
        *out = known_rules(row) ? (value) : unknown();                                             \
    }
OF_WORTH(permissions, kb_cel_list(worth->permissions))
OF_WORTH(named, kb_cel_list(worth->named))
OF_WORTH(wildcards, kb_cel_list(worth->wildcards))
OF_WORTH(wildcard_subresources, kb_cel_list(worth->wildcard_subresources))
OF_WORTH(urls, kb_cel_list(worth->urls))
OF_WORTH(full, kb_cel_bool(worth->full))
OF_WORTH(admin, kb_cel_bool(worth->admin))
OF_WORTH(deletecollection_kinds, kb_cel_int(worth->deletecollection_kinds))

COLUMN(effective)
{
    ROW;
    *out = known_rules(row) ? kb_cel_list(kb_rbac_effective(row->world, row->binding, row->subject,
                                                            arena))
                            : unknown();
}
COLUMN(minor)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_int((int64_t)row->world->rbac.policy.minor);
}
COLUMN(everything)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_bool(row->binding->cluster && row->grant->worth->full);
}
COLUMN(redundant)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_bool(kb_rbac_redundant(row->world, row->binding, row->subject));
}
COLUMN(auth_mode)
{
    ROW;
    UNUSED_ARENA;
    bool asked = row->world->aws_read && !row->world->eks.cluster_read;
    *out = asked ? (struct kb_cel_val){.kind = KB_CEL_UNKNOWN} : kb_cel_string(row->world->eks.auth_mode);
}
COLUMN(problem)
{
    ROW;
    UNUSED_ARENA;
    *out = kb_cel_string(kb_str_c(row->binding->meta.problem));
}

static const struct kb_column columns[] = {
    {"binding", "string", KB_ALWAYS, get_binding,
     "\"ClusterRoleBinding/name\" or \"RoleBinding/namespace/name\"."},
    {"name", "string", KB_ALWAYS, get_name, "Name of the binding."},
    {"namespace", "string", KB_ALWAYS, get_namespace, "Its namespace; empty for a ClusterRoleBinding."},
    {"scope", "string", KB_ALWAYS, get_scope, "\"cluster\" or \"namespace\"."},
    {"role", "string", KB_ALWAYS, get_role, "Name of the role that it binds."},
    {"role_kind", "string", KB_ALWAYS, get_role_kind, "\"ClusterRole\" or \"Role\"."},
    {"role_exists", "bool", KB_ALWAYS, get_role_exists,
     "Whether the role exists; unknown where not all roles were read."},
    {"subject", "string", KB_ALWAYS, get_subject,
     "\"User/name\", \"Group/name\" or \"ServiceAccount/namespace/name\"; empty where the binding has "
     "none."},
    {"subject_kind", "string", KB_ALWAYS, get_subject_kind,
     "\"User\", \"Group\", \"ServiceAccount\", or empty."},
    {"subject_name", "string", KB_ALWAYS, get_subject_name, "Name of the subject."},
    {"subject_namespace", "string", KB_ALWAYS, get_subject_namespace,
     "Namespace of a service account."},
    {"subject_exists", "bool", KB_ALWAYS, get_subject_exists,
     "Whether the service account exists (users and groups always do); unknown where not all were "
     "read."},
    {"managed", "bool", KB_ALWAYS, get_managed,
     "Whether the binding is one that Kubernetes or EKS makes: by name, roleRef and subjects. Its "
     "permissions are then those that its role holds beyond the reference."},
    {"permissions", "list(string)", KB_ALWAYS, get_permissions,
     "What the grant allows of the catalogue of sensitive permissions, for all names: \"get "
     "secrets\", \"create pods/exec\", \"escalate clusterroles\" and so on."},
    {"named", "list(string)", KB_ALWAYS, get_named,
     "The same where resourceNames restrict it: \"update configmaps aws-auth\"."},
    {"effective", "list(string)", KB_ALWAYS, get_effective,
     "All such permissions of the subject where this binding holds, through all bindings that name "
     "it."},
    {"wildcards", "list(string)", KB_ALWAYS, get_wildcards,
     "Where its rules hold \"*\": \"verbs\", \"resources\", \"apiGroups\"."},
    {"wildcard_subresources", "list(string)", KB_ALWAYS, get_wildcard_subresources,
     "Resources such as \"*/exec\" in its rules."},
    {"urls", "list(string)", KB_ALWAYS, get_urls,
     "nonResourceURLs of its rules; none through a RoleBinding, which cannot grant them."},
    {"full", "bool", KB_ALWAYS, get_full, "Whether it covers every verb on every resource."},
    {"admin", "bool", KB_ALWAYS, get_admin,
     "Whether it covers everything that Kubernetes' own role admin holds."},
    {"deletecollection_kinds", "int", KB_ALWAYS, get_deletecollection_kinds,
     "Number of kinds on which it allows deletecollection; 100 for \"*\"."},
    {"minor", "int", KB_ALWAYS, get_minor,
     "Minor version of Kubernetes (1.<minor>), from the cluster's settings or its nodes; 0 where it is "
     "not known."},
    {"auth_mode", "string", KB_ALWAYS, get_auth_mode,
     "Authentication mode of the EKS cluster: \"CONFIG_MAP\", \"API_AND_CONFIG_MAP\", \"API\"; empty "
     "where AWS was not asked, unknown where it did not tell."},
    {"everything", "bool", KB_ALWAYS, get_everything,
     "Whether it covers every verb on every resource in the whole cluster."},
    {"redundant", "bool", KB_ALWAYS, get_redundant,
     "Whether the subject's other bindings grant all that this one does."},
    {"problem", "string", KB_ALWAYS, get_problem,
     "What is malformed in the binding; mostly empty."},
};

const struct kb_table kb_table_rbac_binding = {
    .name = "rbac.binding",
    .doc = "One row a subject of a RoleBinding or ClusterRoleBinding: what is granted to it.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

/* Of a malformed binding nothing is known but what it is called. */
static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    ROW;
    enum { NAMES = 3 }; /* binding, name, namespace */
    bool known = column < NAMES || columns[column].get == get_problem ||
                 row->binding->meta.problem == NULL;
    if (known) {
        columns[column].get(data, arena, out);
    } else {
        *out = unknown();
    }
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    ROW;
    struct kb_str object =
        kb_rbac_object_name(&row->binding->meta, "RoleBinding", row->binding->cluster, arena);
    kb_rbac_row_info(&row->binding->meta, object, row->subject, row->part, arena, out);
}

static void give(const struct kb_world *world, const struct kb_rbac_grant *grant, unsigned part,
                 kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    const struct kb_rbac_binding *binding = grant->binding;
    struct binding_row row = {world, grant, binding,
                              part < binding->subject_count ? &binding->subjects[part] : NULL, part};
    struct kb_row out = {&kb_table_rbac_binding, &ops, &row};
    fn(ctx, &out);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    for (size_t i = 0; i < world->rbac.policy.bindings.n; i++) {
        const struct kb_rbac_grant *grant = &world->rbac.grants[i];
        unsigned parts = (unsigned)grant->binding->subject_count;
        for (unsigned part = 0; part < parts || (parts == 0 && part == 0); part++) {
            give(world, grant, part, fn, ctx);
        }
    }
}

const struct kb_fact_source kb_facts_rbac_binding = {
    .table = &kb_table_rbac_binding,
    .needs = kb_rbac_kinds,
    .need_count = KB_RBAC_KINDS,
    .rows = rows,
};

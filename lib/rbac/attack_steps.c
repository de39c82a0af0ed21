/* Steps of attack paths: which abilities of one identity, together, lead where. */
#include "rbac/attack_graph.h"

static void step_because(struct stepper *s, uint32_t to, enum kb_attack_sure sure,
                         const struct held *held, const char *why)
{
    struct edge edge = {.from = s->identity, .to = to, .sure = sure, .text = why, .held = {held}};
    kb_attack_add_edge(s->graph, &edge);
}

static void step(struct stepper *s, uint32_t to, enum kb_attack_sure sure, const struct held *x,
                 const struct held *y, const struct held *z)
{
    struct edge edge = {.from = s->identity, .to = to, .sure = sure, .held = {x, y, z}};
    kb_attack_add_edge(s->graph, &edge);
}

/* Three nodes of each namespace, and those of all of them. */
enum target { TO_RUN, TO_PODS, TO_CLAIMS, TO_USERS, TO_GOAL };

static uint32_t target_node(const struct stepper *s, enum target target, enum kb_attack_goal goal,
                            uint32_t where)
{
    static const unsigned fixed[] = {ALL_RUN, ALL_PODS, ALL_CLAIMS, ALL_USERS};
    return target == TO_GOAL ? node_goal(s->a, goal)
           : where == KB_ATTACK_ANYWHERE || target == TO_USERS
               ? node_fixed(s->a, fixed[target])
               : node_run(s->a, where) + (uint32_t)target;
}

/* One ability, or two held together; `cluster`: only where they hold in the whole cluster. */
static const struct plain {
    enum kb_ability first;
    bool alone;
    enum kb_ability second;
    bool cluster;
    enum target target;
    enum kb_attack_goal goal;
    enum kb_attack_sure sure;
    const char *why; /* NULL: it is plain */
} plain[] = {
    {KB_CAN_EVERYTHING, true, 0, true, TO_GOAL, KB_ATTACK_CLUSTER_ADMIN, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_ESCALATE_CLUSTER_ROLES, false, KB_CAN_CHANGE_CLUSTER_ROLES, true, TO_GOAL, KB_ATTACK_CLUSTER_ADMIN, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_BIND_CLUSTER_ROLES, false, KB_CAN_WRITE_CLUSTER_BINDINGS, true, TO_GOAL, KB_ATTACK_CLUSTER_ADMIN, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_IMPERSONATE_GROUPS, false, KB_CAN_IMPERSONATE_USERS, true, TO_GOAL, KB_ATTACK_CLUSTER_ADMIN, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_IMPERSONATE_GROUPS, false, KB_CAN_IMPERSONATE_ACCOUNTS, false, TO_GOAL, KB_ATTACK_CLUSTER_ADMIN, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_ALTER_ADMISSION, true, 0, true, TO_GOAL, KB_ATTACK_CLUSTER_ADMIN, KB_ATTACK_LIKELY, "every object that is written passes through them"},
    {KB_CAN_WRITE_API_SERVICES, true, 0, true, TO_GOAL, KB_ATTACK_CLUSTER_ADMIN, KB_ATTACK_LIKELY, "requests to an API go where they say"},
    {KB_CAN_READ_SECRETS, true, 0, true, TO_GOAL, KB_ATTACK_ALL_SECRETS, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_TAMPER, true, 0, true, TO_GOAL, KB_ATTACK_EVIDENCE, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_IMPERSONATE_USERS, true, 0, true, TO_USERS, 0, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_RUN_PODS, true, 0, false, TO_RUN, 0, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_REQUEST_TOKENS, true, 0, false, TO_RUN, 0, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_IMPERSONATE_ACCOUNTS, true, 0, false, TO_RUN, 0, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_CREATE_SECRETS, false, KB_CAN_READ_SECRETS, false, TO_RUN, 0, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_EXEC, true, 0, false, TO_PODS, 0, KB_ATTACK_LIKELY, NULL},
    {KB_CAN_DEBUG, true, 0, false, TO_PODS, 0, KB_ATTACK_LIKELY, NULL},
    {KB_CAN_CHANGE_PODS, true, 0, false, TO_PODS, 0, KB_ATTACK_LIKELY, NULL},
    {KB_CAN_PROXY_NODES, true, 0, true, TO_PODS, 0, KB_ATTACK_LIKELY, NULL},
    {KB_CAN_CREATE_ACCOUNTS, false, KB_CAN_RUN_PODS, false, TO_CLAIMS, 0, KB_ATTACK_CERTAIN, NULL},
    {KB_CAN_CREATE_ACCOUNTS, false, KB_CAN_REQUEST_TOKENS, false, TO_CLAIMS, 0, KB_ATTACK_CERTAIN, NULL},
};

static void plain_pair(struct stepper *s, const struct plain *row, const struct held *first)
{
    const held_list *others = &s->by[row->second];
    for (size_t i = 0; i < others->n; i++) {
        uint32_t where;
        const struct held *second = others->at[i];
        if (second->able->name.n == 0 && kb_attack_both(first->where, second->where, &where) &&
            (!row->cluster || where == KB_ATTACK_ANYWHERE)) {
            step(s, target_node(s, row->target, row->goal, where), row->sure, first, second, NULL);
        }
    }
}

static void plain_steps(struct stepper *s, const struct plain *row)
{
    for (size_t i = 0; i < s->by[row->first].n; i++) {
        const struct held *first = s->by[row->first].at[i];
        if (first->able->name.n > 0 || (row->cluster && first->where != KB_ATTACK_ANYWHERE)) {
            continue;
        }
        if (row->alone) {
            step_because(s, target_node(s, row->target, row->goal, first->where), row->sure, first, row->why);
        } else {
            plain_pair(s, row, first);
        }
    }
}

/* A pod of the maker's choice is root on its node where nothing keeps it from that. */
static void privileged_steps(struct stepper *s)
{
    uint32_t root = node_goal(s->a, KB_ATTACK_NODE_ROOT);
    for (size_t i = 0; i < s->by[KB_CAN_RUN_PODS].n; i++) {
        const struct held *run = s->by[KB_CAN_RUN_PODS].at[i];
        const struct held *volume = kb_attack_with(s, KB_CAN_CREATE_VOLUMES, KB_ATTACK_ANYWHERE);
        const struct held *claim = kb_attack_with(s, KB_CAN_CREATE_CLAIMS, run->where);
        bool all = run->where == KB_ATTACK_ANYWHERE;
        for (uint32_t n = all ? 0 : run->where; n < (all ? s->a->namespaces.n : run->where + 1); n++) {
            enum kb_attack_pods pods = s->a->namespaces.at[n].pods;
            if (pods != KB_ATTACK_HELD) {
                step(s, root, pods == KB_ATTACK_FREE ? KB_ATTACK_CERTAIN : KB_ATTACK_MAYBE, run, NULL,
                     NULL);
            }
        }
        if (volume != NULL && claim != NULL) {
            step(s, root, KB_ATTACK_CERTAIN, run, volume, claim);
        }
    }
}

static bool names_place(const struct stepper *s, const struct held *relabel, uint32_t where)
{
    return relabel->able->name.n == 0 ||
           (where != KB_ATTACK_ANYWHERE &&
            kb_str_eq(relabel->able->name, s->a->namespaces.at[where].name));
}

/* The label that holds pods of a namespace is taken off first. */
static void relabel_steps(struct stepper *s)
{
    for (size_t i = 0; i < s->by[KB_CAN_RELABEL_NAMESPACES].n; i++) {
        const struct held *relabel = s->by[KB_CAN_RELABEL_NAMESPACES].at[i];
        for (size_t k = 0; k < s->by[KB_CAN_RUN_PODS].n; k++) {
            const struct held *run = s->by[KB_CAN_RUN_PODS].at[k];
            if (names_place(s, relabel, run->where)) {
                step(s, node_goal(s->a, KB_ATTACK_NODE_ROOT), KB_ATTACK_CERTAIN, relabel, run, NULL);
            }
        }
    }
}

static void to_account(struct stepper *s, const struct held *held, uint32_t where,
                       enum kb_attack_sure sure)
{
    uint32_t at = kb_attack_identity_number(s->a, KB_RBAC_SERVICE_ACCOUNT,
                                            s->a->namespaces.at[where].name, held->able->name);
    if (at != UINT32_MAX && !s->a->identities.at[at].missing) {
        step(s, at, sure, held, NULL, NULL);
    }
}

/* Rights on single objects by name. */
static void named_account_steps(struct stepper *s, enum kb_ability ability)
{
    for (size_t i = 0; i < s->by[ability].n; i++) {
        const struct held *held = s->by[ability].at[i];
        bool all = held->where == KB_ATTACK_ANYWHERE;
        for (uint32_t n = 0; held->able->name.n > 0 && n < s->a->namespaces.n; n++) {
            if (all || n == held->where) {
                to_account(s, held, n, KB_ATTACK_CERTAIN);
            }
        }
    }
}

static void named_impersonation(struct stepper *s, enum kb_ability ability,
                                enum kb_rbac_subject_kind kind)
{
    for (size_t i = 0; i < s->by[ability].n; i++) {
        const struct held *held = s->by[ability].at[i];
        struct kb_str name = held->able->name;
        uint32_t at = kb_attack_identity_number(s->a, kind, KB_STR(""), name);
        const struct held *somebody = kb_attack_with(s, KB_CAN_IMPERSONATE_USERS, KB_ATTACK_ANYWHERE);
        bool masters = kind == KB_RBAC_GROUP && kb_str_eq_c(name, "system:masters");
        if (name.n == 0 || (kind == KB_RBAC_GROUP && somebody == NULL)) {
            continue;
        }
        if (masters) {
            step(s, node_goal(s->a, KB_ATTACK_CLUSTER_ADMIN), KB_ATTACK_CERTAIN, held, somebody, NULL);
        } else if (at != UINT32_MAX) {
            step(s, at, KB_ATTACK_CERTAIN, held, kind == KB_RBAC_GROUP ? somebody : NULL, NULL);
        }
    }
}

/* The template of a controller that exists: its pods get another service account, or another program. */
static void workload_steps_in(struct stepper *s, const struct held *held, uint32_t where)
{
    bool found = false;
    for (uint32_t i = s->a->first_workload[where]; i < s->a->first_workload[where + 1] && !found; i++) {
        const struct kb_attack_workload *at = &s->a->scene->workloads[s->a->workloads[i]];
        found = (held->able->name.n == 0 || kb_str_eq(held->able->name, at->name)) &&
                strcmp(at->resource, held->able->resource) == 0;
    }
    if (found) {
        step(s, node_run(s->a, where), KB_ATTACK_CERTAIN, held, NULL, NULL);
    }
}

static void workload_steps(struct stepper *s)
{
    for (size_t i = 0; i < s->by[KB_CAN_CHANGE_WORKLOADS].n; i++) {
        const struct held *held = s->by[KB_CAN_CHANGE_WORKLOADS].at[i];
        bool all = held->where == KB_ATTACK_ANYWHERE;
        for (uint32_t n = all ? 0 : held->where; n < (all ? s->a->namespaces.n : held->where + 1); n++) {
            workload_steps_in(s, held, n);
        }
    }
}

static void aws_auth_steps(struct stepper *s)
{
    uint32_t system = kb_attack_namespace_number(s->a, KB_STR("kube-system"));
    for (size_t i = 0; s->a->scene->aws_auth_obeyed && i < s->by[KB_CAN_WRITE_CONFIG_MAPS].n; i++) {
        const struct held *held = s->by[KB_CAN_WRITE_CONFIG_MAPS].at[i];
        bool here = held->where == KB_ATTACK_ANYWHERE || held->where == system;
        bool named = held->able->name.n == 0 || kb_str_eq_c(held->able->name, "aws-auth");
        if (here && named) {
            step_because(s, node_goal(s->a, KB_ATTACK_CLUSTER_ADMIN), s->a->scene->aws_auth, held,
                         "aws-auth gives any IAM principal any group");
        }
    }
}

/* An operator does what its objects say, with its own rights. */
static void operator_steps(struct stepper *s)
{
    for (size_t i = 0; i < s->by[KB_CAN_OPERATE].n; i++) {
        const struct held *held = s->by[KB_CAN_OPERATE].at[i];
        for (uint32_t n = 0; n < s->a->namespaces.n; n++) {
            uint32_t at = kb_attack_identity_number(s->a, KB_RBAC_SERVICE_ACCOUNT,
                                                    s->a->namespaces.at[n].name,
                                                    kb_str_c(held->able->account));
            if (at != UINT32_MAX && at != s->identity && !s->a->identities.at[at].missing) {
                step_because(s, at, KB_ATTACK_LIKELY, held, "its operator acts with its own rights");
            }
        }
    }
}

/* A role that the identity has in the whole cluster can be rewritten where it is named. */
static bool has_cluster_role(const struct stepper *s, struct kb_str name)
{
    const struct identity *identity = &s->a->identities.at[s->identity];
    for (size_t i = 0; i < identity->holder_count; i++) {
        const struct kb_rbac_holder *holder = identity->holders[i];
        for (size_t k = 0; holder != NULL && k < holder->places.n; k++) {
            const struct kb_rbac_binding *binding = holder->places.at[k].binding;
            if (binding->cluster && kb_str_eq(binding->role_name, name)) {
                return true;
            }
        }
    }
    return false;
}

static void named_escalation_steps(struct stepper *s)
{
    const held_list *all = &s->by[KB_CAN_ESCALATE_CLUSTER_ROLES];
    const held_list *changes = &s->by[KB_CAN_CHANGE_CLUSTER_ROLES];
    for (size_t i = 0; i < all->n; i++) {
        for (size_t k = 0; k < changes->n; k++) {
            struct kb_str x = all->at[i]->able->name, y = changes->at[k]->able->name;
            struct kb_str name = x.n > 0 ? x : y;
            bool same = x.n == 0 || y.n == 0 || kb_str_eq(x, y);
            if (name.n > 0 && same && has_cluster_role(s, name)) {
                step(s, node_goal(s->a, KB_ATTACK_CLUSTER_ADMIN), KB_ATTACK_CERTAIN, all->at[i],
                     changes->at[k], NULL);
            }
        }
    }
}

static void masters_step(struct stepper *s)
{
    const struct identity *identity = &s->a->identities.at[s->identity];
    bool masters = identity->subject.kind == KB_RBAC_GROUP &&
                   kb_str_eq_c(identity->subject.name, "system:masters");
    for (size_t i = 0; identity->entry != NULL && i < identity->entry->group_count; i++) {
        masters = masters || kb_str_eq_c(identity->entry->groups[i], "system:masters");
    }
    if (masters) {
        struct edge edge = {.from = s->identity,
                            .to = node_goal(s->a, KB_ATTACK_CLUSTER_ADMIN),
                            .text = "be in the group system:masters, which nothing restrains"};
        kb_attack_add_edge(s->graph, &edge);
    }
}

void kb_attack_steps_of(struct kb_attack *a, uint32_t identity, const struct kb_attack_grant *without,
                        struct graph *out)
{
    struct stepper s = {.a = a, .graph = out, .without = without, .identity = identity};
    kb_attack_hold(&s);
    masters_step(&s);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        plain_steps(&s, &plain[i]);
    }
    privileged_steps(&s);
    relabel_steps(&s);
    named_account_steps(&s, KB_CAN_REQUEST_TOKENS);
    named_account_steps(&s, KB_CAN_IMPERSONATE_ACCOUNTS);
    named_impersonation(&s, KB_CAN_IMPERSONATE_USERS, KB_RBAC_USER);
    named_impersonation(&s, KB_CAN_IMPERSONATE_GROUPS, KB_RBAC_GROUP);
    workload_steps(&s);
    aws_auth_steps(&s);
    operator_steps(&s);
    named_escalation_steps(&s);
    for (size_t i = 0; i <= KB_CAN_TAMPER; i++) {
        KB_VEC_DONE(&s.by[i]);
    }
}

/* Identities and places of a scene, and what leads from one to another without any right. */
#include "rbac/attack_graph.h"

#include "rbac/authorize.h"

static struct kb_str subject_key(struct kb_arena *arena, enum kb_rbac_subject_kind kind,
                                 struct kb_str name_space, struct kb_str name)
{
    return kb_arena_printf(arena, "%d%.*s/%.*s", (int)kind, KB_FMT(name_space), KB_FMT(name));
}

uint32_t kb_attack_namespace_number(struct kb_attack *a, struct kb_str name)
{
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&a->namespace_index, name, &is_new);
    if (is_new) {
        entry->value.u = a->namespaces.n;
        /* Nothing runs in a namespace that does not exist. */
        *KB_VEC_PUSH(&a->namespaces) = (struct kb_attack_namespace){
            entry->key, a->scene->namespaces_whole ? KB_ATTACK_HELD : KB_ATTACK_NOT_KNOWN};
    }
    return (uint32_t)entry->value.u;
}

uint32_t kb_attack_identity_number(const struct kb_attack *a, enum kb_rbac_subject_kind kind,
                                   struct kb_str name_space, struct kb_str name)
{
    struct kb_arena arena = {0};
    const struct kb_map_entry *entry =
        kb_map_find(&a->identity_index, subject_key(&arena, kind, name_space, name));
    kb_arena_done(&arena);
    return entry == NULL ? UINT32_MAX : (uint32_t)entry->value.u;
}

static struct identity *add_identity(struct kb_attack *a, const struct kb_rbac_subject *subject)
{
    bool is_new;
    struct kb_arena arena = {0};
    struct kb_map_entry *entry = kb_map_add(
        &a->identity_index,
        subject_key(&arena, subject->kind, subject->name_space, subject->name), &is_new);
    kb_arena_done(&arena);
    if (is_new) {
        entry->value.u = a->identities.n;
        *KB_VEC_PUSH(&a->identities) = (struct identity){.subject = *subject};
    }
    return &a->identities.at[entry->value.u];
}

static const struct kb_rbac_holder *holder_of_group(const struct kb_attack *a, struct kb_str group)
{
    struct kb_rbac_subject subject = {KB_RBAC_GROUP, group, KB_STR("")};
    return kb_rbac_find_holder(a->scene->policy, &subject);
}

/* The user that the authorizer sees; a group is seen through any member, whose name does not count. */
static struct kb_str user_of(const struct kb_attack *a, const struct identity *identity)
{
    const struct kb_rbac_subject *subject = &identity->subject;
    switch (subject->kind) {
    case KB_RBAC_SERVICE_ACCOUNT:
        return kb_arena_printf(a->arena, "system:serviceaccount:%.*s:%.*s",
                               KB_FMT(subject->name_space), KB_FMT(subject->name));
    case KB_RBAC_USER:
        return subject->name;
    case KB_RBAC_GROUP:
        return kb_str_eq_c(subject->name, "system:unauthenticated") ? KB_STR("system:anonymous")
                                                                    : KB_STR("");
    case KB_RBAC_OTHER:
    default:
        return KB_STR("");
    }
}

/* Its own bindings, and those of the groups it is in. */
static void find_holders(struct kb_attack *a, struct identity *identity)
{
    const struct kb_attack_entry *entry = identity->entry;
    bool group = identity->subject.kind == KB_RBAC_GROUP;
    struct kb_rbac_words groups =
        kb_rbac_groups_of(user_of(a, identity), entry == NULL ? NULL : entry->groups,
                          entry == NULL ? 0 : entry->group_count, a->arena);
    identity->holders = KB_NEW_ARRAY(a->arena, groups.n + 1, const struct kb_rbac_holder *);
    identity->holders[identity->holder_count++] =
        kb_rbac_find_holder(a->scene->policy, &identity->subject);
    for (size_t i = 0; i < groups.n; i++) {
        const struct kb_rbac_holder *holder = holder_of_group(a, groups.at[i]);
        if (holder != NULL && !(group && kb_str_eq(groups.at[i], identity->subject.name))) {
            identity->holders[identity->holder_count++] = holder;
        }
    }
}

static void add_holders(struct kb_attack *a)
{
    const struct kb_rbac_policy *policy = a->scene->policy;
    for (size_t i = 0; i < policy->holders.n; i++) {
        if (policy->holders.at[i]->subject.kind != KB_RBAC_OTHER) {
            struct identity *to = add_identity(a, &policy->holders.at[i]->subject);
            to->missing = to->subject.kind == KB_RBAC_SERVICE_ACCOUNT && a->scene->accounts_whole;
        }
    }
}

static void add_accounts(struct kb_attack *a)
{
    for (size_t i = 0; i < a->scene->account_count; i++) {
        const struct kb_attack_account *account = &a->scene->accounts[i];
        struct kb_rbac_subject subject = {KB_RBAC_SERVICE_ACCOUNT, account->name,
                                          account->name_space};
        bool counts = account->iam_role.n > 0 ||
                      kb_attack_identity_number(a, subject.kind, subject.name_space,
                                                subject.name) != UINT32_MAX;
        if (counts) {
            struct identity *to = add_identity(a, &subject);
            to->missing = false;
            to->iam_role = account->iam_role;
        }
    }
}

/* An entry is an identity of its own: to impersonate its user does not give its access policies. */
static void add_entries(struct kb_attack *a)
{
    for (size_t i = 0; i < a->scene->entry_count; i++) {
        const struct kb_attack_entry *entry = &a->scene->entries[i];
        struct kb_attack_grant *grants =
            KB_NEW_ARRAY(a->arena, entry->policy_count, struct kb_attack_grant);
        for (size_t k = 0; k < entry->policy_count; k++) {
            grants[k] = (struct kb_attack_grant){.entry = entry, .policy = &entry->policies[k]};
        }
        *KB_VEC_PUSH(&a->identities) = (struct identity){
            .subject = {KB_RBAC_USER, entry->username, KB_STR("")},
            .entry = entry,
            .policies = grants};
    }
}

static void add_role(struct kb_attack *a, struct kb_str arn)
{
    bool is_new;
    struct kb_map_entry *entry = kb_map_add(&a->role_index, arn, &is_new);
    if (is_new) {
        entry->value.u = a->roles.n;
        *KB_VEC_PUSH(&a->roles) = entry->key;
    }
}

static void add_places(struct kb_attack *a)
{
    const struct kb_attack_scene *scene = a->scene;
    (void)kb_attack_namespace_number(a, KB_STR("kube-system"));
    for (size_t i = 0; i < scene->namespace_count; i++) {
        uint32_t at = kb_attack_namespace_number(a, scene->namespaces[i].name);
        a->namespaces.at[at].pods = scene->namespaces[i].pods;
    }
    for (size_t i = 0; i < scene->policy->bindings.n; i++) {
        const struct kb_rbac_binding *binding = scene->policy->bindings.at[i];
        if (!binding->cluster) {
            (void)kb_attack_namespace_number(a, binding->meta.name_space);
        }
    }
    for (size_t i = 0; i < scene->workload_count; i++) {
        (void)kb_attack_namespace_number(a, scene->workloads[i].name_space);
    }
    for (size_t i = 0; i < a->identities.n; i++) {
        if (a->identities.at[i].subject.kind == KB_RBAC_SERVICE_ACCOUNT) {
            (void)kb_attack_namespace_number(a, a->identities.at[i].subject.name_space);
        }
        if (a->identities.at[i].iam_role.n > 0) {
            add_role(a, a->identities.at[i].iam_role);
        }
    }
}

/* All namespaces are known by now. */
static void order_workloads(struct kb_attack *a)
{
    size_t n = a->scene->workload_count;
    uint32_t *where = kb_alloc((n + 1) * sizeof *where);
    uint32_t *next = kb_alloc((a->namespaces.n + 1) * sizeof *next);
    a->workloads = KB_NEW_ARRAY(a->arena, n, uint32_t);
    a->first_workload = KB_NEW_ARRAY(a->arena, a->namespaces.n + 1, uint32_t);
    for (size_t i = 0; i < n; i++) {
        where[i] = kb_attack_namespace_number(a, a->scene->workloads[i].name_space);
        a->first_workload[where[i] + 1]++;
    }
    for (size_t i = 0; i < a->namespaces.n; i++) {
        a->first_workload[i + 1] += a->first_workload[i];
        next[i] = a->first_workload[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        a->workloads[next[where[i]]++] = i;
    }
    kb_free(where);
    kb_free(next);
}

struct kb_attack *kb_attack_new(const struct kb_attack_scene *scene, struct kb_arena *arena)
{
    struct kb_attack *a = kb_alloc(sizeof *a);
    a->scene = scene;
    a->arena = arena;
    add_holders(a);
    add_accounts(a);
    add_entries(a);
    add_places(a);
    order_workloads(a);
    for (size_t i = 0; i < a->identities.n; i++) {
        find_holders(a, &a->identities.at[i]);
    }
    a->grants = KB_NEW_ARRAY(arena, scene->policy->bindings.n, struct kb_attack_grant);
    for (size_t i = 0; i < scene->policy->bindings.n; i++) {
        a->grants[i].binding = scene->policy->bindings.at[i];
    }
    return a;
}

void kb_attack_free(struct kb_attack *attack)
{
    kb_attack_graph_done(&attack->graph);
    KB_VEC_DONE(&attack->identities);
    KB_VEC_DONE(&attack->namespaces);
    KB_VEC_DONE(&attack->roles);
    kb_map_done(&attack->identity_index);
    kb_map_done(&attack->namespace_index);
    kb_map_done(&attack->role_index);
    kb_map_done(&attack->abilities);
    kb_free(attack);
}

void kb_attack_graph_done(struct graph *graph)
{
    KB_VEC_DONE(&graph->edges);
    kb_arena_done(&graph->arena);
    kb_free(graph->stamp);
    kb_free(graph->stamp_sure);
    *graph = (struct graph){0};
}

void kb_attack_add_edge(struct graph *graph, const struct edge *edge)
{
    bool known = graph->stamp[edge->to] == edge->from + 1 && graph->stamp_sure[edge->to] <= edge->sure;
    if (!known) {
        graph->stamp[edge->to] = edge->from + 1;
        graph->stamp_sure[edge->to] = (uint8_t)edge->sure;
        *KB_VEC_PUSH(&graph->edges) = *edge;
    }
}

static void lead(struct graph *graph, uint32_t from, uint32_t to, enum kb_attack_sure sure,
                 const char *text)
{
    struct edge edge = {.from = from, .to = to, .sure = sure, .text = text};
    kb_attack_add_edge(graph, &edge);
}

static void lead_to_identity(const struct kb_attack *a, struct graph *graph, uint32_t at)
{
    const struct identity *identity = &a->identities.at[at];
    struct kb_map_entry *place =
        kb_map_find(&a->namespace_index, identity->subject.name_space);
    if (identity->subject.kind == KB_RBAC_USER && identity->entry == NULL) {
        lead(graph, node_fixed(a, ALL_USERS), at, KB_ATTACK_CERTAIN, NULL);
    }
    if (identity->subject.kind == KB_RBAC_SERVICE_ACCOUNT && place != NULL) {
        uint32_t run = node_run(a, (uint32_t)place->value.u);
        lead(graph, run + (identity->missing ? 2 : 0), at, KB_ATTACK_CERTAIN, NULL);
    }
    if (identity->iam_role.n > 0) {
        const struct kb_map_entry *role = kb_map_find(&a->role_index, identity->iam_role);
        lead(graph, at, node_role(a, (uint32_t)role->value.u), KB_ATTACK_CERTAIN,
             "take its IAM role");
    }
}

/* Pods whose token is there: who is in them is their service account. */
static void lead_to_workloads(const struct kb_attack *a, struct graph *graph, uint32_t place)
{
    for (uint32_t i = a->first_workload[place]; i < a->first_workload[place + 1]; i++) {
        const struct kb_attack_workload *workload = &a->scene->workloads[a->workloads[i]];
        uint32_t at = kb_attack_identity_number(a, KB_RBAC_SERVICE_ACCOUNT, workload->name_space,
                                                workload->account);
        if (workload->token && at != UINT32_MAX) {
            lead(graph, node_run(a, place) + 1, at, KB_ATTACK_CERTAIN, NULL);
        }
    }
}

static void lead_between_places(const struct kb_attack *a, struct graph *graph)
{
    uint32_t admin = node_goal(a, KB_ATTACK_CLUSTER_ADMIN), root = node_goal(a, KB_ATTACK_NODE_ROOT);
    for (uint32_t i = 0; i < a->namespaces.n; i++) {
        lead(graph, node_fixed(a, ALL_RUN), node_run(a, i), KB_ATTACK_CERTAIN, NULL);
        lead(graph, node_fixed(a, ALL_PODS), node_run(a, i) + 1, KB_ATTACK_CERTAIN, NULL);
        lead(graph, node_fixed(a, ALL_CLAIMS), node_run(a, i) + 2, KB_ATTACK_CERTAIN, NULL);
        lead_to_workloads(a, graph, i);
    }
    lead(graph, root, node_fixed(a, ALL_PODS), KB_ATTACK_LIKELY,
         "read the tokens of the pods on the node");
    for (unsigned goal = KB_ATTACK_NODE_ROOT; goal <= KB_ATTACK_EVIDENCE; goal++) {
        lead(graph, admin, node_goal(a, goal), KB_ATTACK_CERTAIN, "do what is left");
    }
    lead(graph, admin, node_fixed(a, ALL_RUN), KB_ATTACK_CERTAIN, "run as any service account");
}

void kb_attack_build(struct kb_attack *a, const struct kb_attack_grant *without, struct graph *out)
{
    *out = (struct graph){0};
    out->stamp = kb_alloc(node_count(a) * sizeof *out->stamp);
    out->stamp_sure = kb_alloc(node_count(a));
    lead_between_places(a, out);
    for (uint32_t i = 0; i < a->identities.n; i++) {
        lead_to_identity(a, out, i);
        kb_attack_steps_of(a, i, without, out);
    }
}

/* A scene of attack paths out of a world. */
#include "facts/rbac_scene.h"

#include "facts/cluster_tables.h"

static void add_accounts(const struct kb_world *world, struct kb_arena *arena,
                         struct kb_attack_scene *out)
{
    const struct kb_cluster *cluster = &world->cluster;
    struct kb_attack_account *at =
        KB_NEW_ARRAY(arena, cluster->service_accounts.n, struct kb_attack_account);
    for (size_t i = 0; i < cluster->service_accounts.n; i++) {
        const struct kb_service_account *account = &cluster->service_accounts.at[i];
        at[i] = (struct kb_attack_account){account->at.name_space, account->at.name,
                                           account->iam_role};
    }
    out->accounts = at;
    out->account_count = cluster->service_accounts.n;
    out->accounts_whole = world->lists[KB_KIND_SERVICE_ACCOUNT].state == KB_LIST_COMPLETE;
}

static enum kb_attack_pods pods_of(const struct kb_namespace *name_space)
{
    struct kb_str level =
        kb_namespace_label(name_space, KB_STR("pod-security.kubernetes.io/enforce"));
    return kb_str_eq_c(level, "baseline") || kb_str_eq_c(level, "restricted") ? KB_ATTACK_HELD
                                                                              : KB_ATTACK_FREE;
}

static void add_namespaces(const struct kb_world *world, struct kb_arena *arena,
                           struct kb_attack_scene *out)
{
    const struct kb_cluster *cluster = &world->cluster;
    struct kb_attack_namespace *at =
        KB_NEW_ARRAY(arena, cluster->namespaces.n, struct kb_attack_namespace);
    for (size_t i = 0; i < cluster->namespaces.n; i++) {
        at[i] = (struct kb_attack_namespace){cluster->namespaces.at[i]->at.name,
                                             pods_of(cluster->namespaces.at[i])};
    }
    out->namespaces = at;
    out->namespace_count = cluster->namespaces.n;
    out->namespaces_whole = world->lists[KB_KIND_NAMESPACE].state == KB_LIST_COMPLETE;
}

static void add_workloads(const struct kb_world *world, struct kb_arena *arena,
                          struct kb_attack_scene *out)
{
    const struct kb_cluster *cluster = &world->cluster;
    struct kb_attack_workload *at =
        KB_NEW_ARRAY(arena, cluster->workloads.n, struct kb_attack_workload);
    for (size_t i = 0; i < cluster->workloads.n; i++) {
        const struct kb_workload *workload = &cluster->workloads.at[i];
        at[i] = (struct kb_attack_workload){
            workload->at.name_space, workload->at.name, workload->pod->service_account,
            workload->kind->plural,
            kb_world_token_mounted(world, workload->pod, workload->at.name_space) != KB_NO};
    }
    out->workloads = at;
    out->workload_count = cluster->workloads.n;
}

static void add_policies(const struct kb_access_entry *entry, struct kb_arena *arena,
                         struct kb_attack_entry *out)
{
    struct kb_attack_policy *at =
        KB_NEW_ARRAY(arena, entry->policy_count, struct kb_attack_policy);
    for (size_t i = 0; i < entry->policy_count; i++) {
        const struct kb_access_policy *policy = &entry->policies[i];
        at[i] = (struct kb_attack_policy){policy->name, policy->rules, policy->namespaces,
                                          policy->cluster ? 0 : policy->namespace_count};
    }
    out->policies = at;
    out->policy_count = entry->policy_count;
}

/* Entries of people and programs: those of nodes and of AWS's own are what the cluster is made of. */
static void add_entries(const struct kb_world *world, struct kb_arena *arena,
                        struct kb_attack_scene *out)
{
    const struct kb_eks_model *eks = &world->eks;
    size_t n = 0;
    struct kb_attack_entry *at =
        KB_NEW_ARRAY(arena, eks->entries.n + eks->aws_auth.entries.n, struct kb_attack_entry);
    for (size_t i = 0; i < eks->entries.n; i++) {
        const struct kb_access_entry *entry = eks->entries.at[i];
        if (entry->type.n == 0 || kb_str_eq_c(entry->type, "STANDARD")) {
            at[n] = (struct kb_attack_entry){entry->principal, entry->username, entry->groups,
                                             entry->group_count, NULL, 0};
            add_policies(entry, arena, &at[n++]);
        }
    }
    for (size_t i = 0; i < eks->aws_auth.entries.n && out->aws_auth_obeyed; i++) {
        const struct kb_aws_auth_entry *entry = &eks->aws_auth.entries.at[i];
        at[n++] = (struct kb_attack_entry){entry->principal, entry->username, entry->groups,
                                           entry->group_count, NULL, 0};
    }
    out->entries = at;
    out->entry_count = n;
}

/* Of a cluster whose mode was not read, an aws-auth that is there is probably obeyed. */
static void judge_aws_auth(const struct kb_world *world, struct kb_attack_scene *out)
{
    const struct kb_eks_model *eks = &world->eks;
    bool read = eks->auth_mode.n > 0;
    out->aws_auth_obeyed =
        read ? kb_str_find(eks->auth_mode, KB_STR("CONFIG_MAP"), 0) != SIZE_MAX : eks->has_aws_auth;
    out->aws_auth = read ? KB_ATTACK_CERTAIN : KB_ATTACK_LIKELY;
}

void kb_rbac_scene(const struct kb_world *world, struct kb_arena *arena, struct kb_attack_scene *out)
{
    const struct kb_rbac_model *model = &world->rbac;
    bool *managed = KB_NEW_ARRAY(arena, model->policy.bindings.n, bool);
    for (size_t i = 0; i < model->policy.bindings.n; i++) {
        managed[i] = model->grants[i].managed;
    }
    *out = (struct kb_attack_scene){.policy = &model->policy, .managed = managed};
    judge_aws_auth(world, out);
    add_accounts(world, arena, out);
    add_namespaces(world, arena, out);
    add_workloads(world, arena, out);
    add_entries(world, arena, out);
}

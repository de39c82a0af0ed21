/* The readers of kinds, and the joining of what they took. */
#include "facts/world_kinds.h"

#include "facts/eks_model.h"

static void take_config_map(struct kb_world *world, const struct kb_object *object)
{
    kb_eks_model_take(world, object);
    kb_backup_model_take(world, object);
}

kb_world_take *const kb_world_takes[KB_KIND_COUNT] = {
    [KB_KIND_ROLE] = kb_rbac_model_take,
    [KB_KIND_CLUSTER_ROLE] = kb_rbac_model_take,
    [KB_KIND_ROLE_BINDING] = kb_rbac_model_take,
    [KB_KIND_CLUSTER_ROLE_BINDING] = kb_rbac_model_take,
    [KB_KIND_CONFIG_MAP] = take_config_map,
    [KB_KIND_NODE] = kb_eks_model_take,
    [KB_KIND_NAMESPACE] = kb_backup_model_take,
    [KB_KIND_POD] = kb_backup_model_take,
    [KB_KIND_DEPLOYMENT] = kb_backup_model_take,
    [KB_KIND_DAEMON_SET] = kb_backup_model_take,
    [KB_KIND_STATEFUL_SET] = kb_backup_model_take,
    [KB_KIND_CRON_JOB] = kb_backup_model_take,
    [KB_KIND_PERSISTENT_VOLUME] = kb_backup_model_take,
    [KB_KIND_PERSISTENT_VOLUME_CLAIM] = kb_backup_model_take,
    [KB_KIND_STORAGE_CLASS] = kb_backup_model_take,
    [KB_KIND_VOLUME_SNAPSHOT] = kb_backup_model_take,
    [KB_KIND_VOLUME_SNAPSHOT_CONTENT] = kb_backup_model_take,
    [KB_KIND_VOLUME_SNAPSHOT_CLASS] = kb_backup_model_take,
    [KB_KIND_VELERO_BACKUP] = kb_backup_model_take,
    [KB_KIND_VELERO_SCHEDULE] = kb_backup_model_take,
    [KB_KIND_VELERO_RESTORE] = kb_backup_model_take,
    [KB_KIND_VELERO_LOCATION] = kb_backup_model_take,
    [KB_KIND_VELERO_SNAPSHOT_LOCATION] = kb_backup_model_take,
    [KB_KIND_VELERO_REPOSITORY] = kb_backup_model_take,
    [KB_KIND_VELERO_DELETE_REQUEST] = kb_backup_model_take,
    [KB_KIND_POD_VOLUME_BACKUP] = kb_backup_model_take,
    [KB_KIND_DATA_UPLOAD] = kb_backup_model_take,
    [KB_KIND_CNPG_CLUSTER] = kb_backup_model_take,
    [KB_KIND_CNPG_SCHEDULED_BACKUP] = kb_backup_model_take,
    [KB_KIND_K8UP_SCHEDULE] = kb_backup_model_take,
    [KB_KIND_LONGHORN_RECURRING_JOB] = kb_backup_model_take,
    [KB_KIND_STASH_CONFIGURATION] = kb_backup_model_take,
    [KB_KIND_KUBESTASH_CONFIGURATION] = kb_backup_model_take,
    [KB_KIND_KASTEN_POLICY] = kb_backup_model_take,
    [KB_KIND_CUSTOM_RESOURCE_DEFINITION] = kb_backup_model_take,
};

void kb_world_models_done(struct kb_world *world)
{
    kb_rbac_model_done(&world->rbac);
    kb_eks_model_done(&world->eks);
    kb_aws_model_done(&world->aws);
    kb_cluster_done(&world->cluster);
    kb_net_log_done(&world->net_log);
    kb_usage_model_done(&world->usage);
    kb_exposure_model_done(&world->exposure);
    kb_net_model_free(world->network);
    kb_backup_model_done(&world->backup);
}

void kb_world_told_version(struct kb_world *world, struct kb_str version)
{
    world->eks.server_minor = kb_eks_minor_of(version);
}

static bool is_defined(const struct kb_world *world, const struct kb_kind *kind)
{
    size_t n = strlen(kind->plural);
    bool found = false;
    for (size_t i = 0; i < world->backup.crds.n && !found; i++) {
        struct kb_str name = world->backup.crds.at[i];
        found = kb_str_starts(name, kb_str_c(kind->plural)) && name.n > n && name.p[n] == '.' &&
                kb_str_eq_c(kb_str_sub(name, n + 1, name.n), kind->group);
    }
    return found;
}

/* A kind of somebody's own that nobody listed cannot exist where no definition of it does. Groups of
 * Kubernetes itself have no dot, or end in ".k8s.io" without a definition. */
static void settle_absent(struct kb_world *world)
{
    bool defined = world->lists[KB_KIND_CUSTOM_RESOURCE_DEFINITION].state == KB_LIST_COMPLETE;
    for (size_t i = 0; defined && i < KB_KIND_COUNT; i++) {
        struct kb_list_report *report = &world->lists[i];
        struct kb_str group = kb_str_c(kb_kinds[i].group);
        bool own = kb_str_find(group, KB_STR("."), 0) != SIZE_MAX &&
                   (!kb_str_ends(group, KB_STR(".k8s.io")) ||
                    kb_str_starts(group, KB_STR("snapshot.")) ||
                    kb_str_starts(group, KB_STR("gateway.")) ||
                    kb_str_starts(group, KB_STR("policy.networking.")));
        if (own && report->state == KB_LIST_NOT_READ && !is_defined(world, &kb_kinds[i])) {
            report->state = KB_LIST_ABSENT;
        }
    }
}

void kb_world_close(struct kb_world *world)
{
    kb_cluster_close(&world->cluster);
    settle_absent(world);
    kb_rbac_model_close(world, kb_eks_minor(&world->eks));
    kb_eks_model_close(world);
    kb_exposure_model_close(world);
    kb_aws_model_close(world);
    kb_net_model_close(world);
    kb_usage_watch(&world->usage.store, &world->rbac.policy);
    kb_backup_model_close(world);
}

static void take_answer(void *ctx, const struct kb_aws_answer *answer)
{
    kb_eks_model_answer(ctx, answer);
    kb_aws_model_answer(ctx, answer);
    kb_net_model_answer(ctx, answer);
    kb_backup_model_answer(ctx, answer);
}

struct kb_aws_sink kb_world_aws_sink(struct kb_world *world)
{
    world->aws_read = true;
    return (struct kb_aws_sink){world, take_answer};
}

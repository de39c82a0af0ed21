/* The readers of kinds, and the joining of what they took. */
#include "facts/world_kinds.h"

#include "facts/eks_model.h"

kb_world_take *const kb_world_takes[KB_KIND_COUNT] = {
    [KB_KIND_ROLE] = kb_rbac_model_take,
    [KB_KIND_CLUSTER_ROLE] = kb_rbac_model_take,
    [KB_KIND_ROLE_BINDING] = kb_rbac_model_take,
    [KB_KIND_CLUSTER_ROLE_BINDING] = kb_rbac_model_take,
    [KB_KIND_CONFIG_MAP] = kb_eks_model_take,
    [KB_KIND_NODE] = kb_eks_model_take,
};

void kb_world_models_done(struct kb_world *world)
{
    kb_rbac_model_done(&world->rbac);
    kb_eks_model_done(&world->eks);
    kb_aws_model_done(&world->aws);
    kb_cluster_done(&world->cluster);
    kb_usage_model_done(&world->usage);
    kb_exposure_model_done(&world->exposure);
    kb_net_model_free(world->network);
}

void kb_world_told_version(struct kb_world *world, struct kb_str version)
{
    world->eks.server_minor = kb_eks_minor_of(version);
}

void kb_world_close(struct kb_world *world)
{
    kb_cluster_close(&world->cluster);
    kb_rbac_model_close(world, kb_eks_minor(&world->eks));
    kb_eks_model_close(world);
    kb_exposure_model_close(world);
    kb_aws_model_close(&world->aws);
    kb_net_model_close(world);
    kb_usage_watch(&world->usage.store, &world->rbac.policy);
}

static void take_answer(void *ctx, const struct kb_aws_answer *answer)
{
    kb_eks_model_answer(ctx, answer);
    kb_aws_model_answer(ctx, answer);
    kb_net_model_answer(ctx, answer);
}

struct kb_aws_sink kb_world_aws_sink(struct kb_world *world)
{
    world->aws_read = true;
    return (struct kb_aws_sink){world, take_answer};
}

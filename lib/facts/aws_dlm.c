/* Table dlm.policy. */
#include "facts/aws_ebs.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the lifecycle policy.")                                    \
    X(id, "string", KB_ALWAYS, "Its id: \"policy-…\".")                                            \
    X(state, "string", KB_ALWAYS, "\"ENABLED\", \"DISABLED\" or \"ERROR\".")                       \
    X(volumes, "list(string)", KB_ALWAYS,                                                          \
      "EBS volumes of PersistentVolumes that it takes by their tags, whether it is on or not.")    \
    X(untaken, "list(string)", KB_ALWAYS,                                                          \
      "Those of them that no policy that is on takes.")                                            \
    X(another_effective, "bool", KB_ALWAYS, "Whether another one is on and takes a volume of the cluster.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(dlm_policy, "dlm.policy",
             "One row a policy of Data Lifecycle Manager that makes snapshots of volumes.");

static const char *const list_call = "dlm get-lifecycle-policies";
static const char *const describe_call = "dlm get-lifecycle-policy";

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_volumes] = "ec2 describe-volumes",
    [C_untaken] = "ec2 describe-volumes",
    [C_another_effective] = "dlm get-lifecycle-policy",
};

static const json_t *described(const struct kb_world *world, struct kb_str id,
                               const struct kb_aws_kept **kept)
{
    KB_AWS_EACH(it, world, describe_call, "Policy") {
        if (kb_str_eq(kb_aws_text(it.item, "PolicyId"), id)) {
            *kept = it.kept;
            return it.item;
        }
    }
    return NULL;
}

/* Each policy of volumes, as one that is not described may take any. */
static bool all_described(const struct kb_world *world)
{
    const struct kb_aws_kept *kept;
    bool all = kb_aws_read(world, list_call) && kb_aws_read(world, describe_call);
    KB_AWS_EACH(it, world, list_call, "Policies") {
        all = all && described(world, kb_aws_text(it.item, "PolicyId"), &kept) != NULL;
    }
    return all;
}

static bool has_tag(const json_t *tags, const json_t *wanted)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(tags) && !found; i++) {
        const json_t *tag = json_array_get(tags, i);
        found = kb_str_eq(kb_aws_text(tag, "Key"), kb_aws_text(wanted, "Key")) &&
                kb_str_eq(kb_aws_text(tag, "Value"), kb_aws_text(wanted, "Value"));
    }
    return found;
}

/* Policies of instances and of images are about other things; a default policy takes every volume. */
static bool is_of_volumes(const json_t *policy)
{
    const json_t *details = kb_aws_get(policy, "PolicyDetails");
    return kb_aws_has(kb_aws_get(details, "ResourceTypes"), KB_STR("VOLUME")) ||
           kb_aws_is(details, "ResourceType", "VOLUME");
}

/* A volume is taken where it has any of the target tags. */
static bool takes(const json_t *policy, const json_t *volume)
{
    const json_t *details = kb_aws_get(policy, "PolicyDetails");
    const json_t *targets = kb_aws_get(details, "TargetTags");
    const json_t *excluded = kb_aws_dig(details, "Exclusions.ExcludeTags");
    bool all = kb_aws_is(details, "ResourceType", "VOLUME"), found = false, out = false;
    for (size_t i = 0; i < json_array_size(targets) && !found; i++) {
        found = has_tag(kb_aws_get(volume, "Tags"), json_array_get(targets, i));
    }
    for (size_t i = 0; i < json_array_size(excluded) && !out; i++) {
        out = has_tag(kb_aws_get(volume, "Tags"), json_array_get(excluded, i));
    }
    return is_of_volumes(policy) && (all ? !out : found);
}

static const json_t *volume_of(const struct kb_world *world, struct kb_str id)
{
    KB_AWS_EACH(it, world, "ec2 describe-volumes", "Volumes") {
        if (kb_str_eq(kb_aws_text(it.item, "VolumeId"), id)) {
            return it.item;
        }
    }
    return NULL;
}

/* Whether a policy other than `but` (NULL: none) is on and takes the volume. */
static bool taken(const struct kb_world *world, const json_t *but, const json_t *volume)
{
    KB_AWS_EACH(it, world, describe_call, "Policy") {
        if (it.item != but && kb_aws_is(it.item, "State", "ENABLED") && takes(it.item, volume)) {
            return true;
        }
    }
    return false;
}

/* What is known of the cluster's volumes with respect to one policy. */
struct reach {
    struct kb_aws_names volumes, untaken;
    bool whole, others; /* whether every volume was described; whether another policy takes one */
};

static void take_volume(struct reach *reach, const struct kb_world *world, const json_t *policy,
                        struct kb_str id, struct kb_arena *arena)
{
    const json_t *volume = volume_of(world, id);
    reach->whole = reach->whole && volume != NULL;
    if (volume == NULL) {
        return;
    }
    reach->others = reach->others || taken(world, policy, volume);
    if (takes(policy, volume)) {
        kb_aws_names_add(&reach->volumes, arena, id);
        if (!taken(world, NULL, volume)) {
            kb_aws_names_add(&reach->untaken, arena, id);
        }
    }
}

static void fill(struct kb_aws_row *row, const struct kb_world *world, const json_t *policy,
                 struct kb_arena *arena)
{
    struct reach reach = {.whole = kb_world_whole(world, KB_KIND_PERSISTENT_VOLUME)};
    bool policies = all_described(world);
    for (size_t i = 0; i < world->backup.volumes.n; i++) {
        struct kb_str id = kb_ebs_volume(world->backup.volumes.at[i]);
        if (id.n > 0) {
            take_volume(&reach, world, policy, id, arena);
        }
    }
    if (reach.whole) {
        row->values[C_volumes] = kb_aws_names_list(&reach.volumes, arena);
    }
    if (policies && (reach.whole || reach.untaken.n > 0)) {
        row->values[C_untaken] = kb_aws_names_list(&reach.untaken, arena);
    }
    if (reach.others || (reach.whole && policies)) {
        row->values[C_another_effective] = kb_cel_bool(reach.others);
    }
}

static void give(const struct kb_world *world, const struct kb_aws_kept *kept, struct kb_str id,
                 const json_t *policy, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_aws_row row = kb_aws_row(&kb_table_dlm_policy, kept);
    struct kb_str rest = kb_arena_printf(&arena, "policy/%.*s", KB_FMT(id));
    struct kb_str arn = kb_aws_text(policy, "PolicyArn");
    row.world = world;
    row.calls = by_column;
    row.object = arn.n > 0 ? arn : kb_aws_arn(world, "dlm", KB_STR(""), rest, &arena);
    row.values[C_arn] = kb_cel_string(row.object);
    row.values[C_id] = kb_cel_string(id);
    if (policy != NULL) {
        row.values[C_state] = kb_aws_text_or_unknown(policy, "State");
        fill(&row, world, policy, &arena);
    }
    kb_aws_row_give(&row, fn, ctx);
    kb_arena_done(&arena);
}

/* A policy that is listed and not described has a row of which nothing is known. */
static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, list_call, "Policies") {
        struct kb_str id = kb_aws_text(it.item, "PolicyId");
        const struct kb_aws_kept *kept = it.kept;
        const json_t *policy = described(world, id, &kept);
        if (policy == NULL || is_of_volumes(policy)) {
            give(world, kept, id, policy, fn, ctx);
        }
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    return kb_aws_unread(world, &list_call, 1, arena);
}

const struct kb_fact_source kb_facts_dlm_policy = {
    .table = &kb_table_dlm_policy, .aws = true, .rows = rows, .missing = missing};

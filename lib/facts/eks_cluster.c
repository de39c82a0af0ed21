/* Table eks.cluster. */
#include "facts/aws_net.h"
#include "facts/aws_row.h"
#include "facts/eks_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the cluster.")                                             \
    X(name, "string", KB_ALWAYS, "Its name alone, without kind and namespace.")                    \
    X(minor, "int", KB_ALWAYS, "Minor version of Kubernetes; 0 where it is not told.")             \
    X(auth_mode, "string", KB_ALWAYS,                                                              \
      "accessConfig.authenticationMode: \"CONFIG_MAP\", \"API_AND_CONFIG_MAP\" or \"API\".")       \
    X(creator_admin, "bool", KB_ALWAYS,                                                            \
      "Whether whoever created the cluster is its admin by that alone.")                           \
    X(aws_auth, "bool", KB_ALWAYS,                                                                 \
      "Whether the ConfigMap aws-auth maps anybody; unknown where it was not read.")               \
    X(status, "string", KB_ALWAYS, "\"ACTIVE\", \"UPDATING\", \"FAILED\" and the like.")           \
    X(health_issues, "list(string)", KB_ALWAYS, "Codes of health.issues.")                         \
    X(logging, "list(string)", KB_ALWAYS,                                                          \
      "Log types that are on, over all entries of logging.clusterLogging.")                        \
    X(public_access, "bool", KB_ALWAYS, "Whether the API server has a public endpoint.")           \
    X(private_access, "bool", KB_ALWAYS, "Whether it has a private one.")                          \
    X(public_cidrs, "list(string)", KB_ALWAYS,                                                     \
      "Ranges that reach the public endpoint; 0.0.0.0/0 where none is set.")                       \
    X(secrets_key, "string", KB_ALWAYS,                                                            \
      "ARN of the KMS key that encrypts Secrets; empty: none of the customer's.")                  \
    X(secrets_key_state, "string", KB_ALWAYS,                                                      \
      "State of that key as kms describe-key tells it; empty where it does not.")                  \
    X(deletion_protection, "bool", KB_ALWAYS, "Whether it must be unlocked before it is deleted.") \
    X(version, "string", KB_ALWAYS, "Version of Kubernetes: \"1.34\".")                            \
    X(version_status, "string", KB_ALWAYS,                                                         \
      "\"STANDARD_SUPPORT\", \"EXTENDED_SUPPORT\" or \"UNSUPPORTED\", as "                         \
      "eks describe-cluster-versions tells.")                                                      \
    X(support_days, "int", KB_ALWAYS, "Days until standard support ends; negative after it.")      \
    X(support_type, "string", KB_ALWAYS,                                                           \
      "upgradePolicy.supportType: what happens at the end of standard support.")                   \
    X(insight_errors, "list(string)", KB_ALWAYS, "Insights of any category in status ERROR.")      \
    X(upgrade_insights, "list(string)", KB_ALWAYS,                                                 \
      "Insights of UPGRADE_READINESS in status ERROR or WARNING.")                                 \
    X(misconfiguration_insights, "list(string)", KB_ALWAYS,                                        \
      "Insights of MISCONFIGURATION in status ERROR.")                                             \
    X(addons, "list(string)", KB_ALWAYS, "Names of its add-ons.")                                  \
    X(identity_providers, "list(string)", KB_ALWAYS,                                               \
      "OIDC providers that log people in, beside IAM.")                                            \
    X(capabilities, "list(string)", KB_ALWAYS, "Names of its EKS capabilities (Argo CD, ACK, kro).") \
    X(zones, "list(string)", KB_ALWAYS, "Availability zones of the control plane's subnets.")      \
    X(node_zones, "list(string)", KB_ALWAYS, "Availability zones of node groups' subnets.")        \
    X(nat_elsewhere, "list(string)", KB_ALWAYS,                                                    \
      "Zones whose nodes reach the internet through another zone's NAT gateway.")                  \
    X(tags, "list(string)", KB_ALWAYS, "Keys of its tags.")                                        \
    X(logging_update, "string", KB_OPTIONAL,                                                       \
      "Status of the newest change of its logging, where there was one.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(eks_cluster, "eks.cluster",
             "One row: the EKS cluster, as aws eks describe-cluster tells it.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_version_status] = "eks describe-cluster-versions",
    [C_support_days] = "eks describe-cluster-versions",
    [C_insight_errors] = "eks list-insights",
    [C_upgrade_insights] = "eks list-insights",
    [C_misconfiguration_insights] = "eks list-insights",
    [C_addons] = "eks list-addons",
    [C_identity_providers] = "eks list-identity-provider-configs",
    [C_capabilities] = "eks list-capabilities",
    [C_zones] = "ec2 describe-subnets",
    [C_node_zones] = "ec2 describe-subnets",
    [C_nat_elsewhere] = "ec2 describe-nat-gateways",
    [C_logging_update] = "eks list-updates",
    [C_deletion_protection] = "eks describe-cluster",
    [C_health_issues] = "eks describe-cluster",
};

static struct kb_cel_val logging_types(const json_t *cluster, struct kb_arena *arena)
{
    struct kb_aws_names types = {0};
    const json_t *list = kb_aws_dig(cluster, "logging.clusterLogging");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        const json_t *names = kb_aws_get(entry, "types");
        for (size_t k = 0; kb_aws_true(entry, "enabled") && k < json_array_size(names); k++) {
            kb_aws_names_add(&types, arena, kb_json_view(json_array_get(names, k)));
        }
    }
    return kb_aws_names_list(&types, arena);
}

static struct kb_cel_val public_cidrs(const json_t *config, struct kb_arena *arena)
{
    struct kb_aws_names all = {0};
    const json_t *list = kb_aws_get(config, "publicAccessCidrs");
    kb_aws_names_add(&all, arena, KB_STR("0.0.0.0/0"));
    bool open = json_array_size(list) == 0 && kb_aws_true(config, "endpointPublicAccess");
    return open ? kb_aws_names_list(&all, arena) : kb_aws_list(arena, list, NULL);
}

static struct kb_cel_val secrets_key(const json_t *cluster)
{
    const json_t *list = kb_aws_get(cluster, "encryptionConfig");
    struct kb_str key = KB_STR("");
    for (size_t i = 0; i < json_array_size(list) && key.n == 0; i++) {
        const json_t *entry = json_array_get(list, i);
        if (kb_aws_has(kb_aws_get(entry, "resources"), KB_STR("secrets"))) {
            key = kb_json_view(kb_aws_dig(entry, "provider.keyArn"));
        }
    }
    return kb_cel_string(key);
}

static struct kb_cel_val key_state(const struct kb_world *world, struct kb_str arn)
{
    KB_AWS_EACH(it, world, "kms describe-key", "KeyMetadata") {
        if (arn.n > 0 && kb_str_eq(kb_aws_text(it.item, "Arn"), arn)) {
            return kb_cel_string(kb_aws_text(it.item, "KeyState"));
        }
    }
    return kb_cel_string(KB_STR(""));
}

static void fill_support(struct kb_aws_row *row, const struct kb_world *world, struct kb_str version)
{
    enum { DAY_S = 86400 };
    KB_AWS_EACH(it, world, "eks describe-cluster-versions", "clusterVersions") {
        int64_t end;
        if (kb_str_eq(kb_aws_text(it.item, "clusterVersion"), version)) {
            row->values[C_version_status] = kb_aws_text_or_unknown(it.item, "versionStatus");
            if (kb_aws_moment(it.item, "endOfStandardSupportDate", &end)) {
                int64_t left = end - world->now_ns / 1000000000;
                row->values[C_support_days] =
                    kb_cel_int(left / DAY_S - (left < 0 && left % DAY_S != 0));
            }
        }
    }
}

/* Names of insights in a status of `statuses`; `category` NULL: of any. */
static struct kb_cel_val insights(const struct kb_world *world, const char *category, bool warnings,
                                  struct kb_arena *arena)
{
    struct kb_aws_names names = {0};
    KB_AWS_EACH(it, world, "eks list-insights", "insights") {
        const json_t *status = kb_aws_get(it.item, "insightStatus");
        bool bad = kb_aws_is(status, "status", "ERROR") ||
                   (warnings && kb_aws_is(status, "status", "WARNING"));
        if (bad && (category == NULL || kb_aws_is(it.item, "category", category))) {
            kb_aws_names_add(&names, arena, kb_aws_text(it.item, "name"));
        }
    }
    return kb_aws_read(world, "eks list-insights") ? kb_aws_names_list(&names, arena)
                                                   : kb_aws_unknown();
}

static struct kb_cel_val list_of(const struct kb_world *world, const char *call, const char *member,
                                 const char *key, struct kb_arena *arena)
{
    struct kb_aws_names names = {0};
    KB_AWS_EACH(it, world, call, member) {
        kb_aws_names_add(&names, arena, key == NULL ? kb_json_view(it.item)
                                                    : kb_aws_text(it.item, key));
    }
    return kb_aws_read(world, call) ? kb_aws_names_list(&names, arena) : kb_aws_unknown();
}

static struct kb_cel_val tag_keys(const json_t *cluster, struct kb_arena *arena)
{
    struct kb_aws_names keys = {0};
    const char *key;
    json_t *value;
    json_object_foreach(kb_aws_get(cluster, "tags"), key, value) {
        kb_aws_names_add(&keys, arena, kb_arena_copy(arena, kb_str_c(key)));
    }
    return kb_aws_names_list(&keys, arena);
}

/* Status of the newest LoggingUpdate; unknown where an update was listed and not described. */
static struct kb_cel_val logging_update(const struct kb_world *world)
{
    const json_t *newest = NULL;
    int64_t at = INT64_MIN, time;
    size_t listed = 0, described = 0;
    KB_AWS_EACH(it, world, "eks list-updates", "updateIds") {
        listed++;
    }
    KB_AWS_EACH(it, world, "eks describe-update", "update") {
        described++;
        if (kb_aws_is(it.item, "type", "LoggingUpdate") &&
            kb_aws_moment(it.item, "createdAt", &time) && time >= at) {
            newest = it.item;
            at = time;
        }
    }
    if (!kb_aws_read(world, "eks list-updates") || described < listed) {
        return kb_aws_unknown();
    }
    return newest == NULL ? kb_cel_absent() : kb_aws_text_or_unknown(newest, "status");
}

static void fill_network(struct kb_aws_row *row, const struct kb_world *world,
                         const json_t *config, struct kb_arena *arena)
{
    struct kb_aws_names control = {0}, nodes = {0};
    kb_net_control_subnets(world, arena, &control);
    kb_net_node_subnets(world, arena, &nodes);
    bool groups = kb_aws_read(world, "eks list-nodegroups") &&
                  (nodes.n > 0 || kb_aws_read(world, "eks describe-nodegroup"));
    row->values[C_public_access] = kb_aws_bool_or_unknown(config, "endpointPublicAccess");
    row->values[C_private_access] = kb_aws_bool_or_unknown(config, "endpointPrivateAccess");
    row->values[C_public_cidrs] = public_cidrs(config, arena);
    row->values[C_zones] = kb_net_zones(world, &control, arena);
    if (groups) {
        row->values[C_node_zones] = kb_net_zones(world, &nodes, arena);
        row->values[C_nat_elsewhere] = kb_net_nat_elsewhere(world, arena);
    }
}

static void fill_lifecycle(struct kb_aws_row *row, const struct kb_world *world,
                           const json_t *cluster, struct kb_arena *arena)
{
    const json_t *health = kb_aws_dig(cluster, "health.issues");
    struct kb_str version = kb_aws_text(cluster, "version");
    row->values[C_status] = kb_aws_text_or_unknown(cluster, "status");
    row->values[C_health_issues] =
        json_is_array(health) ? kb_aws_list(arena, health, "code") : kb_aws_unknown();
    row->values[C_deletion_protection] = kb_aws_bool_or_unknown(cluster, "deletionProtection");
    row->values[C_version] = kb_cel_string(version);
    row->values[C_minor] = kb_cel_int((int64_t)kb_eks_minor_of(version));
    row->values[C_support_type] =
        kb_aws_text_or_unknown(kb_aws_get(cluster, "upgradePolicy"), "supportType");
    fill_support(row, world, version);
    row->values[C_insight_errors] = insights(world, NULL, false, arena);
    row->values[C_upgrade_insights] = insights(world, "UPGRADE_READINESS", true, arena);
    row->values[C_misconfiguration_insights] = insights(world, "MISCONFIGURATION", false, arena);
    row->values[C_tags] = tag_keys(cluster, arena);
    row->values[C_logging_update] = logging_update(world);
}

static void fill(struct kb_aws_row *row, const struct kb_world *world, const json_t *cluster,
                 struct kb_arena *arena)
{
    const struct kb_eks_model *eks = &world->eks;
    const json_t *access = kb_aws_get(cluster, "accessConfig");
    bool known = eks->has_aws_auth || kb_world_whole(world, KB_KIND_CONFIG_MAP);
    row->object = kb_aws_text(cluster, "arn");
    row->values[C_arn] = kb_cel_string(row->object);
    row->values[C_name] = kb_aws_text_or_unknown(cluster, "name");
    row->values[C_auth_mode] = kb_aws_text_or_unknown(access, "authenticationMode");
    row->values[C_creator_admin] =
        kb_aws_bool_or_unknown(access, "bootstrapClusterCreatorAdminPermissions");
    row->values[C_aws_auth] = known ? kb_cel_bool(eks->aws_auth.entries.n > 0) : kb_aws_unknown();
    row->values[C_logging] = logging_types(cluster, arena);
    row->values[C_secrets_key] = secrets_key(cluster);
    row->values[C_secrets_key_state] = key_state(world, row->values[C_secrets_key].s);
    row->values[C_addons] = list_of(world, "eks list-addons", "addons", NULL, arena);
    row->values[C_identity_providers] =
        list_of(world, "eks list-identity-provider-configs", "identityProviderConfigs", "name", arena);
    row->values[C_capabilities] =
        list_of(world, "eks list-capabilities", "capabilities", "capabilityName", arena);
    fill_network(row, world, kb_aws_get(cluster, "resourcesVpcConfig"), arena);
    fill_lifecycle(row, world, cluster, arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    KB_AWS_EACH(it, world, "eks describe-cluster", "cluster") {
        struct kb_aws_row row = kb_aws_row(&kb_table_eks_cluster, it.kept);
        if (kb_str_eq(kb_aws_text(it.item, "arn"), world->eks.arn) && world->eks.cluster_read) {
            fill(&row, world, it.item, &arena);
            row.world = world;
            row.calls = by_column;
            kb_aws_row_give(&row, fn, ctx);
        }
    }
    kb_arena_done(&arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    KB_AWS_EACH(it, world, "eks describe-cluster", "cluster") {
        if (it.kept->error.n > 0) {
            return kb_arena_printf(arena, "aws eks describe-cluster: %.*s", KB_FMT(it.kept->error));
        }
    }
    return world->eks.cluster_read
               ? KB_STR("")
               : KB_STR("the cluster's settings were not read (aws eks describe-cluster)");
}

const struct kb_fact_source kb_facts_eks_cluster = {
    .table = &kb_table_eks_cluster,
    .aws = true,
    .rows = rows,
    .missing = missing,
};

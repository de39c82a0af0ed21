/* Table iam.noderole. */
#include "facts/aws_net.h"
#include "facts/aws_policy.h"
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the role.")                                                \
    X(name, "string", KB_ALWAYS, "Name of the role.")                                              \
    X(policies, "list(string)", KB_ALWAYS, "Names of its policies, attached and inline.")          \
    X(ecr_writes, "list(string)", KB_ALWAYS,                                                       \
      "Actions that change ECR, such as ecr:PutImage, and that its policies allow.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(iam_noderole, "iam.noderole",
             "One row an IAM role of the cluster's nodes: of managed node groups, of Auto Mode, of "
             "access entries for nodes.");

static const char *const attached_call = "iam list-attached-role-policies";
static const char *const inline_call = "iam list-role-policies";

/* What changes images or who gets them; one of each kind. */
static const char *const writes[] = {
    "ecr:BatchDeleteImage",     "ecr:CompleteLayerUpload",    "ecr:CreateRepository",
    "ecr:DeleteRepository",     "ecr:DeleteRepositoryPolicy", "ecr:InitiateLayerUpload",
    "ecr:PutImage",             "ecr:PutImageTagMutability",  "ecr:PutLifecyclePolicy",
    "ecr:PutRegistryPolicy",    "ecr:SetRepositoryPolicy",    "ecr:UploadLayerPart",
};
enum { WRITES = sizeof writes / sizeof writes[0] };

/* Policies of AWS's that are the same in every account and change nothing in ECR. */
static const char *const harmless[] = {
    "AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",          "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKS_CNI_Policy",               "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",        "AWSXRayDaemonWriteAccess",
    "AmazonEBSCSIDriverPolicy",           "AmazonEFSCSIDriverPolicy",
};

/* Which of `writes` are allowed and denied, and whether all policies were seen. */
struct rights {
    bool allowed[WRITES], denied[WRITES], whole;
};

static struct kb_str last_part(struct kb_str arn)
{
    const char *slash = arn.n == 0 ? NULL : memrchr(arn.p, '/', arn.n);
    return slash == NULL ? arn : kb_str_sub(arn, (size_t)(slash - arn.p) + 1, arn.n);
}

/* Documents are objects as the CLI prints them, or their text. */
static void take_document(struct rights *rights, const json_t *document)
{
    KB_AUTO(kb_json_done) json_t *parsed =
        json_is_string(document) ? kb_iam_policy(kb_json_view(document)) : NULL;
    const json_t *policy = json_is_object(document) ? document : parsed;
    const json_t *statement;
    rights->whole = rights->whole && policy != NULL;
    for (size_t i = 0; (statement = kb_iam_statement(policy, i)) != NULL; i++) {
        bool denies = kb_iam_denies(statement);
        bool everywhere = !kb_iam_conditional(statement) &&
                          kb_iam_covers_resource(statement, KB_STR("*"));
        for (size_t k = 0; k < WRITES; k++) {
            bool covers = kb_iam_covers_action(statement, kb_str_c(writes[k]));
            rights->allowed[k] = rights->allowed[k] || (covers && !denies);
            rights->denied[k] = rights->denied[k] || (covers && denies && everywhere);
        }
    }
}

static bool is_harmless(struct kb_str arn)
{
    struct kb_str rest;
    (void)kb_str_split(arn, ':', &rest);
    (void)kb_str_split(rest, ':', &rest);
    bool of_aws = kb_str_starts(rest, KB_STR("iam::aws:policy/")), found = false;
    for (size_t i = 0; of_aws && i < sizeof harmless / sizeof harmless[0] && !found; i++) {
        found = kb_str_eq_c(last_part(arn), harmless[i]);
    }
    return found;
}

/* The version in effect: get-policy names it. Without get-policy the only one that was read counts. */
static const json_t *document_of(const struct kb_world *world, struct kb_str arn)
{
    struct kb_str version = KB_STR("");
    KB_AWS_EACH(it, world, "iam get-policy", "Policy") {
        if (kb_str_eq(kb_aws_text(it.item, "Arn"), arn)) {
            version = kb_aws_text(it.item, "DefaultVersionId");
        }
    }
    KB_AWS_EACH(it, world, "iam get-policy-version", "PolicyVersion") {
        struct kb_str of = it.kept->subject, id = kb_aws_text(it.item, "VersionId");
        bool whole_name = of.n > arn.n && kb_str_starts(of, arn) && of.p[arn.n] == '/';
        bool about = whole_name || kb_str_eq(of, arn) || kb_str_eq(of, last_part(arn));
        bool current = version.n > 0 ? kb_str_eq(id, version)
                                     : kb_aws_true(it.item, "IsDefaultVersion");
        if (about && current) {
            return kb_aws_get(it.item, "Document");
        }
    }
    return NULL;
}

static bool read_whole(const struct kb_aws_kept *kept)
{
    return kept != NULL && kept->error.n == 0 && kept->json != NULL;
}

static void take_attached(struct rights *rights, const struct kb_world *world, struct kb_str role,
                          struct kb_aws_names *names, struct kb_arena *arena)
{
    const struct kb_aws_kept *kept = kb_aws_about(world, attached_call, role);
    const json_t *list = kept == NULL ? NULL : kb_aws_get(kept->json, "AttachedPolicies");
    rights->whole = rights->whole && read_whole(kept);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct kb_str arn = kb_aws_text(json_array_get(list, i), "PolicyArn");
        kb_aws_names_add(names, arena, last_part(arn));
        if (!is_harmless(arn)) {
            take_document(rights, document_of(world, arn));
        }
    }
}

static const json_t *inline_document(const struct kb_world *world, struct kb_str role,
                                     struct kb_str name)
{
    KB_AWS_EACH(it, world, "iam get-role-policy", NULL) {
        if (kb_str_eq(kb_aws_text(it.item, "RoleName"), role) &&
            kb_str_eq(kb_aws_text(it.item, "PolicyName"), name)) {
            return kb_aws_get(it.item, "PolicyDocument");
        }
    }
    return NULL;
}

static void take_inline(struct rights *rights, const struct kb_world *world, struct kb_str role,
                        struct kb_aws_names *names, struct kb_arena *arena)
{
    const struct kb_aws_kept *kept = kb_aws_about(world, inline_call, role);
    const json_t *list = kept == NULL ? NULL : kb_aws_get(kept->json, "PolicyNames");
    rights->whole = rights->whole && read_whole(kept);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct kb_str name = kb_json_view(json_array_get(list, i));
        kb_aws_names_add(names, arena, name);
        take_document(rights, inline_document(world, role, name));
    }
}

/* What is allowed is a finding whatever was not read; that nothing is, takes all policies. */
static void fill(struct kb_aws_row *row, const struct kb_world *world, struct kb_str role,
                 struct kb_arena *arena)
{
    struct rights rights = {.whole = true};
    struct kb_aws_names names = {0}, found = {0};
    bool listed = read_whole(kb_aws_about(world, attached_call, role)) &&
                  read_whole(kb_aws_about(world, inline_call, role));
    take_attached(&rights, world, role, &names, arena);
    take_inline(&rights, world, role, &names, arena);
    for (size_t i = 0; i < WRITES; i++) {
        if (rights.allowed[i] && !rights.denied[i]) {
            kb_aws_names_add(&found, arena, kb_str_c(writes[i]));
        }
    }
    if (listed) {
        row->values[C_policies] = kb_aws_names_list(&names, arena);
    }
    if (found.n > 0 || rights.whole) {
        row->values[C_ecr_writes] = kb_aws_names_list(&found, arena);
    }
}

static void give(const struct kb_world *world, const struct kb_aws_kept *kept, struct kb_str arn,
                 kb_row_fn *fn, void *ctx)
{
    static const char *const kinds[] = {"iam list-attached-role-policies", "iam list-role-policies",
                                        "iam get-role-policy", "iam get-policy-version"};
    const char *by_column[KB_AWS_COLUMNS_MAX] = {[C_ecr_writes] = kinds[3], [C_policies] = kinds[0]};
    struct kb_arena arena = {0};
    struct kb_aws_row row = kb_aws_row(&kb_table_iam_noderole, kept);
    struct kb_str name = last_part(arn);
    for (size_t i = 0; i < 2; i++) {
        const struct kb_aws_kept *list = kb_aws_about(world, kinds[i], name);
        if (!read_whole(list)) {
            by_column[C_ecr_writes] = by_column[C_policies] = kinds[i];
        }
    }
    row.world = world;
    row.calls = by_column;
    row.object = arn;
    row.values[C_arn] = kb_cel_string(arn);
    row.values[C_name] = kb_cel_string(name);
    fill(&row, world, name, &arena);
    kb_aws_row_give(&row, fn, ctx);
    kb_arena_done(&arena);
}

/* Types of access entries that nodes use: EC2_LINUX, EC2_WINDOWS, EC2 of Auto Mode, HYBRID_LINUX. */
static bool is_of_nodes(struct kb_str type)
{
    return kb_str_starts(type, KB_STR("EC2")) || kb_str_starts(type, KB_STR("HYBRID"));
}

struct giving {
    const struct kb_world *world;
    kb_row_fn *fn;
    void *ctx;
    struct kb_aws_names seen;
    struct kb_arena arena;
};

static void give_once(struct giving *to, const struct kb_aws_kept *kept, struct kb_str arn)
{
    if (arn.n > 0 && !kb_aws_names_have(&to->seen, arn)) {
        kb_aws_names_add(&to->seen, &to->arena, arn);
        give(to->world, kept, arn, to->fn, to->ctx);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    struct giving to = {.world = world, .fn = fn, .ctx = ctx};
    KB_AWS_EACH(it, world, "eks describe-nodegroup", "nodegroup") {
        give_once(&to, it.kept, kb_aws_text(it.item, "nodeRole"));
    }
    KB_AWS_EACH(it, world, "eks describe-cluster", "cluster") {
        give_once(&to, it.kept, kb_aws_text(kb_aws_get(it.item, "computeConfig"), "nodeRoleArn"));
    }
    KB_AWS_EACH(it, world, "eks describe-access-entry", "accessEntry") {
        if (is_of_nodes(kb_aws_text(it.item, "type"))) {
            give_once(&to, it.kept, kb_aws_text(it.item, "principalArn"));
        }
    }
    kb_arena_done(&to.arena);
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks describe-cluster", "eks list-nodegroups",
                                        "eks list-access-entries", "eks describe-access-entry"};
    bool by_map = kb_str_eq_c(world->eks.auth_mode, "CONFIG_MAP");
    bool none = world->eks.entries_read && world->eks.entries.n == 0;
    struct kb_str why = kb_aws_unread(world, calls, by_map ? 2 : none ? 3 : 4, arena);
    return why.n > 0 || kb_net_nodegroups_whole(world)
               ? why
               : KB_STR("not every node group was described (IAM action eks:DescribeNodegroup)");
}

const struct kb_fact_source kb_facts_iam_noderole = {
    .table = &kb_table_iam_noderole, .aws = true, .rows = rows, .missing = missing};

/* Answers of the AWS CLI, by file name or by content. */
#include "source/aws_files.h"

#include <string.h>
#include <sys/stat.h>

#include "source/input.h"
#include "source/tfstate.h"

/* Operations whose answers are read, as the CLI names them. An answer without a name is one that has
 * `member`, and `also` beside it where others have that member too; the first that fits counts. */
static const struct operation {
    const char *service, *operation, *member, *also;
    const char *inner; /* the first item of `member` has it; NULL: anything does */
} operations[] = {
    {"backup", "describe-backup-vault", "BackupVaultArn", "VaultType", NULL},
    {"backup", "get-backup-plan", "BackupPlan", NULL, NULL},
    {"backup", "get-backup-selection", "BackupSelection", NULL, NULL},
    {"backup", "get-backup-vault-access-policy", "Policy", "BackupVaultName", NULL},
    {"backup", "list-backup-jobs", "BackupJobs", NULL, NULL},
    {"backup", "list-backup-plans", "BackupPlansList", NULL, NULL},
    {"backup", "list-backup-selections", "BackupSelectionsList", NULL, NULL},
    {"backup", "list-recovery-points-by-resource", "RecoveryPoints", NULL, NULL},
    {"backup", "list-restore-jobs", "RestoreJobs", NULL, NULL},
    {"cloudtrail", "describe-trails", "trailList", NULL, NULL},
    {"cloudtrail", "get-event-selectors", "TrailARN", NULL, NULL},
    {"cloudtrail", "get-trail-status", "IsLogging", NULL, NULL},
    {"configservice", "describe-configuration-recorder-status", "ConfigurationRecordersStatus", NULL, NULL},
    {"configservice", "describe-configuration-recorders", "ConfigurationRecorders", NULL, NULL},
    {"dlm", "get-lifecycle-policies", "Policies", NULL, .inner = "PolicyType"},
    {"dlm", "get-lifecycle-policy", "Policy", NULL, .inner = "PolicyDetails"},
    {"ec2", "describe-flow-logs", "FlowLogs", NULL, NULL},
    {"ec2", "describe-launch-template-versions", "LaunchTemplateVersions", NULL, NULL},
    {"ec2", "describe-nat-gateways", "NatGateways", NULL, NULL},
    {"ec2", "describe-network-acls", "NetworkAcls", NULL, NULL},
    {"ec2", "describe-route-tables", "RouteTables", NULL, NULL},
    {"ec2", "describe-security-groups", "SecurityGroups", NULL, NULL},
    {"ec2", "describe-snapshots", "Snapshots", NULL, NULL},
    {"ec2", "describe-subnets", "Subnets", NULL, NULL},
    {"ec2", "describe-transit-gateway-vpc-attachments", "TransitGatewayVpcAttachments", NULL, NULL},
    {"ec2", "describe-volumes", "Volumes", NULL, NULL},
    {"ec2", "describe-vpc-endpoints", "VpcEndpoints", NULL, NULL},
    {"ec2", "describe-vpc-peering-connections", "VpcPeeringConnections", NULL, NULL},
    {"ec2", "get-ebs-encryption-by-default", "EbsEncryptionByDefault", NULL, NULL},
    {"ec2", "get-snapshot-block-public-access-state", "State", "ManagedBy", NULL},
    {"eks", "describe-access-entry", "accessEntry", NULL, NULL},
    {"eks", "describe-addon", "addon", NULL, NULL},
    {"eks", "describe-addon-versions", "addons", NULL, .inner = "addonVersions"},
    {"eks", "describe-cluster", "cluster", NULL, NULL},
    {"eks", "describe-cluster-versions", "clusterVersions", NULL, NULL},
    {"eks", "describe-nodegroup", "nodegroup", NULL, NULL},
    {"eks", "describe-update", "update", NULL, NULL},
    {"eks", "list-access-entries", "accessEntries", NULL, NULL},
    {"eks", "list-addons", "addons", NULL, NULL},
    {"eks", "list-associated-access-policies", "associatedAccessPolicies", NULL, NULL},
    {"eks", "list-capabilities", "capabilities", NULL, NULL},
    {"eks", "list-identity-provider-configs", "identityProviderConfigs", NULL, NULL},
    {"eks", "list-insights", "insights", NULL, NULL},
    {"eks", "list-nodegroups", "nodegroups", NULL, NULL},
    {"eks", "list-pod-identity-associations", "associations", NULL, NULL},
    {"eks", "list-updates", "updateIds", NULL, NULL},
    {"guardduty", "get-detector", "FindingPublishingFrequency", "Features", NULL},
    {"guardduty", "list-coverage", "Resources", NULL, NULL},
    {"guardduty", "list-detectors", "DetectorIds", NULL, NULL},
    {"iam", "get-policy", "Policy", NULL, .inner = "DefaultVersionId"},
    {"iam", "get-policy-version", "PolicyVersion", NULL, NULL},
    {"iam", "get-role-policy", "PolicyDocument", "RoleName", NULL},
    {"iam", "list-attached-role-policies", "AttachedPolicies", NULL, NULL},
    {"iam", "list-role-policies", "PolicyNames", NULL, NULL},
    {"kms", "describe-key", "KeyMetadata", NULL, NULL},
    {"kms", "get-key-rotation-status", "KeyRotationEnabled", NULL, NULL},
    {"logs", "describe-log-groups", "logGroups", NULL, NULL},
    {"logs", "describe-metric-filters", "metricFilters", NULL, NULL},
    {"logs", "describe-resource-policies", "resourcePolicies", NULL, NULL},
    {"logs", "describe-subscription-filters", "subscriptionFilters", NULL, NULL},
    {"macie2", "get-macie-session", "findingPublishingFrequency", "serviceRole", NULL},
    {"network-firewall", "describe-firewall", "Firewall", NULL, NULL},
    {"network-firewall", "describe-firewall-policy", "FirewallPolicy", NULL, NULL},
    {"network-firewall", "describe-logging-configuration", "LoggingConfiguration", NULL, NULL},
    {"network-firewall", "list-firewalls", "Firewalls", NULL, NULL},
    {"organizations", "describe-policy", NULL, NULL, NULL},
    {"organizations", "list-parents", "Parents", NULL, NULL},
    {"organizations", "list-policies-for-target", "Policies", NULL, NULL},
    {"s3api", "get-bucket-encryption", "ServerSideEncryptionConfiguration", NULL, NULL},
    {"s3api", "get-bucket-lifecycle-configuration", "Rules", NULL, NULL},
    {"s3api", "get-bucket-logging", "LoggingEnabled", NULL, NULL},
    {"s3api", "get-bucket-policy", "Policy", NULL, NULL},
    {"s3api", "get-bucket-policy-status", "PolicyStatus", NULL, NULL},
    {"s3api", "get-bucket-replication", "ReplicationConfiguration", NULL, NULL},
    {"s3api", "get-bucket-versioning", NULL, NULL, NULL},
    {"s3api", "get-object-lock-configuration", "ObjectLockConfiguration", NULL, NULL},
    {"s3api", "get-public-access-block", "PublicAccessBlockConfiguration", NULL, NULL},
    {"s3control", "get-public-access-block", NULL, NULL, NULL},
    {"securityhub", "get-findings", "Findings", NULL, NULL},
};
enum { OPERATIONS = sizeof operations / sizeof operations[0], ANSWER_MAX = 64 << 20 };

bool kb_aws_files_operation(size_t index, const char **service, const char **name)
{
    if (index >= OPERATIONS) {
        return false;
    }
    *service = operations[index].service;
    *name = operations[index].operation;
    return true;
}

/* File name without folder and endings. */
static struct kb_str stem(struct kb_str path)
{
    static const char *const endings[] = {".gz", ".zst", ".json", ".err"};
    const char *slash = memrchr(path.p, '/', path.n);
    struct kb_str name = kb_str_sub(path, slash == NULL ? 0 : (size_t)(slash - path.p) + 1, path.n);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (kb_str_ends(name, kb_str_c(endings[i]))) {
            name = kb_str_sub(name, 0, name.n - strlen(endings[i]));
        }
    }
    return name;
}

/* The longest operation that the name begins with; what follows it is the subject. */
static const struct operation *by_name(struct kb_str name, struct kb_str *subject)
{
    const struct operation *found = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < OPERATIONS; i++) {
        size_t service = strlen(operations[i].service);
        size_t n = service + 1 + strlen(operations[i].operation);
        if (n > longest && name.n >= n && kb_str_starts(name, kb_str_c(operations[i].service)) &&
            name.p[service] == '-' &&
            kb_str_starts(kb_str_sub(name, service + 1, name.n),
                          kb_str_c(operations[i].operation)) &&
            (name.n == n || name.p[n] == '-')) {
            longest = n;
            found = &operations[i];
        }
    }
    *subject = found == NULL || name.n == longest ? KB_STR("")
                                                  : kb_str_sub(name, longest + 1, name.n);
    return found;
}

/* With its first letter in either case: the CLI's services differ in that. */
static const json_t *member_of(const json_t *json, const char *key)
{
    enum { KEY_MAX = 64 };
    char other[KEY_MAX];
    const json_t *found = json_object_get(json, key);
    if (found == NULL && strlen(key) < sizeof other) {
        memcpy(other, key, strlen(key) + 1);
        other[0] = (char)(other[0] ^ ('a' ^ 'A'));
        found = json_object_get(json, other);
    }
    return found;
}

/* The first item of a list, or the object itself. */
static bool has_inner(const json_t *value, const char *inner)
{
    return inner == NULL || member_of(json_is_array(value) ? json_array_get(value, 0) : value, inner);
}

static const struct operation *by_content(const json_t *json)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct operation *at = &operations[i];
        const json_t *member = at->member == NULL ? NULL : member_of(json, at->member);
        if (member != NULL && has_inner(member, at->inner) &&
            (at->also == NULL || member_of(json, at->also) != NULL)) {
            return at;
        }
    }
    return NULL;
}

/* "GetBucketPolicy" is "get-bucket-policy". */
static bool same_operation(struct kb_str pascal, const char *kebab)
{
    size_t i = 0;
    for (; i < pascal.n && *kebab != '\0'; i++, kebab++) {
        kebab += *kebab == '-';
        char c = pascal.p[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != *kebab) {
            return false;
        }
    }
    return i == pascal.n && i > 0 && *kebab == '\0';
}

/* "… when calling the GetBucketPolicy operation: …" */
static const struct operation *by_error(struct kb_str error)
{
    static const struct kb_str before = KB_STR_INIT("when calling the ");
    size_t at = kb_str_find(error, before, 0);
    struct kb_str rest = at == SIZE_MAX ? KB_STR("") : kb_str_sub(error, at + before.n, error.n);
    struct kb_str name = kb_str_split(rest, ' ', &rest);
    for (size_t i = 0; i < OPERATIONS; i++) {
        if (same_operation(name, operations[i].operation)) {
            return &operations[i];
        }
    }
    return NULL;
}

static KB_RES read_text(const struct kb_input_entry *entry, struct kb_buf *text, struct kb_err *err)
{
    struct kb_input *input;
    KB_TRY(kb_input_open(entry, false, &input, err));
    kb_res res = kb_bytes_all(kb_input_bytes(input), text, err);
    kb_input_close(input);
    return res;
}

/* More pages follow: the CLI was told not to fetch them. */
static bool goes_on(const json_t *json)
{
    static const char *const tokens[] = {"nextToken", "NextToken", "NextMarker", "Marker"};
    static const char *const flags[] = {"IsTruncated", "Truncated"};
    struct kb_str token = KB_STR("");
    bool more = false;
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0] && !more; i++) {
        more = kb_json_str(json, tokens[i], &token) && token.n > 0;
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0] && !more; i++) {
        more = json_is_true(json_object_get(json, flags[i]));
    }
    return more;
}

/* A failure in JSON: {"Error": {"Code": …}} of the CLI and of services with XML, {"__type": …} of the others. In the
 * CLI's words; empty where the answer is none. */
static struct kb_str failure_of(const json_t *json, struct kb_arena *arena)
{
    const json_t *error = kb_json_object(json, "Error");
    struct kb_str code = KB_STR(""), message = KB_STR("");
    error = error != NULL ? error : json;
    bool failed = kb_json_str(json, "__type", &code) ||
                  (error != json && kb_json_str(error, "Code", &code));
    (void)(kb_json_str(error, "Message", &message) || kb_json_str(error, "message", &message));
    return failed ? kb_arena_printf(arena, "An error occurred (%.*s): %.*s", KB_FMT(code),
                                    KB_FMT(message))
                  : KB_STR("");
}

/* An answer without what it is to tell of is none: what an expression of --query left, or another call's. Buckets
 * without a log answer with nothing. */
static bool lacks_member(const struct operation *of, const json_t *json)
{
    bool may_lack = of->member == NULL || of->also != NULL ||
                    strcmp(of->operation, "get-bucket-logging") == 0;
    return !json_is_object(json) || (!may_lack && member_of(json, of->member) == NULL);
}

/* When the file was written, which is when the call was made; 0 where there is no file. */
static int64_t changed_ns(struct kb_str path)
{
    enum { PATH_BYTES = 4096 };
    static const int64_t second = 1000000000;
    char name[PATH_BYTES] = "";
    struct stat info;
    if (path.n == 0 || path.n >= sizeof name) {
        return 0;
    }
    memcpy(name, path.p, path.n);
    return stat(name, &info) == 0 ? (int64_t)info.st_mtim.tv_sec * second : 0;
}

static void give(const struct kb_input_entry *entry, const json_t *json, struct kb_str error,
                 const struct kb_aws_sink *sink)
{
    struct kb_aws_answer answer = {.json = json,
                                   .error = error,
                                   .source = entry->name,
                                   .taken_ns = changed_ns(entry->path)};
    struct kb_arena arena = {0};
    const struct operation *of = by_name(stem(entry->path), &answer.subject);
    struct kb_str failure = json == NULL ? KB_STR("") : failure_of(json, &arena);
    if (failure.n > 0) {
        answer.json = json = NULL;
        answer.error = error = failure;
    }
    of = of == NULL && json != NULL ? by_content(json) : of;
    of = of == NULL && error.n > 0 ? by_error(error) : of;
    if (of != NULL) {
        answer.service = kb_str_c(of->service);
        answer.operation = kb_str_c(of->operation);
    } else if (error.n == 0) {
        answer.error = KB_STR("not an answer of an operation that is read");
    }
    if (json != NULL && answer.error.n == 0 && goes_on(json)) {
        answer.error = KB_STR("the answer goes on: this is one page of it");
    } else if (json != NULL && answer.error.n == 0 && lacks_member(of, json)) {
        answer.error = KB_STR("not an answer of this operation: what it tells of is missing");
    }
    sink->answer(sink->ctx, &answer);
    kb_arena_done(&arena);
}

static void read_file(const struct kb_input_entry *entry, const struct kb_aws_sink *sink)
{
    struct kb_buf text;
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    kb_buf_init(&text, ANSWER_MAX);
    kb_res res = read_text(entry, &text, &err);
    struct kb_str all = kb_str_trim(kb_buf_view(&text));
    bool failed_call = kb_str_ends(entry->path, KB_STR(".err"));
    if (!kb_failed(res) && !failed_call) {
        res = kb_json_parse(NULL, all, 0, &json, &err);
    }
    struct kb_str error = kb_failed(res) ? kb_str_c(err.msg) : failed_call ? all : KB_STR("");
    enum kb_tfstate_kind state = json == NULL ? KB_TFSTATE_NONE : kb_tfstate_kind(json);
    if (state == KB_TFSTATE_V4) {
        kb_tfstate_read(json, entry->name, all, sink);
    } else {
        give(entry, json, state == KB_TFSTATE_NONE ? error : kb_tfstate_refusal(state), sink);
    }
    kb_buf_done(&text);
}

KB_RES kb_aws_files_read(const struct kb_str *paths, size_t n, const struct kb_aws_sink *sink,
                         struct kb_err *err)
{
    struct kb_arena arena = {0};
    struct kb_inputs inputs = {0};
    const char **names = KB_NEW_ARRAY(&arena, n, const char *);
    for (size_t i = 0; i < n; i++) {
        names[i] = kb_arena_copy(&arena, paths[i]).p;
    }
    kb_res res = kb_inputs_find(&arena, names, n, &inputs, err);
    for (size_t i = 0; !kb_failed(res) && i < inputs.n; i++) {
        read_file(&inputs.at[i], sink);
    }
    kb_arena_done(&arena);
    return res;
}

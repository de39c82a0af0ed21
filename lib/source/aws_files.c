/* Answers of the AWS CLI, by file name or by content. */
#include "source/aws_files.h"

#include <string.h>

#include "source/input.h"

/* Operations whose answers are read, as the CLI names them; `member` is what only this answer has. */
static const struct operation {
    const char *service, *operation, *member;
} operations[] = {
    {"cloudtrail", "describe-trails", "trailList"},
    {"cloudtrail", "get-trail-status", NULL},
    {"ec2", "describe-flow-logs", "FlowLogs"},
    {"ec2", "describe-launch-template-versions", "LaunchTemplateVersions"},
    {"ec2", "describe-nat-gateways", "NatGateways"},
    {"ec2", "describe-route-tables", "RouteTables"},
    {"ec2", "describe-security-groups", "SecurityGroups"},
    {"ec2", "describe-subnets", "Subnets"},
    {"ec2", "describe-vpc-endpoints", "VpcEndpoints"},
    {"ec2", "describe-vpc-peering-connections", "VpcPeeringConnections"},
    {"ec2", "get-ebs-encryption-by-default", "EbsEncryptionByDefault"},
    {"ec2", "get-snapshot-block-public-access-state", NULL},
    {"eks", "describe-access-entry", "accessEntry"},
    {"eks", "describe-addon", "addon"},
    {"eks", "describe-cluster-versions", "clusterVersions"},
    {"eks", "describe-cluster", "cluster"},
    {"eks", "describe-nodegroup", "nodegroup"},
    {"eks", "list-access-entries", "accessEntries"},
    {"eks", "list-addons", "addons"},
    {"eks", "list-associated-access-policies", "associatedAccessPolicies"},
    {"eks", "list-identity-provider-configs", "identityProviderConfigs"},
    {"eks", "list-insights", "insights"},
    {"eks", "list-nodegroups", "nodegroups"},
    {"eks", "list-pod-identity-associations", "associations"},
    {"eks", "list-updates", "updateIds"},
    {"guardduty", "get-detector", NULL},
    {"guardduty", "list-detectors", "DetectorIds"},
    {"kms", "describe-key", "KeyMetadata"},
    {"kms", "get-key-rotation-status", "KeyRotationEnabled"},
    {"logs", "describe-log-groups", "logGroups"},
    {"logs", "describe-metric-filters", "metricFilters"},
    {"logs", "describe-resource-policies", "resourcePolicies"},
    {"logs", "describe-subscription-filters", "subscriptionFilters"},
    {"s3api", "get-bucket-encryption", "ServerSideEncryptionConfiguration"},
    {"s3api", "get-bucket-policy-status", "PolicyStatus"},
    {"s3api", "get-bucket-policy", "Policy"},
    {"s3api", "get-bucket-replication", "ReplicationConfiguration"},
    {"s3api", "get-bucket-versioning", NULL},
    {"s3api", "get-object-lock-configuration", "ObjectLockConfiguration"},
    {"s3api", "get-public-access-block", "PublicAccessBlockConfiguration"},
};
enum { OPERATIONS = sizeof operations / sizeof operations[0], ANSWER_MAX = 64 << 20 };

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

/* The operation that the name begins with; what follows it is the subject. */
static const struct operation *by_name(struct kb_str name, struct kb_str *subject)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        size_t service = strlen(operations[i].service);
        size_t n = service + 1 + strlen(operations[i].operation);
        if (name.n >= n && kb_str_starts(name, kb_str_c(operations[i].service)) &&
            name.p[service] == '-' &&
            kb_str_starts(kb_str_sub(name, service + 1, name.n),
                          kb_str_c(operations[i].operation)) &&
            (name.n == n || name.p[n] == '-')) {
            *subject = name.n == n ? KB_STR("") : kb_str_sub(name, n + 1, name.n);
            return &operations[i];
        }
    }
    return NULL;
}

static const struct operation *by_content(const json_t *json)
{
    for (size_t i = 0; i < OPERATIONS; i++) {
        if (operations[i].member != NULL && json_object_get(json, operations[i].member) != NULL) {
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
    struct kb_str token = KB_STR("");
    return (kb_json_str(json, "nextToken", &token) || kb_json_str(json, "NextToken", &token)) &&
           token.n > 0;
}

static void give(const struct kb_input_entry *entry, const json_t *json, struct kb_str error,
                 const struct kb_aws_sink *sink)
{
    struct kb_aws_answer answer = {.json = json, .error = error, .source = entry->name};
    const struct operation *of = by_name(stem(entry->path), &answer.subject);
    of = of == NULL && json != NULL ? by_content(json) : of;
    if (of != NULL) {
        answer.service = kb_str_c(of->service);
        answer.operation = kb_str_c(of->operation);
    } else if (error.n == 0) {
        answer.error = KB_STR("not an answer of an operation that is read");
    }
    if (json != NULL && answer.error.n == 0 && goes_on(json)) {
        answer.error = KB_STR("the answer goes on: this is one page of it");
    }
    sink->answer(sink->ctx, &answer);
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
    give(entry, json, error, sink);
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

/* Table securityhub.finding. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(id, "string", KB_ALWAYS, "Id of the finding.")                                               \
    X(resource, "string", KB_ALWAYS, "ARN of the resource that it is about.")                      \
    X(title, "string", KB_ALWAYS, "What it says.")                                                 \
    X(check, "string", KB_ALWAYS, "Id of the check that found it.")                                \
    X(severity, "string", KB_ALWAYS, "\"CRITICAL\", \"HIGH\", \"MEDIUM\", \"LOW\" or \"INFORMATIONAL\".") \
    X(age_days, "int", KB_ALWAYS, "Days since it was first observed, or made.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(securityhub_finding, "securityhub.finding",
             "One row an active finding of Security Hub, neither suppressed nor resolved, about the "
             "cluster or about AWS Backup in its account and region.");

static const char *const call = "securityhub get-findings";

/* Part `i` of an ARN: 3 is the region, 4 the account. */
static struct kb_str part_of(struct kb_str arn, unsigned i)
{
    for (unsigned k = 0; k < i; k++) {
        (void)kb_str_split(arn, ':', &arn);
    }
    return kb_str_split(arn, ':', &(struct kb_str){0});
}

static bool is_ours(const struct kb_world *world, const json_t *resource)
{
    enum { REGION = 3, ACCOUNT = 4 };
    struct kb_aws_home home = kb_aws_home(world);
    struct kb_str id = kb_aws_text(resource, "Id"), type = kb_aws_text(resource, "Type");
    bool home_is = kb_str_eq(part_of(id, REGION), home.region) &&
                   kb_str_eq(part_of(id, ACCOUNT), home.account);
    return kb_str_eq(id, world->eks.arn) ||
           (home_is && kb_str_starts(type, KB_STR("AwsBackup")));
}

static bool is_open(const json_t *finding)
{
    const json_t *workflow = kb_aws_get(finding, "Workflow");
    struct kb_str old = kb_aws_text(finding, "WorkflowState");
    bool closed = kb_aws_is(workflow, "Status", "SUPPRESSED") ||
                  kb_aws_is(workflow, "Status", "RESOLVED") || kb_str_eq_c(old, "RESOLVED");
    return !closed && !kb_aws_is(finding, "RecordState", "ARCHIVED");
}

static struct kb_cel_val age_days(const struct kb_world *world, const json_t *finding)
{
    enum { DAY_S = 86400 };
    int64_t at, now_s = world->now_ns / 1000000000;
    bool told = kb_aws_moment(finding, "FirstObservedAt", &at) ||
                kb_aws_moment(finding, "CreatedAt", &at);
    return told ? kb_cel_int(now_s > at ? (now_s - at) / DAY_S : 0) : kb_aws_unknown();
}

static struct kb_str severity_of(const json_t *finding)
{
    struct kb_str label = kb_aws_text(kb_aws_get(finding, "Severity"), "Label");
    const json_t *by_provider = kb_aws_dig(finding, "FindingProviderFields.Severity");
    return label.n > 0 ? label : kb_aws_text(by_provider, "Label");
}

static void give(const struct kb_world *world, const struct kb_aws_each *it, struct kb_str resource,
                 kb_row_fn *fn, void *ctx)
{
    struct kb_aws_row row = kb_aws_row(&kb_table_securityhub_finding, it->kept);
    struct kb_str severity = severity_of(it->item);
    struct kb_str check = kb_aws_text(kb_aws_get(it->item, "Compliance"), "SecurityControlId");
    row.object = resource;
    row.part = kb_aws_text(it->item, "Id");
    row.values[C_id] = kb_cel_string(row.part);
    row.values[C_resource] = kb_cel_string(resource);
    row.values[C_title] = kb_cel_string(kb_aws_text(it->item, "Title"));
    row.values[C_check] =
        kb_cel_string(check.n > 0 ? check : kb_aws_text(it->item, "GeneratorId"));
    row.values[C_age_days] = age_days(world, it->item);
    if (severity.n > 0) {
        row.values[C_severity] = kb_cel_string(severity);
    }
    kb_aws_row_give(&row, fn, ctx);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    KB_AWS_EACH(it, world, call, "Findings") {
        const json_t *resources = kb_aws_get(it.item, "Resources");
        for (size_t i = 0; is_open(it.item) && i < json_array_size(resources); i++) {
            const json_t *resource = json_array_get(resources, i);
            if (is_ours(world, resource)) {
                give(world, &it, kb_aws_text(resource, "Id"), fn, ctx);
            }
        }
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"eks describe-cluster", "securityhub get-findings"};
    return kb_aws_unread(world, calls, 2, arena);
}

static const char *absent(const struct kb_world *world)
{
    const struct kb_aws_kept *kept = kb_aws_next(world, call, NULL);
    return kept != NULL && kept->none ? "Security Hub is not on in this account and region" : NULL;
}

const struct kb_fact_source kb_facts_securityhub_finding = {
    .table = &kb_table_securityhub_finding, .aws = true, .rows = rows, .missing = missing,
    .absent = absent};

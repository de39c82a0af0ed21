/* Table cloudtrail.trail. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(arn, "string", KB_ALWAYS, "ARN of the trail.")                                               \
    X(name, "string", KB_ALWAYS, "Name of the trail.")                                             \
    X(exists, "bool", KB_ALWAYS, "False where the account has no trail.")                          \
    X(multi_region, "bool", KB_ALWAYS, "Whether it takes all regions.")                            \
    X(validated, "bool", KB_ALWAYS, "Whether digests tell if its files were changed.")             \
    X(logging, "bool", KB_ALWAYS, "Whether it is running.")                                        \
    X(delivery_error, "string", KB_ALWAYS, "Why its files do not arrive; empty where they do.")    \
    X(management_events, "bool", KB_ALWAYS, "Whether it takes calls that change settings.")        \
    X(another_good, "bool", KB_ALWAYS,                                                             \
      "Whether another trail runs, of all regions, validated and delivered.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(cloudtrail_trail, "cloudtrail.trail",
             "One row a CloudTrail trail; a row also where there is none.");

static const char *const by_column[KB_AWS_COLUMNS_MAX] = {
    [C_logging] = "cloudtrail get-trail-status",
    [C_delivery_error] = "cloudtrail get-trail-status",
    [C_management_events] = "cloudtrail get-event-selectors",
};

/* The only answer of a call says of the only trail where nothing names it. */
static const json_t *status_of(const struct kb_world *world, const json_t *trail)
{
    struct kb_str name = kb_aws_text(trail, "Name");
    struct kb_str arn = kb_aws_text(trail, "TrailARN");
    const struct kb_aws_kept *kept = kb_aws_about(world, "cloudtrail get-trail-status", arn);
    kept = kept != NULL ? kept : kb_aws_about(world, "cloudtrail get-trail-status", name);
    const struct kb_aws_kept *only = kb_aws_next(world, "cloudtrail get-trail-status", NULL);
    bool alone = only != NULL && only->subject.n == 0 &&
                 kb_aws_next(world, "cloudtrail get-trail-status", only) == NULL;
    kept = kept == NULL && alone ? only : kept;
    return kept == NULL || kept->error.n > 0 ? NULL : kept->json;
}

static bool is_good(const struct kb_world *world, const json_t *trail)
{
    const json_t *status = status_of(world, trail);
    return kb_aws_true(trail, "IsMultiRegionTrail") &&
           kb_aws_true(trail, "LogFileValidationEnabled") && kb_aws_true(status, "IsLogging") &&
           kb_aws_text(status, "LatestDeliveryError").n == 0;
}

static bool another_good(const struct kb_world *world, const json_t *trail)
{
    KB_AWS_EACH(it, world, "cloudtrail describe-trails", "trailList") {
        if (it.item != trail && is_good(world, it.item)) {
            return true;
        }
    }
    return false;
}

/* An advanced selector of eventCategory Management, or an old one that includes them. */
static struct kb_cel_val management_events(const struct kb_world *world, struct kb_str arn)
{
    bool known = false, found = false;
    KB_AWS_EACH(it, world, "cloudtrail get-event-selectors", NULL) {
        if (!kb_str_eq(kb_aws_text(it.item, "TrailARN"), arn)) {
            continue;
        }
        const json_t *old = kb_aws_get(it.item, "EventSelectors");
        const json_t *new = kb_aws_get(it.item, "AdvancedEventSelectors");
        known = true;
        for (size_t i = 0; i < json_array_size(old); i++) {
            found = found || kb_aws_true(json_array_get(old, i), "IncludeManagementEvents");
        }
        for (size_t i = 0; i < json_array_size(new); i++) {
            const json_t *fields = kb_aws_get(json_array_get(new, i), "FieldSelectors");
            for (size_t k = 0; k < json_array_size(fields); k++) {
                const json_t *field = json_array_get(fields, k);
                found = found || (kb_aws_is(field, "Field", "eventCategory") &&
                                  kb_aws_has(kb_aws_get(field, "Equals"), KB_STR("Management")));
            }
        }
    }
    return known ? kb_cel_bool(found) : kb_aws_unknown();
}

static void give(const struct kb_world *world, const struct kb_aws_kept *kept, const json_t *trail,
                 kb_row_fn *fn, void *ctx)
{
    struct kb_aws_row row = kb_aws_row(&kb_table_cloudtrail_trail, kept);
    const json_t *status = status_of(world, trail);
    row.world = world;
    row.calls = by_column;
    row.object = trail == NULL ? kb_aws_home(world).account : kb_aws_text(trail, "TrailARN");
    row.values[C_arn] = kb_cel_string(row.object);
    row.values[C_name] = kb_cel_string(kb_aws_text(trail, "Name"));
    row.values[C_exists] = kb_cel_bool(trail != NULL);
    row.values[C_multi_region] = kb_cel_bool(kb_aws_true(trail, "IsMultiRegionTrail"));
    row.values[C_validated] = kb_cel_bool(kb_aws_true(trail, "LogFileValidationEnabled"));
    row.values[C_logging] = kb_aws_bool_or_unknown(status, "IsLogging");
    if (status != NULL) {
        row.values[C_delivery_error] = kb_cel_string(kb_aws_text(status, "LatestDeliveryError"));
    }
    row.values[C_management_events] = management_events(world, row.object);
    row.values[C_another_good] = kb_cel_bool(another_good(world, trail));
    kb_aws_row_give(&row, fn, ctx);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    bool any = false;
    KB_AWS_EACH(it, world, "cloudtrail describe-trails", "trailList") {
        any = true;
        give(world, it.kept, it.item, fn, ctx);
    }
    if (!any && kb_aws_read(world, "cloudtrail describe-trails")) {
        give(world, kb_aws_next(world, "cloudtrail describe-trails", NULL), NULL, fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    static const char *const calls[] = {"cloudtrail describe-trails"};
    return kb_aws_unread(world, calls, 1, arena);
}

const struct kb_fact_source kb_facts_cloudtrail_trail = {
    .table = &kb_table_cloudtrail_trail, .aws = true, .rows = rows, .missing = missing};

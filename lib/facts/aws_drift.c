/* Table aws.drift. */
#include <stdlib.h>

#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(call, "string", KB_ALWAYS, "What was asked: \"eks describe-cluster\".")                      \
    X(resource, "string", KB_ALWAYS, "Address in Terraform, or what was asked about.")             \
    X(member, "string", KB_ALWAYS, "Way to the setting in the answer: \"resourcesVpcConfig.vpcId\".") \
    X(declared, "string", KB_ALWAYS, "What the Terraform state has.")                              \
    X(live, "string", KB_ALWAYS, "What AWS says.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(aws_drift, "aws.drift",
             "One row a setting that is otherwise than the Terraform state has it, where both were "
             "read. What AWS says is what controls judge.");

/* How a thing is known again in the two answers: by a member of it, or by what was asked about (NULL). */
static const struct same {
    const char *call, *list, *id;
} sames[] = {
    {"eks describe-cluster", "cluster", "arn"},
    {"eks describe-nodegroup", "nodegroup", "nodegroupArn"},
    {"eks describe-addon", "addon", "addonArn"},
    {"logs describe-log-groups", "logGroups", "logGroupName"},
    {"kms get-key-rotation-status", NULL, "KeyId"},
    {"ec2 describe-subnets", "Subnets", "SubnetId"},
    {"ec2 describe-vpc-endpoints", "VpcEndpoints", "VpcEndpointId"},
    {"ec2 get-ebs-encryption-by-default", NULL, NULL},
    {"ec2 get-snapshot-block-public-access-state", NULL, NULL},
    {"cloudtrail describe-trails", "trailList", "TrailARN"},
    {"s3api get-bucket-versioning", NULL, NULL},
    {"s3api get-public-access-block", NULL, NULL},
    {"s3api get-bucket-encryption", NULL, NULL},
    {"s3api get-object-lock-configuration", NULL, NULL},
};

enum { DEPTH = 12 };

struct giver {
    struct kb_arena *arena;
    const struct kb_aws_kept *kept;
    kb_row_fn *fn;
    void *ctx;
};

static struct kb_str text_of(const json_t *value, struct kb_arena *arena)
{
    struct kb_buf buf = {.max = 4096};
    if (value == NULL) {
        return KB_STR("(not set)");
    }
    if (json_is_string(value)) {
        return kb_json_view(value);
    }
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    kb_buf_c(&buf, dump == NULL ? "" : dump);
    free(dump);
    struct kb_str out = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return out;
}

static void give(const struct giver *by, struct kb_str member, const json_t *declared,
                 const json_t *live)
{
    struct kb_aws_row row = kb_aws_row(&kb_table_aws_drift, by->kept);
    row.object = by->kept->subject;
    row.part = kb_arena_printf(by->arena, "%.*s %.*s", KB_FMT(by->kept->call), KB_FMT(member));
    row.values[C_call] = kb_cel_string(by->kept->call);
    row.values[C_resource] = kb_cel_string(by->kept->subject);
    row.values[C_member] = kb_cel_string(member);
    row.values[C_declared] = kb_cel_string(text_of(declared, by->arena));
    row.values[C_live] = kb_cel_string(text_of(live, by->arena));
    kb_aws_row_give(&row, by->fn, by->ctx);
}

/* Texts of a list in any order. */
static bool same_texts(const json_t *a, const json_t *b)
{
    bool same = json_is_array(a) && json_is_array(b) && json_array_size(a) == json_array_size(b);
    for (size_t i = 0; same && i < json_array_size(a); i++) {
        const json_t *item = json_array_get(a, i);
        same = !json_is_string(item) || kb_aws_has(b, kb_json_view(item));
    }
    return same;
}

/* How many log types are on; *shared: those that are on in `other` too. */
static size_t types_on(const json_t *logging, const json_t *other, size_t *shared)
{
    size_t n = 0;
    *shared = 0;
    for (size_t i = 0; i < json_array_size(logging); i++) {
        const json_t *types = kb_aws_get(json_array_get(logging, i), "types");
        bool on = kb_aws_true(json_array_get(logging, i), "enabled");
        for (size_t k = 0; on && k < json_array_size(types); k++) {
            bool found = false;
            for (size_t m = 0; m < json_array_size(other) && !found; m++) {
                const json_t *entry = json_array_get(other, m);
                found = kb_aws_true(entry, "enabled") &&
                        kb_aws_has(kb_aws_get(entry, "types"),
                                   kb_json_view(json_array_get(types, k)));
            }
            n++;
            *shared += found;
        }
    }
    return n;
}

/* clusterLogging may say in two entries what one says. */
static bool same_logging(const json_t *a, const json_t *b)
{
    size_t shared_a, shared_b;
    size_t in_a = types_on(a, b, &shared_a), in_b = types_on(b, a, &shared_b);
    return in_a == shared_a && in_b == shared_b;
}

/* A truth value that AWS does not tell is one that this version of the CLI does not know. Lists of objects have
 * no order to compare by. */
static bool differs(struct kb_str member, const json_t *declared, const json_t *live)
{
    bool nested = json_is_array(declared) && json_is_object(json_array_get(declared, 0));
    bool untold = json_is_boolean(declared) && live == NULL;
    if (kb_str_eq_c(member, "logging.clusterLogging")) {
        return live != NULL && !same_logging(declared, live);
    }
    return !nested && !untold && !kb_str_eq_c(member, "status") && !json_equal(declared, live) &&
           !same_texts(declared, live);
}

/* Every member that the state has; what only AWS has, the state does not say. */
static void compare(const struct giver *by, struct kb_str way, json_t *declared, const json_t *live,
                    unsigned depth)
{
    const char *key;
    json_t *value;
    json_object_foreach(declared, key, value) {
        const json_t *other = kb_aws_get(live, key);
        struct kb_str member = way.n == 0 ? kb_arena_copy(by->arena, kb_str_c(key))
                                          : kb_arena_printf(by->arena, "%.*s.%s", KB_FMT(way), key);
        if (json_is_object(value) && depth < DEPTH) {
            compare(by, member, value, other, depth + 1);
        } else if (differs(member, value, other)) {
            give(by, member, value, other);
        }
    }
}

/* The same thing in a live answer; NULL where there is none. */
static const json_t *live_of(const struct kb_world *world, const struct same *same,
                             const struct kb_aws_kept *declared, const json_t *thing)
{
    KB_AWS_EACH(it, world, same->call, same->list) {
        bool by_id = same->id != NULL && kb_str_eq(kb_aws_text(it.item, same->id),
                                                   kb_aws_text(thing, same->id));
        bool account = kb_str_starts(it.kept->call, KB_STR("ec2 get-"));
        bool by_subject = same->id == NULL &&
                          (account || kb_str_eq(it.kept->subject, declared->subject));
        if (!it.kept->declared && (by_id || by_subject)) {
            return it.item;
        }
    }
    return NULL;
}

static void compare_answer(const struct giver *by, const struct kb_world *world,
                           const struct same *same)
{
    json_t *part = same->list == NULL ? by->kept->json : kb_aws_get(by->kept->json, same->list);
    json_t *thing = json_is_array(part) ? json_array_get(part, 0) : part;
    const json_t *live = live_of(world, same, by->kept, thing);
    if (live != NULL) {
        compare(by, KB_STR(""), thing, live, 0);
    }
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    for (size_t i = 0; i < world->aws.at.n; i++) {
        const struct kb_aws_kept *kept = &world->aws.at.at[i];
        struct kb_arena arena = {0};
        struct giver by = {&arena, kept, fn, ctx};
        for (size_t k = 0; kept->declared && k < sizeof sames / sizeof sames[0]; k++) {
            if (kb_str_eq_c(kept->call, sames[k].call)) {
                compare_answer(&by, world, &sames[k]);
            }
        }
        kb_arena_done(&arena);
    }
}

static const char *absent(const struct kb_world *world)
{
    bool declared = false;
    for (size_t i = 0; i < world->aws.at.n && !declared; i++) {
        declared = world->aws.at.at[i].declared;
    }
    return declared ? NULL : "no Terraform state was read";
}

const struct kb_fact_source kb_facts_aws_drift = {
    .table = &kb_table_aws_drift, .aws = true, .rows = rows, .absent = absent};

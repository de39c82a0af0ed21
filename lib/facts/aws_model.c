/* Keeping and finding what AWS answered. */
#include "facts/aws_model.h"

#include <stdlib.h>

#include "base/limits.h"
#include "facts/aws_json.h"
#include "facts/world.h"

void kb_aws_model_answer(struct kb_world *world, const struct kb_aws_answer *answer)
{
    struct kb_aws_model *model = &world->aws;
    if (answer->service.n == 0 || model->at.n >= KB_MAX_AWS_ANSWERS) {
        model->full = model->full || answer->service.n > 0;
        return;
    }
    bool none = kb_aws_says_none(answer);
    struct kb_str call = kb_arena_printf(&world->arena, "%.*s %.*s", KB_FMT(answer->service),
                                         KB_FMT(answer->operation));
    *KB_VEC_PUSH(&model->at) = (struct kb_aws_kept){
        .call = kb_map_intern(&world->names, call),
        .subject = kb_arena_copy(&world->arena, answer->subject),
        .source = kb_map_intern(&world->names, answer->source),
        .error = none ? KB_STR("") : kb_arena_copy(&world->arena, kb_str_trim(answer->error)),
        .json = json_deep_copy(answer->json),
        .taken_ns = answer->taken_ns,
        .none = none,
        .declared = answer->declared,
    };
}

/* Nothing says twice the same for less: live before declared, then by name. */
static int by_call(const void *a, const void *b)
{
    const struct kb_aws_kept *x = a, *y = b;
    int order = kb_str_cmp(x->call, y->call);
    order = order != 0 ? order : (int)x->declared - (int)y->declared;
    order = order != 0 ? order : kb_str_cmp(x->subject, y->subject);
    return order != 0 ? order : kb_str_cmp(x->source, y->source);
}

/* The answers are one cluster's: of two clusters it is not known which one's the lists are. */
static void check_clusters(struct kb_world *world)
{
    static const char *const call = "eks describe-cluster";
    struct kb_str first = KB_STR("");
    bool several = false;
    KB_AWS_EACH(it, world, call, "cluster") {
        struct kb_str arn = kb_aws_text(it.item, "arn");
        several = several || (first.n > 0 && arn.n > 0 && !kb_str_eq(arn, first));
        first = first.n > 0 ? first : arn;
    }
    for (size_t i = 0; several && i < world->aws.at.n; i++) {
        struct kb_aws_kept *kept = &world->aws.at.at[i];
        if (kb_str_eq_c(kept->call, call) && kept->error.n == 0) {
            kept->error = KB_STR("answers of several clusters were given");
        }
    }
}

/* What names another cluster is not this one's. */
static void check_names(struct kb_world *world)
{
    static const struct {
        const char *call, *member;
    } named[] = {{"eks describe-nodegroup", "nodegroup"}, {"eks describe-addon", "addon"}};
    for (size_t i = 0; i < world->aws.at.n && world->eks.name.n > 0; i++) {
        struct kb_aws_kept *kept = &world->aws.at.at[i];
        for (size_t k = 0; k < sizeof named / sizeof named[0]; k++) {
            const json_t *object = kb_aws_get(kept->json, named[k].member);
            struct kb_str of = kb_aws_text(object, "clusterName");
            if (kb_str_eq_c(kept->call, named[k].call) && of.n > 0 &&
                !kb_str_eq(of, world->eks.name)) {
                kept->error = kb_arena_printf(&world->arena, "it is of the cluster %.*s", KB_FMT(of));
                json_decref(kept->json);
                kept->json = NULL;
            }
        }
    }
}

void kb_aws_model_close(struct kb_world *world)
{
    struct kb_aws_model *model = &world->aws;
    if (model->at.n > 1) {
        qsort(model->at.at, model->at.n, sizeof model->at.at[0], by_call);
    }
    check_clusters(world);
    check_names(world);
}

void kb_aws_model_done(struct kb_aws_model *model)
{
    for (size_t i = 0; i < model->at.n; i++) {
        json_decref(model->at.at[i].json);
    }
    KB_VEC_DONE(&model->at);
}

const struct kb_aws_kept *kb_aws_next(const struct kb_world *world, const char *call,
                                      const struct kb_aws_kept *after)
{
    const struct kb_aws_model *model = &world->aws;
    size_t i = after == NULL ? 0 : (size_t)(after - model->at.at) + 1;
    while (i < model->at.n && !kb_str_eq_c(model->at.at[i].call, call)) {
        i++;
    }
    if (i == model->at.n) {
        return NULL;
    }
    const struct kb_aws_kept *found = &model->at.at[i];
    bool shadowed = after != NULL && found->declared && !after->declared;
    return shadowed ? NULL : found;
}

const struct kb_aws_kept *kb_aws_about(const struct kb_world *world, const char *call,
                                       struct kb_str subject)
{
    const struct kb_aws_kept *kept = kb_aws_next(world, call, NULL);
    while (kept != NULL && !kb_str_eq(kept->subject, subject)) {
        kept = kb_aws_next(world, call, kept);
    }
    return kept;
}

/* Whether the call is about one thing: a state that has the thing has all that the call would tell. What it
 * has of a list need not be the whole list. */
static bool is_single(const char *call)
{
    static const char *const begins[] = {"eks describe-", "s3api ",     "kms ",
                                         "ec2 get-",      "backup get-", "backup describe-",
                                         "cloudtrail get-"};
    bool found = false;
    for (size_t i = 0; i < sizeof begins / sizeof begins[0] && !found; i++) {
        found = kb_str_starts(kb_str_c(call), kb_str_c(begins[i]));
    }
    return found;
}

bool kb_aws_read(const struct kb_world *world, const char *call)
{
    const struct kb_aws_kept *kept = kb_aws_next(world, call, NULL);
    bool read = kept != NULL;
    for (; kept != NULL; kept = kb_aws_next(world, call, kept)) {
        read = read && kept->error.n == 0 && (!kept->declared || is_single(call));
    }
    return read;
}

bool kb_aws_failed(const struct kb_world *world, const char *call)
{
    const struct kb_aws_kept *kept = kb_aws_next(world, call, NULL);
    while (kept != NULL && kept->error.n == 0) {
        kept = kb_aws_next(world, call, kept);
    }
    return kept != NULL;
}

/* The item of an answer at each->next, or NULL. */
static const json_t *item_of(struct kb_aws_each *each)
{
    const json_t *json = each->kept->json;
    const json_t *part = each->member == NULL ? json : kb_aws_get(json, each->member);
    size_t at = each->next++;
    const json_t *single = at == 0 ? part : NULL;
    return json_is_array(part) ? json_array_get(part, at) : single;
}

bool kb_aws_each(struct kb_aws_each *each)
{
    each->item = each->kept == NULL ? NULL : item_of(each);
    while (each->item == NULL &&
           (each->kept = kb_aws_next(each->world, each->call, each->kept)) != NULL) {
        each->next = 0;
        each->item = item_of(each);
    }
    return each->item != NULL;
}

static const struct action {
    const char *call, *action;
} actions[] = {
    {"s3api get-bucket-encryption", "s3:GetEncryptionConfiguration"},
    {"s3api get-public-access-block", "s3:GetBucketPublicAccessBlock"},
    {"s3api get-object-lock-configuration", "s3:GetBucketObjectLockConfiguration"},
    {"s3api get-bucket-replication", "s3:GetReplicationConfiguration"},
    {"s3api get-bucket-lifecycle-configuration", "s3:GetLifecycleConfiguration"},
    {"s3control get-public-access-block", "s3:GetAccountPublicAccessBlock"},
};

struct kb_str kb_aws_action(struct kb_str call, struct kb_arena *arena)
{
    struct kb_buf text = {.max = 256};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (kb_str_eq_c(call, actions[i].call)) {
            return kb_str_c(actions[i].action);
        }
    }
    struct kb_str operation;
    struct kb_str service = kb_str_split(call, ' ', &operation);
    service = kb_str_eq_c(service, "s3api") ? KB_STR("s3") : service;
    service = kb_str_eq_c(service, "configservice") ? KB_STR("config") : service;
    kb_buf_str(&text, service);
    kb_buf_char(&text, ':');
    for (size_t i = 0; i < operation.n; i++) {
        bool begins = i == 0 || operation.p[i - 1] == '-';
        char c = operation.p[i];
        if (c != '-') {
            kb_buf_char(&text, begins && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        }
    }
    struct kb_str out = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return out;
}

static void tell_unread(const struct kb_world *world, const char *call, struct kb_arena *arena,
                        struct kb_buf *out)
{
    struct kb_str action = kb_aws_action(kb_str_c(call), arena);
    const struct kb_aws_kept *kept = kb_aws_next(world, call, NULL);
    while (kept != NULL && kept->error.n == 0) {
        kept = kb_aws_next(world, call, kept);
    }
    kb_buf_printf(out, "%saws %s", out->n > 0 ? "; " : "", call);
    if (kept != NULL) {
        kb_buf_printf(out, ": %.*s", KB_FMT(kept->error));
    } else if (kb_aws_next(world, call, NULL) != NULL) {
        kb_buf_c(out, ": only a Terraform state tells of it, which need not hold all");
    } else {
        kb_buf_c(out, " was not read");
    }
    kb_buf_printf(out, " (IAM action %.*s)", KB_FMT(action));
}

struct kb_str kb_aws_unread(const struct kb_world *world, const char *const *calls, size_t n,
                            struct kb_arena *arena)
{
    enum { TEXT_MAX = 4096 };
    struct kb_buf text = {.max = TEXT_MAX};
    for (size_t i = 0; i < n; i++) {
        if (!kb_aws_read(world, calls[i])) {
            tell_unread(world, calls[i], arena, &text);
        }
    }
    if (world->aws.full) {
        kb_buf_printf(&text, "%smore answers of AWS than are kept", text.n > 0 ? "; " : "");
    }
    struct kb_str out = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return out;
}

struct kb_aws_home kb_aws_home(const struct kb_world *world)
{
    struct kb_str rest;
    struct kb_aws_home home;
    (void)kb_str_split(world->eks.arn, ':', &rest);
    home.partition = kb_str_split(rest, ':', &rest);
    (void)kb_str_split(rest, ':', &rest);
    home.region = kb_str_split(rest, ':', &rest);
    home.account = kb_str_split(rest, ':', &rest);
    return home;
}

struct kb_str kb_aws_arn(const struct kb_world *world, const char *service, struct kb_str account,
                         struct kb_str rest, struct kb_arena *arena)
{
    struct kb_aws_home home = kb_aws_home(world);
    account = account.n > 0 ? account : home.account;
    const char *slash = rest.n == 0 ? NULL : memrchr(rest.p, '/', rest.n);
    if (home.region.n == 0 || account.n == 0) {
        return slash == NULL ? rest : kb_str_sub(rest, (size_t)(slash - rest.p) + 1, rest.n);
    }
    return kb_arena_printf(arena, "arn:%.*s:%s:%.*s:%.*s:%.*s", KB_FMT(home.partition), service,
                           KB_FMT(home.region), KB_FMT(account), KB_FMT(rest));
}

/* Calls for AWS settings, one step after the other. */
#include "source/aws_live.h"

#include <stdio.h>

#include "base/map.h"
#include "source/aws_steps.h"

enum { TEXT_MAX = 2048, SEGMENT_MAX = 96 };

struct live {
    const struct kb_aws_live_options *options;
    const struct kb_aws_sink *sink;
    struct kb_map names[KB_AWS_NAME_KINDS]; /* sets, in the order in which they were told */
    bool dropped[KB_AWS_NAME_KINDS];        /* more were told than are asked about */
    const struct kb_aws_step *untold[KB_AWS_NAME_KINDS]; /* what would have told more was not answered */
    kb_res fatal;
    struct kb_err *err;
};

static void add_name(struct live *live, enum kb_aws_step_names kind, struct kb_str name)
{
    if (name.n > 0 && live->names[kind].n < KB_AWS_LIVE_NAMES) {
        (void)kb_map_add(&live->names[kind], name, NULL);
    } else if (name.n > 0 && kb_map_find(&live->names[kind], name) == NULL) {
        live->dropped[kind] = true;
    }
}

/* Names ---------------------------------------------------------------------------------------- */

struct telling {
    struct live *live;
    const struct kb_aws_step *step;
    const struct kb_aws_tells *tells;
    struct kb_str asked; /* the name that was asked about */
};

enum { ARN_REGION = 3, ARN_ACCOUNT = 4 };

/* "arn:aws:eks:eu-west-1:111122223333:cluster/x": part 4 is "111122223333". */
static struct kb_str arn_part(struct kb_str arn, unsigned part)
{
    for (unsigned i = 0; i < part; i++) {
        (void)kb_str_split(arn, ':', &arn);
    }
    return kb_str_split(arn, ':', &(struct kb_str){0});
}

static struct kb_str after_last(struct kb_str text, char c)
{
    const char *at = text.n == 0 ? NULL : memrchr(text.p, c, text.n);
    return at == NULL ? text : kb_str_sub(text, (size_t)(at - text.p) + 1, text.n);
}

static bool is_elsewhere(const struct live *live, struct kb_str arn)
{
    struct kb_str region = arn_part(arn, ARN_REGION);
    return region.n > 0 && !kb_str_eq(region, kb_aws_client_region(live->options->client)) &&
           kb_map_find(&live->names[KB_AWS_ACCOUNTS], arn_part(arn, ARN_ACCOUNT)) != NULL;
}

/* Of access entries: EC2_LINUX, EC2_WINDOWS, EC2, HYBRID_LINUX are nodes'. */
static bool is_of_nodes(const json_t *entry)
{
    struct kb_str type = KB_STR("");
    (void)kb_json_str(entry, "type", &type);
    return kb_str_starts(type, KB_STR("EC2")) || kb_str_starts(type, KB_STR("HYBRID"));
}

static struct kb_str name_of(const struct telling *telling, struct kb_str text,
                             const json_t *parent, struct kb_arena *arena)
{
    bool root = kb_str_starts(text, KB_STR("r-"));
    struct kb_str second = KB_STR("");
    if (telling->tells->second != NULL) {
        (void)kb_json_str(parent, telling->tells->second, &second);
        return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(text), KB_FMT(second));
    }
    switch (telling->tells->as) {
    case KB_AWS_JOINED:
        return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(telling->asked), KB_FMT(text));
    case KB_AWS_ACCOUNT_OF:
        return arn_part(text, ARN_ACCOUNT);
    case KB_AWS_LAST_PART:
        return after_last(text, '/');
    case KB_AWS_NODE_ROLE:
        return is_of_nodes(parent) ? after_last(text, '/') : KB_STR("");
    case KB_AWS_ELSEWHERE:
        return is_elsewhere(telling->live, text) ? text : KB_STR("");
    case KB_AWS_BELOW_A_ROOT:
        return root ? KB_STR("") : text;
    case KB_AWS_TEXT:
        break;
    }
    return text;
}

/* Each item of a list has its name, but keys are those of whom it pleases. */
static bool is_promised(const struct kb_aws_tells *tells)
{
    return strchr(tells->path, '[') != NULL && tells->to != KB_AWS_KEYS;
}

static void take_name(const struct telling *telling, const json_t *text, const json_t *parent)
{
    const struct kb_aws_tells *tells = telling->tells;
    struct kb_arena arena = {0};
    struct live *live = telling->live;
    struct kb_str name = name_of(telling, kb_json_view(text), parent, &arena);
    const struct kb_aws_step **untold = &live->untold[tells->to];
    if (json_is_string(text)) {
        add_name(live, tells->to, name);
    } else if (is_promised(tells)) {
        *untold = *untold == NULL ? telling->step : *untold;
    }
    /* Whose it is, cannot be told without the account. */
    if (tells->as == KB_AWS_ELSEWHERE && *untold == NULL) {
        *untold = live->untold[KB_AWS_ACCOUNTS];
    }
    kb_arena_done(&arena);
}

/* Follow a path. It is as long as the table says, and so is the depth. */
static void follow(const struct telling *telling, const json_t *at, const json_t *parent,
                   struct kb_str path)
{
    char key[SEGMENT_MAX];
    if (path.n == 0) {
        take_name(telling, at, parent);
        return;
    }
    struct kb_str rest;
    struct kb_str segment = kb_str_split(path, '.', &rest);
    bool each = kb_str_ends(segment, KB_STR("[]"));
    segment.n -= each ? 2 : 0;
    (void)snprintf(key, sizeof key, "%.*s", KB_FMT(segment));
    const json_t *found = json_object_get(at, key);
    if (!each) {
        follow(telling, found, at, rest);
        return;
    }
    for (size_t i = 0; i < json_array_size(found); i++) {
        follow(telling, json_array_get(found, i), at, rest);
    }
}

static void take_names(struct live *live, const struct kb_aws_step *step, struct kb_str asked,
                       const json_t *answer)
{
    for (size_t i = 0; i < KB_AWS_TELLS_MAX && step->tells[i].path != NULL; i++) {
        const struct telling telling = {live, step, &step->tells[i], asked};
        follow(&telling, answer, NULL, kb_str_c(step->tells[i].path));
    }
}

/* Calls ---------------------------------------------------------------------------------------- */

static void set(json_t *params, const char *key, struct kb_str value)
{
    (void)json_object_set_new(params, key, json_stringn(value.p, value.n));
}

static void set_group(const struct live *live, const char *key, json_t *params)
{
    struct kb_arena arena = {0};
    set(params, key, kb_arena_printf(&arena, "/aws/eks/%.*s/cluster", KB_FMT(live->options->cluster)));
    kb_arena_done(&arena);
}

static void set_name(const struct kb_aws_step *step, struct kb_str name, json_t *params)
{
    const char *slash = step->second == NULL ? NULL : memrchr(name.p, '/', name.n);
    if (strcmp(step->param, "vpc-id") == 0) {
        (void)json_object_set_new(params, "Filter", json_pack("[{s:s,s:[s%]}]", "Name", "vpc-id", "Value",
                                                              name.p, name.n));
        return;
    }
    if (slash != NULL) {
        struct kb_str second = kb_str_sub(name, (size_t)(slash - name.p) + 1, name.n);
        (void)json_object_set_new(params, step->second,
                                  step->with == KB_AWS_SECOND_IN_LIST ? json_pack("[s%]", second.p, second.n)
                                                    : json_stringn(second.p, second.n));
        name = kb_str_sub(name, 0, (size_t)(slash - name.p));
    }
    if (step->with == KB_AWS_IN_LIST) {
        (void)json_object_set_new(params, step->param, json_pack("[s%]", name.p, name.n));
        return;
    }
    set(params, step->param, step->with == KB_AWS_BY_ARN ? after_last(name, ':') : name);
}

static json_t *params_of(const struct live *live, const struct kb_aws_step *step, struct kb_str name)
{
    json_t *params = step->more == NULL ? json_object() : json_loads(step->more, 0, NULL);
    if (step->with == KB_AWS_OF_CLUSTER) {
        set(params, "name", live->options->cluster);
    } else if (step->with == KB_AWS_OF_GROUP) {
        set_group(live, "logGroupName", params);
    } else if (step->with == KB_AWS_LIKE_GROUP) {
        set_group(live, "logGroupNamePrefix", params);
    }
    if (step->of != KB_AWS_ONCE) {
        set_name(step, name, params);
    }
    return params;
}

/* In the words of the AWS CLI, so that refusals from files and from here are one. */
static void write_error(const struct kb_aws_operation *operation, const struct kb_aws_status *status,
                        const struct kb_err *err, struct kb_buf *out)
{
    const struct kb_aws_fault *fault = &status->fault;
    if (fault->code[0] == '\0') {
        kb_buf_c(out, err->msg);
        return;
    }
    kb_buf_printf(out, "An error occurred (%s) when calling the %s operation: %s", fault->code,
                  operation->name, fault->message);
    if (fault->kind == KB_AWS_FAULT_DENIED && operation->action != NULL) {
        kb_buf_printf(out, " (needs %s)", operation->action);
    }
}

/* Whether something was answered: a failure may say that there is none. */
static bool give(const struct kb_aws_sink *sink, const struct kb_aws_operation *operation,
                 struct kb_str subject, const json_t *json, const struct kb_aws_status *status,
                 const struct kb_err *err)
{
    char name[KB_AWS_CLI_NAME_MAX], source[256];
    struct kb_buf error;
    kb_buf_init(&error, TEXT_MAX);
    kb_aws_cli_name(operation, name);
    (void)snprintf(source, sizeof source, "%s:%s%s%s", operation->service, operation->name,
                   status->request_id[0] != '\0' ? ", request " : "", status->request_id);
    if (json == NULL) {
        write_error(operation, status, err, &error);
    }
    const struct kb_aws_answer answer = {
        .service = kb_str_c(kb_aws_service_find(kb_str_c(operation->service))->cli),
        .operation = kb_str_c(name),
        .subject = subject,
        .json = json,
        .error = kb_buf_view(&error),
        .source = kb_str_c(source)};
    sink->answer(sink->ctx, &answer);
    bool answered = json != NULL || kb_aws_says_none(&answer);
    kb_buf_done(&error);
    return answered;
}

/* What the step would have told is not all known, and what is asked about it not all asked. */
static void tell_less(struct live *live, const struct kb_aws_step *step)
{
    for (size_t i = 0; i < KB_AWS_TELLS_MAX && step->tells[i].path != NULL; i++) {
        const struct kb_aws_step **untold = &live->untold[step->tells[i].to];
        *untold = *untold == NULL ? step : *untold;
    }
}

/* Names are matched against it, and the answer is another cluster's where an endpoint is a wrong one. */
static KB_RES check_cluster(const struct live *live, const struct kb_aws_step *step, const json_t *json,
                            struct kb_err *err)
{
    struct kb_str name = KB_STR(""), arn = KB_STR("");
    const json_t *cluster = kb_json_object(json, "cluster");
    (void)kb_json_str(cluster, "name", &name);
    (void)kb_json_str(cluster, "arn", &arn);
    struct kb_str region = arn_part(arn, ARN_REGION);
    bool same = kb_str_eq(name, live->options->cluster) && arn_part(arn, ARN_ACCOUNT).n > 0 &&
                kb_str_eq(region, kb_aws_client_region(live->options->client));
    KB_ENSURE(same || step != &kb_aws_steps[0], err, KB_ERR_CORRUPT,
              "the answer is about the cluster \"%.*s\", ARN \"%.*s\"", KB_FMT(name), KB_FMT(arn));
    return KB_SUCCESS;
}

/* Keys and vaults are asked about where they are; empty: in the cluster's region. */
static struct kb_str region_for(const struct kb_aws_step *step, struct kb_str name)
{
    bool there = (step->of == KB_AWS_KEYS || step->of == KB_AWS_COPY_VAULTS) &&
                 kb_str_starts(name, KB_STR("arn:"));
    return there ? arn_part(name, ARN_REGION) : KB_STR("");
}

static void call(struct live *live, const struct kb_aws_step *step, struct kb_str name)
{
    struct kb_err err = {0};
    struct kb_aws_status status = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    KB_AUTO(kb_json_done) json_t *params = params_of(live, step, name);
    const struct kb_aws_operation *operation =
        kb_aws_operation_find(kb_str_c(step->service), kb_str_c(step->operation));
    kb_res res = kb_aws_call_all(live->options->client, step->service, step->operation, params,
                                 region_for(step, name), &json, &status, &err);
    bool no_cluster = step == &kb_aws_steps[0] && res.code == KB_ERR_NOT_FOUND && status.http != 0;
    if (no_cluster) {
        live->fatal = kb_fail(live->err, KB_ERR_NOT_FOUND, "there is no EKS cluster %.*s in %.*s",
                              KB_FMT(live->options->cluster),
                              KB_FMT(kb_aws_client_region(live->options->client)));
        return;
    }
    if (!kb_failed(res)) {
        res = check_cluster(live, step, json, &err);
    }
    if (!give(live->sink, operation, name, kb_failed(res) ? NULL : json, &status, &err)) {
        tell_less(live, step);
    } else if (!kb_failed(res)) {
        take_names(live, step, name, json);
    }
}

/* What is not asked about is an unread answer. */
static void tell_unasked(struct live *live, const struct kb_aws_step *step)
{
    const struct kb_aws_status none = {0};
    const struct kb_aws_step *before = live->untold[step->of];
    struct kb_err err = {0};
    if (live->dropped[step->of]) {
        (void)snprintf(err.msg, sizeof err.msg, "more than %d to ask about; the rest was not read",
                       KB_AWS_LIVE_NAMES);
    } else {
        (void)snprintf(err.msg, sizeof err.msg, KB_AWS_NOT_ASKED ": %s:%s was not answered in full",
                       before->service, before->operation);
    }
    (void)give(live->sink, kb_aws_operation_find(kb_str_c(step->service), kb_str_c(step->operation)),
               KB_STR(""), NULL, &none, &err);
    tell_less(live, step);
}

static void do_step(struct live *live, const struct kb_aws_step *step)
{
    if (step->of == KB_AWS_ONCE) {
        call(live, step, KB_STR(""));
        return;
    }
    const struct kb_map *names = &live->names[step->of];
    for (size_t i = 0; i < names->n && !kb_failed(live->fatal); i++) {
        call(live, step, names->entries[i].key);
    }
    if (live->dropped[step->of] || live->untold[step->of] != NULL) {
        tell_unasked(live, step);
    }
}

KB_RES kb_aws_live_read(const struct kb_aws_live_options *options, const struct kb_aws_sink *sink,
                        struct kb_err *err)
{
    struct live live = {.options = options, .sink = sink, .fatal = KB_SUCCESS, .err = err};
    for (size_t i = 0; i < options->bucket_count; i++) {
        add_name(&live, KB_AWS_BUCKET_NAMES, options->buckets[i]);
    }
    for (size_t i = 0; i < kb_aws_step_count && !kb_failed(live.fatal); i++) {
        if ((kb_aws_steps[i].areas & options->areas) != 0) {
            do_step(&live, &kb_aws_steps[i]);
        }
    }
    for (size_t i = 0; i < KB_AWS_NAME_KINDS; i++) {
        kb_map_done(&live.names[i]);
    }
    return live.fatal;
}

KB_RES kb_aws_live_identity(struct kb_aws_client *client, const struct kb_aws_sink *sink,
                            struct kb_arena *arena, struct kb_str *arn, struct kb_err *err)
{
    struct kb_err why = {0};
    struct kb_aws_status status = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    kb_res res = kb_aws_call(client, "sts", "GetCallerIdentity", NULL, KB_STR(""), &json, &status, &why);
    *arn = KB_STR("");
    bool asked = !kb_failed(res) || status.http != 0 || res.code == KB_ERR_IO;
    KB_ENSURE(asked, err, res.code, "%s", why.msg);
    (void)give(sink, kb_aws_operation_find(KB_STR("sts"), KB_STR("GetCallerIdentity")), KB_STR(""),
               kb_failed(res) ? NULL : json, &status, &why);
    (void)kb_json_str(json, "Arn", arn);
    *arn = kb_arena_copy(arena, *arn);
    return KB_SUCCESS;
}

bool kb_aws_live_operation(size_t index, unsigned *areas, const struct kb_aws_operation **out)
{
    if (index >= kb_aws_step_count) {
        return false;
    }
    *areas = kb_aws_steps[index].areas;
    *out = kb_aws_operation_find(kb_str_c(kb_aws_steps[index].service),
                                 kb_str_c(kb_aws_steps[index].operation));
    return true;
}

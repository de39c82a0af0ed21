/* From sources to sinks, keeping account. */
#include "run/gather.h"

#include "source/aws_files.h"
#include "source/objects.h"

enum { REJECTED_SHOWN = 5, BUCKETS_MAX = 100 };

/* Sinks that pass everything on, and note what was whole and what was not. */
struct account {
    const struct kb_object_sink *objects;
    const struct kb_aws_sink *aws;
    struct kb_gathered *out;
};

/* Where Velero writes, on S3. */
static void note_bucket(struct kb_gathered *out, const struct kb_object *object)
{
    struct kb_str provider = KB_STR(""), bucket = KB_STR("");
    const json_t *spec = kb_json_object(object->json, "spec");
    (void)kb_json_str(spec, "provider", &provider);
    (void)kb_json_str(kb_json_object(spec, "objectStorage"), "bucket", &bucket);
    bool s3 = kb_str_eq_c(provider, "aws") || kb_str_eq_c(provider, "velero.io/aws");
    if (s3 && bucket.n > 0 && out->buckets.n < BUCKETS_MAX) {
        *KB_VEC_PUSH(&out->buckets) = kb_arena_copy(&out->arena, bucket);
    }
}

static void pass_object(void *ctx, const struct kb_object *object)
{
    const struct account *account = ctx;
    if (object->kind->id == KB_KIND_VELERO_LOCATION) {
        note_bucket(account->out, object);
    }
    account->objects->object(account->objects->ctx, object);
}

static struct kb_coverage *add(struct kb_gathered *out, struct kb_str source, struct kb_str what)
{
    struct kb_coverage *coverage = KB_VEC_PUSH(&out->coverage);
    *coverage = (struct kb_coverage){
        .source = kb_arena_copy(&out->arena, source),
        .what = kb_arena_copy(&out->arena, what),
        .first_ns = INT64_MIN,
        .last_ns = INT64_MIN,
    };
    return coverage;
}

static void add_error(struct kb_gathered *out, struct kb_coverage *coverage, struct kb_str text)
{
    struct kb_str *errors = KB_NEW_ARRAY(&out->arena, coverage->error_count + 1, struct kb_str);
    for (size_t i = 0; i < coverage->error_count; i++) {
        errors[i] = coverage->errors[i];
    }
    errors[coverage->error_count] = kb_arena_copy(&out->arena, text);
    coverage->errors = errors;
    coverage->error_count++;
}

static struct kb_str resource_name(struct kb_arena *arena, const struct kb_kind *kind)
{
    return kb_arena_printf(arena, "%s%s%s", kind->plural, kind->group[0] != '\0' ? "." : "",
                           kind->group);
}

static void pass_list(void *ctx, const struct kb_list_report *report)
{
    const struct account *account = ctx;
    struct kb_gathered *out = account->out;
    struct kb_coverage *coverage =
        add(out, report->source, resource_name(&out->arena, report->kind));
    coverage->complete =
        report->state == KB_LIST_COMPLETE || report->state == KB_LIST_ABSENT;
    coverage->items = report->items;
    coverage->pages = report->pages;
    coverage->bytes = report->bytes;
    if (report->state != KB_LIST_COMPLETE) {
        struct kb_str text = kb_arena_printf(
            &out->arena, "%s%s%.*s", kb_list_state_name(report->state),
            report->reason.n > 0 ? ": " : "", KB_FMT(report->reason));
        add_error(out, coverage, text);
    } else if (report->reason.n > 0) {
        add_error(out, coverage, report->reason);
    }
    account->objects->list(account->objects->ctx, report);
}

/* The first few of a source are told; all are counted. */
static void pass_rejected(void *ctx, struct kb_str source, struct kb_str locator,
                          const struct kb_err *why)
{
    const struct account *account = ctx;
    struct kb_gathered *out = account->out;
    struct kb_coverage *coverage = NULL;
    for (size_t i = 0; i < out->coverage.n && coverage == NULL; i++) {
        struct kb_coverage *at = &out->coverage.at[i];
        bool same = kb_str_eq(at->source, source) && kb_str_eq_c(at->what, "not read");
        coverage = same ? at : NULL;
    }
    if (coverage == NULL) {
        coverage = add(out, source, KB_STR("not read"));
    }
    coverage->malformed++;
    out->rejected++;
    if (coverage->error_count < REJECTED_SHOWN) {
        struct kb_str text = kb_arena_printf(&out->arena, "%.*s%s%s", KB_FMT(locator),
                                             locator.n > 0 ? ": " : "", why->msg);
        add_error(out, coverage, text);
    }
    account->objects->rejected(account->objects->ctx, source, locator, why);
}

static void pass_other(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count)
{
    const struct account *account = ctx;
    struct kb_gathered *out = account->out;
    struct kb_str what = kb_arena_printf(&out->arena, "%.*s (%.*s), not read", KB_FMT(kind),
                                         KB_FMT(api_version));
    struct kb_coverage *coverage = add(out, KB_STR("objects of other kinds"), what);
    coverage->complete = true;
    coverage->items = count;
    account->objects->other(account->objects->ctx, api_version, kind, count);
}

static void pass_answer(void *ctx, const struct kb_aws_answer *answer)
{
    const struct account *account = ctx;
    struct kb_gathered *out = account->out;
    struct kb_str what =
        answer->service.n == 0
            ? KB_STR("AWS settings")
            : kb_arena_printf(&out->arena, "%.*s %.*s%s%.*s", KB_FMT(answer->service),
                              KB_FMT(answer->operation), answer->subject.n > 0 ? " " : "",
                              KB_FMT(answer->subject));
    struct kb_coverage *coverage = add(out, answer->source, what);
    coverage->complete = (answer->json != NULL && answer->error.n == 0) || kb_aws_says_none(answer);
    coverage->items = answer->json != NULL;
    if (answer->error.n > 0 && !coverage->complete) {
        add_error(out, coverage, answer->error);
    }
    if (account->aws != NULL) {
        account->aws->answer(account->aws->ctx, answer);
    }
}

bool kb_sources_named(const struct kb_sources *sources)
{
    return sources->object_count > 0 || sources->aws_count > 0 || sources->snapshot.n > 0 ||
           sources->live || (sources->aws_live.client != NULL && sources->aws_live.cluster.n > 0);
}

void kb_gathered_done(struct kb_gathered *gathered)
{
    KB_VEC_DONE(&gathered->coverage);
    KB_VEC_DONE(&gathered->buckets);
    kb_arena_done(&gathered->arena);
}

void kb_gathered_copy(const struct kb_gathered *gathered, struct kb_arena *arena,
                      struct kb_coverage *out)
{
    for (size_t i = 0; i < gathered->coverage.n; i++) {
        const struct kb_coverage *from = &gathered->coverage.at[i];
        struct kb_str *errors = KB_NEW_ARRAY(arena, from->error_count, struct kb_str);
        out[i] = *from;
        out[i].source = kb_arena_copy(arena, from->source);
        out[i].what = kb_arena_copy(arena, from->what);
        out[i].errors = errors;
        for (size_t j = 0; j < from->error_count; j++) {
            errors[j] = kb_arena_copy(arena, from->errors[j]);
        }
    }
}

/* The snapshot itself, beside what it says of its sources. */
static void note_snapshot(struct kb_gathered *out, struct kb_str path,
                          const struct kb_snapshot_info *info)
{
    struct kb_str what = kb_arena_printf(&out->arena, "snapshot of %.*s, SHA-256 %.*s",
                                         KB_FMT(info->time), KB_FMT(info->sha256));
    struct kb_coverage *coverage = add(out, path, what);
    coverage->complete = true;
    coverage->items = info->lines;
    coverage->bytes = info->bytes;
    out->cluster = info->cluster;
}

static KB_RES read_identity(const struct kb_sources *sources, const struct kb_aws_sink *sink,
                            struct kb_gathered *out, struct kb_err *err)
{
    return sources->aws_live.client == NULL
               ? KB_SUCCESS
               : kb_aws_live_identity(sources->aws_live.client, sink, &out->arena,
                                      &out->aws_identity, err);
}

KB_RES kb_gather_identity(const struct kb_sources *sources, struct kb_gathered *out, struct kb_err *err)
{
    struct account account = {NULL, NULL, out};
    const struct kb_aws_sink sink = {&account, pass_answer};
    return read_identity(sources, &sink, out, err);
}

static KB_RES read_aws(const struct kb_sources *sources, const struct kb_aws_sink *sink,
                       struct kb_gathered *out, struct kb_err *err)
{
    struct kb_aws_live_options options = sources->aws_live;
    for (size_t i = 0; i < options.bucket_count && out->buckets.n < BUCKETS_MAX; i++) {
        *KB_VEC_PUSH(&out->buckets) = options.buckets[i];
    }
    options.buckets = out->buckets.at;
    options.bucket_count = out->buckets.n;
    return options.client == NULL || options.cluster.n == 0 ? KB_SUCCESS
                                                            : kb_aws_live_read(&options, sink, err);
}

KB_RES kb_gather(const struct kb_sources *sources, const struct kb_object_sink *objects,
                 const struct kb_aws_sink *aws, struct kb_gathered *out, struct kb_err *err)
{
    struct account account = {objects, aws, out};
    struct kb_object_sink to_objects = {&account, pass_object, pass_list, pass_rejected, pass_other};
    struct kb_aws_sink to_aws = {&account, pass_answer};
    KB_TRY(read_identity(sources, &to_aws, out, err));
    if (sources->live) {
        KB_TRY(kb_cluster_read(&sources->cluster, &to_objects, &out->arena, &out->cluster, err));
    }
    if (sources->snapshot.n > 0) {
        struct kb_snapshot_info info;
        KB_TRY(kb_snapshot_read(sources->snapshot, &to_objects, &to_aws, &out->arena, &info, err));
        note_snapshot(out, sources->snapshot, &info);
    }
    if (sources->object_count > 0) {
        KB_TRY(kb_objects_read(sources->objects, sources->object_count, &to_objects, err));
    }
    if (sources->aws_count > 0) {
        KB_TRY(kb_aws_files_read(sources->aws, sources->aws_count, &to_aws, err));
    }
    return read_aws(sources, &to_aws, out, err);
}

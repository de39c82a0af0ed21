#include "source/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

struct seen {
    unsigned objects, lists, rejected, others, answers;
    char name[64];
};

static void on_object(void *ctx, const struct kb_object *object)
{
    struct seen *seen = ctx;
    seen->objects++;
    (void)snprintf(seen->name, sizeof seen->name, "%.*s/%.*s", KB_FMT(object->name_space),
                   KB_FMT(object->name));
    CHECK(kb_json_dig(object->json, "metadata", "managedFields", NULL) == NULL);
    CHECK(kb_object_annotations(object) == NULL ||
          json_object_size(kb_object_annotations(object)) == 1);
}

static void on_list(void *ctx, const struct kb_list_report *report)
{
    ((struct seen *)ctx)->lists++;
    EQ_INT(report->state, KB_LIST_FORBIDDEN);
    EQ_STR(report->reason, "no");
}

static void on_rejected(void *ctx, struct kb_str source, struct kb_str locator,
                        const struct kb_err *why)
{
    ((struct seen *)ctx)->rejected++;
    EQ_STR(source, "s");
    EQ_STR(locator, "l");
    EQ_C(why->msg, "bad");
}

static void on_other(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count)
{
    ((struct seen *)ctx)->others += (unsigned)count;
    EQ_STR(api_version, "v1");
    EQ_STR(kind, "Event");
}

static void on_answer(void *ctx, const struct kb_aws_answer *answer)
{
    ((struct seen *)ctx)->answers++;
    EQ_STR(answer->error, "AccessDenied");
    CHECK(answer->json == NULL);
}

static void write_snapshot(struct kb_buf *out)
{
    static const char pod[] =
        "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"managedFields\":[{}],\"annotations\":{"
        "\"kubectl.kubernetes.io/last-applied-configuration\":\"x\",\"a\":\"b\"}}}";
    struct kb_err err = {0};
    struct kb_object object;
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_snapshot_writer *writer = kb_snapshot_writer_new(kb_sink_of(out), 0);
    struct kb_object_sink objects = kb_snapshot_objects(writer);
    struct kb_aws_sink aws = kb_snapshot_aws(writer);
    OK(kb_json_parse(NULL, kb_str_c(pod), 0, &json, &err), &err);
    OK(kb_object_view(&kb_kinds[KB_KIND_POD], json, &object, &err), &err);
    objects.object(objects.ctx, &object);
    objects.list(objects.ctx, &(struct kb_list_report){.kind = &kb_kinds[KB_KIND_POD],
                                                       .state = KB_LIST_FORBIDDEN,
                                                       .reason = KB_STR("no")});
    objects.rejected(objects.ctx, KB_STR("s"), KB_STR("l"), &(struct kb_err){.msg = "bad"});
    objects.other(objects.ctx, KB_STR("v1"), KB_STR("Event"), 3);
    aws.answer(aws.ctx, &(struct kb_aws_answer){.service = KB_STR("eks"),
                                                .error = KB_STR("AccessDenied")});
    OK(kb_snapshot_finish(writer, &(struct kb_cluster_identity){.version = KB_STR("v1.34.4")}, &err),
       &err);
    kb_snapshot_writer_free(writer);
}

static kb_res read_snapshot(struct kb_str text, struct seen *seen, struct kb_snapshot_info *info,
                            struct kb_err *err)
{
    char path[] = "/tmp/snapshot-test-XXXXXX";
    struct kb_arena arena = {0};
    const struct kb_object_sink objects = {seen, on_object, on_list, on_rejected, on_other};
    const struct kb_aws_sink aws = {seen, on_answer};
    int fd = mkstemp(path);
    CHECK(write(fd, text.p, text.n) == (ssize_t)text.n);
    (void)close(fd);
    kb_res res = kb_snapshot_read(kb_str_c(path), &objects, &aws, &arena, info, err);
    CHECK(kb_failed(res) || kb_str_eq_c(info->cluster.version, "v1.34.4"));
    (void)unlink(path);
    kb_arena_done(&arena);
    return res;
}

KB_TEST(snapshot, gives_back_what_was_written)
{
    struct kb_err err = {0};
    struct kb_buf text;
    struct seen seen = {0};
    struct kb_snapshot_info info;
    kb_buf_init(&text, 1 << 20);
    write_snapshot(&text);
    OK(read_snapshot(kb_buf_view(&text), &seen, &info, &err), &err);
    EQ_UINT(seen.objects, 1);
    EQ_C(seen.name, "n/p");
    EQ_UINT(seen.lists, 1);
    EQ_UINT(seen.rejected, 1);
    EQ_UINT(seen.others, 3);
    EQ_UINT(seen.answers, 1);
    EQ_UINT(info.lines, 7);
    kb_buf_done(&text);
}

KB_TEST(snapshot, every_cut_is_noticed)
{
    struct kb_buf text;
    kb_buf_init(&text, 1 << 20);
    write_snapshot(&text);
    for (size_t n = 1; n + 1 < text.n; n += 13) {
        struct kb_err err = {0};
        struct seen seen = {0};
        struct kb_snapshot_info info;
        CHECK(kb_failed(read_snapshot((struct kb_str){text.p, n}, &seen, &info, &err)));
    }
    kb_buf_done(&text);
}

KB_TEST(snapshot, every_change_is_noticed)
{
    struct kb_buf text;
    kb_buf_init(&text, 1 << 20);
    write_snapshot(&text);
    struct kb_str whole = kb_buf_view(&text);
    size_t at = kb_str_find(whole, KB_STR("AccessDenied"), 0);
    struct kb_err err = {0};
    struct seen seen = {0};
    struct kb_snapshot_info info;
    kb_buf_char(&text, '\n');
    CHECK(kb_failed(read_snapshot(kb_buf_view(&text), &seen, &info, &err)));
    text.n--;
    at = kb_str_find(whole, KB_STR("\"time\":\"1970"), 0);
    text.p[at + 11] = '2';
    FAILS(read_snapshot(kb_buf_view(&text), &seen, &info, &err), KB_ERR_CORRUPT);
    kb_buf_done(&text);
}

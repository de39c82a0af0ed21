/* Writing snapshots. */
#include "data/json_write.h"
#include "data/sha256.h"
#include "data/time.h"
#include "source/snapshot.h"

enum { LINE_MAX = 64 << 20, NS = 1000000000 };

struct kb_snapshot_writer {
    struct kb_sink out;
    struct kb_sha256 sha;
    uint64_t lines;
    struct kb_buf line;
    struct kb_jsonw w;
    kb_res res; /* the first failure */
    struct kb_err err;
};

static void fail(struct kb_snapshot_writer *s, kb_res res)
{
    if (!kb_failed(s->res)) {
        s->res = res;
    }
}

static struct kb_jsonw *begin(struct kb_snapshot_writer *s)
{
    kb_buf_clear(&s->line);
    kb_jsonw_init(&s->w, kb_sink_of(&s->line), false);
    kb_jsonw_object(&s->w);
    return &s->w;
}

static void put(struct kb_snapshot_writer *s)
{
    if (!kb_failed(s->res)) {
        fail(s, kb_sink_write(s->out, kb_buf_view(&s->line), &s->err));
    }
}

static void end(struct kb_snapshot_writer *s)
{
    struct kb_err err = {0};
    kb_res res = kb_jsonw_finish(&s->w, &err);
    if (kb_failed(res) && !kb_failed(s->res)) {
        s->err = err;
        fail(s, res);
    }
    kb_buf_char(&s->line, '\n');
    kb_sha256_add(&s->sha, s->line.p, s->line.n);
    s->lines++;
    put(s);
}

/* "deployments.apps", as kb_kind_find_resource reads it. */
static void member_kind(struct kb_jsonw *w, const char *key, const struct kb_kind *kind)
{
    struct kb_arena arena = {0};
    kb_jsonw_member_str(w, key, kb_arena_printf(&arena, "%s%s%s", kind->plural,
                                                kind->group[0] != '\0' ? "." : "", kind->group));
    kb_arena_done(&arena);
}

/* A copy without what no reader may need: managedFields, and the last-applied annotation, which may hold
 * what was a Secret's. */
static json_t *trimmed(const json_t *object)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)object);
    json_t *metadata = json_copy(kb_json_object(object, "metadata"));
    json_t *annotations = json_copy(kb_json_object(metadata, "annotations"));
    if (metadata == NULL) {
        return copy;
    }
    (void)json_object_del(metadata, "managedFields");
    if (annotations != NULL) {
        (void)json_object_del(annotations, "kubectl.kubernetes.io/last-applied-configuration");
        (void)json_object_set_new(metadata, "annotations", annotations);
    }
    (void)json_object_set_new(copy, "metadata", metadata);
    return copy;
}

static void on_object(void *ctx, const struct kb_object *object)
{
    struct kb_snapshot_writer *s = ctx;
    KB_AUTO(kb_json_done) json_t *data = trimmed(object->json);
    struct kb_jsonw *w = begin(s);
    kb_jsonw_member_str(w, "source", object->source);
    member_kind(w, "what", object->kind);
    kb_jsonw_member_str(w, "locator", object->locator);
    kb_jsonw_key(w, "data");
    kb_jsonw_json(w, data);
    kb_jsonw_end(w);
    end(s);
}

static void on_list(void *ctx, const struct kb_list_report *report)
{
    struct kb_jsonw *w = begin(ctx);
    kb_jsonw_member_str(w, "source", report->source);
    kb_jsonw_member_c(w, "what", "coverage");
    member_kind(w, "kind", report->kind);
    kb_jsonw_member_c(w, "state", kb_list_state_name(report->state));
    kb_jsonw_member_u64(w, "items", report->items);
    kb_jsonw_member_u64(w, "pages", report->pages);
    kb_jsonw_member_u64(w, "bytes", report->bytes);
    kb_jsonw_member_str(w, "resourceVersion", report->resource_version);
    kb_jsonw_member_str(w, "reason", report->reason);
    kb_jsonw_end(w);
    end(ctx);
}

static void on_rejected(void *ctx, struct kb_str source, struct kb_str locator,
                        const struct kb_err *why)
{
    struct kb_jsonw *w = begin(ctx);
    kb_jsonw_member_str(w, "source", source);
    kb_jsonw_member_c(w, "what", "rejected");
    kb_jsonw_member_str(w, "locator", locator);
    kb_jsonw_member_c(w, "error", why->msg);
    kb_jsonw_end(w);
    end(ctx);
}

static void on_other(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count)
{
    struct kb_jsonw *w = begin(ctx);
    kb_jsonw_member_c(w, "what", "other");
    kb_jsonw_member_str(w, "apiVersion", api_version);
    kb_jsonw_member_str(w, "kind", kind);
    kb_jsonw_member_u64(w, "items", count);
    kb_jsonw_end(w);
    end(ctx);
}

static void on_answer(void *ctx, const struct kb_aws_answer *answer)
{
    struct kb_jsonw *w = begin(ctx);
    kb_jsonw_member_str(w, "source", answer->source);
    kb_jsonw_member_c(w, "what", "aws");
    kb_jsonw_member_str(w, "service", answer->service);
    kb_jsonw_member_str(w, "operation", answer->operation);
    kb_jsonw_member_str(w, "subject", answer->subject);
    kb_jsonw_member_str(w, "error", answer->error);
    kb_jsonw_member_i64(w, "taken", answer->taken_ns);
    kb_jsonw_member_bool(w, "declared", answer->declared);
    kb_jsonw_key(w, "data");
    kb_jsonw_json(w, answer->json);
    kb_jsonw_end(w);
    end(ctx);
}

static void write_header(struct kb_snapshot_writer *s, int64_t now_ns)
{
    struct kb_buf time;
    struct kb_jsonw *w = begin(s);
    kb_buf_init(&time, 64);
    kb_time_format((struct kb_time){now_ns / NS, (int32_t)(now_ns % NS)}, KB_TIME_SECONDS, &time);
    kb_jsonw_member_c(w, "schema", KB_SNAPSHOT_SCHEMA);
    kb_jsonw_member_c(w, "tool", KB_VERSION);
    kb_jsonw_member_str(w, "time", kb_buf_view(&time));
    kb_jsonw_end(w);
    end(s);
    kb_buf_done(&time);
}

struct kb_snapshot_writer *kb_snapshot_writer_new(struct kb_sink out, int64_t now_ns)
{
    struct kb_snapshot_writer *s = kb_alloc(sizeof *s);
    s->out = out;
    s->res = KB_SUCCESS;
    kb_buf_init(&s->line, LINE_MAX);
    kb_sha256_init(&s->sha);
    write_header(s, now_ns);
    return s;
}

void kb_snapshot_writer_free(struct kb_snapshot_writer *writer)
{
    if (writer != NULL) {
        kb_buf_done(&writer->line);
        kb_free(writer);
    }
}

struct kb_object_sink kb_snapshot_objects(struct kb_snapshot_writer *writer)
{
    return (struct kb_object_sink){writer, on_object, on_list, on_rejected, on_other};
}

struct kb_aws_sink kb_snapshot_aws(struct kb_snapshot_writer *writer)
{
    return (struct kb_aws_sink){writer, on_answer};
}

KB_RES kb_snapshot_finish(struct kb_snapshot_writer *writer,
                          const struct kb_cluster_identity *cluster, struct kb_err *err)
{
    char digest[65];
    struct kb_jsonw *w = begin(writer);
    kb_jsonw_member_c(w, "what", "cluster");
    kb_jsonw_member_str(w, "where", cluster->where);
    kb_jsonw_member_str(w, "server", cluster->server);
    kb_jsonw_member_str(w, "version", cluster->version);
    kb_jsonw_member_str(w, "user", cluster->user);
    kb_jsonw_end(w);
    end(writer);
    kb_sha256_hex(&writer->sha, digest, 32);
    uint64_t lines = writer->lines;
    w = begin(writer);
    kb_jsonw_member_u64(w, "lines", lines);
    kb_jsonw_member_c(w, "sha256", digest);
    kb_jsonw_end(w);
    end(writer);
    if (kb_failed(writer->res)) {
        return kb_fail(err, writer->err.code, "%s", writer->err.msg);
    }
    return KB_SUCCESS;
}

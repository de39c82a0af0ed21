/* Reading snapshots: line by line, with the digest kept beside. */
#include "base/limits.h"
#include "data/json.h"
#include "data/sha256.h"
#include "source/input.h"
#include "source/snapshot.h"

enum { CHUNK = 256 << 10, LINE_MAX = 64 << 20 };

struct reader {
    const struct kb_object_sink *objects;
    const struct kb_aws_sink *aws;
    struct kb_arena *arena;
    struct kb_snapshot_info *info;
    struct kb_sha256 sha;
    bool ended;
    struct kb_str name; /* of the file, for messages */
};

static struct kb_str text(const json_t *line, const char *key)
{
    struct kb_str value = KB_STR("");
    (void)kb_json_str(line, key, &value);
    return value;
}

static uint64_t count(const json_t *line, const char *key)
{
    int64_t value = 0;
    (void)kb_json_i64(line, key, &value);
    return value < 0 ? 0 : (uint64_t)value;
}

static KB_RES take_coverage(struct reader *r, const json_t *line, struct kb_err *err)
{
    struct kb_list_report report = {
        .kind = kb_kind_find_resource(text(line, "kind")),
        .items = count(line, "items"),
        .pages = count(line, "pages"),
        .bytes = count(line, "bytes"),
        .source = text(line, "source"),
        .resource_version = text(line, "resourceVersion"),
        .reason = text(line, "reason"),
        .state = KB_LIST_STATE_COUNT,
    };
    for (int i = 0; i < KB_LIST_STATE_COUNT; i++) {
        if (kb_str_eq_c(text(line, "state"), kb_list_state_name((enum kb_list_state)i))) {
            report.state = (enum kb_list_state)i;
        }
    }
    KB_ENSURE(report.kind != NULL && report.state != KB_LIST_STATE_COUNT, err, KB_ERR_UNSUPPORTED,
              "coverage of \"%.*s\", \"%.*s\": made by another version of this program",
              KB_FMT(text(line, "kind")), KB_FMT(text(line, "state")));
    r->objects->list(r->objects->ctx, &report);
    return KB_SUCCESS;
}

static KB_RES take_rejected(struct reader *r, const json_t *line, struct kb_err *err)
{
    struct kb_err why = {0};
    kb_res res = kb_fail(&why, KB_ERR_INVALID, "%.*s", KB_FMT(text(line, "error")));
    (void)res;
    (void)err;
    r->objects->rejected(r->objects->ctx, text(line, "source"), text(line, "locator"), &why);
    return KB_SUCCESS;
}

static KB_RES take_other(struct reader *r, const json_t *line, struct kb_err *err)
{
    (void)err;
    r->objects->other(r->objects->ctx, text(line, "apiVersion"), text(line, "kind"),
                      count(line, "items"));
    return KB_SUCCESS;
}

static KB_RES take_aws(struct reader *r, const json_t *line, struct kb_err *err)
{
    int64_t taken = 0;
    bool declared = false;
    (void)kb_json_i64(line, "taken", &taken);
    (void)kb_json_bool(line, "declared", &declared);
    const json_t *data = json_object_get(line, "data");
    const struct kb_aws_answer answer = {
        .service = text(line, "service"),
        .operation = text(line, "operation"),
        .subject = text(line, "subject"),
        .json = json_is_null(data) ? NULL : data,
        .error = text(line, "error"),
        .source = text(line, "source"),
        .taken_ns = taken,
        .declared = declared,
    };
    (void)err;
    r->aws->answer(r->aws->ctx, &answer);
    return KB_SUCCESS;
}

static KB_RES take_cluster(struct reader *r, const json_t *line, struct kb_err *err)
{
    (void)err;
    r->info->cluster = (struct kb_cluster_identity){
        .where = kb_arena_copy(r->arena, text(line, "where")),
        .server = kb_arena_copy(r->arena, text(line, "server")),
        .version = kb_arena_copy(r->arena, text(line, "version")),
        .user = kb_arena_copy(r->arena, text(line, "user")),
    };
    return KB_SUCCESS;
}

static KB_RES take_object(struct reader *r, const json_t *line, struct kb_err *err)
{
    struct kb_object object;
    struct kb_str what = text(line, "what");
    const struct kb_kind *kind = kb_kind_find_resource(what);
    KB_ENSURE(kind != NULL, err, KB_ERR_UNSUPPORTED,
              "a record of \"%.*s\": made by another version of this program", KB_FMT(what));
    KB_TRY(kb_object_view(kind, kb_json_object(line, "data"), &object, err));
    object.source = text(line, "source");
    object.locator = text(line, "locator");
    r->objects->object(r->objects->ctx, &object);
    return KB_SUCCESS;
}

static KB_RES take_record(struct reader *r, const json_t *line, struct kb_err *err)
{
    static const struct {
        const char *what;
        kb_res (*take)(struct reader *, const json_t *, struct kb_err *);
    } readers[] = {
        {"coverage", take_coverage}, {"rejected", take_rejected}, {"other", take_other},
        {"aws", take_aws},           {"cluster", take_cluster},
    };
    struct kb_str what = text(line, "what");
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (kb_str_eq_c(what, readers[i].what)) {
            return readers[i].take(r, line, err);
        }
    }
    return take_object(r, line, err);
}

static KB_RES take_header(struct reader *r, const json_t *line, struct kb_err *err)
{
    struct kb_str schema = text(line, "schema");
    KB_ENSURE(kb_str_starts(schema, KB_STR("kube-baseline.snapshot/")), err, KB_ERR_INVALID,
              "this is no snapshot (kube-baseline collect makes one)");
    KB_ENSURE(kb_str_eq_c(schema, KB_SNAPSHOT_SCHEMA), err, KB_ERR_UNSUPPORTED,
              "a snapshot of the form %.*s; this program reads %s", KB_FMT(schema),
              KB_SNAPSHOT_SCHEMA);
    r->info->tool = kb_arena_copy(r->arena, text(line, "tool"));
    r->info->time = kb_arena_copy(r->arena, text(line, "time"));
    return KB_SUCCESS;
}

static KB_RES take_end(struct reader *r, const json_t *line, struct kb_err *err)
{
    char digest[65];
    kb_sha256_hex(&r->sha, digest, 32);
    KB_ENSURE(kb_str_eq_c(text(line, "sha256"), digest) && count(line, "lines") == r->info->lines,
              err, KB_ERR_CORRUPT, "the snapshot does not match its digest: it was changed or damaged");
    r->info->sha256 = kb_arena_copy(r->arena, kb_str_c(digest));
    r->ended = true;
    return KB_SUCCESS;
}

/* One line with its line feed. */
static KB_RES take_line(struct reader *r, struct kb_str line, struct kb_err *err)
{
    KB_AUTO(kb_json_done) json_t *json = NULL;
    KB_ENSURE(!r->ended, err, KB_ERR_CORRUPT, "something follows the end of the snapshot");
    kb_res res = kb_json_parse(NULL, line, 0, &json, err);
    KB_ENSURE(!kb_failed(res) || r->info->lines > 0, err, KB_ERR_INVALID,
              "this is no snapshot (kube-baseline collect makes one)");
    if (!kb_failed(res)) {
        res = r->info->lines == 0                             ? take_header(r, json, err)
              : json_object_get(json, "sha256") != NULL ? take_end(r, json, err)
                                                        : take_record(r, json, err);
    }
    kb_sha256_add(&r->sha, line.p, line.n);
    r->info->lines += !r->ended;
    r->info->bytes += line.n;
    return res;
}

/* All whole lines of `buf`; the rest stays in it. */
static KB_RES take_lines(struct reader *r, struct kb_buf *buf, size_t from, struct kb_err *err)
{
    struct kb_str left = kb_buf_view(buf);
    for (;;) {
        size_t at = kb_str_find(left, KB_STR("\n"), from);
        if (at == SIZE_MAX) {
            break;
        }
        KB_TRY_CTX(err, take_line(r, kb_str_sub(left, 0, at + 1), err), "%.*s: line %llu",
                   KB_FMT(r->name), (unsigned long long)r->info->lines + 1);
        left = kb_str_sub(left, at + 1, left.n);
        from = 0;
    }
    memmove(buf->p, left.p, left.n);
    buf->n = left.n;
    return KB_SUCCESS;
}

static KB_RES read_all(struct reader *r, struct kb_bytes in, struct kb_err *err)
{
    struct kb_buf buf;
    kb_res res = KB_SUCCESS;
    kb_buf_init(&buf, LINE_MAX);
    for (size_t got = 1; !kb_failed(res) && got > 0;) {
        size_t before = buf.n;
        char *room = kb_buf_reserve(&buf, CHUNK);
        res = room == NULL ? kb_fail(err, KB_ERR_LIMIT, "%.*s: a line of more than %d bytes",
                                     KB_FMT(r->name), LINE_MAX)
                           : kb_bytes_read(in, room, CHUNK, &got, err);
        if (!kb_failed(res)) {
            buf.n += got;
            res = take_lines(r, &buf, before, err);
        }
    }
    if (!kb_failed(res) && (!r->ended || buf.n > 0)) {
        res = kb_fail(err, KB_ERR_CORRUPT,
                      "%.*s: the snapshot is cut: its end, with the digest, is missing",
                      KB_FMT(r->name));
    }
    kb_buf_done(&buf);
    return res;
}

KB_RES kb_snapshot_read(struct kb_str path, const struct kb_object_sink *objects,
                        const struct kb_aws_sink *aws, struct kb_arena *arena,
                        struct kb_snapshot_info *out, struct kb_err *err)
{
    struct reader r = {.objects = objects, .aws = aws, .arena = arena, .info = out};
    const char *name = kb_arena_copy(arena, path).p;
    struct kb_inputs inputs;
    struct kb_input *input = NULL;
    *out = (struct kb_snapshot_info){0};
    kb_sha256_init(&r.sha);
    KB_TRY(kb_inputs_find(arena, &name, 1, &inputs, err));
    KB_ENSURE(inputs.n == 1, err, KB_ERR_INVALID, "%s: a snapshot is one file", name);
    r.name = inputs.at[0].name;
    kb_res res = kb_input_open(&inputs.at[0], false, &input, err);
    if (!kb_failed(res)) {
        res = read_all(&r, kb_input_bytes(input), err);
    }
    kb_input_close(input);
    return res;
}

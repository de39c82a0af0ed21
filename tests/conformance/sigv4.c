/*
 * Signature Version 4: sigv4 FOLDER|ROWS.jsonl[.gz]…
 *
 * A folder is AWS's own suite (its cases are folders with request.txt and context.json, and each is signed by
 * headers and by query), or one such case. Rows are requests as botocore signed them.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "aws/eks_token.h"
#include "aws/sigv4.h"
#include "data/json.h"
#include "data/time.h"
#include "rows.h"

enum { SKIPPED = 77, FILE_MAX = 4 << 20, FIELDS_MAX = 64 };

/* One request to be signed, from whatever form. */
struct job {
    struct kb_arena arena;
    struct kb_sigv4_request request;
    struct kb_sigv4_params params;
    struct kb_sigv4_key key;
    struct kb_sigv4_field fields[FIELDS_MAX];
};

static void job_done(struct job *job)
{
    kb_aws_secret_done(&job->key.secret);
    kb_aws_secret_done(&job->key.token);
    kb_arena_done(&job->arena);
}

static bool wrong(const char *id, const char *what, struct kb_str got, struct kb_str wanted)
{
    if (kb_str_eq(got, wanted)) {
        return false;
    }
    printf("%s: %s is\n%.*s\nwanted\n%.*s\n", id, what, KB_FMT(got), KB_FMT(wanted));
    return true;
}

static void add_field(struct job *job, struct kb_str name, struct kb_str value)
{
    if (job->request.header_count < FIELDS_MAX) {
        job->fields[job->request.header_count++] = (struct kb_sigv4_field){name, value};
        job->request.headers = job->fields;
    }
}

static void set_target(struct job *job, struct kb_str target)
{
    job->request.path = kb_str_split(target, '?', &job->request.query);
}

static void set_key(struct job *job, const json_t *from, const char *token)
{
    job->key.access_key_id = kb_rows_str(from, "access_key_id");
    kb_aws_secret_set(&job->key.secret, kb_rows_str(from, "secret_access_key"));
    kb_aws_secret_set(&job->key.token, kb_rows_str(from, token));
}

/* ---- AWS's suite ---- */

static struct kb_str read_text(struct job *job, const char *folder, const char *name)
{
    struct kb_str path = kb_arena_printf(&job->arena, "%s/%s", folder, name);
    struct kb_str text = {0};
    FILE *file = fopen(path.p, "rb");
    if (file != NULL) {
        char *room = kb_alloc(FILE_MAX);
        text = kb_arena_copy(&job->arena, (struct kb_str){room, fread(room, 1, FILE_MAX, file)});
        kb_free(room);
        (void)fclose(file);
    }
    return text;
}

static struct kb_str next_line(struct kb_str *rest)
{
    struct kb_str line = kb_str_split(*rest, '\n', rest);
    return kb_str_ends(line, KB_STR("\r")) ? kb_str_sub(line, 0, line.n - 1) : line;
}

/* "METHOD target HTTP/1.1", headers whose values go on in indented lines, an empty line, the body. */
static void read_request(struct job *job, struct kb_str text)
{
    struct kb_str rest = text, target;
    struct kb_str line = next_line(&rest);
    job->request.method = kb_str_split(line, ' ', &target);
    set_target(job, kb_str_sub(target, 0, kb_str_find(target, KB_STR(" HTTP/"), 0)));
    for (line = next_line(&rest); line.n > 0; line = next_line(&rest)) {
        struct kb_str value;
        if (line.p[0] == ' ' || line.p[0] == '\t') {
            struct kb_str *last = &job->fields[job->request.header_count - 1].value;
            *last = kb_arena_printf(&job->arena, "%.*s\n%.*s", KB_FMT(*last), KB_FMT(line));
        } else {
            struct kb_str name = kb_str_split(line, ':', &value);
            add_field(job, name, value);
        }
    }
    job->request.body = rest;
}

static bool read_context(struct job *job, const json_t *context)
{
    struct kb_time at;
    job->params.region = kb_rows_str(context, "region");
    job->params.service = kb_rows_str(context, "service");
    job->params.token_later = json_is_true(json_object_get(context, "omit_session_token"));
    bool plain = json_is_false(json_object_get(context, "normalize"));
    job->params.path = plain ? KB_SIGV4_PATH_KEPT : KB_SIGV4_PATH_NORMAL;
    (void)kb_json_i64(context, "expiration_in_seconds", &job->params.expires_s);
    set_key(job, json_object_get(context, "credentials"), "token");
    bool ok = !kb_failed(kb_time_parse(kb_rows_str(context, "timestamp"), KB_TIME_STRICT, &at, NULL));
    job->params.time_s = at.s;
    return ok;
}

static bool check_form(struct job *job, const char *folder, const char *form)
{
    struct kb_sigv4_signed out;
    struct kb_err err = {0};
    char name[64], id[512];
    bool by_query = strcmp(form, "query") == 0;
    kb_res res = (by_query ? kb_sigv4_presign : kb_sigv4_sign)(&job->request, &job->params,
                                                               &job->key, NULL, &out, &err);
    bool ok = !kb_failed(res);
    (void)snprintf(id, sizeof id, "%s (%s)", folder, form);
    if (!ok) {
        printf("%s: %s\n", id, err.msg);
    }
    const struct {
        const char *file;
        struct kb_str got;
    } parts[] = {{"canonical-request", kb_buf_view(&out.canonical)},
                 {"string-to-sign", kb_buf_view(&out.to_sign)},
                 {"signature", kb_str_c(out.signature)}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && ok; i++) {
        (void)snprintf(name, sizeof name, "%s-%s.txt", form, parts[i].file);
        ok = !wrong(id, parts[i].file, parts[i].got, read_text(job, folder, name));
    }
    (void)snprintf(name, sizeof name, "%s-signed-request.txt", form);
    struct kb_str sent = by_query ? kb_str_c(out.signature) : kb_buf_view(&out.authorization);
    if (ok && kb_str_find(read_text(job, folder, name), sent, 0) == SIZE_MAX) {
        printf("%s: %.*s is not in the signed request\n", id, KB_FMT(sent));
        ok = false;
    }
    kb_sigv4_signed_done(&out);
    return ok;
}

static void run_case(const char *folder, struct kb_rows_tally *tally)
{
    struct job job = {0};
    struct kb_str text = read_text(&job, folder, "context.json");
    KB_AUTO(kb_json_done) json_t *context = NULL;
    bool ok = !kb_failed(kb_json_parse(folder, text, 0, &context, NULL)) &&
              read_context(&job, context);
    read_request(&job, read_text(&job, folder, "request.txt"));
    bool body = json_is_true(json_object_get(context, "sign_body"));
    job.params.payload = body ? KB_SIGV4_PAYLOAD_TOLD : KB_SIGV4_PAYLOAD_HASHED;
    bool header = ok && check_form(&job, folder, "header");
    bool query = ok && check_form(&job, folder, "query");
    tally->passed += (unsigned)header + (unsigned)query;
    tally->failed += 2 - (unsigned)header - (unsigned)query;
    job_done(&job);
}

static bool is_there(const char *folder, const char *name)
{
    char path[4096];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &st) == 0;
}

static void run_folder(const char *folder, struct kb_rows_tally *tally)
{
    struct dirent **names = NULL;
    int n = is_there(folder, "request.txt") ? 0 : scandir(folder, &names, NULL, alphasort);
    if (n == 0) {
        run_case(folder, tally);
    }
    for (int i = 0; i < n; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && is_there(path, "request.txt")) {
            run_case(path, tally);
        }
        free(names[i]);
    }
    free(names);
}

/* ---- botocore's rows ---- */

static bool added_by_signer(const char *name)
{
    static const char *const names[] = {"x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
                                        "authorization"};
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        found = found || strcasecmp(names[i], name) == 0;
    }
    return found;
}

/* "20261121T102030Z" */
static int64_t read_date(struct job *job, struct kb_str t)
{
    struct kb_time at = {0};
    const char *d = t.p;
    struct kb_str text = kb_arena_printf(&job->arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", d, d + 4,
                                         d + 6, d + 9, d + 11, d + 13);
    bool ok = t.n == 16 && !kb_failed(kb_time_parse(text, KB_TIME_STRICT, &at, NULL));
    return ok ? at.s : -1;
}

/* What stands before the parameters of the signature, and the seconds among them. */
static void cut_query(struct job *job)
{
    struct kb_str query = job->request.query;
    size_t at = kb_str_find(query, KB_STR("X-Amz-Algorithm="), 0);
    size_t expires = kb_str_find(query, KB_STR("X-Amz-Expires="), 0);
    if (expires != SIZE_MAX) {
        struct kb_str value = kb_str_sub(query, expires + sizeof "X-Amz-Expires=" - 1, query.n);
        (void)kb_str_i64(kb_str_split(value, '&', &(struct kb_str){0}), &job->params.expires_s);
    }
    job->request.query = at == SIZE_MAX ? query : kb_str_sub(query, 0, at == 0 ? 0 : at - 1);
}

static void read_row(struct job *job, const json_t *row)
{
    const char *name;
    const json_t *value;
    job->params.region = kb_rows_str(row, "region");
    job->params.service = kb_rows_str(row, "service");
    job->params.time_s = read_date(job, kb_rows_str(row, "time"));
    job->params.path = kb_str_eq_c(job->params.service, "s3") ? KB_SIGV4_PATH_AS_SENT
                                                              : KB_SIGV4_PATH_NORMAL;
    job->request.method = kb_rows_str(row, "method");
    job->request.body = kb_rows_str(row, "body");
    set_target(job, kb_rows_str(row, "target"));
    set_key(job, row, "session_token");
    json_object_foreach(json_object_get(row, "headers"), name, value) {
        if (strcasecmp(name, "x-amz-content-sha256") == 0) {
            job->params.payload = KB_SIGV4_PAYLOAD_TOLD;
        }
        if (!added_by_signer(name)) {
            add_field(job, kb_str_c(name), kb_json_view(value));
        }
    }
    if (kb_str_eq_c(kb_rows_str(row, "payload_hash"), "UNSIGNED-PAYLOAD")) {
        job->params.payload = KB_SIGV4_PAYLOAD_UNSIGNED;
    }
}

static bool check_token(const struct job *job, const json_t *row, const char *id)
{
    struct kb_eks_token_request wanted = {.host = kb_rows_str(row, "host"),
                                          .region = job->params.region,
                                          .time_s = job->params.time_s,
                                          .expires_s = job->params.expires_s};
    struct kb_aws_secret token = {0};
    struct kb_err err = {0};
    for (size_t i = 0; i < job->request.header_count; i++) {
        if (strcasecmp(job->fields[i].name.p, "x-k8s-aws-id") == 0) {
            wanted.cluster = job->fields[i].value;
        }
    }
    kb_res res = kb_eks_token(&wanted, &job->key, &token, &err);
    bool ok = !kb_failed(res) && !wrong(id, "token", kb_aws_secret_reveal(&token),
                                        kb_rows_str(row, "eks_token"));
    kb_aws_secret_done(&token);
    return ok;
}

static bool check_row(struct job *job, const json_t *row, const char *id)
{
    struct kb_sigv4_signed out;
    struct kb_err err = {0};
    bool by_query = kb_str_eq_c(kb_rows_str(row, "kind"), "query");
    if (by_query) {
        cut_query(job);
    }
    kb_res res = (by_query ? kb_sigv4_presign : kb_sigv4_sign)(&job->request, &job->params,
                                                               &job->key, NULL, &out, &err);
    bool ok = !kb_failed(res);
    if (!ok) {
        printf("%s: %s\n", id, err.msg);
    }
    const struct {
        const char *member;
        struct kb_str got;
    } parts[] = {{"payload_hash", kb_str_c(out.payload)}, {"scope", kb_str_c(out.scope)},
                 {"signed_headers", kb_buf_view(&out.names)},
                 {"canonical_request", kb_buf_view(&out.canonical)},
                 {"string_to_sign", kb_buf_view(&out.to_sign)},
                 {"signature", kb_str_c(out.signature)},
                 {"authorization", kb_buf_view(&out.authorization)}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && ok; i++) {
        ok = kb_rows_text(row, parts[i].member) == NULL ||
             !wrong(id, parts[i].member, parts[i].got, kb_rows_str(row, parts[i].member));
    }
    if (ok && kb_rows_text(row, "eks_token") != NULL) {
        ok = check_token(job, row, id);
    }
    kb_sigv4_signed_done(&out);
    return ok;
}

static bool run_row(const json_t *row, void *ctx)
{
    (void)ctx;
    struct job job = {0};
    const char *name = kb_rows_text(row, "name");
    if (kb_str_eq_c(kb_rows_str(row, "kind"), "unsigned")) {
        return json_object_get(json_object_get(row, "headers"), "Authorization") == NULL;
    }
    read_row(&job, row);
    bool ok = check_row(&job, row, name == NULL ? "(no name)" : name);
    job_done(&job);
    return ok;
}

int main(int argc, char **argv)
{
    struct kb_rows_tally tally = {0};
    unsigned missing = 0;
    for (int i = 1; i < argc; i++) {
        struct stat st;
        if (stat(argv[i], &st) != 0) {
            printf("%s: not here\n", argv[i]);
            missing++;
        } else if (S_ISDIR(st.st_mode)) {
            run_folder(argv[i], &tally);
        } else {
            kb_rows_file(argv[i], run_row, NULL, &tally);
        }
    }
    int status = kb_rows_close(&tally);
    return missing > 0 && tally.passed + tally.failed == 0 ? SKIPPED : status;
}

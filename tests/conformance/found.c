/* Running the product over a log, and its findings by audit id. */
#include "found.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "run/run.h"

enum { FINDINGS = 1 << 20, PATH_BYTES = 256 };

static bool write_profile(struct kb_str text, char path[PATH_BYTES])
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(path, PATH_BYTES, "%s/kb-labels-XXXXXX.yaml", folder == NULL ? "/tmp" : folder);
    int fd = mkstemps(path, sizeof ".yaml" - 1);
    if (fd < 0) {
        return false;
    }
    bool ok = write(fd, text.p, text.n) == (ssize_t)text.n;
    return close(fd) == 0 && ok;
}

static void add(struct kb_found *found, const char *control, struct kb_str audit_id, bool unknown)
{
    if (audit_id.n == 0) {
        return;
    }
    json_t *answers = json_object_getn(found->answers, audit_id.p, audit_id.n);
    if (answers == NULL) {
        answers = json_object();
        (void)json_object_setn_new_nocheck(found->answers, audit_id.p, audit_id.n, answers);
    }
    if (!unknown || json_object_get(answers, control) == NULL) {
        (void)json_object_set_new_nocheck(answers, control, json_string(unknown ? "unknown" : "fail"));
    }
}

static void add_control(struct kb_found *found, const struct kb_control_result *control)
{
    struct kb_arena arena = {0};
    const char *id = kb_arena_copy(&arena, control->id).p;
    (void)json_object_set_new(found->controls, id, json_true());
    for (size_t i = 0; i < control->finding_count; i++) {
        const struct kb_finding *finding = &control->findings[i];
        for (size_t k = 0; k < finding->evidence_count; k++) {
            add(found, id, finding->evidence[k].audit_id, finding->verdict == KB_UNKNOWN);
        }
    }
    kb_arena_done(&arena);
}

static bool check(struct kb_found *found, const char *log, const char *profile)
{
    struct kb_str logs[] = {kb_str_c(log)};
    struct kb_check_options options = {
        .logs = logs,
        .log_count = 1,
        .profile = kb_str_c(profile),
        .now_ns = KB_TIME_NONE,
        .since_ns = KB_TIME_NONE,
        .until_ns = KB_TIME_NONE,
        .fail_on = KB_FAIL_ON_NEVER,
        .max_findings = FINDINGS,
    };
    struct kb_result result;
    struct kb_mistakes mistakes = {0};
    struct kb_err err;
    bool ok = !kb_failed(kb_run_check(&options, &result, &mistakes, &err));
    if (ok) {
        for (size_t i = 0; i < result.control_count; i++) {
            add_control(found, &result.controls[i]);
        }
        kb_result_done(&result);
    } else {
        struct kb_buf text = {.max = 1 << 20};
        kb_mistakes_print(&mistakes, &text);
        printf("%s: %s\n%.*s", log, err.msg, KB_FMT(kb_buf_view(&text)));
        kb_buf_done(&text);
    }
    kb_mistakes_done(&mistakes);
    return ok;
}

bool kb_found_run(struct kb_found *found, const char *log, struct kb_str profile)
{
    char path[PATH_BYTES];
    *found = (struct kb_found){.controls = json_object(), .answers = json_object()};
    bool ok = write_profile(profile, path);
    if (!ok) {
        printf("%s: the profile cannot be written\n", path);
    } else {
        ok = check(found, log, path);
    }
    (void)unlink(path);
    return ok;
}

void kb_found_done(struct kb_found *found)
{
    json_decref(found->controls);
    json_decref(found->answers);
    *found = (struct kb_found){0};
}

bool kb_found_control(const struct kb_found *found, const char *control)
{
    return json_object_get(found->controls, control) != NULL;
}

enum kb_found_answer kb_found_on(const struct kb_found *found, const char *audit_id,
                                 const char *control)
{
    const char *answer =
        json_string_value(json_object_get(json_object_get(found->answers, audit_id), control));
    if (answer == NULL) {
        return KB_FOUND_NOTHING;
    }
    return answer[0] == 'u' ? KB_FOUND_UNKNOWN : KB_FOUND_REPORTED;
}

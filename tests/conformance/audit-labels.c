/*
 * Labelled audit events: audit-labels DIR…
 *
 * Each folder holds events.jsonl, labels.jsonl (plain or .gz) and context.json; their form is that of the README beside
 * tests/data/audit/apiserver-1.36. Every expectation is one case; so are an exact row, and a named event's
 * silence. Ids without a control are counted and named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "context.h"
#include "found.h"
#include "rows.h"

struct labels {
    struct kb_rows_tally *tally;
    struct kb_found found;
    json_t *exact;   /* id: true, of ids_of_exact_rows */
    json_t *named;   /* audit id: true */
    json_t *skipped; /* id: number of expectations */
};

/* One case: `where` is an action or an audit id. */
static void hold(struct labels *labels, bool ok, const char *where, const char *control,
                 const char *otherwise)
{
    labels->tally->passed += ok;
    labels->tally->failed += !ok;
    if (!ok) {
        printf("%s: %s %s\n", where, control, otherwise);
    }
}

static bool in_list(const json_t *list, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), text) == 0) {
            return true;
        }
    }
    return false;
}

/* On how many of the row's events the control gives at least this answer. */
static size_t answers(const struct labels *labels, const json_t *row, const char *control,
                      enum kb_found_answer least)
{
    size_t i, n = 0;
    json_t *id;
    json_array_foreach(json_object_get(row, "auditIDs"), i, id)
    {
        n += kb_found_on(&labels->found, json_string_value(id), control) >= least;
    }
    return n;
}

static bool skip(struct labels *labels, const char *control)
{
    if (kb_found_control(&labels->found, control)) {
        return false;
    }
    json_int_t n = json_integer_value(json_object_get(labels->skipped, control));
    (void)json_object_set_new(labels->skipped, control, json_integer(n + 1));
    return true;
}

static void check_expected(struct labels *labels, const json_t *row, const char *action)
{
    const char *scope = kb_rows_text(row, "scope");
    bool group = scope != NULL && strcmp(scope, "group") == 0;
    size_t i, events = json_array_size(json_object_get(row, "auditIDs"));
    json_t *id;
    json_array_foreach(json_object_get(row, "expect"), i, id)
    {
        const char *control = json_string_value(id);
        if (!skip(labels, control)) {
            size_t n = answers(labels, row, control, KB_FOUND_REPORTED);
            hold(labels, n >= (group ? 1 : events), action, control, "is not reported");
        }
    }
}

static void check_silent(struct labels *labels, const json_t *row, const char *action,
                         const char *key, const char *otherwise)
{
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(row, key), i, id)
    {
        const char *control = json_string_value(id);
        if (!skip(labels, control)) {
            size_t n = answers(labels, row, control, KB_FOUND_REPORTED);
            hold(labels, n == 0, action, control, otherwise);
        }
    }
}

/* Of the ids of exact rows, nothing but what the row names. On an event whose bodies are cut off everything about them
 * may be unknown. */
static void check_exact(struct labels *labels, const json_t *row, const char *action)
{
    const char *control;
    json_t *value;
    bool ok = true;
    bool cut = in_list(json_object_get(row, "expect"), "audit-event-truncated");
    json_object_foreach(labels->exact, control, value)
    {
        if (in_list(json_object_get(row, "expect"), control) ||
            in_list(json_object_get(row, "either"), control) ||
            in_list(json_object_get(row, "unknown"), control)) {
            continue;
        }
        bool reported = answers(labels, row, control, KB_FOUND_REPORTED) > 0;
        if (reported || (!cut && answers(labels, row, control, KB_FOUND_UNKNOWN) > 0)) {
            printf("%s: %s is %s, but not named\n", action, control, reported ? "reported" : "unknown");
            ok = false;
        }
    }
    labels->tally->passed += ok;
    labels->tally->failed += !ok;
}

static bool check_row(const json_t *row, void *ctx)
{
    struct labels *labels = ctx;
    const char *action = kb_rows_text(row, "action");
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(row, "auditIDs"), i, id)
    {
        (void)json_object_set_new(labels->named, json_string_value(id), json_true());
    }
    check_expected(labels, row, action);
    check_silent(labels, row, action, "not", "is reported");
    check_silent(labels, row, action, "unknown", "is reported, but cannot be seen");
    if (json_is_true(json_object_get(row, "exact"))) {
        check_exact(labels, row, action);
    }
    return true;
}

/* On an event that no row names, none of the ids of exact rows. */
static void check_unnamed(struct labels *labels)
{
    const char *audit_id, *control;
    json_t *answers_of, *answer;
    json_object_foreach(labels->found.answers, audit_id, answers_of)
    {
        if (json_object_get(labels->named, audit_id) != NULL) {
            continue;
        }
        json_object_foreach(answers_of, control, answer)
        {
            if (json_object_get(labels->exact, control) != NULL) {
                hold(labels, false, audit_id, control, "is not silent, and no row names the event");
            }
        }
    }
}

/* DIR/name, or DIR/name.gz where only that is there. */
static const char *path_of(struct kb_arena *arena, const char *dir, const char *name)
{
    const char *plain = kb_arena_printf(arena, "%s/%s", dir, name).p;
    return access(plain, R_OK) == 0 ? plain : kb_arena_printf(arena, "%s.gz", plain).p;
}

static void print_skipped(json_t *skipped)
{
    const char *control;
    json_t *n;
    json_object_foreach(skipped, control, n)
    {
        printf("skipped: %s has no control (%d)\n", control, (int)json_integer_value(n));
    }
}

static void check_labels(struct labels *labels, const char *path)
{
    struct kb_rows_tally rows = {0};
    kb_rows_file(path, check_row, labels, &rows);
    labels->tally->failed += rows.failed;
    check_unnamed(labels);
    print_skipped(labels->skipped);
}

static void run_folder(const char *dir, struct kb_rows_tally *tally)
{
    struct kb_arena arena = {0};
    struct kb_buf profile = {.max = 1 << 20};
    json_t *context = json_load_file(path_of(&arena, dir, "context.json"), 0, NULL);
    struct labels labels = {.tally = tally, .exact = json_object(), .named = json_object(),
                            .skipped = json_object()};
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(context, "ids_of_exact_rows"), i, id)
    {
        (void)json_object_set_new(labels.exact, json_string_value(id), json_true());
    }
    kb_context_profile(context, &profile);
    if (context == NULL) {
        printf("%s: no context.json\n", dir);
        tally->failed++;
    } else if (kb_found_run(&labels.found, path_of(&arena, dir, "events.jsonl"), kb_buf_view(&profile))) {
        check_labels(&labels, path_of(&arena, dir, "labels.jsonl"));
    } else {
        tally->failed++;
    }
    kb_found_done(&labels.found);
    json_decref(labels.exact);
    json_decref(labels.named);
    json_decref(labels.skipped);
    json_decref(context);
    kb_buf_done(&profile);
    kb_arena_done(&arena);
}

int main(int argc, char **argv)
{
    struct kb_rows_tally tally = {0};
    for (int i = 1; i < argc; i++) {
        run_folder(argv[i], &tally);
    }
    return kb_rows_close(&tally);
}

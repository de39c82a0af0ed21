/*
 * Falco's old regression suite: falco-labels labelled.jsonl…
 *
 * Each row is {rule, expect, test, event}. falco-mapping.yaml says which control answers for a rule, and where
 * the answers differ on purpose. All events are judged in one run, each under an audit id of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "data/yaml.h"
#include "found.h"
#include "rows.h"

enum { PATH_BYTES = 256, MAPPING_BYTES = 1 << 20 };

struct falco {
    struct kb_rows_tally tally;
    struct kb_arena arena;
    const struct kb_yaml_node *mapping;
    json_t *rows;
    struct kb_found found;
    unsigned skipped;
};

static const struct kb_yaml_node *entry(const struct falco *falco, const char *part, const char *name)
{
    return kb_yaml_get(kb_yaml_get(falco->mapping, part), name);
}

/* Why the row is left out, or NULL. */
static const char *differs(const struct falco *falco, const json_t *row)
{
    const struct kb_yaml_node *reason = entry(falco, "differs", kb_rows_text(row, "test"));
    if (reason == NULL) {
        reason = kb_yaml_get(entry(falco, "rules", kb_rows_text(row, "rule")), "differs");
    }
    return reason == NULL ? NULL : reason->text.p;
}

static bool keep_row(const json_t *row, void *ctx)
{
    struct falco *falco = ctx;
    (void)json_array_append_new(falco->rows, json_deep_copy(row));
    return true;
}

/* The row's event under an audit id of its own, and as the mapping's user. */
static void prepare(const struct falco *falco, const json_t *row, size_t number)
{
    json_t *event = json_object_get(row, "event");
    char id[32];
    (void)snprintf(id, sizeof id, "row-%zu", number);
    (void)json_object_set_new(event, "auditID", json_string(id));
    const struct kb_yaml_node *user =
        kb_yaml_get(entry(falco, "rules", kb_rows_text(row, "rule")), "user");
    if (user != NULL) {
        (void)json_object_set_new(event, "user", json_pack("{s:s}", "username", user->text.p));
    }
}

static bool write_events(const struct falco *falco, char path[PATH_BYTES])
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(path, PATH_BYTES, "%s/kb-falco-XXXXXX.jsonl", folder == NULL ? "/tmp" : folder);
    int fd = mkstemps(path, sizeof ".jsonl" - 1);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL) {
        return false;
    }
    size_t i;
    json_t *row;
    json_array_foreach(falco->rows, i, row)
    {
        prepare(falco, row, i);
        (void)json_dumpf(json_object_get(row, "event"), file, JSON_COMPACT);
        (void)fputc('\n', file);
    }
    return fclose(file) == 0;
}

static bool profile_text(const struct falco *falco, struct kb_buf *out)
{
    json_t *settings = NULL;
    struct kb_err err;
    if (kb_failed(kb_yaml_to_json(kb_yaml_get(falco->mapping, "settings"), &settings, &err))) {
        printf("falco-mapping.yaml: %s\n", err.msg);
        return false;
    }
    char *text = json_dumps(settings, JSON_COMPACT);
    kb_buf_printf(out, "profile: falco\ncontrols: {include: [\"audit/*\"]}\nsettings: %s\n", text);
    kb_free(text);
    json_decref(settings);
    return true;
}

static size_t reported(const struct falco *falco, const struct kb_yaml_node *ids, const char *audit_id,
                       const char **first)
{
    size_t n = 0;
    for (size_t i = 0; ids != NULL && i < ids->n; i++) {
        const char *control = ids->items[i]->text.p;
        if (kb_found_on(&falco->found, audit_id, control) == KB_FOUND_REPORTED) {
            *first = n == 0 ? control : *first;
            n++;
        }
    }
    return n;
}

static bool check_row(const struct falco *falco, const json_t *row, const char *audit_id)
{
    const char *test = kb_rows_text(row, "test");
    const char *rule = kb_rows_text(row, "rule");
    bool expect = json_is_true(json_object_get(row, "expect"));
    const struct kb_yaml_node *ids =
        expect ? kb_yaml_get(entry(falco, "rules", rule), "ids") : entry(falco, "silent", test);
    const char *first = "";
    if (ids == NULL) {
        printf("%s: the mapping does not name it\n", test);
        return false;
    }
    size_t n = reported(falco, ids, audit_id, &first);
    if (expect && n == 0) {
        printf("%s: nothing is reported for \"%s\"\n", test, rule);
    } else if (!expect && n > 0) {
        printf("%s: %s is reported\n", test, first);
    }
    return expect ? n > 0 : n == 0;
}

static void check_rows(struct falco *falco)
{
    size_t i;
    json_t *row;
    json_array_foreach(falco->rows, i, row)
    {
        const char *reason = differs(falco, row);
        if (reason != NULL) {
            falco->skipped++;
            printf("skipped: %s: %s\n", kb_rows_text(row, "test"), reason);
            continue;
        }
        char id[32];
        (void)snprintf(id, sizeof id, "row-%zu", i);
        bool ok = check_row(falco, row, id);
        falco->tally.passed += ok;
        falco->tally.failed += !ok;
    }
}

static bool load_mapping(struct falco *falco)
{
    char *text = kb_arena_alloc(&falco->arena, MAPPING_BYTES);
    FILE *file = fopen(KB_FALCO_MAPPING, "r");
    if (file == NULL) {
        printf("%s: cannot be read\n", KB_FALCO_MAPPING);
        return false;
    }
    size_t n = fread(text, 1, MAPPING_BYTES - 1, file);
    (void)fclose(file);
    struct kb_err err;
    kb_res res = kb_yaml_parse(&falco->arena, "falco-mapping.yaml", (struct kb_str){text, n},
                               &falco->mapping, &err);
    if (kb_failed(res)) {
        printf("falco-mapping.yaml:%u: %s\n", err.line, err.msg);
    }
    return !kb_failed(res);
}

static bool judge(struct falco *falco)
{
    char path[PATH_BYTES] = "";
    struct kb_buf profile = {.max = MAPPING_BYTES};
    bool ok = profile_text(falco, &profile) && write_events(falco, path) &&
              kb_found_run(&falco->found, path, kb_buf_view(&profile));
    (void)unlink(path);
    kb_buf_done(&profile);
    return ok;
}

int main(int argc, char **argv)
{
    struct falco falco = {.rows = json_array()};
    for (int i = 1; i < argc; i++) {
        struct kb_rows_tally read = {0};
        if (access(argv[i], R_OK) != 0) {
            printf("%s is not there: nothing to compare with\n", argv[i]);
            json_decref(falco.rows);
            return 77;
        }
        kb_rows_file(argv[i], keep_row, &falco, &read);
        falco.tally.failed += read.failed;
    }
    if (load_mapping(&falco) && judge(&falco)) {
        check_rows(&falco);
    } else {
        falco.tally.failed++;
    }
    kb_found_done(&falco.found);
    json_decref(falco.rows);
    kb_arena_done(&falco.arena);
    printf("%u skipped\n", falco.skipped);
    return kb_rows_close(&falco.tally);
}

#include "rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { LINE_MAX_BYTES = 4 << 20 };

const char *kb_rows_text(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

struct kb_str kb_rows_str(const json_t *row, const char *key)
{
    const json_t *value = json_object_get(row, key);
    return (struct kb_str){json_is_string(value) ? json_string_value(value) : "",
                           json_string_length(value)};
}

bool kb_rows_differs(const json_t *row, const char *fmt, ...)
{
    const char *id = kb_rows_text(row, "id");
    va_list args;
    va_start(args, fmt);
    printf("%s: ", id == NULL ? "(no id)" : id);
    vprintf(fmt, args);
    printf("\n");
    va_end(args);
    return false;
}

static void run_line(const char *line, kb_rows_fn *fn, void *ctx, struct kb_rows_tally *tally)
{
    json_error_t error;
    json_t *row = json_loads(line, JSON_ALLOW_NUL, &error);
    bool ok = false;
    if (row == NULL) {
        printf("not a case: %s\n", error.text);
    } else {
        ok = fn(row, ctx);
    }
    tally->passed += ok;
    tally->failed += !ok;
    json_decref(row);
}

void kb_rows_file(const char *path, kb_rows_fn *fn, void *ctx, struct kb_rows_tally *tally)
{
    gzFile file = gzopen(path, "rb");
    char *line = kb_alloc(LINE_MAX_BYTES);
    if (file == NULL) {
        printf("%s: cannot be read\n", path);
        tally->failed++;
    } else {
        while (gzgets(file, line, LINE_MAX_BYTES) != NULL) {
            if (line[0] != '\n') {
                run_line(line, fn, ctx, tally);
            }
        }
        gzclose(file);
    }
    kb_free(line);
}

int kb_rows_close(const struct kb_rows_tally *tally)
{
    printf("%u passed, %u failed\n", tally->passed, tally->failed);
    return tally->failed == 0 && tally->passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int kb_rows_main(int argc, char **argv, kb_rows_fn *fn, void *ctx)
{
    struct kb_rows_tally tally = {0};
    for (int i = 1; i < argc; i++) {
        kb_rows_file(argv[i], fn, ctx, &tally);
    }
    return kb_rows_close(&tally);
}

#include "test_data.h"

#include <stdio.h>

#include "data/inflate.h"
#include "data/json.h"
#include "test.h"

enum { DATA_MAX = 64 << 20 };

static void read_file(const char *path, struct kb_buf *out)
{
    char block[1 << 16];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!kb_test_check(file != NULL, path, 0, "cannot be opened")) {
        return;
    }
    while ((n = fread(block, 1, sizeof block, file)) > 0) {
        kb_buf_add(out, block, n);
    }
    (void)fclose(file);
}

struct kb_buf test_data(const char *name)
{
    char path[512];
    struct kb_buf packed;
    struct kb_buf plain;
    struct kb_err err = {0};
    kb_buf_init(&packed, DATA_MAX);
    kb_buf_init(&plain, DATA_MAX);
    (void)snprintf(path, sizeof path, "%s/%s", KB_TEST_DATA, name);
    read_file(path, &packed);
    OK(kb_inflate_all(kb_buf_view(&packed), &plain, &err), &err);
    kb_buf_done(&packed);
    return plain;
}

json_t *test_data_json(const char *name)
{
    KB_AUTO(kb_buf_done) struct kb_buf text = test_data(name);
    struct kb_err err = {0};
    json_t *json = NULL;
    OK(kb_json_parse(name, kb_buf_view(&text), 0, &json, &err), &err);
    return json;
}

/* JSON as YAML. */
#include "data/yaml.h"
#include "data/yaml_write.h"
#include "test.h"

static void writes(const char *json, const char *want)
{
    json_t *value = NULL, *again = NULL;
    struct kb_buf out;
    struct kb_err err = {0};
    struct kb_arena arena = {0};
    struct kb_yaml_docs docs = {0};
    OK(kb_json_parse(NULL, kb_str_c(json), 0, &value, &err), &err);
    kb_buf_init(&out, SIZE_MAX / 2);
    kb_yaml_write(value, &out);
    if (want != NULL) {
        kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
    }
    OK(kb_yaml_parse_all(&arena, NULL, kb_buf_view(&out), &docs, &err), &err);
    OK(kb_yaml_to_json(docs.at[0], &again, &err), &err);
    CHECK(json_equal(value, again));
    json_decref(value);
    json_decref(again);
    kb_buf_done(&out);
    kb_arena_done(&arena);
}

KB_TEST(yaml_write, as_kubectl)
{
    writes("{\"a\":{\"b\":[{\"c\":1,\"d\":[\"x\",\"z\"]},{\"e\":{}}],\"f\":[]},\"g\":\"h\"}",
           "a:\n  b:\n  - c: 1\n    d:\n    - x\n    - z\n  - e: {}\n  f: []\ng: h\n");
    writes("[{\"a\":[[1,2],[]]}]", NULL);
}

KB_TEST(yaml_write, quotes_what_might_be_something_else)
{
    writes("{\"a\":\"yes\",\"b\":\"1.0\",\"c\":\"\",\"d\":\"::/0\",\"e\":\"10.0.0.0/8\",\"f\":\"x: y\"}",
           "a: \"yes\"\nb: \"1.0\"\nc: \"\"\nd: \"::/0\"\ne: 10.0.0.0/8\nf: \"x: y\"\n");
    writes("{\"on\":\"null\",\"N\":\"- a\",\"0x1\":\"#b\",\"k\":\"line\\nbreak \\u001b[0m\"}", NULL);
}

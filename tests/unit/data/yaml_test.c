#include "data/yaml.h"

#include "base/limits.h"
#include "test.h"

static const struct kb_yaml_node *parse(struct kb_arena *arena, const char *text)
{
    struct kb_err err = {0};
    const struct kb_yaml_node *root = NULL;
    OK(kb_yaml_parse(arena, "t.yaml", kb_str_c(text), &root, &err), &err);
    return root;
}

/* Code, and place and start of the message, of what is refused. */
static void refused(const char *text, enum kb_code code, const char *message)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    const struct kb_yaml_node *root = NULL;
    char full[1024];
    FAILS(kb_yaml_parse(&arena, "t.yaml", kb_str_c(text), &root, &err), code);
    kb_err_format(&err, full, sizeof full);
    CHECK(root == NULL);
    kb_test_check(strncmp(full, message, strlen(message)) == 0, __FILE__, __LINE__,
                  "got \"%s\", want \"%s…\"", full, message);
    kb_arena_done(&arena);
}

KB_TEST(yaml, a_tree_with_places)
{
    struct kb_arena arena = {0};
    const struct kb_yaml_node *root = parse(&arena, "# c\na: 1\nb:\n  - x\n  - \"y\"\nä: {c: ~}\n");
    if (root != NULL) {
        EQ_INT(root->kind, KB_YAML_MAP);
        EQ_UINT(root->n, 3);
        const struct kb_yaml_node *b = kb_yaml_get(root, "b");
        EQ_INT(b->kind, KB_YAML_SEQ);
        EQ_UINT(b->line, 4);
        EQ_UINT(b->col, 3);
        EQ_STR(b->items[1]->text, "y");
        CHECK(!b->items[1]->plain && b->items[0]->plain);
        EQ_UINT(b->items[1]->line, 5);
        EQ_UINT(b->items[1]->col, 5);
        EQ_UINT(kb_yaml_get(root, "ä")->col, 4);
        EQ_C(b->file, "t.yaml");
        CHECK(kb_yaml_get(root, "nothing") == NULL);
        CHECK(kb_yaml_get(NULL, "nothing") == NULL);
    }
    kb_arena_done(&arena);
}

KB_TEST(yaml, core_schema_types)
{
    static const struct {
        const char *text;
        const char *type;
    } rows[] = {
        {"no", "text"},          {"yes", "text"},       {"on", "text"},        {"~", "null"},
        {"Null", "null"},        {"nULL", "text"},      {"true", "a boolean"}, {"TRUE", "a boolean"},
        {"tRUE", "text"},        {"0", "an integer"},   {"-12", "an integer"}, {"0o17", "an integer"},
        {"0xfF", "an integer"},  {"0b11", "text"},      {"1_000", "text"},     {"017", "an integer"},
        {"1.", "a number"},      {".5", "a number"},    {"1e3", "a number"},   {"1e", "text"},
        {".", "text"},           {"-.inf", "a number"}, {".NaN", "a number"},  {"'1'", "text"},
        {"!!str 1", "text"},     {"!!int 7", "an integer"}, {"12:30", "text"},
        {"2026-01-01", "text"},  {"!!float 1", "a number"}, {"! 1", "text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kb_arena arena = {0};
        EQ_C(kb_yaml_type_name(parse(&arena, rows[i].text)), rows[i].type);
        kb_arena_done(&arena);
    }
}

KB_TEST(yaml, numbers_are_read)
{
    struct kb_arena arena = {0};
    int64_t n = 0;
    double d = 0;
    CHECK(kb_yaml_int(parse(&arena, "-9223372036854775808"), &n) && n == INT64_MIN);
    CHECK(!kb_yaml_int(parse(&arena, "9223372036854775808"), &n));
    CHECK(kb_yaml_float(parse(&arena, "9223372036854775808"), &d) && d > 9.2e18);
    CHECK(kb_yaml_int(parse(&arena, "0o17"), &n) && n == 15);
    CHECK(kb_yaml_int(parse(&arena, "0xFF"), &n) && n == 255);
    CHECK(kb_yaml_int(parse(&arena, "+017"), &n) && n == 17);
    CHECK(kb_yaml_float(parse(&arena, "-.inf"), &d) && d < 0);
    CHECK(kb_yaml_float(parse(&arena, "2.5"), &d) && d > 2.4 && d < 2.6);
    CHECK(!kb_yaml_int(parse(&arena, "2.5"), &n));
    kb_arena_done(&arena);
}

KB_TEST(yaml, what_is_refused)
{
    refused("", KB_ERR_SYNTAX, "t.yaml: the file is empty");
    refused("# nothing\n", KB_ERR_SYNTAX, "t.yaml: the file is empty");
    refused("a: 1\nb: 2\na: 3\n", KB_ERR_INVALID,
            "t.yaml:3:1: the key \"a\" stands twice in this map, first on line 1");
    refused("a: 1\n---\nb: 2\n", KB_ERR_INVALID, "t.yaml:3:1: only one document");
    refused("x: &a {b: 1}\ny:\n  <<: *a\n", KB_ERR_UNSUPPORTED, "t.yaml:3:3: merge keys");
    refused("{[1]: 2}", KB_ERR_UNSUPPORTED, "t.yaml:1:2: a key must be a scalar");
    refused("&a [*a]", KB_ERR_INVALID, "t.yaml:1:5: alias *a stands inside its own node");
    refused("[*a]", KB_ERR_INVALID, "t.yaml:1:2: unknown alias *a");
    refused("a: !secret x", KB_ERR_UNSUPPORTED, "t.yaml:1:4: the tag !secret is not supported");
    refused("a: !!binary eA==", KB_ERR_UNSUPPORTED, "t.yaml:1:4: the tag tag:yaml.org,2002:binary");
    refused("a: [1", KB_ERR_SYNTAX, "t.yaml:2:1: ");
    refused("a: b: c", KB_ERR_SYNTAX, "t.yaml:1:5: mapping values are not allowed");
    refused("a: 1\nb: \xff\n", KB_ERR_SYNTAX, "t.yaml:2:4: ");
    refused("a: \x01", KB_ERR_SYNTAX, "t.yaml:1:4: control characters are not allowed");
}

KB_TEST(yaml, an_alias_bomb_is_refused)
{
    struct kb_buf text;
    kb_buf_init(&text, 1 << 20);
    kb_buf_c(&text, "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
        kb_buf_printf(&text, "l%d: &l%d [", i, i);
        for (int k = 0; k < 10; k++) {
            kb_buf_printf(&text, "*l%d,", i - 1);
        }
        kb_buf_c(&text, "]\n");
    }
    kb_buf_char(&text, '\0');
    refused(text.p, KB_ERR_LIMIT, "t.yaml:6:");
    kb_buf_done(&text);
}

KB_TEST(yaml, depth_and_size_are_limited)
{
    char deep[200];
    memset(deep, '[', 100);
    memset(deep + 100, ']', 99);
    deep[199] = '\0';
    refused(deep, KB_ERR_LIMIT, "t.yaml:1:65: nested deeper than 64");
    char fits[129];
    memset(fits, '[', 64);
    memset(fits + 64, ']', 64);
    fits[128] = '\0';
    struct kb_arena arena = {0};
    EQ_UINT(parse(&arena, fits)->height, 64);
    refused("a: &a [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]"
            "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\nb: [[[[[[[*a]]]]]]]\n",
            KB_ERR_LIMIT, "t.yaml:2:");
    struct kb_err err = {0};
    const struct kb_yaml_node *root = NULL;
    char *big = kb_alloc(KB_MAX_YAML_BYTES + 1);
    memset(big, ' ', KB_MAX_YAML_BYTES + 1);
    FAILS(kb_yaml_parse(&arena, NULL, (struct kb_str){big, KB_MAX_YAML_BYTES + 1}, &root, &err),
          KB_ERR_LIMIT);
    kb_free(big);
    kb_arena_done(&arena);
}

KB_TEST(yaml, several_documents)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    struct kb_yaml_docs docs = {0};
    OK(kb_yaml_parse_all(&arena, NULL, KB_STR("a: &x 1\n---\n---\n# c\n---\nb: 2\n"), &docs, &err),
       &err);
    EQ_UINT(docs.n, 2);
    OK(kb_yaml_parse_all(&arena, NULL, KB_STR("# only a comment\n"), &docs, &err), &err);
    EQ_UINT(docs.n, 0);
    FAILS(kb_yaml_parse_all(&arena, NULL, KB_STR("a: &x 1\n---\nb: *x\n"), &docs, &err),
          KB_ERR_INVALID);
    kb_arena_done(&arena);
}

KB_TEST(yaml, becomes_json)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    json_t *json = NULL;
    const struct kb_yaml_node *root = parse(
        &arena, "a: &a [1, 1.5, no, 'x', ~, true]\nb: *a\n1: {}\nc: \"\\0\"\nd: 99999999999999999999\n");
    OK(kb_yaml_to_json(root, &json, &err), &err);
    char *text = json_dumps(json, JSON_COMPACT);
    EQ_C(text, "{\"a\":[1,1.5,\"no\",\"x\",null,true],\"b\":[1,1.5,\"no\",\"x\",null,true],"
               "\"1\":{},\"c\":\"\\u0000\",\"d\":1e20}");
    free(text);
    json_decref(json);
    json = NULL;
    FAILS(kb_yaml_to_json(parse(&arena, "a: [1, .nan]"), &json, &err), KB_ERR_INVALID);
    EQ_UINT(err.col, 8);
    CHECK(json == NULL);
    kb_arena_done(&arena);
}

#include "data/json.h"

#include "base/limits.h"
#include "base/mem.h"
#include "test.h"

static void refused(const char *text, unsigned flags, enum kb_code code, unsigned line)
{
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    FAILS(kb_json_parse("f", kb_str_c(text), flags, &json, &err), code);
    EQ_UINT(err.line, line);
    CHECK(json == NULL && err.msg[0] != '\0');
}

KB_TEST(json, what_is_refused)
{
    refused("", 0, KB_ERR_SYNTAX, 1);
    refused("{\"a\":1,\n}", 0, KB_ERR_SYNTAX, 2);
    refused("{\"a\":1} x", 0, KB_ERR_SYNTAX, 1);
    refused("{\"a\":1,\n\"a\":2}", KB_JSON_UNIQUE_KEYS, KB_ERR_SYNTAX, 2);
    refused("\"\xff\"", 0, KB_ERR_SYNTAX, 1);
    refused("[\"\\ud800\"]", 0, KB_ERR_SYNTAX, 1);
}

KB_TEST(json, depth_has_a_limit_and_a_place)
{
    char deep[1500];
    memset(deep, '[', sizeof deep);
    deep[0] = '\n';
    deep[sizeof deep - 1] = '\0';
    refused(deep, 0, KB_ERR_LIMIT, 2);
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str fine = KB_STR("[\"[[[[\\\"[[[\"]");
    OK(kb_json_parse(NULL, fine, 0, &json, &err), &err);
}

KB_TEST(json, typed_members)
{
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    OK(kb_json_parse(NULL,
                     KB_STR("{\"s\":\"a\\u0000b\",\"i\":7,\"i\":8,\"d\":1.5,\"b\":true,"
                            "\"o\":{\"p\":{\"q\":[1]}},\"a\":[]}"),
                     0, &json, &err),
       &err);
    struct kb_str s = KB_STR("");
    int64_t i = 0;
    double d = 0;
    bool b = false;
    CHECK(kb_json_str(json, "s", &s));
    EQ_UINT(s.n, 3);
    CHECK(kb_json_i64(json, "i", &i) && i == 8);
    CHECK(kb_json_double(json, "d", &d) && kb_json_double(json, "i", &d));
    CHECK(kb_json_bool(json, "b", &b) && b);
    CHECK(!kb_json_i64(json, "d", &i) && !kb_json_str(json, "i", &s) && !kb_json_bool(NULL, "b", &b));
    CHECK(kb_json_object(json, "o") != NULL && kb_json_object(json, "a") == NULL);
    CHECK(kb_json_array(json, "a") != NULL && kb_json_array(json, "o") == NULL);
    CHECK(json_is_array(kb_json_dig(json, "o", "p", "q", NULL)));
    CHECK(kb_json_dig(json, "o", "x", "q", NULL) == NULL);
}

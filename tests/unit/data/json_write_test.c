#include "data/json_write.h"

#include <math.h>
#include <stdlib.h>

#include "test.h"

static void sample(struct kb_jsonw *w)
{
    kb_jsonw_object(w);
    kb_jsonw_member_c(w, "a", "x\"\\\n\x01/");
    kb_jsonw_member_array(w, "b");
    kb_jsonw_i64(w, INT64_MIN);
    kb_jsonw_u64(w, UINT64_MAX);
    kb_jsonw_bool(w, true);
    kb_jsonw_null(w);
    kb_jsonw_end(w);
    kb_jsonw_member_object(w, "c");
    kb_jsonw_end(w);
    kb_jsonw_end(w);
}

KB_TEST(json_write, compact_and_pretty)
{
    struct kb_buf out;
    kb_buf_init(&out, 1 << 20);
    struct kb_err err = {0};
    struct kb_jsonw w;
    kb_jsonw_init(&w, kb_sink_of(&out), false);
    sample(&w);
    OK(kb_jsonw_finish(&w, &err), &err);
    EQ_STR(kb_buf_view(&out),
           "{\"a\":\"x\\\"\\\\\\n\\u0001/\",\"b\":[-9223372036854775808,18446744073709551615,true,"
           "null],\"c\":{}}");
    kb_buf_clear(&out);
    kb_jsonw_init(&w, kb_sink_of(&out), true);
    sample(&w);
    OK(kb_jsonw_finish(&w, &err), &err);
    EQ_STR(kb_buf_view(&out),
           "{\n  \"a\": \"x\\\"\\\\\\n\\u0001/\",\n  \"b\": [\n    -9223372036854775808,\n    "
           "18446744073709551615,\n    true,\n    null\n  ],\n  \"c\": {}\n}\n");
    kb_buf_done(&out);
}

KB_TEST(json_write, foreign_text_is_made_safe)
{
    struct kb_buf out;
    kb_buf_init(&out, 1 << 20);
    kb_json_quote(&out, KB_STR("\xe2\x80\xa8\xe2\x80\xa9\xc3\xa4\xff\xc3\x7f\x1b"));
    EQ_STR(kb_buf_view(&out), "\"\\u2028\\u2029\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd\\u007f\\u001b\"");
    kb_buf_done(&out);
}

KB_TEST(json_write, doubles_read_back)
{
    static const double values[] = {0.0, -0.0, 0.1, 1e300, 5e-324, 123456789.125, 1.0 / 3, 1e15, 1e22};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct kb_buf out;
        struct kb_jsonw w;
        struct kb_err err = {0};
        kb_buf_init(&out, 100);
        kb_jsonw_init(&w, kb_sink_of(&out), false);
        kb_jsonw_double(&w, values[i]);
        OK(kb_jsonw_finish(&w, &err), &err);
        kb_buf_char(&out, '\0');
        double again = strtod(out.p, NULL);
        CHECK(memcmp(&again, &values[i], sizeof again) == 0);
        kb_buf_done(&out);
    }
    struct kb_buf out;
    struct kb_jsonw w;
    kb_buf_init(&out, 100);
    kb_jsonw_init(&w, kb_sink_of(&out), false);
    kb_jsonw_array(&w);
    kb_jsonw_double(&w, (double)NAN);
    kb_jsonw_double(&w, HUGE_VAL);
    kb_jsonw_double(&w, 3);
    OK(kb_jsonw_finish(&w, NULL), &(struct kb_err){0});
    EQ_STR(kb_buf_view(&out), "[null,null,3.0]");
    kb_buf_done(&out);
}

KB_TEST(json_write, a_tree_and_what_is_left_open)
{
    struct kb_buf out;
    struct kb_jsonw w;
    struct kb_err err = {0};
    kb_buf_init(&out, 1000);
    json_t *tree = json_pack("{s:[i,f,b,n,s],s:{}}", "z", 1, 1.5, 1, "t", "a");
    kb_jsonw_init(&w, kb_sink_of(&out), false);
    kb_jsonw_array(&w);
    kb_jsonw_json(&w, tree);
    kb_jsonw_object(&w);
    kb_jsonw_key(&w, "k");
    OK(kb_jsonw_finish(&w, &err), &err);
    EQ_STR(kb_buf_view(&out), "[{\"z\":[1,1.5,true,null,\"t\"],\"a\":{}},{\"k\":null}]");
    json_decref(tree);
    kb_buf_done(&out);
}

KB_TEST(json_write, a_full_sink_is_an_error_and_memory_stays_small)
{
    struct kb_buf out;
    struct kb_jsonw w;
    struct kb_err err = {0};
    kb_buf_init(&out, 100000);
    kb_jsonw_init(&w, kb_sink_of(&out), false);
    kb_jsonw_array(&w);
    for (int i = 0; i < 100000; i++) {
        kb_jsonw_i64(&w, i);
    }
    CHECK(w.buf.cap < 64 << 10);
    FAILS(kb_jsonw_finish(&w, &err), KB_ERR_LIMIT);
    kb_buf_done(&out);
}

#include "test.h"

KB_TEST(err, tells_the_place_in_the_users_file)
{
    struct kb_err err;
    char text[256];
    FAILS(kb_fail_at(&err, KB_ERR_SYNTAX, "a.yaml", 3, 7, "bad %s", "key"), KB_ERR_SYNTAX);
    kb_err_format(&err, text, sizeof text);
    EQ_C(text, "a.yaml:3:7: bad key");
}

KB_TEST(err, context_goes_before)
{
    struct kb_err err;
    FAILS(kb_fail(&err, KB_ERR_IO, "no such file"), KB_ERR_IO);
    kb_err_context(&err, "reading %s", "x");
    EQ_C(err.msg, "reading x: no such file");
}

KB_TEST(err, every_code_has_a_name)
{
    for (unsigned code = 0; code < KB_CODE_COUNT; code++) {
        CHECK(kb_code_name((enum kb_code)code) != NULL);
    }
    FAILS(kb_fail(NULL, KB_ERR_LIMIT, "no receiver"), KB_ERR_LIMIT);
}

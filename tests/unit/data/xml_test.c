#include "data/xml.h"

#include <stdlib.h>

#include "base/mem.h"
#include "data/json.h"
#include "test.h"

static void reads(const char *xml, const char *wanted)
{
    KB_AUTO(kb_json_done) json_t *got = NULL;
    struct kb_err err = {0};
    if (OK(kb_xml_parse(NULL, kb_str_c(xml), &got, &err), &err)) {
        char *text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
        EQ_C(text, wanted);
        free(text);
    }
}

KB_TEST(xml, elements_become_objects_strings_and_arrays)
{
    reads("<r/>", "\"\"");
    reads("<r>a &amp; &lt;b&gt; &quot;\xc3\xa9</r>", "\"a & <b> \\\"\xc3\xa9\"");
    reads("<?xml version=\"1.0\"?>\n<r xmlns=\"u\">\n <a>1</a>\n <b><c/></b>\n</r>",
          "{\"a\":\"1\",\"b\":{\"c\":\"\"}}");
    reads("<r><i>1</i><x/><i>2</i><i>3</i></r>", "{\"i\":[\"1\",\"2\",\"3\"],\"x\":\"\"}");
    reads("<r><n:a xmlns:n=\"u\" n:t=\"v\">1</n:a></r>", "{\"a\":\"1\"}");
    reads("<r><a><![CDATA[<x>]]></a></r>", "{\"a\":\"<x>\"}");
}

KB_TEST(xml, what_is_broken_or_cut_is_told_with_its_place)
{
    json_t *out = NULL;
    struct kb_err err = {0};
    FAILS(kb_xml_parse("f", KB_STR("<r>\n<a></r>"), &out, &err), KB_ERR_SYNTAX);
    EQ_INT(err.line, 2);
    FAILS(kb_xml_parse(NULL, KB_STR(""), &out, &err), KB_ERR_SYNTAX);
    FAILS(kb_xml_parse(NULL, KB_STR("<r><a>1</a>"), &out, &err), KB_ERR_SYNTAX);
    FAILS(kb_xml_parse(NULL, KB_STR("<r/>x"), &out, &err), KB_ERR_SYNTAX);
    FAILS(kb_xml_parse(NULL, KB_STR("<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>"), &out, &err),
          KB_ERR_SYNTAX);
    CHECK(out == NULL);
}

KB_TEST(xml, another_document_is_not_the_one_asked_for)
{
    json_t *out = NULL;
    struct kb_err err = {0};
    static const char *const roots[] = {"VersioningConfiguration", "V", NULL};
    FAILS(kb_xml_parse_as(roots, NULL, KB_STR("<html><p>Sign in</p></html>"), &out, &err),
          KB_ERR_SYNTAX);
    OK(kb_xml_parse_as(roots, NULL, KB_STR("<n:V xmlns:n=\"u\"><V>1</V></n:V>"), &out, &err), &err);
    json_decref(out);
}

KB_TEST(xml, depth_is_bounded)
{
    struct kb_buf deep;
    json_t *out = NULL;
    struct kb_err err = {0};
    kb_buf_init(&deep, 1 << 16);
    for (int i = 0; i <= KB_XML_DEPTH_MAX; i++) {
        kb_buf_c(&deep, "<a>");
    }
    FAILS(kb_xml_parse(NULL, kb_buf_view(&deep), &out, &err), KB_ERR_SYNTAX);
    kb_buf_done(&deep);
}

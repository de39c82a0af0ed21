/* A stack of open elements over expat's events. */
#include "data/xml.h"

#include <expat.h>
#include <stdio.h>

#include "base/mem.h"

struct reader {
    XML_Parser parser;
    const char *const *roots; /* names it may have, up to a NULL; NULL: any */
    unsigned depth;
    json_t *open[KB_XML_DEPTH_MAX]; /* object of each open element; NULL while it has none */
    struct kb_buf text;             /* of the innermost one */
    json_t *root;
    const char *refused;
};

static void refuse(struct reader *r, const char *why)
{
    r->refused = why;
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int has_subset)
{
    (void)name, (void)sysid, (void)pubid, (void)has_subset;
    refuse(ctx, "a document type is declared, which is not read");
}

/* The name without its namespace's prefix. */
static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

static bool is_root(const struct reader *r, const char *name)
{
    bool found = r->roots == NULL;
    for (size_t i = 0; !found && r->roots[i] != NULL; i++) {
        found = strcmp(local(name), r->roots[i]) == 0;
    }
    return found;
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *r = ctx;
    (void)attributes;
    if (r->depth == 0 && !is_root(r, name)) {
        refuse(r, "it is another document than the one asked for");
        return;
    }
    if (r->depth == KB_XML_DEPTH_MAX) {
        refuse(r, "elements are nested too deeply");
        return;
    }
    if (r->depth > 0 && r->open[r->depth - 1] == NULL) {
        r->open[r->depth - 1] = json_object();
    }
    r->open[r->depth++] = NULL;
    kb_buf_clear(&r->text);
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
    struct reader *r = ctx;
    kb_buf_add(&r->text, text, (size_t)n);
}

static void put(json_t *object, const char *name, json_t *value)
{
    json_t *there = json_object_get(object, name);
    if (there == NULL) {
        (void)json_object_set_new(object, name, value);
    } else if (json_is_array(there)) {
        (void)json_array_append_new(there, value);
    } else {
        json_t *list = json_array();
        (void)json_array_append(list, there);
        (void)json_array_append_new(list, value);
        (void)json_object_set_new(object, name, list);
    }
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    struct reader *r = ctx;
    if (r->depth == 0) {
        return;
    }
    json_t *value = r->open[--r->depth];
    if (value == NULL) {
        value = json_stringn(r->text.p == NULL ? "" : r->text.p, r->text.n);
    }
    kb_buf_clear(&r->text);
    if (r->depth == 0) {
        r->root = value;
    } else {
        put(r->open[r->depth - 1], local(name), value);
    }
}

static KB_RES finish(struct reader *r, enum XML_Status status, const char *file, json_t **out,
                     struct kb_err *err)
{
    if (status != XML_STATUS_OK || r->root == NULL) {
        const char *why = r->refused != NULL ? r->refused
                                             : XML_ErrorString(XML_GetErrorCode(r->parser));
        return kb_fail_at(err, KB_ERR_SYNTAX, file, (unsigned)XML_GetCurrentLineNumber(r->parser),
                          (unsigned)XML_GetCurrentColumnNumber(r->parser) + 1, "XML: %s", why);
    }
    *out = json_incref(r->root);
    return KB_SUCCESS;
}

KB_RES kb_xml_parse(const char *file, struct kb_str text, json_t **out, struct kb_err *err)
{
    return kb_xml_parse_as(NULL, file, text, out, err);
}

KB_RES kb_xml_parse_as(const char *const *roots, const char *file, struct kb_str text, json_t **out,
                       struct kb_err *err)
{
    struct reader r = {.parser = XML_ParserCreate(NULL), .roots = roots};
    KB_ENSURE(r.parser != NULL, err, KB_ERR_UNSUPPORTED, "expat does not start");
    if (text.n > KB_XML_BYTES_MAX) {
        XML_ParserFree(r.parser);
        return kb_fail(err, KB_ERR_LIMIT, "an XML document of more than %d bytes", KB_XML_BYTES_MAX);
    }
    kb_buf_init(&r.text, KB_XML_BYTES_MAX);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    enum XML_Status status = XML_Parse(r.parser, text.p, (int)text.n, XML_TRUE);
    kb_res res = finish(&r, status, file, out, err);
    while (r.depth > 0) {
        json_decref(r.open[--r.depth]);
    }
    json_decref(r.root);
    kb_buf_done(&r.text);
    XML_ParserFree(r.parser);
    return res;
}

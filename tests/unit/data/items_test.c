#include "data/items.h"

#include "base/limits.h"
#include "test.h"

static void on_item(void *ctx, struct kb_str text, uint64_t document, uint64_t index)
{
    kb_buf_printf(ctx, "item %llu.%llu %.*s;", (unsigned long long)document,
                  (unsigned long long)index, KB_FMT(text));
}

static void on_document(void *ctx, struct kb_str text, bool list, uint64_t document, uint64_t items)
{
    kb_buf_printf(ctx, "%s %llu (%llu) %.*s;", list ? "list" : "object",
                  (unsigned long long)document, (unsigned long long)items, KB_FMT(text));
}

static void on_too_large(void *ctx, uint64_t document, uint64_t index)
{
    kb_buf_printf(ctx, "large %llu.%llu;", (unsigned long long)document,
                  (unsigned long long)index);
}

/* What comes of `text` in pieces of `step` bytes; an error's code at the end. */
static void slice(struct kb_str text, size_t step, struct kb_buf *out)
{
    struct kb_items_sink sink = {out, on_item, on_document, on_too_large};
    struct kb_items *items = kb_items_new(&sink);
    kb_res res = KB_SUCCESS;
    for (size_t at = 0; at < text.n && !kb_failed(res); at += step) {
        res = kb_items_feed(items, kb_str_sub(text, at, at + step < text.n ? at + step : text.n),
                            NULL);
    }
    if (!kb_failed(res)) {
        res = kb_items_finish(items, NULL);
    }
    kb_buf_c(out, kb_failed(res) ? kb_code_name(res.code) : "");
    kb_items_free(items);
}

static void slices(const char *text, const char *want)
{
    for (size_t step = 1; step < 40; step += 13) {
        struct kb_buf out;
        kb_buf_init(&out, 4000);
        slice(kb_str_c(text), step, &out);
        kb_test_str(kb_buf_view(&out), kb_str_c(want), __FILE__, __LINE__);
        kb_buf_done(&out);
    }
}

KB_TEST(items, gives_elements_and_documents)
{
    slices("", "");
    slices("{\"kind\": \"Pod\"}", "object 1 (0) {\"kind\":\"Pod\"};");
    slices("{\"kind\":\"PodList\",\"items\":[{\"a\":\"]},\\\"\"}, {\"b\":[1,{}]} ],\"z\":1}",
           "item 1.1 {\"a\":\"]},\\\"\"};item 1.2 {\"b\":[1,{}]};"
           "list 1 (2) {\"kind\":\"PodList\",\"items\":[],\"z\":1};");
    slices("[{\"a\":1},2]\n{}", "item 1.1 {\"a\":1};item 1.2 2;list 1 (2) [];object 2 (0) {};");
    slices("{\"items\":[]}", "list 1 (0) {\"items\":[]};");
    slices("{\"items\":null}", "object 1 (0) {\"items\":null};");
    slices("{\"spec\":{\"items\":[1]}}", "object 1 (0) {\"spec\":{\"items\":[1]}};");
}

KB_TEST(items, leaves_out_what_is_not_wanted)
{
    slices("{\"items\":[{\"metadata\":{\"managedFields\":[{\"x\":\"]\"}],\"name\":\"a\","
           "\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{}\"}}}]}",
           "item 1.1 {\"metadata\":{\"managedFields\":null,\"name\":\"a\",\"annotations\":"
           "{\"kubectl.kubernetes.io/last-applied-configuration\":null}}};"
           "list 1 (1) {\"items\":[]};");
    slices("{\"data\":{\"password\":\"c2VjcmV0\",\"mapRoles\":\"[]\"},\"kind\":\"Secret\"}",
           "object 1 (0) {\"data\":{\"password\":null,\"mapRoles\":\"[]\"},\"kind\":\"Secret\"};");
    slices("{\"spec\":{\"data\":{\"x\":1}}}", "object 1 (0) {\"spec\":{\"data\":{\"x\":1}}};");
}

KB_TEST(items, tells_what_is_cut_or_foreign)
{
    slices("{\"items\":[{\"a\":1},{\"b\"", "item 1.1 {\"a\":1};corrupt");
    slices("{} x", "object 1 (0) {};syntax");
    slices("kind: Pod", "syntax");
}

KB_TEST(items, passes_over_what_is_too_large)
{
    struct kb_buf text, out;
    kb_buf_init(&text, 2 * (size_t)KB_MAX_RECORD);
    kb_buf_init(&out, 1000);
    kb_buf_c(&text, "{\"items\":[{\"a\":\"");
    for (size_t i = 0; i < KB_MAX_RECORD / 16; i++) {
        kb_buf_c(&text, "0123456789abcdef");
    }
    kb_buf_c(&text, "\"},{}]}");
    slice(kb_buf_view(&text), 65536, &out);
    kb_test_str(kb_buf_view(&out), KB_STR("large 1.1;item 1.2 {};list 1 (2) {\"items\":[]};"),
                __FILE__, __LINE__);
    kb_buf_done(&text);
    kb_buf_done(&out);
}

KB_TEST(items, keeps_texts_of_resource_policies_only)
{
    slices("{\"data\":{\"a\":\"secret\",\"p\":\"version: v1\\nvolumePolicies: []\"},\"kind\":\"ConfigMap\"}",
           "object 1 (0) {\"data\":{\"a\":null,\"p\":\"version: v1\\nvolumePolicies: []\"},\"kind\":\"ConfigMap\"};");
    slices("{\"stringData\":{\"p\":\"volumePolicies\"},\"data\":{\"x\":{\"y\":[1]},\"z\":5}}",
           "object 1 (0) {\"stringData\":{\"p\":null},\"data\":{\"x\":null,\"z\":null}};");
}

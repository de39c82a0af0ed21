/* Lists of objects, sliced: pieces of any size give the same elements. */
#include "data/items.h"
#include "fuzz.h"

struct seen {
    uint64_t items, documents, bytes;
};

static void on_item(void *ctx, struct kb_str text, uint64_t document, uint64_t index)
{
    struct seen *seen = ctx;
    (void)document;
    KB_HOLDS(index > 0);
    seen->items++;
    seen->bytes += text.n;
}

static void on_document(void *ctx, struct kb_str text, bool list, uint64_t document, uint64_t items)
{
    struct seen *seen = ctx;
    (void)text;
    KB_HOLDS(document > 0 && (list || items == 0));
    seen->documents++;
}

static void on_too_large(void *ctx, uint64_t document, uint64_t index)
{
    (void)ctx;
    (void)document;
    (void)index;
}

static struct seen slice(struct kb_str text, size_t step)
{
    struct seen seen = {0};
    const struct kb_items_sink sink = {&seen, on_item, on_document, on_too_large};
    struct kb_items *items = kb_items_new(&sink);
    kb_res res = KB_SUCCESS;
    for (size_t at = 0; at < text.n && !kb_failed(res); at += step) {
        res = kb_items_feed(items, kb_str_sub(text, at, at + step), NULL);
    }
    if (!kb_failed(res)) {
        res = kb_items_finish(items, NULL);
    }
    kb_items_free(items);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_str text = kb_fuzz_text(data, size);
    struct seen whole = slice(text, size + 1);
    struct seen bytes = slice(text, 1);
    KB_HOLDS(whole.items == bytes.items && whole.documents == bytes.documents &&
             whole.bytes == bytes.bytes);
    return 0;
}

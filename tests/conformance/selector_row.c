#include "selector_row.h"

bool kb_selector_row(const json_t *row, const struct kb_selector *selector, const struct kb_err *err)
{
    const char *error = kb_rows_text(row, "error");
    if (selector == NULL || error != NULL) {
        return (selector == NULL && error != NULL) ||
               kb_rows_differs(row, "wanted %s, got %s", error == NULL ? "a selector" : error,
                               selector == NULL ? err->msg : "a selector");
    }
    struct kb_arena arena = {0};
    struct kb_str text = kb_selector_text(selector, &arena);
    bool ok = kb_str_eq(text, kb_rows_str(row, "string")) ||
              kb_rows_differs(row, "written %.*s", KB_FMT(text));
    const json_t *labels = json_object_get(row, "labels");
    for (size_t i = 0; ok && i < json_array_size(labels); i++) {
        bool wanted = json_is_true(json_array_get(json_object_get(row, "matches"), i));
        bool got = kb_selector_matches(selector, json_array_get(labels, i));
        ok = got == wanted || kb_rows_differs(row, "labels %zu: %s", i, got ? "match" : "no match");
    }
    kb_arena_done(&arena);
    return ok;
}

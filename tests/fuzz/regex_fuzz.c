/* A regular expression and, behind a line end, a text to match it with. */
#include "data/regex.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_str text = {0};
    struct kb_str pattern = kb_str_split(kb_fuzz_text(data, size), '\n', &text);
    struct kb_regex *regex = NULL;
    struct kb_err err = {0};
    if (kb_failed(kb_regex_compile(pattern, &regex, &err))) {
        return 0;
    }
    bool matches = false;
    bool found = true;
    bool matched = !kb_failed(kb_regex_match(regex, text, &matches, &err));
    struct kb_regex_walk walk = {.regex = regex, .text = text};
    struct kb_regex_span spans[4];
    size_t count = 0;
    while (!kb_failed(kb_regex_next(&walk, spans, 4, &found, &err)) && found) {
        KB_HOLDS(spans[0].from <= spans[0].to && spans[0].to <= text.n);
        KB_HOLDS(++count <= text.n + 1);
    }
    KB_HOLDS(!matched || matches || count == 0);
    kb_regex_free(regex);
    return 0;
}

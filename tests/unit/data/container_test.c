#include "data/container.h"

#include "data/scan.h"
#include "test.h"

/* The plainest way. */
static size_t length_of(const char *p, size_t n)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        if (quoted) {
            quoted = p[i] != '"';
            i += p[i] == '\\' ? 1 : 0;
        } else if (p[i] == '"') {
            quoted = true;
        } else if (p[i] == '{' || p[i] == '[') {
            depth++;
        } else if ((p[i] == '}' || p[i] == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return *seed >> 33;
}

KB_TEST(container, ends_where_the_plain_way_ends)
{
    /* Backslashes only inside strings, as in JSON: outside, the two ways may differ. */
    static const char outside[] = "{}[]\"  {a:1,]";
    static const char inside[] = "\\\\\\\\\"{}[] abcdefghijklmnop";
    uint64_t seed = 7;
    size_t closed = 0;
    char text[400];
    for (int round = 0; round < 20000; round++) {
        size_t n = 1 + next(&seed) % sizeof text;
        bool quoted = false;
        text[0] = '{';
        for (size_t i = 1; i < n; i++) {
            text[i] = quoted ? inside[next(&seed) % (sizeof inside - 1)]
                             : outside[next(&seed) % (sizeof outside - 1)];
            bool escapes = quoted && text[i] == '\\';
            quoted = text[i] == '"' ? !quoted : quoted;
            if (escapes && i + 1 < n) {
                text[++i] = inside[next(&seed) % (sizeof inside - 1)];
            }
        }
        size_t want = length_of(text, n);
        EQ_UINT(kb_container_length(text, n), want);
        closed += want > 64 ? 1 : 0;
    }
    CHECK(closed > 100);
}

KB_TEST(container, strings_of_every_length_and_alignment)
{
    char text[200];
    for (size_t before = 0; before < 20; before++) {
        for (size_t n = 0; n < 70; n++) {
            struct kb_span span;
            size_t total = before + n + 4;
            memset(text, ' ', sizeof text);
            memset(text + before + 1, 'x', n);
            text[before] = '"';
            text[before + n + 1] = '\\';
            text[before + n + 2] = '"';
            text[before + n + 3] = '"';
            struct kb_scan scan = {text, text + total};
            CHECK(kb_scan_value(&scan, &span) == KB_SCAN_OK && scan.p == text + total);
            EQ_UINT(span.n, n + 2);
            CHECK(span.escaped && span.p == text + before + 1);
            scan = (struct kb_scan){text, text + total - 1};
            CHECK(kb_scan_value(&scan, &span) == KB_SCAN_CUT && span.cut);
        }
    }
}

/* Text, integers and members out of spans. */
#include "data/json_str.h"

#include "base/utf8.h"

/* Eight bytes that are ASCII and no backslash. */
static bool eight_plain(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    uint64_t x = word ^ 0x5C5C5C5C5C5C5C5CULL; /* backslashes become zero */
    uint64_t zero = (x - 0x0101010101010101ULL) & ~x;
    return ((word | zero) & 0x8080808080808080ULL) == 0;
}

/* Bytes of `s` from `at` on that stand for themselves: no backslash, valid UTF-8. */
static size_t plain_run(struct kb_str s, size_t at)
{
    size_t i = at;
    while (s.n - i >= 8 && eight_plain(s.p + i)) {
        i += 8;
    }
    while (i < s.n && s.p[i] != '\\') {
        uint32_t cp;
        if ((unsigned char)s.p[i] < 0x80) {
            i++;
            continue;
        }
        size_t n = kb_utf8_decode((struct kb_str){s.p + i, s.n - i}, &cp);
        if (n == 0) {
            break;
        }
        i += n;
    }
    return i - at;
}

static bool hex4(struct kb_str s, size_t at, uint32_t *out)
{
    uint32_t value = 0;
    if (at > s.n || s.n - at < 4) {
        return false;
    }
    for (size_t i = at; i < at + 4; i++) {
        char c = s.p[i];
        uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0')
                         : (c | 0x20) >= 'a' && (c | 0x20) <= 'f'
                             ? (uint32_t)((c | 0x20) - 'a') + 10
                             : 16;
        if (digit == 16) {
            return false;
        }
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

static bool is_escape(struct kb_str s, size_t at, char letter)
{
    return at < s.n && s.n - at >= 2 && s.p[at] == '\\' && s.p[at + 1] == letter;
}

/* The escape at `at`: its code point, and how many bytes it is written in. */
static size_t unescape(struct kb_str s, size_t at, uint32_t *cp)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    *cp = KB_UTF8_BAD;
    if (s.n - at < 2) {
        return s.n - at;
    }
    if (s.p[at + 1] != 'u') {
        const char *letter = memchr(letters, s.p[at + 1], sizeof letters - 1);
        if (letter != NULL) {
            *cp = (unsigned char)values[letter - letters];
        }
        return 2;
    }
    uint32_t high;
    uint32_t low;
    if (!hex4(s, at + 2, &high)) {
        return 2;
    }
    if (high >= 0xD800 && high <= 0xDBFF && is_escape(s, at + 6, 'u') && hex4(s, at + 8, &low) &&
        low >= 0xDC00 && low <= 0xDFFF) {
        *cp = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return 12;
    }
    *cp = high;
    return 6;
}

bool kb_span_piece(struct kb_str raw, size_t *at, char small[4], struct kb_str *piece)
{
    if (*at >= raw.n) {
        return false;
    }
    size_t run = plain_run(raw, *at);
    if (run > 0) {
        *piece = (struct kb_str){raw.p + *at, run};
        *at += run;
        return true;
    }
    uint32_t cp = KB_UTF8_BAD;
    *at += raw.p[*at] == '\\' ? unescape(raw, *at, &cp) : 1;
    *piece = (struct kb_str){small, kb_utf8_encode(cp, small)};
    return true;
}

bool kb_span_is_plain(const struct kb_span *span)
{
    return span->kind == KB_SPAN_STRING && !span->escaped &&
           plain_run(kb_span_raw(span), 0) == span->n;
}

static size_t decoded_length(struct kb_str raw)
{
    size_t n = 0;
    size_t at = 0;
    char small[4];
    struct kb_str piece;
    while (kb_span_piece(raw, &at, small, &piece)) {
        n += piece.n;
    }
    return n;
}

struct kb_str kb_span_text(const struct kb_span *span, struct kb_arena *arena)
{
    if (span->kind != KB_SPAN_STRING || span->cut) {
        return KB_STR("");
    }
    struct kb_str raw = kb_span_raw(span);
    if (kb_span_is_plain(span)) {
        return raw;
    }
    /* An invalid byte becomes three; counting first is worth it for long texts only. */
    enum { LONG = 4096 };
    char *to = kb_arena_alloc(arena, raw.n > LONG ? decoded_length(raw) : raw.n * 3);
    size_t n = 0;
    size_t at = 0;
    char small[4];
    struct kb_str piece;
    while (kb_span_piece(raw, &at, small, &piece)) {
        memcpy(to + n, piece.p, piece.n);
        n += piece.n;
    }
    return (struct kb_str){to, n};
}

bool kb_span_is(const struct kb_span *span, struct kb_str text)
{
    if (span->kind != KB_SPAN_STRING || span->cut) {
        return false;
    }
    struct kb_str raw = kb_span_raw(span);
    /* Without escapes, only invalid bytes change, and each makes the text longer. */
    if (!span->escaped && raw.n >= text.n) {
        return kb_str_eq(raw, text);
    }
    size_t at = 0;
    char small[4];
    struct kb_str piece;
    while (kb_span_piece(raw, &at, small, &piece)) {
        if (!kb_str_starts(text, piece)) {
            return false;
        }
        text = kb_str_sub(text, piece.n, text.n);
    }
    return text.n == 0;
}

bool kb_span_int(const struct kb_span *span, int64_t *out)
{
    return span->kind == KB_SPAN_NUMBER && !span->cut && kb_str_i64(kb_span_raw(span), out);
}

bool kb_span_true(const struct kb_span *span)
{
    return span->kind == KB_SPAN_TRUE && !span->cut;
}

bool kb_span_get(const struct kb_span *object, struct kb_str key, struct kb_span *out)
{
    struct kb_span found = {0};
    struct kb_span value;
    struct kb_scan_each each = kb_scan_each(object);
    while (object->kind == KB_SPAN_OBJECT && kb_scan_next(&each, &value)) {
        if (kb_span_is(&each.key, key)) {
            found = value;
        }
    }
    bool null = found.kind == KB_SPAN_NULL;
    bool cut = found.cut;
    *out = null ? (struct kb_span){0} : found;
    return each.status == KB_SCAN_OK && !(null && cut);
}

bool kb_span_dig(const struct kb_span *object, const char *path, struct kb_span *out)
{
    struct kb_str rest = kb_str_c(path);
    struct kb_span at = *object;
    bool whole = true;
    while (rest.p != NULL) {
        struct kb_str key = kb_str_split(rest, '/', &rest);
        whole = kb_span_get(&at, key, &at) && whole;
    }
    *out = at;
    return whole;
}

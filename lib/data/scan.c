/* The JSON walk. Strings are searched 16 bytes at a time. */
#include "data/scan.h"

#include "data/bytes_of_word.h"
#include "data/container.h"

#if defined(__SSE2__)
#include <emmintrin.h>

KB_INLINE unsigned quote_or_escape(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    return (unsigned)_mm_movemask_epi8(hits);
}
#else
KB_INLINE unsigned quote_or_escape(const char *p)
{
    uint64_t a = kb_load_word(p);
    uint64_t b = kb_load_word(p + 8);
    return (unsigned)(kb_equal_bits(a, '"') | kb_equal_bits(a, '\\') |
                      (kb_equal_bits(b, '"') | kb_equal_bits(b, '\\')) << 8);
}
#endif

bool kb_scan_space(struct kb_scan *scan)
{
    const char *p = scan->p;
    while (p < scan->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
        p++;
    }
    scan->p = p;
    return p < scan->end;
}

/* From behind the opening quote to behind the closing one. */
static enum kb_scan_status scan_string(struct kb_scan *scan, struct kb_span *out)
{
    const char *p = scan->p;
    const char *end = scan->end;
    *out = (struct kb_span){.p = p, .kind = KB_SPAN_STRING};
    while (p < end) {
        if (end - p >= 16) {
            unsigned hits = quote_or_escape(p);
            if (hits == 0) {
                p += 16;
                continue;
            }
            p += __builtin_ctz(hits);
        }
        if (*p == '"') {
            out->n = (uint32_t)(p - out->p);
            scan->p = p + 1;
            return KB_SCAN_OK;
        }
        bool escape = *p == '\\';
        out->escaped |= escape;
        p += escape && end - p > 1 ? 2 : 1;
    }
    out->n = (uint32_t)(end - out->p);
    out->cut = true;
    scan->p = end;
    return KB_SCAN_CUT;
}

static enum kb_scan_status scan_container(struct kb_scan *scan, struct kb_span *out)
{
    const char *p = scan->p;
    size_t n = kb_container_length(p, (size_t)(scan->end - p));
    bool cut = n == 0;
    n = cut ? (size_t)(scan->end - p) : n;
    *out = (struct kb_span){
        .p = p, .n = (uint32_t)n, .kind = *p == '{' ? KB_SPAN_OBJECT : KB_SPAN_ARRAY, .cut = cut};
    scan->p = p + n;
    return cut ? KB_SCAN_CUT : KB_SCAN_OK;
}

static bool in_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '+' || c == '.';
}

static size_t digits(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n && p[i] >= '0' && p[i] <= '9') {
        i++;
    }
    return i;
}

/* RFC 8259 §6. */
static bool is_number(const char *p, size_t n)
{
    size_t i = n > 0 && p[0] == '-' ? 1 : 0;
    size_t whole = digits(p + i, n - i);
    if (whole == 0 || (whole > 1 && p[i] == '0')) {
        return false;
    }
    i += whole;
    if (i < n && p[i] == '.') {
        size_t fraction = digits(p + i + 1, n - i - 1);
        if (fraction == 0) {
            return false;
        }
        i += 1 + fraction;
    }
    if (i < n && (p[i] | 0x20) == 'e') {
        i += i + 1 < n && (p[i + 1] == '+' || p[i + 1] == '-') ? 2 : 1;
        size_t exponent = digits(p + i, n - i);
        return exponent > 0 && i + exponent == n;
    }
    return i == n;
}

static enum kb_span_kind word_kind(struct kb_str word)
{
    if (kb_str_eq(word, KB_STR("true"))) {
        return KB_SPAN_TRUE;
    }
    if (kb_str_eq(word, KB_STR("false"))) {
        return KB_SPAN_FALSE;
    }
    if (kb_str_eq(word, KB_STR("null"))) {
        return KB_SPAN_NULL;
    }
    return is_number(word.p, word.n) ? KB_SPAN_NUMBER : KB_SPAN_NONE;
}

static enum kb_scan_status scan_word(struct kb_scan *scan, struct kb_span *out)
{
    const char *p = scan->p;
    while (p < scan->end && in_word(*p)) {
        p++;
    }
    struct kb_str word = {scan->p, (size_t)(p - scan->p)};
    *out = (struct kb_span){.p = word.p, .n = (uint32_t)word.n};
    if (p == scan->end) {
        out->kind = KB_SPAN_NULL;
        out->cut = true;
        scan->p = p;
        return KB_SCAN_CUT;
    }
    out->kind = (uint8_t)word_kind(word);
    if (out->kind == KB_SPAN_NONE) {
        return KB_SCAN_BAD;
    }
    scan->p = p;
    return KB_SCAN_OK;
}

enum kb_scan_status kb_scan_value(struct kb_scan *scan, struct kb_span *out)
{
    *out = (struct kb_span){0};
    if (!kb_scan_space(scan)) {
        return KB_SCAN_CUT;
    }
    if (*scan->p == '"') {
        scan->p++;
        return scan_string(scan, out);
    }
    if (*scan->p == '{' || *scan->p == '[') {
        return scan_container(scan, out);
    }
    return scan_word(scan, out);
}

struct kb_scan_each kb_scan_each_at(struct kb_scan at)
{
    return (struct kb_scan_each){.at = at, .object = at.p < at.end && *at.p == '{'};
}

struct kb_scan_each kb_scan_each(const struct kb_span *container)
{
    if (container->kind != KB_SPAN_OBJECT && container->kind != KB_SPAN_ARRAY) {
        return (struct kb_scan_each){.status = KB_SCAN_OK};
    }
    return kb_scan_each_at((struct kb_scan){container->p, container->p + container->n});
}

static bool stop(struct kb_scan_each *each, enum kb_scan_status status)
{
    each->status = status;
    return false;
}

/* The key and the colon behind it. */
static enum kb_scan_status scan_key(struct kb_scan_each *each)
{
    struct kb_scan *at = &each->at;
    if (*at->p != '"') {
        return KB_SCAN_BAD;
    }
    at->p++;
    enum kb_scan_status status = scan_string(at, &each->key);
    if (status != KB_SCAN_OK || !kb_scan_space(at)) {
        return KB_SCAN_CUT;
    }
    if (*at->p != ':') {
        return KB_SCAN_BAD;
    }
    at->p++;
    return KB_SCAN_OK;
}

bool kb_scan_member(struct kb_scan_each *each)
{
    struct kb_scan *at = &each->at;
    if (each->status != KB_SCAN_OK || at->p == NULL) {
        return false;
    }
    if (!each->begun) {
        at->p++; /* the bracket */
    }
    if (!kb_scan_space(at)) {
        return stop(each, KB_SCAN_CUT);
    }
    if (*at->p == (each->object ? '}' : ']')) {
        at->p++;
        return false;
    }
    if (each->begun) {
        if (*at->p != ',') {
            return stop(each, KB_SCAN_BAD);
        }
        at->p++;
        if (!kb_scan_space(at)) {
            return stop(each, KB_SCAN_CUT);
        }
    }
    each->begun = true;
    enum kb_scan_status status = each->object ? scan_key(each) : KB_SCAN_OK;
    return status == KB_SCAN_OK ? true : stop(each, status);
}

bool kb_scan_next(struct kb_scan_each *each, struct kb_span *value)
{
    if (!kb_scan_member(each)) {
        return false;
    }
    each->status = kb_scan_value(&each->at, value);
    return each->status == KB_SCAN_OK || (each->status == KB_SCAN_CUT && value->kind != 0);
}

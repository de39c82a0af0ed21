/* One field: numbers, names, ranges, steps and lists. */
#include "backup/cron_fields.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"
#include "data/quote.h"

/* Names stand in the order of their numbers, three letters each. */
static const struct bounds {
    uint64_t min, max;
    const char *names;
    uint64_t first_name;
} bounds[KB_CRON_FIELDS] = {
    [KB_CRON_SECOND] = {0, 59, NULL, 0},
    [KB_CRON_MINUTE] = {0, 59, NULL, 0},
    [KB_CRON_HOUR] = {0, 23, NULL, 0},
    [KB_CRON_DAY] = {1, 31, NULL, 0},
    [KB_CRON_MONTH] = {1, 12, "janfebmaraprmayjunjulaugsepoctnovdec", 1},
    [KB_CRON_WEEKDAY] = {0, 6, "sunmontuewedthufrisat", 0},
};

kb_res kb_cron_fail(const struct kb_cron_parser *parser, const char *fmt, ...)
{
    char text[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (parser->capital) {
        text[0] = (char)(text[0] >= 'a' && text[0] <= 'z' ? text[0] - 'a' + 'A' : text[0]);
    }
    return kb_fail(parser->err, KB_ERR_SYNTAX, "%s", text);
}

/* Why a text is no number, in Go's words: too many digits are noticed before what follows them. */
static const char *number_problem(struct kb_str text)
{
    size_t i = text.n > 0 && (*text.p == '-' || *text.p == '+') ? 1 : 0;
    uint64_t value = 0;
    for (bool first = true; i < text.n || first; i++, first = false) {
        if (i >= text.n || text.p[i] < '0' || text.p[i] > '9') {
            return "invalid syntax";
        }
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text.p[i] - '0'), &value)) {
            break;
        }
    }
    return "value out of range";
}

/* Go's strconv.Atoi, and no negative number. */
static kb_res number(const struct kb_cron_parser *parser, struct kb_str text, uint64_t *out)
{
    int64_t value = 0;
    if (!kb_str_i64(text, &value)) {
        KB_AUTO(kb_buf_done) struct kb_buf quoted = {.max = KB_ERR_MSG_MAX};
        kb_quote(text, &quoted);
        struct kb_str view = kb_buf_view(&quoted);
        return kb_cron_fail(parser, "failed to parse int from %.*s: strconv.Atoi: parsing %.*s: %s",
                    KB_FMT(text), KB_FMT(view), number_problem(text));
    }
    if (value < 0) {
        return kb_cron_fail(parser, "negative number (%" PRId64 ") not allowed: %.*s", value, KB_FMT(text));
    }
    *out = (uint64_t)value;
    return KB_SUCCESS;
}

/* Is the text the name, in whatever case? Of the letters outside ASCII, U+0130 alone has a lower case
 * within. */
static bool is_name(struct kb_str text, const char *name)
{
    size_t i = 0;
    for (size_t k = 0; k < 3; k++) {
        uint32_t cp = 0;
        size_t n = i < text.n ? kb_utf8_decode(kb_str_sub(text, i, text.n), &cp) : 0;
        cp = cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp;
        cp = cp == 0x130 ? 'i' : cp;
        if (n == 0 || cp != (unsigned char)name[k]) {
            return false;
        }
        i += n;
    }
    return i == text.n;
}

static kb_res number_or_name(const struct kb_cron_parser *parser, struct kb_str text,
                             const struct bounds *bound, uint64_t *out)
{
    for (size_t i = 0; bound->names != NULL && bound->names[i] != '\0'; i += 3) {
        if (is_name(text, bound->names + i)) {
            *out = bound->first_name + i / 3;
            return KB_SUCCESS;
        }
    }
    return number(parser, text, out);
}

/* One item of a list: its ends and its step. */
struct range {
    uint64_t start, end, step;
    bool star;
};

static size_t count_char(struct kb_str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        n += s.p[i] == c;
    }
    return n;
}

static kb_res read_ends(const struct kb_cron_parser *parser, struct kb_str item, struct kb_str ends,
                        const struct bounds *bound, struct range *out)
{
    struct kb_str high;
    struct kb_str low = kb_str_split(ends, '-', &high);
    if (kb_str_eq_c(low, "*") || kb_str_eq_c(low, "?")) {
        *out = (struct range){bound->min, bound->max, 1, true}; /* what follows a hyphen is not read */
        return KB_SUCCESS;
    }
    KB_TRY(number_or_name(parser, low, bound, &out->start));
    out->end = out->start;
    if (count_char(ends, '-') > 1) {
        return kb_cron_fail(parser, "too many hyphens: %.*s", KB_FMT(item));
    }
    return high.p == NULL ? KB_SUCCESS : number_or_name(parser, high, bound, &out->end);
}

static kb_res check_range(const struct kb_cron_parser *parser, struct kb_str item,
                          const struct bounds *bound, const struct range *range)
{
    if (range->start < bound->min) {
        return kb_cron_fail(parser, "beginning of range (%" PRIu64 ") below minimum (%" PRIu64 "): %.*s",
                    range->start, bound->min, KB_FMT(item));
    }
    if (range->end > bound->max) {
        return kb_cron_fail(parser, "end of range (%" PRIu64 ") above maximum (%" PRIu64 "): %.*s",
                    range->end, bound->max, KB_FMT(item));
    }
    if (range->start > range->end) {
        return kb_cron_fail(parser,
                    "beginning of range (%" PRIu64 ") beyond end of range (%" PRIu64 "): %.*s",
                    range->start, range->end, KB_FMT(item));
    }
    return range->step > 0 ? KB_SUCCESS
                           : kb_cron_fail(parser, "step of range should be a positive number: %.*s",
                                  KB_FMT(item));
}

static kb_res read_item(const struct kb_cron_parser *parser, struct kb_str item, const struct bounds *bound,
                        uint64_t *bits)
{
    struct kb_str step;
    struct kb_str ends = kb_str_split(item, '/', &step);
    struct range range = {.step = 1};
    KB_TRY(read_ends(parser, item, ends, bound, &range));
    if (count_char(item, '/') > 1) {
        return kb_cron_fail(parser, "too many slashes: %.*s", KB_FMT(item));
    }
    if (step.p != NULL) {
        KB_TRY(number(parser, step, &range.step));
        range.end = count_char(ends, '-') == 0 ? bound->max : range.end; /* "5/10" goes on to the end */
        range.star = range.star && !(parser->step_clears_star && range.step > 1);
    }
    KB_TRY(check_range(parser, item, bound, &range));
    for (uint64_t i = range.start; i <= range.end; i += range.step) {
        *bits |= UINT64_C(1) << i;
    }
    *bits |= range.star ? KB_CRON_STAR : 0;
    return KB_SUCCESS;
}

/* A list: empty items are dropped. */
kb_res kb_cron_read_field(const struct kb_cron_parser *parser, enum kb_cron_field which,
                          struct kb_str field, uint64_t *bits)
{
    while (field.n > 0) {
        struct kb_str item = kb_str_split(field, ',', &field);
        if (item.n > 0) {
            KB_TRY(read_item(parser, item, &bounds[which], bits));
        }
    }
    return KB_SUCCESS;
}


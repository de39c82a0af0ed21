/* Reading expressions: dialects, descriptors, fields, and the library's words for what is wrong. */
#include <inttypes.h>
#include <stdio.h>

#include "backup/cron.h"
#include "backup/cron_zone.h"
#include "base/utf8.h"
#include "data/duration.h"
#include "data/quote.h"

enum { FIELDS_KEPT = KB_CRON_FIELDS + 1 };

/* What differs between the dialects. */
static const struct dialect {
    size_t first;             /* field that stands first */
    bool weekday_optional;    /* a missing weekday is a star */
    bool zone_prefix;         /* "TZ=Area/City " before the fields */
    bool step_clears_star;    /* a step over 1 is no star any more */
    bool midnight;            /* days without a midnight are searched with care */
    bool capital;             /* messages begin with a capital letter */
    const char *wrong_number; /* of fields */
} dialects[KB_CRON_DIALECTS] = {
    [KB_CRON_STANDARD] = {KB_CRON_MINUTE, false, true, true, true, false, "expected exactly 5 fields"},
    [KB_CRON_SECONDS] = {KB_CRON_SECOND, true, false, false, false, true, "Expected 5 to 6 fields"},
};

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

static const struct {
    const char *text;
    const char *fields; /* all six */
} descriptors[] = {
    {"@yearly", "0 0 0 1 1 *"},  {"@annually", "0 0 0 1 1 *"}, {"@monthly", "0 0 0 1 * *"},
    {"@weekly", "0 0 0 * * 0"},  {"@daily", "0 0 0 * * *"},    {"@midnight", "0 0 0 * * *"},
    {"@hourly", "0 0 * * * *"},
};

struct parser {
    const struct dialect *dialect;
    struct kb_err *err;
};

KB_PRINTF(2, 3) static kb_res fail(const struct parser *parser, const char *fmt, ...)
{
    char text[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (parser->dialect->capital) {
        text[0] = (char)(text[0] >= 'a' && text[0] <= 'z' ? text[0] - 'a' + 'A' : text[0]);
    }
    return kb_fail(parser->err, KB_ERR_SYNTAX, "%s", text);
}

/* Go's unicode.IsSpace. */
static bool is_space(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F ||
           cp == 0x205F || cp == 0x3000;
}

/* Bytes at the start of `s` that are space, or that are not. */
static size_t span(struct kb_str s, bool space)
{
    size_t i = 0;
    while (i < s.n) {
        uint32_t cp;
        size_t n = kb_utf8_decode(kb_str_sub(s, i, s.n), &cp);
        if (is_space(cp) != space) {
            break;
        }
        i += n > 0 ? n : 1;
    }
    return i;
}

/* Without space at both ends. */
static struct kb_str trim(struct kb_str s)
{
    s = kb_str_sub(s, span(s, true), s.n);
    size_t end = 0;
    for (size_t i = 0; i < s.n;) {
        i += span(kb_str_sub(s, i, s.n), true);
        size_t word = span(kb_str_sub(s, i, s.n), false);
        end = word > 0 ? i + word : end;
        i += word;
    }
    return kb_str_sub(s, 0, end);
}

/* Fields between space; all are counted, FIELDS_KEPT kept. */
static size_t split_fields(struct kb_str s, struct kb_str fields[FIELDS_KEPT])
{
    size_t count = 0;
    for (;;) {
        s = kb_str_sub(s, span(s, true), s.n);
        if (s.n == 0) {
            return count;
        }
        size_t n = span(s, false);
        if (count < FIELDS_KEPT) {
            fields[count] = kb_str_sub(s, 0, n);
        }
        count++;
        s = kb_str_sub(s, n, s.n);
    }
}

/* The message names the fields between brackets, or the text. */
static kb_res wrong_number(const struct parser *parser, struct kb_str text, size_t count)
{
    const struct dialect *dialect = parser->dialect;
    if (dialect->capital) {
        return fail(parser, "%s, found %zu: %.*s", dialect->wrong_number, count, KB_FMT(text));
    }
    KB_AUTO(kb_buf_done) struct kb_buf list = {.max = KB_ERR_MSG_MAX};
    struct kb_str rest = text;
    for (size_t i = 0; i < count; i++) {
        rest = kb_str_sub(rest, span(rest, true), rest.n);
        size_t n = span(rest, false);
        kb_buf_c(&list, i == 0 ? "" : " ");
        kb_buf_str(&list, kb_str_sub(rest, 0, n));
        rest = kb_str_sub(rest, n, rest.n);
    }
    struct kb_str view = kb_buf_view(&list);
    return fail(parser, "%s, found %zu: [%.*s]", dialect->wrong_number, count, KB_FMT(view));
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
static kb_res number(const struct parser *parser, struct kb_str text, uint64_t *out)
{
    int64_t value = 0;
    if (!kb_str_i64(text, &value)) {
        KB_AUTO(kb_buf_done) struct kb_buf quoted = {.max = KB_ERR_MSG_MAX};
        kb_quote(text, &quoted);
        struct kb_str view = kb_buf_view(&quoted);
        return fail(parser, "failed to parse int from %.*s: strconv.Atoi: parsing %.*s: %s",
                    KB_FMT(text), KB_FMT(view), number_problem(text));
    }
    if (value < 0) {
        return fail(parser, "negative number (%" PRId64 ") not allowed: %.*s", value, KB_FMT(text));
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

static kb_res number_or_name(const struct parser *parser, struct kb_str text,
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

static kb_res read_ends(const struct parser *parser, struct kb_str item, struct kb_str ends,
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
        return fail(parser, "too many hyphens: %.*s", KB_FMT(item));
    }
    return high.p == NULL ? KB_SUCCESS : number_or_name(parser, high, bound, &out->end);
}

static kb_res check_range(const struct parser *parser, struct kb_str item,
                          const struct bounds *bound, const struct range *range)
{
    if (range->start < bound->min) {
        return fail(parser, "beginning of range (%" PRIu64 ") below minimum (%" PRIu64 "): %.*s",
                    range->start, bound->min, KB_FMT(item));
    }
    if (range->end > bound->max) {
        return fail(parser, "end of range (%" PRIu64 ") above maximum (%" PRIu64 "): %.*s",
                    range->end, bound->max, KB_FMT(item));
    }
    if (range->start > range->end) {
        return fail(parser,
                    "beginning of range (%" PRIu64 ") beyond end of range (%" PRIu64 "): %.*s",
                    range->start, range->end, KB_FMT(item));
    }
    return range->step > 0 ? KB_SUCCESS
                           : fail(parser, "step of range should be a positive number: %.*s",
                                  KB_FMT(item));
}

static kb_res read_item(const struct parser *parser, struct kb_str item, const struct bounds *bound,
                        uint64_t *bits)
{
    struct kb_str step;
    struct kb_str ends = kb_str_split(item, '/', &step);
    struct range range = {.step = 1};
    KB_TRY(read_ends(parser, item, ends, bound, &range));
    if (count_char(item, '/') > 1) {
        return fail(parser, "too many slashes: %.*s", KB_FMT(item));
    }
    if (step.p != NULL) {
        KB_TRY(number(parser, step, &range.step));
        range.end = count_char(ends, '-') == 0 ? bound->max : range.end; /* "5/10" goes on to the end */
        range.star = range.star && !(parser->dialect->step_clears_star && range.step > 1);
    }
    KB_TRY(check_range(parser, item, bound, &range));
    for (uint64_t i = range.start; i <= range.end; i += range.step) {
        *bits |= UINT64_C(1) << i;
    }
    *bits |= range.star ? KB_CRON_STAR : 0;
    return KB_SUCCESS;
}

/* A list: empty items are dropped. */
static kb_res read_field(const struct parser *parser, struct kb_str field,
                         const struct bounds *bound, uint64_t *bits)
{
    while (field.n > 0) {
        struct kb_str item = kb_str_split(field, ',', &field);
        if (item.n > 0) {
            KB_TRY(read_item(parser, item, bound, bits));
        }
    }
    return KB_SUCCESS;
}

static kb_res read_fields(const struct parser *parser, struct kb_str text, struct kb_cron *out)
{
    struct kb_str fields[FIELDS_KEPT];
    const struct dialect *dialect = parser->dialect;
    size_t most = KB_CRON_FIELDS - dialect->first;
    size_t count = split_fields(text, fields);
    if (count > most || count < most - (dialect->weekday_optional ? 1 : 0)) {
        return wrong_number(parser, text, count);
    }
    out->bits[KB_CRON_SECOND] = dialect->first > KB_CRON_SECOND ? 1 : 0;
    for (size_t i = dialect->first; i < KB_CRON_FIELDS; i++) {
        size_t at = i - dialect->first;
        KB_TRY(read_field(parser, at < count ? fields[at] : KB_STR("*"), &bounds[i], &out->bits[i]));
    }
    return KB_SUCCESS;
}

static kb_res read_every(const struct parser *parser, struct kb_str text, struct kb_cron *out)
{
    struct kb_err why = {0};
    int64_t ns = 0;
    if (kb_failed(kb_duration_parse(kb_str_sub(text, strlen("@every "), text.n), &ns, &why))) {
        return fail(parser, "failed to parse duration %.*s: %s", KB_FMT(text), why.msg);
    }
    out->every_s = ns < KB_NS_PER_S ? 1 : ns / KB_NS_PER_S;
    return KB_SUCCESS;
}

static kb_res read_descriptor(const struct parser *parser, struct kb_str text, struct kb_cron *out)
{
    for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++) {
        if (kb_str_eq_c(text, descriptors[i].text)) {
            const struct parser full = {&dialects[KB_CRON_SECONDS], parser->err};
            return read_fields(&full, kb_str_c(descriptors[i].fields), out);
        }
    }
    if (kb_str_starts(text, KB_STR("@every "))) {
        return read_every(parser, text, out);
    }
    return fail(parser, "unrecognized descriptor: %.*s", KB_FMT(text));
}

/* Take "TZ=name " off the front. */
static kb_res read_zone(const struct parser *parser, struct kb_str *text, struct kb_cron *out)
{
    if (!kb_str_starts(*text, KB_STR("TZ=")) && !kb_str_starts(*text, KB_STR("CRON_TZ="))) {
        return KB_SUCCESS;
    }
    size_t from = kb_str_find(*text, KB_STR("="), 0) + 1;
    size_t to = kb_str_find(*text, KB_STR(" "), 0);
    if (to == SIZE_MAX) {
        return kb_fail(parser->err, KB_ERR_INVALID,
                       "panic: runtime error: slice bounds out of range [:-1]");
    }
    struct kb_str name = kb_str_sub(*text, from, to);
    struct kb_err why = {0};
    if (kb_failed(kb_cron_zone(name, &out->zone, &why))) {
        return fail(parser, "provided bad location %.*s: %s", KB_FMT(name), why.msg);
    }
    *text = trim(kb_str_sub(*text, to, text->n));
    return KB_SUCCESS;
}

kb_res kb_cron_parse(enum kb_cron_dialect dialect, struct kb_str text, struct kb_cron *out,
                     struct kb_err *err)
{
    const struct parser parser = {&dialects[dialect], err};
    struct kb_cron cron = {.midnight = dialects[dialect].midnight};
    if (text.n == 0) {
        return fail(&parser, "empty spec string");
    }
    if (parser.dialect->zone_prefix) {
        KB_TRY(read_zone(&parser, &text, &cron));
    }
    bool descriptor = text.n > 0 && *text.p == '@';
    KB_TRY(descriptor ? read_descriptor(&parser, text, &cron) : read_fields(&parser, text, &cron));
    *out = cron;
    return KB_SUCCESS;
}

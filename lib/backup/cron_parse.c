/* Reading expressions: dialects, zones, descriptors, and the library's words for what is wrong. */
#include "backup/cron_aws.h"
#include "backup/cron_fields.h"
#include "backup/cron_zone.h"
#include "base/utf8.h"
#include "data/duration.h"

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

static const struct {
    const char *text;
    const char *fields; /* all six */
} descriptors[] = {
    {"@yearly", "0 0 0 1 1 *"},  {"@annually", "0 0 0 1 1 *"}, {"@monthly", "0 0 0 1 * *"},
    {"@weekly", "0 0 0 * * 0"},  {"@daily", "0 0 0 * * *"},    {"@midnight", "0 0 0 * * *"},
    {"@hourly", "0 0 * * * *"},
};

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
static kb_res wrong_number(const struct dialect *dialect, const struct kb_cron_parser *parser,
                           struct kb_str text, size_t count)
{
    if (dialect->capital) {
        return kb_cron_fail(parser, "%s, found %zu: %.*s", dialect->wrong_number, count, KB_FMT(text));
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
    return kb_cron_fail(parser, "%s, found %zu: [%.*s]", dialect->wrong_number, count, KB_FMT(view));
}

static kb_res read_fields(const struct dialect *dialect, const struct kb_cron_parser *parser,
                          struct kb_str text, struct kb_cron *out)
{
    struct kb_str fields[FIELDS_KEPT];
    size_t most = KB_CRON_FIELDS - dialect->first;
    size_t count = split_fields(text, fields);
    if (count > most || count < most - (dialect->weekday_optional ? 1 : 0)) {
        return wrong_number(dialect, parser, text, count);
    }
    out->bits[KB_CRON_SECOND] = dialect->first > KB_CRON_SECOND ? 1 : 0;
    for (size_t i = dialect->first; i < KB_CRON_FIELDS; i++) {
        size_t at = i - dialect->first;
        KB_TRY(kb_cron_read_field(parser, (enum kb_cron_field)i,
                                  at < count ? fields[at] : KB_STR("*"), &out->bits[i]));
    }
    return KB_SUCCESS;
}

static kb_res read_every(const struct kb_cron_parser *parser, struct kb_str text,
                         struct kb_cron *out)
{
    struct kb_err why = {0};
    int64_t ns = 0;
    if (kb_failed(kb_duration_parse(kb_str_sub(text, strlen("@every "), text.n), &ns, &why))) {
        return kb_cron_fail(parser, "failed to parse duration %.*s: %s", KB_FMT(text), why.msg);
    }
    out->every_s = ns < KB_NS_PER_S ? 1 : ns / KB_NS_PER_S;
    return KB_SUCCESS;
}

static kb_res read_descriptor(const struct kb_cron_parser *parser, struct kb_str text,
                              struct kb_cron *out)
{
    for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++) {
        if (kb_str_eq_c(text, descriptors[i].text)) {
            return read_fields(&dialects[KB_CRON_SECONDS], parser,
                               kb_str_c(descriptors[i].fields), out);
        }
    }
    if (kb_str_starts(text, KB_STR("@every "))) {
        return read_every(parser, text, out);
    }
    return kb_cron_fail(parser, "unrecognized descriptor: %.*s", KB_FMT(text));
}

/* Take "TZ=name " off the front. */
static kb_res read_zone(const struct kb_cron_parser *parser, struct kb_str *text,
                        struct kb_cron *out)
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
        return kb_cron_fail(parser, "provided bad location %.*s: %s", KB_FMT(name), why.msg);
    }
    *text = trim(kb_str_sub(*text, to, text->n));
    return KB_SUCCESS;
}

kb_res kb_cron_parse(enum kb_cron_dialect dialect, struct kb_str text, struct kb_cron *out,
                     struct kb_err *err)
{
    if (dialect == KB_CRON_AWS) {
        return kb_cron_parse_aws(text, out, err);
    }
    const struct dialect *rules = &dialects[dialect];
    const struct kb_cron_parser parser = {rules->step_clears_star, rules->capital, err};
    struct kb_cron cron = {.midnight = rules->midnight};
    if (text.n == 0) {
        return kb_cron_fail(&parser, "empty spec string");
    }
    if (rules->zone_prefix) {
        KB_TRY(read_zone(&parser, &text, &cron));
    }
    bool descriptor = text.n > 0 && *text.p == '@';
    KB_TRY(descriptor ? read_descriptor(&parser, text, &cron)
                      : read_fields(rules, &parser, text, &cron));
    *out = cron;
    return KB_SUCCESS;
}

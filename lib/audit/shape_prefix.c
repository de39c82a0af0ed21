/*
 * What stands before the text of a line: `aws logs tail` (time, stream, colours), S3 export (time),
 * CRI (time, stdout, F), `--output text` (EVENTS, numbers).
 */
#include "audit/shape.h"

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool number(struct kb_str s, size_t from, size_t n, int *out)
{
    int value = 0;
    for (size_t i = from; i < from + n; i++) {
        if (i >= s.n || !digit(s.p[i])) {
            return false;
        }
        value = value * 10 + (s.p[i] - '0');
    }
    *out = value;
    return true;
}

static char at(struct kb_str s, size_t i)
{
    return i < s.n ? s.p[i] : '\0';
}

/* Days since 1970-01-01 of a Gregorian date (counted in years that begin in March). */
static int64_t days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;
    int64_t y400 = y / 400;
    int64_t in400 = y - y400 * 400;
    int64_t in_year = (153 * m + 2) / 5 + day - 1;
    return y400 * 146097 + in400 * 365 + in400 / 4 - in400 / 100 + in_year - 719468;
}

/* "Z", "+00:00", "+0000" or nothing. */
static bool zone_ms(struct kb_str s, int64_t *out)
{
    int hours = 0;
    int minutes = 0;
    *out = 0;
    if (s.n == 0 || kb_str_eq_c(s, "Z")) {
        return true;
    }
    size_t minute_at = at(s, 3) == ':' ? 4 : 3;
    bool ok = (s.p[0] == '+' || s.p[0] == '-') && number(s, 1, 2, &hours) &&
              number(s, minute_at, 2, &minutes) && s.n == minute_at + 2;
    *out = (s.p[0] == '-' ? -1 : 1) * (int64_t)(hours * 60 + minutes) * 60000;
    return ok;
}

bool kb_shape_date_ms(struct kb_str s, int64_t *out)
{
    int f[6];
    static const struct {
        size_t at;
        size_t n;
        int max;
    } parts[6] = {{0, 4, 9999}, {5, 2, 12}, {8, 2, 31}, {11, 2, 23}, {14, 2, 59}, {17, 2, 60}};
    for (size_t i = 0; i < 6; i++) {
        if (!number(s, parts[i].at, parts[i].n, &f[i]) || f[i] > parts[i].max) {
            return false;
        }
    }
    bool shape = s.p[4] == '-' && s.p[7] == '-' && (s.p[10] == 'T' || s.p[10] == ' ') &&
                 s.p[13] == ':' && s.p[16] == ':';
    if (!shape || f[1] == 0 || f[2] == 0) {
        return false;
    }
    size_t i = 19;
    int64_t ms = 0;
    if (at(s, i) == '.') {
        int64_t unit = 100;
        for (i++; digit(at(s, i)); i++, unit /= 10) {
            ms += (s.p[i] - '0') * unit;
        }
    }
    int64_t zone;
    if (!zone_ms(kb_str_sub(s, i, s.n), &zone)) {
        return false;
    }
    int64_t seconds = ((days(f[0], f[1], f[2]) * 24 + f[3]) * 60 + f[4]) * 60 + f[5];
    *out = seconds * 1000 + ms - zone;
    return true;
}

/* Length of blanks and terminal colours (ESC [ … letter) at `i`. */
static size_t blanks(struct kb_str s, size_t i)
{
    size_t from = i;
    for (;;) {
        if (at(s, i) == ' ' || at(s, i) == '\t') {
            i++;
        } else if (at(s, i) == '\x1b' && at(s, i + 1) == '[') {
            i += 2;
            while (digit(at(s, i)) || at(s, i) == ';') {
                i++;
            }
            i += i < s.n ? 1 : 0;
        } else {
            return i - from;
        }
    }
}

static struct kb_str token_at(struct kb_str s, size_t i)
{
    size_t end = i;
    while (end < s.n && s.p[end] != ' ' && s.p[end] != '\t' && s.p[end] != '\x1b' &&
           s.p[end] != '\r' && end - i < KB_SHAPE_NAME) {
        end++;
    }
    return kb_str_sub(s, i, end);
}

static bool all_digits(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!digit(s.p[i])) {
            return false;
        }
    }
    return s.n > 0;
}

/* "kube-apiserver-audit-" and 32 hexadecimal digits, and the like. */
static bool stream_name(struct kb_str s)
{
    size_t hex = 0;
    while (hex < s.n && strchr("0123456789abcdef", s.p[s.n - 1 - hex]) != NULL) {
        hex++;
    }
    return (hex >= 32 && s.n > hex + 1 && s.p[s.n - 1 - hex] == '-') ||
           kb_str_starts(s, KB_STR("kube-apiserver-audit"));
}

static bool known_word(struct kb_str s)
{
    static const char *const words[] = {"stdout", "stderr", "F", "P", "EVENTS"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (kb_str_eq_c(s, words[i])) {
            return true;
        }
    }
    return false;
}

/* A date and time, in one token or two. Its length, or 0. */
static size_t date_at(struct kb_str line, size_t i, int64_t *ms)
{
    struct kb_str token = token_at(line, i);
    if (token.n == 10 && at(token, 4) == '-') {
        struct kb_str time = token_at(line, i + 11);
        token = kb_str_sub(line, i, i + 11 + time.n);
    }
    return kb_shape_date_ms(token, ms) ? token.n : 0;
}

/* A token behind a date and right before the JSON: a stream with a name of its own. */
static bool names_stream(struct kb_str line, size_t i, struct kb_str token)
{
    size_t next = i + token.n + blanks(line, i + token.n);
    for (size_t k = 0; k < token.n; k++) {
        if (strchr("{[\"=", token.p[k]) != NULL) {
            return false;
        }
    }
    return token.n > 0 && at(line, next) == '{';
}

size_t kb_shape_prefix(struct kb_str line, struct kb_context *context)
{
    enum { TOKENS = 8 };
    size_t i = blanks(line, 0);
    bool dated = false;
    for (int k = 0; k < TOKENS && at(line, i) != '{'; k++) {
        struct kb_str token = token_at(line, i);
        size_t n = date_at(line, i, &context->timestamp_ms);
        dated = dated || n > 0;
        if (n > 0) {
            token.n = n;
        } else if (stream_name(token)) {
            kb_shape_set_name(&context->stream, token);
        } else if (!known_word(token) && !(all_digits(token) && token.n > 9)) {
            if (!dated || context->stream.n > 0 || !names_stream(line, i, token)) {
                return i;
            }
            kb_shape_set_name(&context->stream, token);
        }
        i += token.n;
        i += blanks(line, i);
    }
    return i;
}

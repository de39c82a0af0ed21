/* The scanner. Of two tokens that could begin at a place the longer one is taken, so that what
 * looks like a broken literal may be several tokens (`0x` is 0 and x). */
#include "cel/lexer.h"

#include "base/utf8.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char at(struct kb_str s, size_t i)
{
    return i < s.n ? s.p[i] : '\0';
}

static uint32_t skip_blank(struct kb_str s, uint32_t pos)
{
    while (pos < s.n) {
        char c = s.p[pos];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            pos++;
        } else if (c == '/' && at(s, pos + 1) == '/') {
            while (pos < s.n && s.p[pos] != '\n') {
                pos++;
            }
        } else {
            break;
        }
    }
    return pos;
}

static size_t hex_run(struct kb_str s, size_t pos, size_t want)
{
    size_t n = 0;
    while (n < want && is_hex(at(s, pos + n))) {
        n++;
    }
    return n == want ? n : 0;
}

/* Length of the escape sequence at `pos` (where the backslash is), 0 where there is none. */
static size_t escape_length(struct kb_str s, size_t pos)
{
    char c = at(s, pos + 1);
    if (c != '\0' && strchr("abfnrtv\"'`\\?", c) != NULL) {
        return 2;
    }
    if (c == 'x' || c == 'X') {
        return hex_run(s, pos + 2, 2) > 0 ? 4 : 0;
    }
    if (c == 'u') {
        return hex_run(s, pos + 2, 4) > 0 ? 6 : 0;
    }
    if (c == 'U') {
        return hex_run(s, pos + 2, 8) > 0 ? 10 : 0;
    }
    bool octal = c >= '0' && c <= '3';
    for (size_t i = 2; i < 4 && octal; i++) {
        octal = at(s, pos + i) >= '0' && at(s, pos + i) <= '7';
    }
    return octal ? 4 : 0;
}

static bool closes(struct kb_str s, size_t pos, char quote, size_t quotes)
{
    for (size_t i = 0; i < quotes; i++) {
        if (at(s, pos + i) != quote) {
            return false;
        }
    }
    return true;
}

/* Length of the string at `pos` (its first quote), opened by `quotes` quotes; 0: not a string. */
static size_t quoted_length(struct kb_str s, size_t pos, size_t quotes, bool raw)
{
    char quote = s.p[pos];
    if (!closes(s, pos, quote, quotes)) {
        return 0;
    }
    size_t i = pos + quotes;
    while (i < s.n) {
        if (closes(s, i, quote, quotes)) {
            return i + quotes - pos;
        }
        if (quotes == 1 && (s.p[i] == '\n' || s.p[i] == '\r')) {
            return 0;
        }
        size_t step = s.p[i] == '\\' && !raw ? escape_length(s, i) : 1;
        if (step == 0) {
            return 0;
        }
        i += step;
    }
    return 0;
}

static size_t string_length(struct kb_str s, size_t pos, bool raw)
{
    if (at(s, pos) != '"' && at(s, pos) != '\'') {
        return 0;
    }
    size_t n = quoted_length(s, pos, 3, raw);
    return n > 0 ? n : quoted_length(s, pos, 1, raw);
}

/* A string or bytes literal with its prefixes; 0 where there is none. */
static size_t literal_length(struct kb_str s, size_t pos, bool *bytes)
{
    size_t i = pos;
    *bytes = at(s, i) == 'b' || at(s, i) == 'B';
    i += *bytes;
    bool raw = at(s, i) == 'r' || at(s, i) == 'R';
    i += raw;
    size_t n = string_length(s, i, raw);
    return n > 0 ? i + n - pos : 0;
}

static size_t digits(struct kb_str s, size_t pos)
{
    size_t i = pos;
    while (is_digit(at(s, i))) {
        i++;
    }
    return i - pos;
}

static size_t exponent_length(struct kb_str s, size_t pos)
{
    if (at(s, pos) != 'e' && at(s, pos) != 'E') {
        return 0;
    }
    size_t sign = at(s, pos + 1) == '+' || at(s, pos + 1) == '-';
    size_t n = digits(s, pos + 1 + sign);
    return n == 0 ? 0 : 1 + sign + n;
}

static struct kb_cel_token lex_number(struct kb_str s, uint32_t pos)
{
    size_t i = pos;
    bool real = false;
    if (s.p[i] == '0' && at(s, i + 1) == 'x' && is_hex(at(s, i + 2))) {
        i += 2;
        while (is_hex(at(s, i))) {
            i++;
        }
    } else {
        i += digits(s, i);
        if (at(s, i) == '.' && is_digit(at(s, i + 1))) {
            real = true;
            i += 1 + digits(s, i + 1);
        }
        size_t exponent = exponent_length(s, i);
        real = real || exponent > 0;
        i += exponent;
    }
    enum kb_cel_token_kind kind = real ? KB_TOK_FLOAT : KB_TOK_INT;
    if (!real && (at(s, i) == 'u' || at(s, i) == 'U')) {
        kind = KB_TOK_UINT;
        i++;
    }
    return (struct kb_cel_token){kind, pos, (uint32_t)(i - pos)};
}

static struct kb_cel_token lex_word(struct kb_str s, uint32_t pos)
{
    uint32_t i = pos;
    while (is_letter(at(s, i)) || is_digit(at(s, i))) {
        i++;
    }
    struct kb_cel_token token = {KB_TOK_IDENT, pos, i - pos};
    struct kb_str word = kb_str_sub(s, pos, i);
    static const struct {
        const char *word;
        enum kb_cel_token_kind kind;
    } words[] = {
        {"true", KB_TOK_TRUE}, {"false", KB_TOK_FALSE}, {"null", KB_TOK_NULL}, {"in", KB_TOK_IN}};
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        if (kb_str_eq_c(word, words[w].word)) {
            token.kind = words[w].kind;
        }
    }
    return token;
}

static struct kb_cel_token lex_quoted_name(struct kb_str s, uint32_t pos)
{
    uint32_t i = pos + 1;
    while (is_letter(at(s, i)) || is_digit(at(s, i)) ||
           (at(s, i) != '\0' && strchr(".-/ ", at(s, i)) != NULL)) {
        i++;
    }
    bool closed = at(s, i) == '`' && i > pos + 1;
    return (struct kb_cel_token){closed ? KB_TOK_QUOTED : KB_TOK_BAD, pos, i + 1 - pos};
}

static struct kb_cel_token lex_symbol(struct kb_str s, uint32_t pos)
{
#define TEXT(sym, text) {text, sym},
    static const struct {
        const char *text;
        enum kb_cel_token_kind kind;
    } symbols[] = {KB_CEL_TOKENS(TEXT)};
#undef TEXT
    for (size_t i = KB_TOK_EQ; i < sizeof symbols / sizeof symbols[0]; i++) {
        struct kb_str text = kb_str_c(symbols[i].text);
        if (kb_str_starts(kb_str_sub(s, pos, s.n), text)) {
            return (struct kb_cel_token){symbols[i].kind, pos, (uint32_t)text.n};
        }
    }
    return (struct kb_cel_token){KB_TOK_BAD, pos, 1};
}

struct kb_cel_token kb_cel_lex(struct kb_str source, uint32_t pos)
{
    pos = skip_blank(source, pos);
    if (pos >= source.n) {
        return (struct kb_cel_token){KB_TOK_EOF, (uint32_t)source.n, 0};
    }
    char c = source.p[pos];
    bool bytes = false;
    size_t literal = literal_length(source, pos, &bytes);
    if (literal > 0) {
        return (struct kb_cel_token){bytes ? KB_TOK_BYTES : KB_TOK_STRING, pos, (uint32_t)literal};
    }
    if (is_digit(c) || (c == '.' && is_digit(at(source, pos + 1)))) {
        return lex_number(source, pos);
    }
    if (is_letter(c)) {
        return lex_word(source, pos);
    }
    return c == '`' ? lex_quoted_name(source, pos) : lex_symbol(source, pos);
}

static uint32_t number_of(struct kb_str s, size_t pos, size_t n, uint32_t base)
{
    uint32_t value = 0;
    for (size_t i = pos; i < pos + n; i++) {
        char c = s.p[i];
        uint32_t digit = is_digit(c) ? (uint32_t)(c - '0') : (uint32_t)((c | 0x20) - 'a' + 10);
        value = value * base + digit;
    }
    return value;
}

static char simple_escape(char c)
{
    static const char from[] = "abfnrtv";
    static const char to[] = "\a\b\f\n\r\t\v";
    const char *found = strchr(from, c);
    return found == NULL ? c : to[found - from];
}

/* Adds what the escape at `pos` stands for. */
static bool add_escape(struct kb_buf *out, struct kb_str s, size_t pos, size_t n, bool bytes)
{
    if (n == 2) {
        kb_buf_char(out, simple_escape(s.p[pos + 1]));
        return true;
    }
    char c = s.p[pos + 1];
    bool unicode = c == 'u' || c == 'U';
    size_t skip = is_digit(c) ? 1 : 2;
    uint32_t value = number_of(s, pos + skip, n - skip, is_digit(c) ? 8 : 16);
    if (bytes) {
        kb_buf_char(out, (char)value);
        return !unicode;
    }
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return false;
    }
    kb_utf8_add(out, value);
    return true;
}

bool kb_cel_unescape(struct kb_str token, struct kb_arena *arena, struct kb_str *out)
{
    bool bytes = token.p[0] == 'b' || token.p[0] == 'B';
    size_t pos = bytes;
    bool raw = token.p[pos] == 'r' || token.p[pos] == 'R';
    pos += raw;
    char quote = token.p[pos];
    size_t quotes = token.n - pos >= 6 && closes(token, pos, quote, 3) ? 3 : 1;
    struct kb_buf buf;
    kb_buf_init(&buf, token.n + 8);
    bool ok = true;
    size_t end = token.n - quotes;
    for (size_t i = pos + quotes; i < end && ok;) {
        size_t n = token.p[i] == '\\' && !raw ? escape_length(token, i) : 0;
        if (n > 0) {
            ok = add_escape(&buf, token, i, n, bytes);
            i += n;
        } else if (token.p[i] == '\r') { /* line ends are one character in long strings */
            kb_buf_char(&buf, '\n');
            i += at(token, i + 1) == '\n' ? 2 : 1;
        } else {
            kb_buf_char(&buf, token.p[i++]);
        }
    }
    *out = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return ok;
}

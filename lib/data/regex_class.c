/* Regular expressions: escapes and character classes of RE2. */
#include "base/utf8.h"
#include "data/regex_syntax.h"

static const char BAD_ESCAPE[] = "invalid escape sequence";
static const char BAD_RANGE[] = "invalid character class range";

/* Sets written out as members of a PCRE2 class. PCRE2's own \s and [:word:] differ from RE2's. */
static const struct {
    const char *name; /* [:name:] or the letter of \d */
    const char *members;
    const char *others; /* the complement */
    const char
        *others_fold; /* the same under (?i), without the letters beyond ASCII that fold into it */
} sets[] = {
    {"d", "0-9", "\\x{0}-/:-\\x{10ffff}", NULL},
    {"s", "\\t\\n\\f\\r ", "\\x{0}-\\x{8}\\x{b}\\x{e}-\\x{1f}!-\\x{10ffff}", NULL},
    {"w", "0-9A-Za-z_", "\\x{0}-/:-@\\[-\\^`{-\\x{10ffff}",
     "\\x{0}-/:-@\\[-\\^`{-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"alnum", "0-9A-Za-z", "\\x{0}-/:-@\\[-`{-\\x{10ffff}",
     "\\x{0}-/:-@\\[-`{-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"alpha", "A-Za-z", "\\x{0}-@\\[-`{-\\x{10ffff}",
     "\\x{0}-@\\[-`{-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"ascii", "\\x{0}-\\x{7f}", "\\x{80}-\\x{10ffff}",
     "\\x{80}-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"blank", "\\t ", "\\x{0}-\\x{8}\\x{a}-\\x{1f}!-\\x{10ffff}", NULL},
    {"cntrl", "\\x{0}-\\x{1f}\\x{7f}", " -~\\x{80}-\\x{10ffff}", NULL},
    {"digit", "0-9", "\\x{0}-/:-\\x{10ffff}", NULL},
    {"graph", "!-~", "\\x{0}- \\x{7f}-\\x{10ffff}",
     "\\x{0}- \\x{7f}-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"lower", "a-z", "\\x{0}-`{-\\x{10ffff}",
     "\\x{0}-@\\[-`{-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"print", " -~", "\\x{0}-\\x{1f}\\x{7f}-\\x{10ffff}",
     "\\x{0}-\\x{1f}\\x{7f}-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"punct", "!-/:-@\\[-`{-~", "\\x{0}- 0-9A-Za-z\\x{7f}-\\x{10ffff}", NULL},
    {"space", "\\t\\n\\x{b}\\f\\r ", "\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{10ffff}", NULL},
    {"upper", "A-Z", "\\x{0}-@\\[-\\x{10ffff}",
     "\\x{0}-@\\[-`{-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"word", "0-9A-Za-z_", "\\x{0}-/:-@\\[-\\^`{-\\x{10ffff}",
     "\\x{0}-/:-@\\[-\\^`{-\\x{17e}\\x{180}-\\x{2129}\\x{212b}-\\x{10ffff}"},
    {"xdigit", "0-9A-Fa-f", "\\x{0}-/:-@G-`g-\\x{10ffff}", NULL},
};

/* Members of the set `name` (or of its complement); false where there is no such set. */
static bool add_set(struct kb_regex_reader *r, struct kb_str name, bool negated)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (kb_str_eq_c(name, sets[i].name)) {
            bool folded = r->fold && sets[i].others_fold != NULL;
            const char *others = folded ? sets[i].others_fold : sets[i].others;
            kb_buf_c(r->out, negated ? others : sets[i].members);
            return true;
        }
    }
    return false;
}

void kb_regex_literal(struct kb_buf *out, uint32_t cp)
{
    bool word = (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
    if (word) {
        kb_buf_char(out, (char)cp);
    } else {
        kb_buf_printf(out, "\\x{%x}", (unsigned)cp);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* After "\x": two digits, or any number in braces. r->at stops where the mistake is. */
static bool take_hex(struct kb_regex_reader *r, uint32_t *out)
{
    bool braces = r->at < r->src.n && r->src.p[r->at] == '{';
    r->at += braces;
    uint32_t value = 0;
    size_t digits = 0;
    for (; r->at < r->src.n; r->at++, digits++) {
        int d = hex_value(r->src.p[r->at]);
        if (d < 0 || (!braces && digits == 2)) {
            break;
        }
        value = value * 16 + (uint32_t)d;
        if (value > 0x10FFFF) {
            return false;
        }
    }
    *out = value;
    if (!braces) {
        return digits == 2;
    }
    bool closed = r->at < r->src.n && r->src.p[r->at] == '}';
    r->at += closed;
    return closed && digits > 0;
}

static bool is_octal(const struct kb_regex_reader *r, size_t at)
{
    return at < r->src.n && r->src.p[at] >= '0' && r->src.p[at] <= '7';
}

/* \0, \012; \1 alone is a back-reference. */
static bool take_octal(struct kb_regex_reader *r, char first, uint32_t *out)
{
    if (first != '0' && !is_octal(r, r->at)) {
        return false;
    }
    *out = (uint32_t)(first - '0');
    for (size_t i = 0; i < 2 && is_octal(r, r->at); i++) {
        *out = *out * 8 + (uint32_t)(r->src.p[r->at++] - '0');
    }
    return true;
}

static bool is_alnum(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

kb_res kb_regex_escape(struct kb_regex_reader *r, uint32_t *out)
{
    static const char letters[] = "afnrtv";
    static const char values[] = "\a\f\n\r\t\v";
    size_t from = r->at;
    if (from + 1 >= r->src.n) {
        return kb_regex_fault(r, "trailing backslash at end of expression", from, from);
    }
    uint32_t cp;
    size_t n = kb_utf8_decode(kb_str_sub(r->src, from + 1, r->src.n), &cp);
    r->at = from + 1 + n;
    const char *letter = cp < 0x80 && cp != 0 ? strchr(letters, (int)cp) : NULL;
    bool ok = true;
    if (letter != NULL) {
        *out = (unsigned char)values[letter - letters];
    } else if (cp == 'x') {
        ok = take_hex(r, out);
    } else if (cp >= '0' && cp <= '7') {
        ok = take_octal(r, (char)cp, out);
    } else {
        ok = cp < 0x80 && !is_alnum(cp);
        *out = cp;
    }
    return ok ? KB_SUCCESS : kb_regex_fault(r, BAD_ESCAPE, from, r->at);
}

/* General categories of one or two letters, each followed by a space. */
static const char categories[] = "C Cc Cf Cn Co Cs L LC Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No "
                                 "P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs ";

static bool is_category(struct kb_str name)
{
    char padded[4] = "   ";
    if (name.n == 0 || name.n > 2) {
        return false;
    }
    memcpy(padded, name.p, name.n);
    padded[name.n + 1] = '\0';
    const char *hit = strstr(categories, padded);
    return hit != NULL && (hit == categories || hit[-1] == ' ');
}

/* Letters with case: under (?i) the cases are one. */
static bool is_cased(struct kb_str name, bool fold)
{
    bool one_case = kb_str_eq_c(name, "Lu") || kb_str_eq_c(name, "Ll") || kb_str_eq_c(name, "Lt");
    return kb_str_eq_c(name, "LC") || (fold && one_case);
}

static bool is_script_name(struct kb_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (!is_alnum((unsigned char)name.p[i]) && name.p[i] != '_') {
            return false;
        }
    }
    return name.n > 2 && name.n < 40;
}

/* At \p or \P: \pN, \p{Greek}, \p{^Greek}. */
static kb_res property(struct kb_regex_reader *r)
{
    size_t from = r->at;
    bool negated = r->src.p[from + 1] == 'P';
    r->at += 2;
    struct kb_str rest = kb_str_sub(r->src, r->at, r->src.n);
    struct kb_str name = kb_str_sub(rest, 0, 1);
    if (rest.n > 0 && *rest.p == '{') {
        size_t close = kb_str_find(rest, KB_STR("}"), 0);
        if (close == SIZE_MAX) {
            return kb_regex_fault(r, BAD_RANGE, from, r->src.n);
        }
        name = kb_str_sub(rest, 1, close);
        r->at += close + 1;
    } else {
        uint32_t cp;
        size_t n = rest.n == 0 ? 0 : kb_utf8_decode(rest, &cp);
        r->at += n == 0 ? name.n : n;
    }
    size_t to = r->at;
    if (name.n > 0 && *name.p == '^') {
        negated = !negated;
        name = kb_str_sub(name, 1, name.n);
    }
    const char *letter = negated ? "P" : "p";
    if (is_category(name)) {
        struct kb_str written = is_cased(name, r->fold) ? KB_STR("L&") : name;
        kb_buf_printf(r->out, "\\%s{%.*s}", letter, KB_FMT(written));
    } else if (kb_str_eq_c(name, "Any")) {
        kb_buf_c(r->out, negated ? "\\P{Any}" : "\\p{Any}");
    } else if (is_script_name(name)) {
        kb_buf_printf(r->out, "\\%s{sc:%.*s}", letter, KB_FMT(name));
    } else {
        return kb_regex_fault(r, BAD_RANGE, from, to);
    }
    return KB_SUCCESS;
}

kb_res kb_regex_set(struct kb_regex_reader *r, bool in_class, bool *done)
{
    *done = false;
    if (r->at + 1 >= r->src.n) {
        return KB_SUCCESS;
    }
    char c = r->src.p[r->at + 1];
    *done = strchr("dDsSwWpP", c) != NULL && c != '\0';
    if (!*done) {
        return KB_SUCCESS;
    }
    if (c == 'p' || c == 'P') {
        return property(r);
    }
    char lower = (char)(c | 0x20);
    bool negated = c != lower;
    if (!in_class) { /* [^…] rather than the complement: it folds as Go folds */
        kb_buf_c(r->out, negated ? "[^" : "[");
    }
    (void)add_set(r, (struct kb_str){&lower, 1}, negated && in_class);
    if (!in_class) {
        kb_buf_char(r->out, ']');
    }
    r->at += 2;
    return KB_SUCCESS;
}

/* [:alpha:], [:^alpha:] inside a class; *done is false where it is no such thing. */
static kb_res named_set(struct kb_regex_reader *r, bool *done)
{
    struct kb_str rest = kb_str_sub(r->src, r->at, r->src.n);
    *done = false;
    if (!kb_str_starts(rest, KB_STR("[:"))) {
        return KB_SUCCESS;
    }
    size_t end = kb_str_find(rest, KB_STR(":]"), 2);
    if (end == SIZE_MAX) {
        return KB_SUCCESS;
    }
    struct kb_str name = kb_str_sub(rest, 2, end);
    bool negated = name.n > 0 && *name.p == '^';
    name = kb_str_sub(name, negated, name.n);
    if (name.n < 2 || !add_set(r, name, negated)) {
        return kb_regex_fault(r, BAD_RANGE, r->at, r->at + end + 2);
    }
    r->at += end + 2;
    *done = true;
    return KB_SUCCESS;
}

/* One character of a class. */
static kb_res class_char(struct kb_regex_reader *r, size_t start, uint32_t *out)
{
    if (r->at >= r->src.n) {
        return kb_regex_fault(r, "missing closing ]", start, r->src.n);
    }
    if (r->src.p[r->at] == '\\') {
        return kb_regex_escape(r, out);
    }
    size_t n = kb_utf8_decode(kb_str_sub(r->src, r->at, r->src.n), out);
    r->at += n == 0 ? 1 : n;
    return KB_SUCCESS;
}

/* "a" or "a-z" */
static kb_res class_range(struct kb_regex_reader *r, size_t start)
{
    size_t from = r->at;
    uint32_t low = 0;
    KB_TRY(class_char(r, start, &low));
    uint32_t high = low;
    if (r->at + 1 < r->src.n && r->src.p[r->at] == '-' && r->src.p[r->at + 1] != ']') {
        r->at++;
        KB_TRY(class_char(r, start, &high));
        if (high < low) {
            return kb_regex_fault(r, BAD_RANGE, from, r->at);
        }
    }
    if (low >= 0xD800 && low <= 0xDFFF) { /* no text holds these */
        low = 0xE000;
    }
    if (high >= 0xD800 && high <= 0xDFFF) {
        high = 0xD7FF;
    }
    if (low <= high) {
        kb_buf_printf(r->out, "\\x{%x}-\\x{%x}", (unsigned)low, (unsigned)high);
    }
    return KB_SUCCESS;
}

kb_res kb_regex_class(struct kb_regex_reader *r)
{
    size_t start = r->at++;
    kb_buf_char(r->out, '[');
    if (r->at < r->src.n && r->src.p[r->at] == '^') {
        kb_buf_char(r->out, '^');
        r->at++;
    }
    size_t first = r->at;
    while (r->at >= r->src.n || r->src.p[r->at] != ']' || r->at == first) {
        bool done = false;
        KB_TRY(named_set(r, &done));
        if (!done && r->at < r->src.n && r->src.p[r->at] == '\\') {
            KB_TRY(kb_regex_set(r, true, &done));
        }
        if (!done) {
            KB_TRY(class_range(r, start));
        }
    }
    r->at++;
    kb_buf_char(r->out, ']');
    return KB_SUCCESS;
}

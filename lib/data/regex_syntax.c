/* Regular expressions: groups, repetition and anchors of RE2, written as PCRE2 reads them. */
#include "data/regex_syntax.h"

#include "base/utf8.h"

/* One open group. */
struct frame {
    bool fold;        /* of the group around, to come back to */
    unsigned repeats; /* largest product of counts within */
};

struct state {
    struct kb_regex_reader r;
    struct frame frames[KB_REGEX_NEST_MAX + 1]; /* [0] is the whole expression */
    size_t depth;
    size_t groups;
    bool has_atom; /* there is something to repeat */
    unsigned atom_repeats;
    size_t
        last_repeat; /* where the last repetition begins in src; SIZE_MAX: the last item is none */
};

kb_res kb_regex_fault(const struct kb_regex_reader *r, const char *why, size_t from, size_t to)
{
    struct kb_str text = kb_str_sub(r->src, from, to);
    return kb_fail(r->err, KB_ERR_SYNTAX, "error parsing regexp: %s: `%.*s`", why, KB_FMT(text));
}

static bool at_char(const struct kb_regex_reader *r, size_t at, char c)
{
    return at < r->src.n && r->src.p[at] == c;
}

static void begin_atom(struct state *s)
{
    s->has_atom = true;
    s->last_repeat = SIZE_MAX;
    s->atom_repeats = 1;
}

/* {n}, {n,}, {n,m} at `at`: bytes, or 0 where it is literal text. -1 in *max is "no limit". */
static size_t read_counts(const struct kb_regex_reader *r, size_t at, int *min, int *max)
{
    size_t i = at + 1;
    int *const counts[] = {min, max};
    for (size_t which = 0; which < 2; which++) {
        size_t digits = i;
        int value = 0;
        while (i < r->src.n && r->src.p[i] >= '0' && r->src.p[i] <= '9') {
            value = value > KB_REGEX_REPEAT_MAX ? value : value * 10 + (r->src.p[i] - '0');
            i++;
        }
        bool zero_led = i - digits > 1 && r->src.p[digits] == '0';
        if (zero_led || (i == digits && which == 0)) {
            return 0;
        }
        *counts[which] = i == digits ? -1 : value;
        if (which == 0 && !at_char(r, i, ',')) {
            *max = *min;
            break;
        }
        i += which == 0;
    }
    return at_char(r, i, '}') ? i + 1 - at : 0;
}

/* Take the repetition at r.at (`n` bytes long, `product` the count as Go multiplies it). */
static kb_res repeat(struct state *s, size_t n, unsigned product)
{
    struct kb_regex_reader *r = &s->r;
    size_t from = r->at;
    size_t end = from + n + at_char(r, from + n, '?');
    if (s->last_repeat != SIZE_MAX) {
        return kb_regex_fault(r, "invalid nested repetition operator", s->last_repeat, end);
    }
    if (!s->has_atom) {
        return kb_regex_fault(r, "missing argument to repetition operator", from, end);
    }
    unsigned all = product == 0 ? 0 : product * s->atom_repeats;
    if (all > KB_REGEX_REPEAT_MAX) {
        return kb_regex_fault(r, "invalid repeat count", from, end);
    }
    kb_buf_str(r->out, kb_str_sub(r->src, from, end));
    s->atom_repeats = all > s->atom_repeats ? all : s->atom_repeats;
    struct frame *frame = &s->frames[s->depth];
    frame->repeats = s->atom_repeats > frame->repeats ? s->atom_repeats : frame->repeats;
    s->last_repeat = from;
    r->at = end;
    return KB_SUCCESS;
}

static kb_res counted(struct state *s)
{
    int min = 0;
    int max = 0;
    struct kb_regex_reader *r = &s->r;
    size_t n = read_counts(r, r->at, &min, &max);
    if (n == 0) {
        begin_atom(s);
        kb_regex_literal(r->out, '{');
        r->at++;
        return KB_SUCCESS;
    }
    if (min > KB_REGEX_REPEAT_MAX || max > KB_REGEX_REPEAT_MAX || (max >= 0 && min > max)) {
        return kb_regex_fault(r, "invalid repeat count", r->at, r->at + n);
    }
    return repeat(s, n, (unsigned)(max < 0 ? min : max));
}

/* Letters of flags from *at on; false where "-" is not followed by one. */
static bool read_flags(const struct kb_regex_reader *r, size_t *at, bool *fold)
{
    bool off = false;
    bool seen = true; /* a flag since the last '-' */
    for (; *at < r->src.n; ++*at) {
        char c = r->src.p[*at];
        if (c == '-' && !off) {
            off = true;
            seen = false;
        } else if (c != '\0' && strchr("imsU", c) != NULL) {
            seen = true;
            *fold = c == 'i' ? !off : *fold;
        } else {
            break;
        }
    }
    return seen;
}

/* At "(?": "(?i-s)" or "(?i-s:"; sets the flags in force. *group tells whether a group begins. */
static kb_res flags(struct state *s, bool *group)
{
    struct kb_regex_reader *r = &s->r;
    size_t from = r->at;
    bool fold = r->fold;
    size_t end = from + 2;
    bool complete = read_flags(r, &end, &fold);
    if (end >= r->src.n) {
        return kb_regex_fault(r, "missing closing )", 0, r->src.n);
    }
    if (complete && (r->src.p[end] == ':' || r->src.p[end] == ')')) {
        *group = r->src.p[end] == ':';
        kb_buf_str(r->out, kb_str_sub(r->src, from, end + 1));
        r->fold = fold;
        r->at = end + 1;
        return KB_SUCCESS;
    }
    uint32_t cp;
    size_t n = kb_utf8_decode(kb_str_sub(r->src, end, r->src.n), &cp);
    return kb_regex_fault(r, "invalid or unsupported Perl syntax", from, end + (n == 0 ? 1 : n));
}

static bool name_ok(struct kb_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool word = c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (!word) {
            return false;
        }
    }
    return name.n > 0;
}

/* "(?P<name>" or "(?<name>"; `skip` bytes before the name. */
static kb_res named(struct state *s, size_t skip)
{
    static const char bad[] = "invalid named capture";
    struct kb_regex_reader *r = &s->r;
    size_t close = kb_str_find(r->src, KB_STR(">"), r->at);
    if (close == SIZE_MAX) {
        return kb_regex_fault(r, bad, r->at, r->src.n);
    }
    struct kb_str name = kb_str_sub(r->src, r->at + skip, close);
    if (!name_ok(name)) {
        return kb_regex_fault(r, bad, r->at, close + 1);
    }
    bool is_new = false;
    struct kb_map_entry *entry = kb_map_add(r->names, name, &is_new);
    if (!is_new) {
        return kb_regex_fault(r, "duplicate capture group name", r->at + skip, close);
    }
    entry->value.u = ++s->groups;
    kb_buf_char(r->out, '(');
    r->at = close + 1;
    return KB_SUCCESS;
}

/* Any "(…": opens a group, or sets flags for the rest of the group around. */
static kb_res open_group(struct state *s)
{
    struct kb_regex_reader *r = &s->r;
    struct kb_str rest = kb_str_sub(r->src, r->at, r->src.n);
    bool fold = r->fold;
    bool group = true;
    if (kb_str_starts(rest, KB_STR("(?P<")) && rest.n > 4) {
        KB_TRY(named(s, 4));
    } else if (kb_str_starts(rest, KB_STR("(?<")) && rest.n > 3) {
        KB_TRY(named(s, 3));
    } else if (kb_str_starts(rest, KB_STR("(?"))) {
        KB_TRY(flags(s, &group));
    } else {
        s->groups++;
        kb_buf_char(r->out, '(');
        r->at++;
    }
    if (!group) {
        return KB_SUCCESS;
    }
    KB_ENSURE(s->depth < KB_REGEX_NEST_MAX, r->err, KB_ERR_LIMIT,
              "error parsing regexp: expression nests too deeply: more than %d groups",
              KB_REGEX_NEST_MAX);
    s->frames[++s->depth] = (struct frame){.fold = fold, .repeats = 1};
    s->has_atom = false;
    s->last_repeat = SIZE_MAX;
    return KB_SUCCESS;
}

static kb_res close_group(struct state *s)
{
    struct kb_regex_reader *r = &s->r;
    if (s->depth == 0) {
        return kb_regex_fault(r, "unexpected )", 0, r->src.n);
    }
    struct frame inner = s->frames[s->depth--];
    kb_buf_char(r->out, ')');
    r->at++;
    r->fold = inner.fold;
    begin_atom(s);
    s->atom_repeats = inner.repeats;
    struct frame *outer = &s->frames[s->depth];
    outer->repeats = inner.repeats > outer->repeats ? inner.repeats : outer->repeats;
    s->last_repeat = SIZE_MAX;
    return KB_SUCCESS;
}

/* Anchors may be repeated in RE2; PCRE2 wants them in a group then. */
static void anchor(struct state *s, const char *text, size_t n)
{
    begin_atom(s);
    kb_buf_printf(s->r.out, "(?:%s)", text);
    s->r.at += n;
}

/* At "\Q": literal text up to "\E" or the end. */
static void quoted(struct state *s)
{
    struct kb_regex_reader *r = &s->r;
    size_t from = r->at + 2;
    size_t end = kb_str_find(r->src, KB_STR("\\E"), from);
    struct kb_str text = kb_str_sub(r->src, from, end);
    r->at = end == SIZE_MAX ? r->src.n : end + 2;
    while (text.n > 0) {
        uint32_t cp;
        size_t n = kb_utf8_decode(text, &cp);
        begin_atom(s);
        kb_regex_literal(r->out, cp);
        text = kb_str_sub(text, n == 0 ? 1 : n, text.n);
    }
}

static kb_res backslash(struct state *s)
{
    struct kb_regex_reader *r = &s->r;
    static const struct {
        char letter;
        const char *text;
    } anchors[] = {{'A', "\\A"}, {'z', "\\z"}, {'b', "\\b"}, {'B', "\\B"}};
    for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++) {
        if (at_char(r, r->at + 1, anchors[i].letter)) {
            anchor(s, anchors[i].text, 2);
            return KB_SUCCESS;
        }
    }
    if (at_char(r, r->at + 1, 'Q')) {
        quoted(s);
        return KB_SUCCESS;
    }
    begin_atom(s);
    bool done = false;
    KB_TRY(kb_regex_set(r, false, &done));
    if (!done) {
        uint32_t cp = 0;
        KB_TRY(kb_regex_escape(r, &cp));
        kb_regex_literal(r->out, cp);
    }
    return KB_SUCCESS;
}

static void literal(struct state *s)
{
    struct kb_regex_reader *r = &s->r;
    uint32_t cp;
    size_t n = kb_utf8_decode(kb_str_sub(r->src, r->at, r->src.n), &cp);
    begin_atom(s);
    kb_regex_literal(r->out, cp);
    r->at += n == 0 ? 1 : n;
}

static kb_res item(struct state *s)
{
    struct kb_regex_reader *r = &s->r;
    switch (r->src.p[r->at]) {
    case '(':
        return open_group(s);
    case ')':
        return close_group(s);
    case '|':
        kb_buf_char(r->out, '|');
        s->has_atom = false;
        s->last_repeat = SIZE_MAX;
        r->at++;
        return KB_SUCCESS;
    case '*':
    case '+':
    case '?':
        return repeat(s, 1, 1);
    case '{':
        return counted(s);
    case '[':
        begin_atom(s);
        return kb_regex_class(r);
    case '\\':
        return backslash(s);
    case '^':
        anchor(s, "^", 1);
        return KB_SUCCESS;
    case '$':
        anchor(s, "$", 1);
        return KB_SUCCESS;
    case '.':
        begin_atom(s);
        kb_buf_char(r->out, '.');
        r->at++;
        return KB_SUCCESS;
    default:
        literal(s);
        return KB_SUCCESS;
    }
}

kb_res kb_regex_translate(struct kb_str pattern, struct kb_buf *out, struct kb_map *names,
                          struct kb_err *err)
{
    struct state s = {.r = {.src = pattern, .out = out, .names = names, .err = err},
                      .frames = {{.repeats = 1}},
                      .last_repeat = SIZE_MAX};
    KB_ENSURE(kb_utf8_valid(pattern), err, KB_ERR_SYNTAX, "error parsing regexp: invalid UTF-8");
    while (s.r.at < pattern.n) {
        KB_TRY(item(&s));
    }
    if (s.depth > 0) {
        return kb_regex_fault(&s.r, "missing closing )", 0, pattern.n);
    }
    KB_ENSURE(!out->full, err, KB_ERR_LIMIT, "error parsing regexp: expression too large");
    return KB_SUCCESS;
}

/* Reading logrus lines. */
#include "audit/authenticator.h"

#include "base/utf8.h"
#include "data/quote.h"

#define KEY(sym, key) [sym] = KB_STR_INIT(key),
static const struct kb_str keys[KB_AUTHN_KEY_COUNT] = {KB_AUTHN_KEYS(KEY)};
#undef KEY

/* Bytes of the value at the beginning of `s`: a quoted text, or all before a space. */
static size_t value_length(struct kb_str s)
{
    size_t i = 0;
    if (s.n > 0 && s.p[0] == '"') {
        for (i = 1; i < s.n && s.p[i] != '"'; i++) {
            i += s.p[i] == '\\' ? 1 : 0;
        }
        return i < s.n ? i + 1 : s.n;
    }
    while (i < s.n && s.p[i] != ' ') {
        i++;
    }
    return i;
}

static void keep(struct kb_authn_line *out, struct kb_str key, struct kb_str value)
{
    for (size_t i = 0; i < KB_AUTHN_KEY_COUNT; i++) {
        if (out->raw[i].p == NULL && kb_str_eq(key, keys[i])) {
            out->raw[i] = value;
        }
    }
}

void kb_authn_parse(struct kb_str line, struct kb_authn_line *out)
{
    struct kb_str rest = kb_str_trim(line);
    *out = (struct kb_authn_line){0};
    while (rest.n > 0) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != '=' && rest.p[n] != ' ') {
            n++;
        }
        struct kb_str key = kb_str_sub(rest, 0, n);
        bool has_value = n < rest.n && rest.p[n] == '=';
        rest = kb_str_sub(rest, n + 1, rest.n);
        if (has_value) {
            size_t length = value_length(rest);
            keep(out, key, kb_str_sub(rest, 0, length));
            rest = kb_str_sub(rest, length, rest.n);
        }
    }
}

struct kb_str kb_authn_value(const struct kb_authn_line *line, enum kb_authn_key key,
                             struct kb_arena *arena)
{
    struct kb_str raw = line->raw[key];
    struct kb_buf text;
    if (raw.n == 0) {
        return KB_STR("");
    }
    kb_buf_init(&text, raw.n * 4);
    if (raw.p[0] == '"' && kb_unquote(raw, &text)) {
        raw = kb_buf_view(&text);
    }
    struct kb_str out = kb_arena_copy(arena, raw);
    kb_buf_done(&text);
    return kb_utf8_valid(out) ? out : KB_STR("");
}

struct kb_strs kb_authn_groups(const struct kb_authn_line *line, struct kb_arena *arena)
{
    struct kb_strs groups = {0};
    struct kb_str rest = kb_authn_value(line, KB_AUTHN_GROUPS, arena);
    if (kb_str_starts(rest, KB_STR("[")) && kb_str_ends(rest, KB_STR("]"))) {
        rest = kb_str_sub(rest, 1, rest.n - 1);
    }
    while (rest.n > 0) {
        struct kb_str group = kb_str_split(rest, ' ', &rest);
        if (group.n > 0) {
            kb_strs_add(&groups, arena, group);
        }
    }
    return groups;
}

static const struct kb_str outcome_names[] = {
    [KB_AUTHN_GRANTED] = KB_STR_INIT("granted"), [KB_AUTHN_DENIED] = KB_STR_INIT("denied"),
    [KB_AUTHN_STS] = KB_STR_INIT("sts"),         [KB_AUTHN_MAPPING] = KB_STR_INIT("mapping"),
    [KB_AUTHN_OTHER] = KB_STR_INIT("other"),
};

struct kb_str kb_authn_outcome_name(enum kb_authn_outcome outcome)
{
    return outcome_names[outcome];
}

enum kb_authn_outcome kb_authn_outcome(struct kb_str message)
{
    static const struct {
        struct kb_str words;
        enum kb_authn_outcome outcome;
        bool within; /* anywhere in the message; else it is all of it */
    } rows[] = {
        {KB_STR_INIT("access granted"), KB_AUTHN_GRANTED, false},
        {KB_STR_INIT("access denied"), KB_AUTHN_DENIED, false},
        {KB_STR_INIT("STS response"), KB_AUTHN_STS, false},
        {KB_STR_INIT("aws-auth"), KB_AUTHN_MAPPING, true},
        {KB_STR_INIT("configmap"), KB_AUTHN_MAPPING, true},
        {KB_STR_INIT("ConfigMap"), KB_AUTHN_MAPPING, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].within ? kb_str_find(message, rows[i].words, 0) != SIZE_MAX
                           : kb_str_eq(message, rows[i].words)) {
            return rows[i].outcome;
        }
    }
    return KB_AUTHN_OTHER;
}

/*
 * Finding text by regular expressions.
 * Definition: k8s.io/apiserver/pkg/cel/library, regex (find, findAll); cel-go ext.Regex
 * (regex.extract, regex.extractAll, regex.replace).
 */
#include "base/limits.h"
#include "cel/lib.h"
#include "data/regex.h"

enum { MATCHES_MAX = 1 << 16 };

/* The compiled expression, or NULL and an error value. */
static struct kb_regex *compile(struct kb_cel_call *call, struct kb_str pattern, struct kb_str text,
                                struct kb_cel_val *bad)
{
    struct kb_regex *regex = NULL;
    struct kb_err err;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(text.n) + 8 * kb_cel_lib_bytes(pattern.n))) {
        *bad = kb_cel_lib_overspent();
        return NULL;
    }
    if (kb_failed(kb_regex_compile(pattern, &regex, &err))) {
        *bad = kb_cel_lib_failed(call, &err);
        return NULL;
    }
    return regex;
}

static struct kb_str cut(struct kb_str text, struct kb_regex_span span)
{
    return span.from == SIZE_MAX ? KB_STR("") : kb_str_sub(text, span.from, span.to);
}

static struct kb_cel_val find(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_cel_val out = kb_cel_string(KB_STR(""));
    struct kb_regex *regex = compile(call, args[1].s, args[0].s, &out);
    if (regex == NULL) {
        return out;
    }
    struct kb_regex_span span;
    bool found = false;
    struct kb_err err;
    if (kb_failed(kb_regex_find(regex, args[0].s, 0, &span, 1, &found, &err))) {
        out = kb_cel_lib_failed(call, &err);
    } else if (found) {
        out = kb_cel_string(cut(args[0].s, span));
    }
    kb_regex_free(regex);
    return out;
}

/* All matches as a list of texts: of spans[which], of at most `limit` matches. */
static struct kb_cel_val collect(struct kb_cel_call *call, const struct kb_regex *regex,
                                 struct kb_str text, size_t which, uint64_t limit)
{
    KB_VEC(struct kb_str) hits = {0};
    struct kb_regex_walk walk = {.regex = regex, .text = text};
    struct kb_regex_span spans[2];
    struct kb_cel_val out = kb_cel_null();
    struct kb_err err;
    while (hits.n < limit && out.kind == KB_CEL_NULL) {
        bool found = false;
        if (kb_failed(kb_regex_next(&walk, spans, which + 1, &found, &err))) {
            out = kb_cel_lib_failed(call, &err);
        } else if (!found) {
            break;
        } else if (!kb_cel_lib_spend(call, 4) || hits.n == MATCHES_MAX) {
            out = kb_cel_lib_overspent();
        } else if (spans[which].from != SIZE_MAX) {
            struct kb_str *hit = KB_VEC_PUSH(&hits);
            *hit = cut(text, spans[which]);
        }
    }
    if (out.kind == KB_CEL_NULL) {
        struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, hits.n, struct kb_cel_val);
        for (size_t i = 0; i < hits.n; i++) {
            items[i] = kb_cel_string(hits.at[i]);
        }
        out = kb_cel_lib_list(call, items, hits.n);
    }
    KB_VEC_DONE(&hits);
    return out;
}

static struct kb_cel_val find_all(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    struct kb_cel_val out;
    struct kb_regex *regex = compile(call, args[1].s, args[0].s, &out);
    if (regex == NULL) {
        return out;
    }
    uint64_t limit = n < 3 || args[2].i < 0 ? UINT64_MAX : (uint64_t)args[2].i;
    out = collect(call, regex, args[0].s, 0, limit);
    kb_regex_free(regex);
    return out;
}

/* One group at most: which span an extraction takes; SIZE_MAX where there are more. */
static size_t extracted_span(const struct kb_regex *regex)
{
    size_t groups = kb_regex_groups(regex);
    return groups > 1 ? SIZE_MAX : groups;
}

static struct kb_cel_val too_many_groups(struct kb_cel_call *call, struct kb_str pattern)
{
    return kb_cel_error(call->arena,
                        "regular expression has more than one capturing group: \"%.*s\"",
                        KB_FMT(pattern));
}

static struct kb_cel_val extract_all(struct kb_cel_call *call, const struct kb_cel_val *args,
                                     size_t n)
{
    (void)n;
    struct kb_cel_val out;
    struct kb_regex *regex = compile(call, args[1].s, args[0].s, &out);
    if (regex == NULL) {
        return out;
    }
    size_t which = extracted_span(regex);
    out = which == SIZE_MAX ? too_many_groups(call, args[1].s)
                            : collect(call, regex, args[0].s, which, UINT64_MAX);
    kb_regex_free(regex);
    return out;
}

static struct kb_cel_val extract(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_cel_val out;
    struct kb_regex *regex = compile(call, args[1].s, args[0].s, &out);
    if (regex == NULL) {
        return out;
    }
    size_t which = extracted_span(regex);
    struct kb_regex_span spans[2];
    bool found = false;
    struct kb_err err;
    if (which == SIZE_MAX) {
        out = too_many_groups(call, args[1].s);
    } else if (kb_failed(kb_regex_find(regex, args[0].s, 0, spans, which + 1, &found, &err))) {
        out = kb_cel_lib_failed(call, &err);
    } else if (found && spans[which].from != SIZE_MAX) {
        out = kb_cel_lib_some(call, kb_cel_string(cut(args[0].s, spans[which])));
    } else {
        out = kb_cel_lib_none();
    }
    kb_regex_free(regex);
    return out;
}

/* Append the replacement: \1 to \9 are groups, \0 the match, \\ a backslash. NULL, or what is
 * wrong. */
static const char *add_replacement(struct kb_str with, struct kb_str text,
                                   const struct kb_regex_span *spans, size_t groups,
                                   struct kb_buf *out)
{
    for (size_t i = 0; i < with.n; i++) {
        if (with.p[i] != '\\') {
            kb_buf_char(out, with.p[i]);
            continue;
        }
        char c = ++i < with.n ? with.p[i] : '\0';
        if (c == '\\') {
            kb_buf_char(out, c);
        } else if (c < '0' || c > '9') {
            return "invalid replacement string: \\ must be followed by a digit or \\";
        } else if ((size_t)(c - '0') > groups) {
            return "replacement string references group that does not exist";
        } else {
            kb_buf_str(out, cut(text, spans[c - '0']));
        }
    }
    return NULL;
}

static struct kb_cel_val replace_all(struct kb_cel_call *call, const struct kb_regex *regex,
                                     const struct kb_cel_val *args, int64_t left)
{
    struct kb_str text = args[0].s;
    struct kb_regex_walk walk = {.regex = regex, .text = text};
    struct kb_regex_span spans[10];
    struct kb_buf out = {.max = KB_MAX_CEL_STRING};
    struct kb_err err = {0};
    const char *why = NULL;
    size_t copied = 0;
    bool found = true;
    for (; left != 0 && why == NULL; left--) {
        if (kb_failed(kb_regex_next(&walk, spans, 10, &found, &err))) {
            why = err.msg;
        } else if (!found) {
            break;
        } else if (!kb_cel_lib_spend(call, 4 + kb_cel_lib_bytes(args[2].s.n))) {
            why = "the expression costs more than is allowed";
        } else {
            kb_buf_str(&out, kb_str_sub(text, copied, spans[0].from));
            why = add_replacement(args[2].s, text, spans, kb_regex_groups(regex), &out);
            copied = spans[0].to;
        }
    }
    if (why != NULL) {
        kb_buf_done(&out);
        return kb_cel_error(call->arena, "%s", why);
    }
    kb_buf_str(&out, kb_str_sub(text, copied, text.n));
    return kb_cel_lib_text(call, &out);
}

static struct kb_cel_val replace(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    struct kb_cel_val out;
    struct kb_regex *regex = compile(call, args[1].s, args[0].s, &out);
    if (regex == NULL) {
        return out;
    }
    out = replace_all(call, regex, args, n > 3 ? args[3].i : -1);
    kb_regex_free(regex);
    return out;
}

static const struct kb_cel_func funcs[] = {
    {"find", "(string, string) -> string", find, KB_CEL_MEMBER,
     "the first match of a regular expression, or an empty text"},
    {"findAll", "(string, string) -> list(string)", find_all, KB_CEL_MEMBER,
     "all matches of a regular expression"},
    {"findAll", "(string, string, int) -> list(string)", find_all, KB_CEL_MEMBER,
     "so many matches of a regular expression; -1 for all"},
    {"regex.extract", "(string, string) -> optional_type(string)", extract, 0,
     "the first match, or its one group, if any"},
    {"regex.extractAll", "(string, string) -> list(string)", extract_all, 0,
     "all matches, or their one group"},
    {"regex.replace", "(string, string, string) -> string", replace, 0,
     "all matches replaced; \\1 stands for the first group"},
    {"regex.replace", "(string, string, string, int) -> string", replace, 0,
     "so many matches replaced; -1 for all"},
};

KB_CEL_LIBRARY(kb_cel_lib_regex, "regex");

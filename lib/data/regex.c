/* Regular expressions: PCRE2 behind RE2's syntax, with limits. */
#include "data/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/utf8.h"
#include "data/regex_syntax.h"

enum { TRANSLATED_MAX = 1 << 20, HEAP_MAX_KIB = 16 << 10 };

struct kb_regex {
    pcre2_code *code;
    pcre2_match_context *context;
    struct kb_map names;
    size_t groups;
};

/* PCRE2's own refusals: an unknown script, or a size beyond its limits. */
static kb_res refused(int code, struct kb_str pattern, struct kb_err *err)
{
    if (code == PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY ||
        code == PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY) {
        return kb_fail(err, KB_ERR_SYNTAX,
                       "error parsing regexp: invalid character class range: `%.*s`",
                       KB_FMT(pattern));
    }
    PCRE2_UCHAR text[128] = "";
    pcre2_get_error_message(code, text, sizeof text);
    return kb_fail(err, KB_ERR_LIMIT, "error parsing regexp: %s: `%.*s`", (const char *)text,
                   KB_FMT(pattern));
}

kb_res kb_regex_compile(struct kb_str pattern, struct kb_regex **out, struct kb_err *err)
{
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = TRANSLATED_MAX};
    struct kb_regex *regex = kb_alloc(sizeof *regex);
    kb_res res = kb_regex_translate(pattern, &text, &regex->names, err);
    if (!kb_failed(res)) {
        int code = 0;
        size_t where = 0;
        uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
                           PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C;
        regex->code =
            pcre2_compile((PCRE2_SPTR)kb_buf_view(&text).p, text.n, options, &code, &where, NULL);
        if (regex->code == NULL) {
            res = refused(code, pattern, err);
        }
    }
    if (kb_failed(res)) {
        kb_regex_free(regex);
        return res;
    }
    regex->context = pcre2_match_context_create(NULL);
    if (regex->context == NULL) {
        kb_oom(sizeof(void *));
    }
    pcre2_set_match_limit(regex->context, KB_MAX_REGEX_STEPS);
    pcre2_set_heap_limit(regex->context, HEAP_MAX_KIB);
    (void)pcre2_jit_compile(regex->code,
                            PCRE2_JIT_COMPLETE); /* without it matching is only slower */
    uint32_t groups = 0;
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    regex->groups = groups;
    *out = regex;
    return KB_SUCCESS;
}

void kb_regex_free(struct kb_regex *regex)
{
    if (regex != NULL) {
        pcre2_match_context_free(regex->context);
        pcre2_code_free(regex->code);
        kb_map_done(&regex->names);
        kb_free(regex);
    }
}

size_t kb_regex_groups(const struct kb_regex *regex)
{
    return regex->groups;
}

size_t kb_regex_group(const struct kb_regex *regex, struct kb_str name)
{
    const struct kb_map_entry *entry = kb_map_find(&regex->names, name);
    return entry == NULL ? 0 : (size_t)entry->value.u;
}

static int run(const struct kb_regex *regex, struct kb_str text, size_t from,
               pcre2_match_data *data)
{
    PCRE2_SPTR p = (PCRE2_SPTR)(text.n == 0 ? "" : text.p);
    int rc = pcre2_match(regex->code, p, text.n, from, 0, data, regex->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) {
        rc = pcre2_match(regex->code, p, text.n, from, PCRE2_NO_JIT, data, regex->context);
    }
    return rc;
}

kb_res kb_regex_find(const struct kb_regex *regex, struct kb_str text, size_t from,
                     struct kb_regex_span *spans, size_t n, bool *found, struct kb_err *err)
{
    pcre2_match_data *data = pcre2_match_data_create((uint32_t)(n == 0 ? 1 : n), NULL);
    if (data == NULL) {
        kb_oom(n);
    }
    int rc = run(regex, text, from, data);
    const size_t *offsets = pcre2_get_ovector_pointer(data);
    size_t set = rc < 0 ? 0 : rc == 0 ? n : (size_t)rc; /* 0: more groups than spans */
    for (size_t i = 0; i < n; i++) {
        bool has = i < set && offsets[2 * i] != PCRE2_UNSET;
        spans[i] = has ? (struct kb_regex_span){offsets[2 * i], offsets[2 * i + 1]}
                       : (struct kb_regex_span){SIZE_MAX, SIZE_MAX};
    }
    pcre2_match_data_free(data);
    KB_ENSURE(rc >= 0 || rc == PCRE2_ERROR_NOMATCH, err, KB_ERR_LIMIT,
              "the regular expression needs more than %d steps on this text", KB_MAX_REGEX_STEPS);
    *found = rc >= 0;
    return KB_SUCCESS;
}

kb_res kb_regex_match(const struct kb_regex *regex, struct kb_str text, bool *out,
                      struct kb_err *err)
{
    return kb_regex_find(regex, text, 0, NULL, 0, out, err);
}

/* Length of the character at `at` (1 at the end, so that the walk goes on behind it). */
static size_t step(struct kb_str text, size_t at)
{
    uint32_t cp;
    size_t n = at >= text.n ? 0 : kb_utf8_decode(kb_str_sub(text, at, text.n), &cp);
    return n == 0 ? 1 : n;
}

kb_res kb_regex_next(struct kb_regex_walk *walk, struct kb_regex_span *spans, size_t n, bool *found,
                     struct kb_err *err)
{
    *found = false;
    while (!walk->done && walk->at <= walk->text.n) {
        bool hit = false;
        KB_TRY(kb_regex_find(walk->regex, walk->text, walk->at, spans, n, &hit, err));
        if (!hit) {
            break;
        }
        bool empty_here = spans[0].to == walk->at;
        bool touches = empty_here && spans[0].from + 1 == walk->last_end;
        walk->at = empty_here ? walk->at + step(walk->text, walk->at) : spans[0].to;
        walk->last_end = spans[0].to + 1;
        if (!touches) {
            *found = true;
            return KB_SUCCESS;
        }
    }
    walk->done = true;
    return KB_SUCCESS;
}

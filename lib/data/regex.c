/* Regular expressions: PCRE2 behind RE2's syntax, with limits. */
#include "data/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/utf8.h"
#include "data/regex_syntax.h"

enum { TRANSLATED_MAX = 1 << 20, HEAP_MAX_KIB = 16 << 10, REPAIR_MAX = 64 << 20 };

struct kb_regex {
    pcre2_code *code;
    pcre2_match_context *context;
    pcre2_match_data *data; /* used by one search after the other */
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
        uint32_t options =
            PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C;
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
    regex->data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    if (regex->context == NULL || regex->data == NULL) {
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
        pcre2_match_data_free(regex->data);
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

static int run(const struct kb_regex *regex, struct kb_str text, size_t from, uint32_t options,
               pcre2_match_data *data)
{
    PCRE2_SPTR p = (PCRE2_SPTR)(text.n == 0 ? "" : text.p);
    int rc = pcre2_match(regex->code, p, text.n, from, options, data, regex->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) {
        options |= PCRE2_NO_JIT;
        rc = pcre2_match(regex->code, p, text.n, from, options, data, regex->context);
    }
    return rc;
}

static bool is_utf_error(int rc)
{
    return (rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21) ||
           rc == PCRE2_ERROR_BADUTFOFFSET;
}

/* One search; *bad_utf (then nothing else is set) where the text is not UTF-8. */
static kb_res search(const struct kb_regex *regex, struct kb_str text, size_t from,
                     uint32_t options, struct kb_regex_span *spans, size_t n, bool *found,
                     bool *bad_utf, struct kb_err *err)
{
    int rc = run(regex, text, from, options, regex->data);
    const size_t *offsets = pcre2_get_ovector_pointer(regex->data);
    size_t set = rc < 0 ? 0 : (size_t)rc;
    for (size_t i = 0; i < n; i++) {
        bool has = i < set && offsets[2 * i] != PCRE2_UNSET;
        spans[i] = has ? (struct kb_regex_span){offsets[2 * i], offsets[2 * i + 1]}
                       : (struct kb_regex_span){SIZE_MAX, SIZE_MAX};
    }
    *found = rc >= 0;
    *bad_utf = is_utf_error(rc);
    KB_ENSURE(rc >= 0 || rc == PCRE2_ERROR_NOMATCH || *bad_utf, err, KB_ERR_LIMIT,
              "the regular expression needs more than %d steps on this text", KB_MAX_REGEX_STEPS);
    return KB_SUCCESS;
}

/* The text with U+FFFD in the place of each byte that is not UTF-8 (as Go reads it). */
static void repair(struct kb_str text, struct kb_buf *out)
{
    while (text.n > 0) {
        uint32_t cp;
        size_t n = kb_utf8_decode(text, &cp);
        kb_utf8_add(out, cp);
        text = kb_str_sub(text, n == 0 ? 1 : n, text.n);
    }
}

/* An offset of the text in its repaired form, or (`back`) the other way round. */
static size_t repaired_offset(struct kb_str text, size_t offset, bool back)
{
    enum { BAD_BYTES = 3 }; /* of U+FFFD */
    size_t before = 0;
    size_t after = 0;
    while (before < text.n && (back ? after : before) < offset) {
        uint32_t cp;
        size_t n = kb_utf8_decode(kb_str_sub(text, before, text.n), &cp);
        before += n == 0 ? 1 : n;
        after += n == 0 ? BAD_BYTES : n;
    }
    return back ? before : after;
}

static kb_res search_repaired(const struct kb_regex *regex, struct kb_str text, size_t from,
                              struct kb_regex_span *spans, size_t n, bool *found,
                              struct kb_err *err)
{
    KB_AUTO(kb_buf_done) struct kb_buf fixed = {.max = 3 * text.n + 1};
    bool bad = false;
    repair(text, &fixed);
    from = repaired_offset(text, from, false);
    KB_TRY(search(regex, kb_buf_view(&fixed), from, 0, spans, n, found, &bad, err));
    for (size_t i = 0; i < n; i++) {
        if (spans[i].from != SIZE_MAX) {
            spans[i].from = repaired_offset(text, spans[i].from, true);
            spans[i].to = repaired_offset(text, spans[i].to, true);
        }
    }
    return KB_SUCCESS;
}

kb_res kb_regex_find(const struct kb_regex *regex, struct kb_str text, size_t from,
                     struct kb_regex_span *spans, size_t n, bool *found, struct kb_err *err)
{
    bool bad = false;
    KB_TRY(search(regex, text, from, 0, spans, n, found, &bad, err));
    return bad ? search_repaired(regex, text, from, spans, n, found, err) : KB_SUCCESS;
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

/* The next search of a walk: the text is looked at for UTF-8 once. */
static kb_res walk_find(struct kb_regex_walk *walk, struct kb_regex_span *spans, size_t n,
                        bool *hit, struct kb_err *err)
{
    bool bad = walk->repair;
    if (!bad) {
        uint32_t options = walk->last_end > 0 ? PCRE2_NO_UTF_CHECK : 0;
        KB_TRY(search(walk->regex, walk->text, walk->at, options, spans, n, hit, &bad, err));
    }
    if (!bad) {
        return KB_SUCCESS;
    }
    walk->repair = true;
    walk->work += walk->text.n;
    KB_ENSURE(walk->work <= REPAIR_MAX, err, KB_ERR_LIMIT,
              "too many matches in a text that is not UTF-8");
    return search_repaired(walk->regex, walk->text, walk->at, spans, n, hit, err);
}

kb_res kb_regex_next(struct kb_regex_walk *walk, struct kb_regex_span *spans, size_t n, bool *found,
                     struct kb_err *err)
{
    *found = false;
    while (!walk->done && walk->at <= walk->text.n) {
        bool hit = false;
        KB_TRY(walk_find(walk, spans, n, &hit, err));
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

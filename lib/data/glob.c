/* Glob matching with one point of return: the last star. */
#include "data/glob.h"

#include "base/utf8.h"

/* Code point at `at`, advancing it; invalid bytes stand for themselves. */
static uint32_t next(struct kb_str s, size_t *at)
{
    uint32_t cp;
    size_t n = kb_utf8_decode(kb_str_sub(s, *at, s.n), &cp);
    if (n == 0) {
        cp = 0x110000u + (unsigned char)s.p[*at];
        n = 1;
    }
    *at += n;
    return cp;
}

static uint32_t next_literal(struct kb_str pattern, size_t *at, bool *ok)
{
    if (pattern.p[*at] == '\\') {
        ++*at;
        if (*at >= pattern.n) {
            *ok = false;
            return 0;
        }
    }
    return next(pattern, at);
}

/* Match `cp` against the class whose '[' is before *at; *at moves behind its ']'. */
static bool match_class(struct kb_str pattern, size_t *at, uint32_t cp, bool *ok)
{
    bool negate = *at < pattern.n && (pattern.p[*at] == '!' || pattern.p[*at] == '^');
    *at += negate;
    bool hit = false;
    bool first = true;
    while (*at < pattern.n && (first || pattern.p[*at] != ']')) {
        first = false;
        uint32_t low = next_literal(pattern, at, ok);
        uint32_t high = low;
        if (*ok && *at + 1 < pattern.n && pattern.p[*at] == '-' && pattern.p[*at + 1] != ']') {
            ++*at;
            high = next_literal(pattern, at, ok);
        }
        hit = hit || (cp >= low && cp <= high);
    }
    if (*at >= pattern.n) {
        *ok = false;
        return false;
    }
    ++*at;
    return hit != negate;
}

/* One element of the pattern (not a star) against one code point. */
static bool match_one(struct kb_str pattern, size_t *at, uint32_t cp, bool *ok)
{
    char c = pattern.p[*at];
    if (c == '?') {
        ++*at;
        return true;
    }
    if (c == '[') {
        ++*at;
        return match_class(pattern, at, cp, ok);
    }
    return next_literal(pattern, at, ok) == cp;
}

bool kb_glob_valid(struct kb_str pattern)
{
    bool ok = true;
    for (size_t at = 0; ok && at < pattern.n;) {
        if (pattern.p[at] == '*') {
            at++;
        } else {
            (void)match_one(pattern, &at, 0, &ok);
        }
    }
    return ok;
}

bool kb_glob_special(struct kb_str pattern)
{
    for (size_t i = 0; i < pattern.n; i++) {
        if (strchr("*?[\\", pattern.p[i]) != NULL && pattern.p[i] != '\0') {
            return true;
        }
    }
    return false;
}

bool kb_glob_match(struct kb_str pattern, struct kb_str text)
{
    size_t p = 0;
    size_t t = 0;
    size_t star = SIZE_MAX; /* behind the last star */
    size_t star_text = 0;   /* where its match ends */
    bool ok = true;
    while (ok && (t < text.n || p < pattern.n)) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = ++p;
            star_text = t;
            continue;
        }
        size_t q = p;
        size_t u = t;
        if (t < text.n && p < pattern.n && match_one(pattern, &q, next(text, &u), &ok)) {
            p = q;
            t = u;
        } else if (star != SIZE_MAX && star_text < text.n) {
            (void)next(text, &star_text);
            p = star;
            t = star_text;
        } else {
            return false;
        }
    }
    return ok && kb_glob_valid(pattern);
}

bool kb_globs_match(struct kb_globs globs, struct kb_str text)
{
    bool found = false;
    for (size_t i = 0; i < globs.n && !found; i++) {
        found = kb_glob_match(globs.at[i], text);
    }
    return found;
}

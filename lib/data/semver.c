/* Semantic versions: reading, order, text. */
#include "data/semver.h"

#include <inttypes.h>
#include <stdio.h>

#include "data/quote.h"

static const char digits[] = "0123456789";
static const char letters_and_digits[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";

static bool only(struct kb_str s, const char *allowed)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\0' || strchr(allowed, s.p[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* "<message> "text"" */
static kb_res bad(struct kb_str text, struct kb_err *err, const char *what, const char *message)
{
    KB_AUTO(kb_buf_done) struct kb_buf quoted = {.max = 256};
    kb_quote(kb_str_sub(text, 0, 80), &quoted);
    return kb_fail(err, KB_ERR_SYNTAX, "%s%s %.*s", what, message, KB_FMT(kb_buf_view(&quoted)));
}

static kb_res parse_number(struct kb_str s, uint64_t *out, struct kb_err *err)
{
    if (kb_str_u64(s, out)) {
        return KB_SUCCESS;
    }
    return kb_fail(err, KB_ERR_SYNTAX, "strconv.ParseUint: parsing \"%.*s\": %s",
                   (int)(s.n < 80 ? s.n : 80), s.p,
                   s.n == 0 ? "invalid syntax" : "value out of range");
}

static kb_res odd_character(struct kb_str s, const char *name, struct kb_err *err)
{
    char what[64];
    (void)snprintf(what, sizeof what, "Invalid character(s) found in %s number", name);
    return bad(s, err, what, "");
}

static struct kb_str without_zeros(struct kb_str s)
{
    while (s.n > 1 && *s.p == '0') {
        s = kb_str_sub(s, 1, s.n);
    }
    return s;
}

/* One of the three numbers; `lenient` drops leading zeros, and shows one before what begins with
 * no digit (as Kubernetes does). */
static kb_res core_number(struct kb_str s, const char *const names[2], bool lenient, uint64_t *out,
                          struct kb_err *err)
{
    char text[KB_SEMVER_TEXT_MAX + 8];
    if (lenient && s.n > 1) {
        s = without_zeros(s);
        if (*s.p < '0' || *s.p > '9') {
            (void)snprintf(text, sizeof text, "0%.*s", KB_FMT(s));
            s = kb_str_c(text);
        }
    }
    if (!only(s, digits)) {
        return odd_character(s, names[0], err);
    }
    if (s.n > 1 && *s.p == '0') {
        return bad(s, err, names[1], " number must not contain leading zeroes");
    }
    return parse_number(s, out, err);
}

static kb_res check_pre(struct kb_str s, struct kb_err *err)
{
    KB_ENSURE(s.n > 0, err, KB_ERR_SYNTAX, "Prerelease is empty");
    if (!only(s, digits)) {
        return only(s, letters_and_digits)
                   ? KB_SUCCESS
                   : bad(s, err, "", "Invalid character(s) found in prerelease");
    }
    if (s.n > 1 && *s.p == '0') {
        return bad(s, err, "", "Numeric PreRelease version must not contain leading zeroes");
    }
    uint64_t number;
    return parse_number(s, &number, err);
}

static kb_res check_build(struct kb_str s, struct kb_err *err)
{
    KB_ENSURE(s.n > 0, err, KB_ERR_SYNTAX, "Build meta data is empty");
    return only(s, letters_and_digits)
               ? KB_SUCCESS
               : bad(s, err, "", "Invalid character(s) found in build meta data");
}

/* All dot-separated parts of s. */
static kb_res each_part(struct kb_str s, kb_res (*check)(struct kb_str s, struct kb_err *err),
                        struct kb_err *err)
{
    struct kb_str rest = s;
    while (rest.p != NULL) {
        struct kb_str part = kb_str_split(rest, '.', &rest);
        KB_TRY(check(part, err));
    }
    return KB_SUCCESS;
}

/* s up to `mark`; what follows it to *tail, where there is a mark. */
static struct kb_str before(struct kb_str s, char mark, struct kb_str *tail, bool *has)
{
    *tail = (struct kb_str){0};
    size_t at = kb_str_find(s, (struct kb_str){&mark, 1}, 0);
    *has = at != SIZE_MAX;
    if (*has) {
        *tail = kb_str_sub(s, at + 1, s.n);
        return kb_str_sub(s, 0, at);
    }
    return s;
}

/* Up to three parts; the third keeps its dots. How many. */
static size_t split3(struct kb_str s, struct kb_str parts[3])
{
    size_t n = 0;
    struct kb_str rest = s;
    while (n < 2) {
        parts[n++] = kb_str_split(rest, '.', &rest);
        if (rest.p == NULL) {
            return n;
        }
    }
    parts[n++] = rest;
    return n;
}

static kb_res parse_parts(const struct kb_str parts[3], bool lenient, struct kb_semver *v,
                          struct kb_err *err)
{
    static const char *const major[] = {"major", "Major"};
    static const char *const minor[] = {"minor", "Minor"};
    static const char *const third[] = {"patch", "Patch"};
    KB_TRY(core_number(parts[0], major, lenient, &v->major, err));
    KB_TRY(core_number(parts[1], minor, lenient, &v->minor, err));
    bool has_build = false;
    bool has_pre = false;
    struct kb_str patch = before(parts[2], '+', &v->build, &has_build);
    patch = before(patch, '-', &v->pre, &has_pre);
    KB_TRY(core_number(patch, third, lenient, &v->patch, err));
    if (has_pre) {
        KB_TRY(each_part(v->pre, check_pre, err));
    }
    return has_build ? each_part(v->build, check_build, err) : KB_SUCCESS;
}

kb_res kb_semver_parse(struct kb_str text, bool lenient, struct kb_semver *out, struct kb_err *err)
{
    struct kb_str parts[3] = {KB_STR_INIT("0"), KB_STR_INIT("0"), KB_STR_INIT("0")};
    struct kb_semver v = {0};
    KB_ENSURE(text.n <= KB_SEMVER_TEXT_MAX, err, KB_ERR_LIMIT,
              "a version of more than %d characters", KB_SEMVER_TEXT_MAX);
    struct kb_str s = lenient && text.n > 0 && *text.p == 'v' ? kb_str_sub(text, 1, text.n) : text;
    KB_ENSURE(s.n > 0 || lenient, err, KB_ERR_SYNTAX, "Version string empty");
    size_t n = split3(s, parts);
    if (n < 3) {
        KB_ENSURE(lenient, err, KB_ERR_SYNTAX, "No Major.Minor.Patch elements found");
        for (size_t i = 0; i < s.n; i++) {
            KB_ENSURE(s.p[i] != '+' && s.p[i] != '-', err, KB_ERR_SYNTAX,
                      "short version cannot contain PreRelease/Build meta data");
        }
    }
    KB_TRY(parse_parts(parts, lenient, &v, err));
    *out = v;
    return KB_SUCCESS;
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Numbers before words, numbers by value, words by bytes. */
static int cmp_part(struct kb_str a, struct kb_str b)
{
    uint64_t x = 0;
    uint64_t y = 0;
    bool a_number = kb_str_u64(a, &x);
    bool b_number = kb_str_u64(b, &y);
    if (a_number && b_number) {
        return order(x, y);
    }
    return a_number != b_number ? (a_number ? -1 : 1) : kb_str_cmp(a, b);
}

static int cmp_pre(struct kb_str a, struct kb_str b)
{
    if (a.n == 0 || b.n == 0) { /* a release comes after its candidates */
        return (a.n == 0) - (b.n == 0);
    }
    while (a.p != NULL && b.p != NULL) {
        struct kb_str x = kb_str_split(a, '.', &a);
        struct kb_str y = kb_str_split(b, '.', &b);
        int c = cmp_part(x, y);
        if (c != 0) {
            return c;
        }
    }
    return (a.p != NULL) - (b.p != NULL);
}

int kb_semver_cmp(const struct kb_semver *a, const struct kb_semver *b)
{
    int c = order(a->major, b->major);
    c = c != 0 ? c : order(a->minor, b->minor);
    c = c != 0 ? c : order(a->patch, b->patch);
    return c != 0 ? c : cmp_pre(a->pre, b->pre);
}

void kb_semver_format(const struct kb_semver *v, struct kb_buf *out)
{
    kb_buf_printf(out, "%" PRIu64 ".%" PRIu64 ".%" PRIu64, v->major, v->minor, v->patch);
    if (v->pre.n > 0) {
        kb_buf_printf(out, "-%.*s", KB_FMT(v->pre));
    }
    if (v->build.n > 0) {
        kb_buf_printf(out, "+%.*s", KB_FMT(v->build));
    }
}

/* Finding names in an expression's text, and putting terms in their place. */
#include "baseline/terms.h"

#include "base/limits.h"

enum { DEPTH_MAX = 16 };

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_name(struct kb_str text, size_t at)
{
    while (at < text.n && (is_name_start(text.p[at]) || is_digit(text.p[at]))) {
        at++;
    }
    return at;
}

/* Behind the text literal whose first quote is at `at`. */
static size_t skip_quoted(struct kb_str text, size_t at, bool raw)
{
    char quote = text.p[at];
    char three[3] = {quote, quote, quote};
    bool is_long = kb_str_starts(kb_str_sub(text, at, text.n), (struct kb_str){three, 3});
    struct kb_str end = {three, is_long ? 3 : 1};
    at += end.n;
    while (at < text.n && !kb_str_starts(kb_str_sub(text, at, text.n), end)) {
        at += text.p[at] == '\\' && !raw ? 2 : 1;
    }
    return at + end.n < text.n ? at + end.n : text.n;
}

static bool is_quote(struct kb_str text, size_t at)
{
    return at < text.n && (text.p[at] == '"' || text.p[at] == '\'');
}

static bool is_prefix(struct kb_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (strchr("rRbB", name.p[i]) == NULL) {
            return false;
        }
    }
    return name.n <= 2;
}

/* Behind the comment, quoted name or number at `at`, or `at` itself where it is none of these. */
static size_t skip_other(struct kb_str text, size_t at)
{
    size_t end = SIZE_MAX;
    if (text.p[at] == '/' && at + 1 < text.n && text.p[at + 1] == '/') {
        end = kb_str_find(text, KB_STR("\n"), at);
    } else if (text.p[at] == '`') {
        end = kb_str_find(text, KB_STR("`"), at + 1);
    } else if (is_digit(text.p[at])) {
        end = skip_name(text, at);
        return end;
    } else {
        return at;
    }
    return end == SIZE_MAX ? text.n : end + 1;
}

static bool follows_dot(struct kb_str text, size_t at)
{
    struct kb_str before = kb_str_trim(kb_str_sub(text, 0, at));
    return kb_str_ends(before, KB_STR("."));
}

static bool is_call(struct kb_str text, size_t end)
{
    return kb_str_starts(kb_str_trim(kb_str_sub(text, end, text.n)), KB_STR("("));
}

bool kb_terms_next_name(struct kb_str text, size_t *at, struct kb_str *name)
{
    while (*at < text.n) {
        size_t start = *at;
        if (is_quote(text, start)) {
            *at = skip_quoted(text, start, false);
            continue;
        }
        if (!is_name_start(text.p[start])) {
            *at = skip_other(text, start);
            *at += *at == start;
            continue;
        }
        *at = skip_name(text, start);
        *name = kb_str_sub(text, start, *at);
        if (is_quote(text, *at) && is_prefix(*name)) {
            bool raw = memchr(name->p, 'r', name->n) != NULL || memchr(name->p, 'R', name->n) != NULL;
            *at = skip_quoted(text, *at, raw);
        } else if (!follows_dot(text, start) && !is_call(text, *at)) {
            return true;
        }
    }
    return false;
}

static const struct kb_term *find_term(const struct kb_terms *terms, struct kb_str name)
{
    for (size_t i = 0; i < terms->n; i++) {
        if (kb_str_eq(terms->at[i].area, terms->area) && kb_str_eq(terms->at[i].name, name)) {
            return &terms->at[i];
        }
    }
    return NULL;
}

typedef KB_VEC(struct kb_term_use) use_list;

struct expand {
    const struct kb_terms *terms;
    struct kb_buf out;
    const struct kb_term *open[DEPTH_MAX]; /* terms being expanded, outermost first */
    size_t depth;
    use_list uses; /* of the outermost text only */
};

static kb_res expand_text(struct expand *e, struct kb_str text, struct kb_err *err);

static kb_res expand_term(struct expand *e, const struct kb_term *term, struct kb_err *err)
{
    for (size_t i = 0; i < e->depth; i++) {
        KB_ENSURE(e->open[i] != term, err, KB_ERR_INVALID, "the term '%.*s' needs itself",
                  KB_FMT(term->name));
    }
    KB_ENSURE(e->depth < DEPTH_MAX, err, KB_ERR_LIMIT, "terms are nested deeper than %d", DEPTH_MAX);
    e->open[e->depth++] = term;
    kb_buf_char(&e->out, '(');
    KB_TRY(expand_text(e, term->text.text, err));
    /* the line break ends a comment the term may end in */
    kb_buf_c(&e->out, kb_str_find(term->text.text, KB_STR("//"), 0) == SIZE_MAX ? ")" : "\n)");
    e->depth--;
    return KB_SUCCESS;
}

static kb_res expand_text(struct expand *e, struct kb_str text, struct kb_err *err)
{
    struct kb_str name;
    size_t done = 0;
    size_t at = 0;
    while (kb_terms_next_name(text, &at, &name)) {
        const struct kb_term *term = find_term(e->terms, name);
        if (term == NULL) {
            continue;
        }
        size_t from = (size_t)(name.p - text.p);
        kb_buf_str(&e->out, kb_str_sub(text, done, from));
        size_t start = e->out.n;
        KB_TRY(expand_term(e, term, err));
        if (e->depth == 0) {
            *KB_VEC_PUSH(&e->uses) = (struct kb_term_use){term, from, name.n, start,
                                                          e->out.n - start};
        }
        done = at;
    }
    kb_buf_str(&e->out, kb_str_sub(text, done, text.n));
    KB_ENSURE(!e->out.full, err, KB_ERR_LIMIT, "with its terms the expression is over %d bytes",
              KB_MAX_CEL_BYTES);
    return KB_SUCCESS;
}

KB_RES kb_terms_expand(const struct kb_terms *terms, struct kb_str text, struct kb_arena *arena,
                       struct kb_expansion *out, struct kb_err *err)
{
    struct expand e = {.terms = terms, .out = {.max = KB_MAX_CEL_BYTES}};
    kb_res res = expand_text(&e, text, err);
    if (!kb_failed(res)) {
        struct kb_term_use *uses = KB_NEW_ARRAY(arena, e.uses.n, struct kb_term_use);
        if (e.uses.n > 0) {
            memcpy(uses, e.uses.at, e.uses.n * sizeof *uses);
        }
        *out = (struct kb_expansion){kb_arena_copy(arena, kb_buf_view(&e.out)), uses, e.uses.n};
    }
    KB_VEC_DONE(&e.uses);
    kb_buf_done(&e.out);
    return res;
}

size_t kb_expansion_origin(const struct kb_expansion *expansion, size_t offset,
                           const struct kb_term **term)
{
    size_t origin = offset;
    if (term != NULL) {
        *term = NULL;
    }
    for (size_t i = 0; i < expansion->n; i++) {
        const struct kb_term_use *use = &expansion->uses[i];
        if (offset < use->at) {
            break;
        }
        if (offset < use->at + use->grown) {
            if (term != NULL) {
                *term = use->term;
            }
            return use->from;
        }
        origin = use->from + use->length + (offset - use->at - use->grown);
    }
    return origin;
}

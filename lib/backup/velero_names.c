/* Patterns of namespaces: what Velero takes for one, and what it refuses. */
#include "backup/velero_names.h"

#include "data/quote.h"

enum { LABEL_MAX = 63 };

static bool has_any(struct kb_str s, const char *chars)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\0' && strchr(chars, s.p[i]) != NULL) {
            return true;
        }
    }
    return false;
}

bool kb_velero_is_pattern(struct kb_str name)
{
    return has_any(name, "*?[");
}

static const char *bracket_problem(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ']') {
            return "wildcard pattern contains unmatched closing bracket ']'";
        }
        if (s.p[i] == '[') {
            size_t end = kb_str_find(s, KB_STR("]"), i);
            if (end == SIZE_MAX) {
                return "wildcard pattern contains unclosed bracket '['";
            }
            if (end == i + 1) {
                return "wildcard pattern contains empty bracket pattern '[]'";
            }
            i = end;
        }
    }
    return NULL;
}

kb_res kb_velero_check_pattern(struct kb_str pattern, struct kb_err *err)
{
    if (has_any(pattern, "|()!{},")) {
        return kb_fail(err, KB_ERR_INVALID,
                       "wildcard pattern contains unsupported characters: |, (, ), !, {, }, ,");
    }
    if (kb_str_find(pattern, KB_STR("**"), 0) != SIZE_MAX) {
        return kb_fail(err, KB_ERR_INVALID,
                       "wildcard pattern contains consecutive asterisks (only single * allowed)");
    }
    const char *problem = bracket_problem(pattern);
    return problem == NULL ? KB_SUCCESS : kb_fail(err, KB_ERR_INVALID, "%s", problem);
}

bool kb_velero_names_have(struct kb_velero_names names, struct kb_str name)
{
    for (size_t i = 0; i < names.n; i++) {
        if (kb_str_eq(names.at[i], name)) {
            return true;
        }
    }
    return false;
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* RFC 1123 label of any length; or, with `dots`, several of them. */
static bool is_label(struct kb_str s, bool dots)
{
    bool edge = true; /* at the start of a label */
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (dots && c == '.' && !edge && is_alnum(s.p[i - 1])) {
            edge = true;
        } else if (is_alnum(c) || (c == '-' && !edge)) {
            edge = false;
        } else {
            return false;
        }
    }
    return !edge && is_alnum(s.p[s.n - 1]);
}

/* What Kubernetes says of the name with letters in the place of a pattern's characters; NULL: nothing. */
static const char *label_problem(struct kb_str name)
{
    KB_AUTO(kb_buf_done) struct kb_buf plain = {.max = name.n};
    for (size_t i = 0; i < name.n; i++) {
        bool special = name.p[i] != '\0' && strchr("*?[]", name.p[i]) != NULL;
        kb_buf_char(&plain, special ? 'x' : name.p[i]);
    }
    if (is_label(kb_buf_view(&plain), false)) {
        return NULL;
    }
    return is_label(kb_buf_view(&plain), true)
               ? "must not contain dots"
               : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
                 "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
                 "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
}

static struct kb_str invalid(struct kb_arena *arena, struct kb_str name, const char *why)
{
    KB_AUTO(kb_buf_done) struct kb_buf quoted = {.max = 4 * name.n + 16};
    kb_quote(name, &quoted);
    struct kb_str view = kb_buf_view(&quoted);
    return kb_arena_printf(arena, "invalid namespace %.*s: %s", KB_FMT(view), why);
}

size_t kb_velero_namespace_problems(struct kb_str name, struct kb_arena *arena, struct kb_str out[2])
{
    struct kb_err err = {0};
    size_t n = 0;
    if (name.n == 0) {
        return 0; /* no namespace */
    }
    if (kb_failed(kb_velero_check_pattern(name, &err))) {
        out[0] = kb_arena_copy(arena, kb_str_c(err.msg));
        return 1;
    }
    if (name.n > LABEL_MAX) {
        out[n++] = invalid(arena, name, "must be no more than 63 bytes");
    }
    const char *problem = label_problem(name);
    if (problem != NULL) {
        out[n++] = invalid(arena, name, problem);
    }
    return n;
}

/* Where the name is, or belongs. */
static size_t place(const struct kb_velero_set *set, struct kb_str name)
{
    size_t low = 0, high = set->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (kb_str_cmp(set->at[mid].name, name) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

bool kb_velero_set_has(const struct kb_velero_set *set, struct kb_str name)
{
    size_t i = place(set, name);
    return i < set->n && kb_str_eq(set->at[i].name, name);
}

void kb_velero_set_add(struct kb_velero_set *set, struct kb_arena *arena, struct kb_str name)
{
    size_t at = place(set, name);
    if (at < set->n && kb_str_eq(set->at[at].name, name)) {
        return;
    }
    if (set->n == set->cap) {
        size_t cap = set->cap == 0 ? 8 : 2 * set->cap;
        struct kb_velero_item *items = KB_NEW_ARRAY(arena, cap, struct kb_velero_item);
        for (size_t i = 0; i < set->n; i++) {
            items[i] = set->at[i];
        }
        set->at = items;
        set->cap = cap;
    }
    for (size_t i = set->n++; i > at; i--) {
        set->at[i] = set->at[i - 1];
    }
    struct kb_velero_item item = {.name = name};
    kb_res res = kb_gobwas_compile(name, arena, &item.glob, NULL);
    item.unsure = res.code == KB_ERR_LIMIT;
    set->at[at] = item;
}

void kb_velero_set_add_all(struct kb_velero_set *set, struct kb_arena *arena,
                           struct kb_velero_names names)
{
    for (size_t i = 0; i < names.n; i++) {
        kb_velero_set_add(set, arena, names.at[i]);
    }
}

bool kb_velero_set_match(const struct kb_velero_set *set, struct kb_str name, bool *unsure)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct kb_velero_item *item = &set->at[i];
        enum kb_gobwas_answer answer =
            item->glob == NULL ? KB_GOBWAS_MISS : kb_gobwas_match(item->glob, name);
        if (item->unsure || answer == KB_GOBWAS_PANIC || answer == KB_GOBWAS_LIMIT) {
            if (unsure != NULL) {
                *unsure = true;
            }
            return false;
        }
        if (item->glob == NULL || answer == KB_GOBWAS_MATCH) {
            return item->glob != NULL;
        }
    }
    return false;
}

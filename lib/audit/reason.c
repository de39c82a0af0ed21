/* Reading the authorizers' sentences. */
#include "audit/reason.h"

#include "data/quote.h"

/* What is left of the sentence. */
struct reader {
    struct kb_str rest;
    struct kb_arena *arena;
    bool ok;
};

static void expect(struct reader *r, struct kb_str word)
{
    r->ok = r->ok && kb_str_starts(r->rest, word);
    if (r->ok) {
        r->rest = kb_str_sub(r->rest, word.n, r->rest.n);
    }
}

/* A word of letters, such as ClusterRoleBinding, and the space behind it. */
static struct kb_str kind(struct reader *r)
{
    size_t n = 0;
    while (n < r->rest.n && ((r->rest.p[n] | 0x20) >= 'a' && (r->rest.p[n] | 0x20) <= 'z')) {
        n++;
    }
    struct kb_str word = kb_str_sub(r->rest, 0, n);
    r->ok = r->ok && n > 0;
    r->rest = kb_str_sub(r->rest, n, r->rest.n);
    expect(r, KB_STR(" "));
    return word;
}

static struct kb_str unquoted(struct reader *r, struct kb_str literal)
{
    struct kb_buf text;
    kb_buf_init(&text, literal.n * 4);
    r->ok = kb_unquote(literal, &text);
    struct kb_str out = kb_arena_copy(r->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return out;
}

static struct kb_str quoted(struct reader *r)
{
    size_t end = 1;
    bool escaped = false;
    if (!r->ok || r->rest.n < 2 || r->rest.p[0] != '"') {
        r->ok = false;
        return KB_STR("");
    }
    while (end < r->rest.n && r->rest.p[end] != '"') {
        bool escape = r->rest.p[end] == '\\';
        escaped |= escape;
        end += escape ? 2 : 1;
    }
    r->ok = end < r->rest.n;
    struct kb_str out = kb_str_sub(r->rest, 1, end);
    if (r->ok && escaped) {
        out = unquoted(r, kb_str_sub(r->rest, 0, end + 1));
    }
    r->rest = kb_str_sub(r->rest, end + 1, r->rest.n);
    return out;
}

/* "name/namespace" at its last slash. */
static void split_namespace(struct kb_str *name, struct kb_str *name_space)
{
    for (size_t i = name->n; i > 0; i--) {
        if (name->p[i - 1] == '/') {
            *name_space = kb_str_sub(*name, i, name->n);
            *name = kb_str_sub(*name, 0, i - 1);
            return;
        }
    }
}

static void access_policy(struct kb_reason *reason)
{
    size_t n = reason->role.n + 1;
    reason->policy = reason->role;
    if (reason->binding.n > n && kb_str_ends(reason->binding, reason->role) &&
        reason->binding.p[reason->binding.n - n] == '+') {
        reason->principal = kb_str_sub(reason->binding, 0, reason->binding.n - n);
    }
}

bool kb_reason_parse(struct kb_str text, struct kb_arena *arena, struct kb_reason *out)
{
    const struct kb_str allowed = KB_STR(": allowed by ");
    size_t at = kb_str_find(text, allowed, 0);
    if (at == SIZE_MAX || at == 0) {
        return false;
    }
    struct reader r = {kb_str_sub(text, at + allowed.n, text.n), arena, true};
    struct kb_reason found = {.authorizer = kb_str_sub(text, 0, at)};
    found.binding_kind = kind(&r);
    found.binding = quoted(&r);
    expect(&r, KB_STR(" of "));
    found.role_kind = kind(&r);
    found.role = quoted(&r);
    expect(&r, KB_STR(" to "));
    found.subject_kind = kind(&r);
    found.subject = quoted(&r);
    if (!r.ok || r.rest.n > 0) {
        return false;
    }
    if (kb_str_eq(found.binding_kind, KB_STR("RoleBinding"))) {
        split_namespace(&found.binding, &found.binding_namespace);
    }
    if (kb_str_eq(found.subject_kind, KB_STR("ServiceAccount"))) {
        split_namespace(&found.subject, &found.subject_namespace);
    }
    if (kb_str_starts(found.authorizer, KB_STR(KB_REASON_EKS))) {
        access_policy(&found);
    }
    *out = found;
    return true;
}

/* The authorizer: the user's bindings, in order, until one allows. */
#include "rbac/authorize.h"

#include <stdlib.h>

#include "data/quote.h"
#include "rbac/keys.h"

#define MASTERS "system:masters"

bool kb_rbac_split_service_account(struct kb_str user, struct kb_str *name_space, struct kb_str *name)
{
    struct kb_str prefix = KB_STR("system:serviceaccount:");
    if (!kb_str_starts(user, prefix)) {
        return false;
    }
    struct kb_str rest = kb_str_sub(user, prefix.n, user.n);
    size_t colon = kb_str_find(rest, KB_STR(":"), 0);
    if (colon == SIZE_MAX) {
        return false;
    }
    *name_space = kb_str_sub(rest, 0, colon);
    *name = kb_str_sub(rest, colon + 1, rest.n);
    return true;
}

static bool has(const struct kb_str *words, size_t n, struct kb_str word)
{
    for (size_t i = 0; i < n; i++) {
        if (kb_str_eq(words[i], word)) {
            return true;
        }
    }
    return false;
}

struct kb_rbac_words kb_rbac_groups_of(struct kb_str user, const struct kb_str *groups, size_t n,
                                       struct kb_arena *arena)
{
    enum { BUILT_IN = 3 };
    struct kb_str name_space, name;
    struct kb_str *all = KB_NEW_ARRAY(arena, n + BUILT_IN, struct kb_str);
    struct kb_str more[BUILT_IN];
    size_t count = 0, more_count = 0;
    if (kb_rbac_split_service_account(user, &name_space, &name)) {
        more[more_count++] = KB_STR("system:serviceaccounts");
        more[more_count++] =
            kb_arena_printf(arena, "system:serviceaccounts:%.*s", KB_FMT(name_space));
    }
    more[more_count++] = kb_str_eq_c(user, "system:anonymous") ? KB_STR("system:unauthenticated")
                                                               : KB_STR("system:authenticated");
    for (size_t i = 0; i < n + more_count; i++) {
        struct kb_str group = i < n ? groups[i] : more[i - n];
        if (!has(all, count, group)) {
            all[count++] = group;
        }
    }
    return (struct kb_rbac_words){all, count};
}

bool kb_rbac_applies(const struct kb_rbac_subject *subject, struct kb_str user,
                     const struct kb_str *groups, size_t group_count)
{
    struct kb_str name_space, name;
    switch (subject->kind) {
    case KB_RBAC_USER:
        return kb_str_eq(subject->name, user);
    case KB_RBAC_GROUP:
        return has(groups, group_count, subject->name);
    case KB_RBAC_SERVICE_ACCOUNT:
        return subject->name_space.n > 0 &&
               kb_rbac_split_service_account(user, &name_space, &name) &&
               kb_str_eq(subject->name_space, name_space) && kb_str_eq(subject->name, name);
    case KB_RBAC_OTHER:
        break;
    }
    return false;
}

/* Numbers of the bindings that hold for a user, found through his identities. */
typedef KB_VEC(unsigned) numbers;

/* First place of the holder at or after namespace `name_space` (places of cluster scope come first). */
static size_t first_place(const struct kb_rbac_holder *holder, struct kb_str name_space)
{
    size_t from = 0, to = holder->places.n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct kb_rbac_binding *binding = holder->places.at[middle].binding;
        if (binding->cluster || kb_str_cmp(binding->meta.name_space, name_space) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

static void add_places(const struct kb_rbac_holder *holder, struct kb_str name_space, numbers *out)
{
    if (holder == NULL) {
        return;
    }
    for (size_t i = 0; i < holder->places.n && holder->places.at[i].binding->cluster; i++) {
        *KB_VEC_PUSH(out) = holder->places.at[i].binding->number;
    }
    if (name_space.n == 0) {
        return;
    }
    for (size_t i = first_place(holder, name_space); i < holder->places.n; i++) {
        const struct kb_rbac_binding *binding = holder->places.at[i].binding;
        if (!kb_str_eq(binding->meta.name_space, name_space)) {
            break;
        }
        *KB_VEC_PUSH(out) = binding->number;
    }
}

static void find_bindings(const struct kb_rbac_policy *policy, struct kb_str user,
                          const struct kb_str *groups, size_t group_count, struct kb_str name_space,
                          numbers *out)
{
    struct kb_rbac_subject identity = {.kind = KB_RBAC_USER, .name = user};
    add_places(kb_rbac_find_holder(policy, &identity), name_space, out);
    identity.kind = KB_RBAC_SERVICE_ACCOUNT;
    if (kb_rbac_split_service_account(user, &identity.name_space, &identity.name)) {
        add_places(kb_rbac_find_holder(policy, &identity), name_space, out);
    }
    for (size_t i = 0; i < group_count; i++) {
        identity = (struct kb_rbac_subject){.kind = KB_RBAC_GROUP, .name = groups[i]};
        add_places(kb_rbac_find_holder(policy, &identity), name_space, out);
    }
}

static int by_number(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

/* The first subject of the binding that is the user, as Kubernetes names it in its reason. */
static const struct kb_rbac_subject *who(const struct kb_rbac_binding *binding, struct kb_str user,
                                         const struct kb_str *groups, size_t group_count)
{
    for (size_t i = 0; i < binding->subject_count; i++) {
        if (kb_rbac_applies(&binding->subjects[i], user, groups, group_count)) {
            return &binding->subjects[i];
        }
    }
    return NULL;
}

static bool visit_rules(const struct kb_rbac_binding *binding,
                        const struct kb_rbac_subject *subject, kb_rbac_visit_fn *fn, void *ctx)
{
    if (binding->role == NULL || subject == NULL) {
        return true;
    }
    for (size_t i = 0; i < binding->role->rules.n; i++) {
        struct kb_rbac_source source = {binding, subject, &binding->role->rules.at[i]};
        if (!fn(ctx, &source)) {
            return false;
        }
    }
    return true;
}

void kb_rbac_visit(const struct kb_rbac_policy *policy, struct kb_str user, const struct kb_str *groups,
                   size_t group_count, struct kb_str name_space, kb_rbac_visit_fn *fn, void *ctx)
{
    numbers found = {0};
    find_bindings(policy, user, groups, group_count, name_space, &found);
    if (found.n > 1) {
        qsort(found.at, found.n, sizeof *found.at, by_number);
    }
    bool more = true;
    for (size_t i = 0; i < found.n && more; i++) {
        if (i > 0 && found.at[i] == found.at[i - 1]) {
            continue;
        }
        const struct kb_rbac_binding *binding = policy->bindings.at[found.at[i]];
        more = visit_rules(binding, who(binding, user, groups, group_count), fn, ctx);
    }
    KB_VEC_DONE(&found);
}

struct decision {
    const struct kb_rbac_request *request;
    struct kb_rbac_answer *answer;
};

static bool decide(void *ctx, const struct kb_rbac_source *source)
{
    const struct decision *decision = ctx;
    if (!kb_rbac_rule_allows(source->rule, decision->request)) {
        return true;
    }
    *decision->answer = (struct kb_rbac_answer){KB_RBAC_ALLOWED, *source};
    return false;
}

void kb_rbac_authorize(const struct kb_rbac_policy *policy, const struct kb_rbac_request *request,
                       struct kb_rbac_answer *out)
{
    struct decision decision = {request, out};
    *out = (struct kb_rbac_answer){.kind = KB_RBAC_DENIED};
    if (has(request->groups, request->group_count, KB_STR(MASTERS))) {
        out->kind = KB_RBAC_PRIVILEGED;
        return;
    }
    struct kb_str name_space = request->path_request ? KB_STR("") : request->name_space;
    kb_rbac_visit(policy, request->user, request->groups, request->group_count, name_space, decide,
                  &decision);
}

static void add_pair(struct kb_buf *out, struct kb_str name, struct kb_str name_space)
{
    struct kb_buf pair;
    kb_buf_init(&pair, KB_RBAC_REASON_MAX);
    kb_buf_str(&pair, name);
    if (name_space.n > 0) {
        kb_buf_char(&pair, '/');
        kb_buf_str(&pair, name_space);
    }
    kb_quote(kb_buf_view(&pair), out);
    kb_buf_done(&pair);
}

struct kb_str kb_rbac_source_text(const struct kb_rbac_source *source, struct kb_arena *arena)
{
    const struct kb_rbac_binding *binding = source->binding;
    struct kb_buf text;
    kb_buf_init(&text, KB_RBAC_REASON_MAX);
    kb_buf_printf(&text, "%sRoleBinding ", binding->cluster ? "Cluster" : "");
    add_pair(&text, binding->meta.name, binding->meta.name_space);
    kb_buf_printf(&text, " of %sRole ", binding->role_cluster ? "Cluster" : "");
    kb_quote(binding->role_name, &text);
    kb_buf_printf(&text, " to %s ", kb_rbac_subject_kind_name(source->subject->kind));
    add_pair(&text, source->subject->name, source->subject->name_space);
    struct kb_str kept = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return kept;
}

struct kb_str kb_rbac_reason(const struct kb_rbac_answer *answer, struct kb_arena *arena)
{
    if (answer->kind != KB_RBAC_ALLOWED) {
        return KB_STR("");
    }
    struct kb_str source = kb_rbac_source_text(&answer->source, arena);
    return kb_arena_printf(arena, "RBAC: allowed by %.*s", KB_FMT(source));
}

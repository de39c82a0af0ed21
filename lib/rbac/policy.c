/* Closing a policy: order, and who is bound to what. */
#include "rbac/policy.h"

#include <stdlib.h>

#include "rbac/keys.h"

void kb_rbac_policy_done(struct kb_rbac_policy *policy)
{
    for (size_t i = 0; i < policy->owned.n; i++) {
        json_decref(policy->owned.at[i]);
    }
    for (size_t i = 0; i < policy->holders.n; i++) {
        KB_VEC_DONE(&policy->holders.at[i]->places);
    }
    KB_VEC_DONE(&policy->owned);
    KB_VEC_DONE(&policy->roles);
    KB_VEC_DONE(&policy->bindings);
    KB_VEC_DONE(&policy->holders);
    kb_map_done(&policy->role_index);
    kb_map_done(&policy->holder_index);
    kb_map_done(&policy->rule_lists);
    kb_map_done(&policy->names);
    kb_arena_done(&policy->arena);
    *policy = (struct kb_rbac_policy){0};
}

struct kb_str kb_rbac_intern(struct kb_rbac_policy *policy, struct kb_str text)
{
    return kb_map_intern(&policy->names, text);
}

const char *kb_rbac_subject_kind_name(enum kb_rbac_subject_kind kind)
{
    static const char *const names[] = {"User", "Group", "ServiceAccount", "Other"};
    return names[kind];
}

struct kb_str kb_rbac_subject_text(const struct kb_rbac_subject *subject, struct kb_arena *arena)
{
    const char *kind = kb_rbac_subject_kind_name(subject->kind);
    return subject->kind == KB_RBAC_SERVICE_ACCOUNT
               ? kb_arena_printf(arena, "%s/%.*s/%.*s", kind, KB_FMT(subject->name_space),
                                 KB_FMT(subject->name))
               : kb_arena_printf(arena, "%s/%.*s", kind, KB_FMT(subject->name));
}

struct kb_str kb_rbac_role_key(struct kb_arena *arena, struct kb_str name_space, struct kb_str name)
{
    return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(name_space), KB_FMT(name));
}

const struct kb_rbac_role *kb_rbac_find_role(const struct kb_rbac_policy *policy,
                                             struct kb_str name_space, struct kb_str name)
{
    struct kb_arena arena = {0};
    const struct kb_rbac_role *role =
        kb_map_get(&policy->role_index, kb_rbac_role_key(&arena, name_space, name));
    kb_arena_done(&arena);
    return role;
}

const struct kb_rbac_holder *kb_rbac_find_holder(const struct kb_rbac_policy *policy,
                                                 const struct kb_rbac_subject *subject)
{
    char room[KB_RBAC_KEY_ROOM];
    struct kb_arena arena = {0};
    const struct kb_rbac_holder *holder =
        kb_map_get(&policy->holder_index, kb_rbac_subject_key(subject, room, &arena));
    kb_arena_done(&arena);
    return holder;
}

struct kb_str kb_rbac_subject_key(const struct kb_rbac_subject *subject, char *room,
                                  struct kb_arena *arena)
{
    size_t n = subject->name_space.n + subject->name.n + 2;
    char *p = n <= KB_RBAC_KEY_ROOM ? room : kb_arena_alloc(arena, n);
    p[0] = (char)('0' + (int)subject->kind);
    if (subject->name_space.n > 0) {
        memcpy(p + 1, subject->name_space.p, subject->name_space.n);
    }
    p[1 + subject->name_space.n] = '/';
    if (subject->name.n > 0) {
        memcpy(p + 2 + subject->name_space.n, subject->name.p, subject->name.n);
    }
    return (struct kb_str){p, n};
}

static int by_scope(const struct kb_rbac_meta *a, bool a_cluster, const struct kb_rbac_meta *b,
                    bool b_cluster)
{
    int order = (int)b_cluster - (int)a_cluster;
    order = order != 0 ? order : kb_str_cmp(a->name_space, b->name_space);
    return order != 0 ? order : kb_str_cmp(a->name, b->name);
}

static int by_role(const void *a, const void *b)
{
    const struct kb_rbac_role *x = *(struct kb_rbac_role *const *)a;
    const struct kb_rbac_role *y = *(struct kb_rbac_role *const *)b;
    return by_scope(&x->meta, x->cluster, &y->meta, y->cluster);
}

static int by_binding(const void *a, const void *b)
{
    const struct kb_rbac_binding *x = *(struct kb_rbac_binding *const *)a;
    const struct kb_rbac_binding *y = *(struct kb_rbac_binding *const *)b;
    return by_scope(&x->meta, x->cluster, &y->meta, y->cluster);
}

static int by_subject(const void *a, const void *b)
{
    const struct kb_rbac_subject *x = &(*(struct kb_rbac_holder *const *)a)->subject;
    const struct kb_rbac_subject *y = &(*(struct kb_rbac_holder *const *)b)->subject;
    int order = (int)x->kind - (int)y->kind;
    order = order != 0 ? order : kb_str_cmp(x->name_space, y->name_space);
    return order != 0 ? order : kb_str_cmp(x->name, y->name);
}

static void index_role(struct kb_rbac_policy *policy, struct kb_rbac_role *role)
{
    struct kb_str key = kb_rbac_role_key(&policy->arena, role->meta.name_space, role->meta.name);
    kb_map_set(&policy->role_index, key, role);
}

static void hold(struct kb_rbac_policy *policy, const struct kb_rbac_binding *binding, unsigned i)
{
    char room[KB_RBAC_KEY_ROOM];
    bool is_new;
    const struct kb_rbac_subject *subject = &binding->subjects[i];
    struct kb_map_entry *entry =
        kb_map_add(&policy->holder_index, kb_rbac_subject_key(subject, room, &policy->arena), &is_new);
    if (is_new) {
        struct kb_rbac_holder *holder = KB_NEW(&policy->arena, struct kb_rbac_holder);
        *holder = (struct kb_rbac_holder){.subject = *subject};
        entry->value.ptr = holder;
        *KB_VEC_PUSH(&policy->holders) = holder;
    }
    struct kb_rbac_holder *holder = entry->value.ptr;
    *KB_VEC_PUSH(&holder->places) = (struct kb_rbac_place){binding, i};
}

static void join(struct kb_rbac_policy *policy, struct kb_rbac_binding *binding)
{
    struct kb_str name_space = binding->role_cluster ? KB_STR("") : binding->meta.name_space;
    struct kb_str key = kb_rbac_role_key(&policy->arena, name_space, binding->role_name);
    struct kb_rbac_role *role = kb_map_get(&policy->role_index, key);
    binding->role = role;
    if (role != NULL) {
        role->bound++;
    }
    for (unsigned i = 0; i < binding->subject_count; i++) {
        hold(policy, binding, i);
    }
}

static void sort(void *at, size_t n, size_t size, int (*order)(const void *, const void *))
{
    if (n > 1) {
        qsort(at, n, size, order);
    }
}

void kb_rbac_close(struct kb_rbac_policy *policy)
{
    sort(policy->roles.at, policy->roles.n, sizeof *policy->roles.at, by_role);
    sort(policy->bindings.at, policy->bindings.n, sizeof *policy->bindings.at, by_binding);
    for (size_t i = 0; i < policy->roles.n; i++) {
        index_role(policy, policy->roles.at[i]);
    }
    for (size_t i = 0; i < policy->bindings.n; i++) {
        policy->bindings.at[i]->number = (unsigned)i;
        join(policy, policy->bindings.at[i]);
    }
    sort(policy->holders.at, policy->holders.n, sizeof *policy->holders.at, by_subject);
    policy->closed = true;
}

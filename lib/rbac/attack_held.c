/* What one identity holds: the abilities of its grants, and of those it can give itself. */
#include "rbac/attack_graph.h"

#include "rbac/escalation.h"

static const struct kb_abilities *abilities_of(struct kb_attack *a, struct kb_rbac_rules rules,
                                               struct kb_str name_space)
{
    struct {
        const void *rules, *place;
        size_t n;
    } key = {rules.at, name_space.n == 0 ? NULL : name_space.p, rules.n};
    struct kb_map_entry *entry =
        kb_map_add(&a->abilities, (struct kb_str){(const char *)&key, sizeof key}, NULL);
    if (entry->value.ptr == NULL) {
        struct kb_abilities *found = KB_NEW(a->arena, struct kb_abilities);
        *found = kb_abilities_of(rules, name_space.n == 0, name_space, a->scene->policy->minor,
                                 a->arena);
        entry->value.ptr = found;
        return found;
    }
    return entry->value.ptr;
}

static void hold(struct stepper *s, struct kb_rbac_rules rules, const struct held *like)
{
    struct kb_str place = like->where == KB_ATTACK_ANYWHERE
                              ? KB_STR("")
                              : s->a->namespaces.at[like->where].name;
    const struct kb_abilities *found = abilities_of(s->a, rules, place);
    for (size_t i = 0; i < found->n; i++) {
        struct held *held = KB_NEW(&s->graph->arena, struct held);
        *held = *like;
        held->able = &found->at[i];
        *KB_VEC_PUSH(&s->by[found->at[i].ability]) = held;
    }
}

static void hold_bindings(struct stepper *s, const struct kb_rbac_holder *holder, bool inherited)
{
    for (size_t i = 0; holder != NULL && i < holder->places.n; i++) {
        const struct kb_rbac_binding *binding = holder->places.at[i].binding;
        const struct kb_attack_grant *grant = &s->a->grants[binding->number];
        if (binding->role != NULL && grant != s->without) {
            struct held like = {.grant = grant, .where = KB_ATTACK_ANYWHERE, .inherited = inherited};
            if (!binding->cluster) {
                like.where = kb_attack_namespace_number(s->a, binding->meta.name_space);
            }
            hold(s, binding->role->rules, &like);
        }
    }
}

/* A namespace of an access policy may end in a star. */
static bool policy_reaches(struct kb_str pattern, struct kb_str name)
{
    bool star = pattern.n > 0 && pattern.p[pattern.n - 1] == '*';
    return star ? kb_str_starts(name, kb_str_sub(pattern, 0, pattern.n - 1))
                : kb_str_eq(pattern, name);
}

static void hold_policy(struct stepper *s, const struct kb_attack_grant *grant)
{
    const struct kb_attack_policy *policy = grant->policy;
    if (grant == s->without) {
        return;
    }
    struct held like = {.grant = grant, .where = KB_ATTACK_ANYWHERE};
    if (policy->namespace_count == 0) {
        hold(s, policy->rules, &like);
        return;
    }
    for (size_t i = 0; i < policy->namespace_count; i++) {
        for (uint32_t n = 0; n < s->a->namespaces.n; n++) {
            if (policy_reaches(policy->namespaces[i], s->a->namespaces.at[n].name)) {
                like.where = n;
                hold(s, policy->rules, &like);
            }
        }
    }
}

/* Where both hold: false where that is nowhere. */
bool kb_attack_both(uint32_t x, uint32_t y, uint32_t *where)
{
    *where = x == KB_ATTACK_ANYWHERE ? y : x;
    return x == y || x == KB_ATTACK_ANYWHERE || y == KB_ATTACK_ANYWHERE;
}

const struct held *kb_attack_with(const struct stepper *s, enum kb_ability ability, uint32_t where)
{
    const struct held *found = NULL;
    for (size_t i = 0; i < s->by[ability].n && found == NULL; i++) {
        const struct held *at = s->by[ability].at[i];
        bool here = at->where == KB_ATTACK_ANYWHERE || at->where == where;
        found = here && at->able->name.n == 0 ? at : NULL;
    }
    return found;
}

static void gain(struct stepper *s, struct kb_rbac_rules rules, uint32_t where, const struct held *x,
                 const struct held *y, struct kb_str gained)
{
    struct held like = {.grant = x->grant,
                        .where = where,
                        .inherited = x->inherited && y->inherited,
                        .after = {x, y},
                        .gained = gained};
    hold(s, rules, &like);
}

static const struct kb_rbac_rules *rules_to_bind(const struct stepper *s, const struct held *bind,
                                                 uint32_t where)
{
    bool cluster = bind->able->ability == KB_CAN_BIND_CLUSTER_ROLES;
    struct kb_str place =
        cluster || where == KB_ATTACK_ANYWHERE ? KB_STR("") : s->a->namespaces.at[where].name;
    const struct kb_rbac_role *role =
        bind->able->name.n == 0 ? NULL
                                : kb_rbac_find_role(s->a->scene->policy, place, bind->able->name);
    return role == NULL ? NULL : &role->rules;
}

/* What binding a role gives; where any may be bound, all rights. (Any in the whole cluster is a step of its
 * own.) */
static void bind_steps(struct stepper *s, enum kb_ability ability, enum kb_ability write)
{
    size_t binds = s->by[ability].n, writes = s->by[write].n;
    for (size_t i = 0; i < binds; i++) {
        for (size_t k = 0; k < writes; k++) {
            uint32_t where;
            const struct held *bind = s->by[ability].at[i], *writer = s->by[write].at[k];
            bool fits = writer->able->name.n == 0 && kb_attack_both(bind->where, writer->where, &where) &&
                        (write != KB_CAN_WRITE_CLUSTER_BINDINGS || where == KB_ATTACK_ANYWHERE);
            const struct kb_rbac_rules *rules = fits ? rules_to_bind(s, bind, where) : NULL;
            if (fits && bind->able->name.n == 0 && write == KB_CAN_WRITE_BINDINGS &&
                ability == KB_CAN_BIND_CLUSTER_ROLES) {
                rules = &kb_rbac_full_authority;
            }
            if (rules != NULL) {
                gain(s, *rules, where, bind, writer,
                     bind->able->name.n == 0
                         ? KB_STR("the rights of any ClusterRole")
                         : kb_arena_printf(s->a->arena, "the rights of %sRole/%.*s",
                                           ability == KB_CAN_BIND_CLUSTER_ROLES ? "Cluster" : "",
                                           KB_FMT(bind->able->name)));
            }
        }
    }
}

static bool has_role_in(const struct stepper *s, uint32_t where)
{
    const struct identity *identity = &s->a->identities.at[s->identity];
    for (size_t i = 0; i < identity->holder_count; i++) {
        const struct kb_rbac_holder *holder = identity->holders[i];
        for (size_t k = 0; holder != NULL && k < holder->places.n; k++) {
            const struct kb_rbac_binding *binding = holder->places.at[k].binding;
            if (!binding->cluster && !binding->role_cluster &&
                kb_str_eq(binding->meta.name_space, s->a->namespaces.at[where].name)) {
                return true;
            }
        }
    }
    return false;
}

static void escalate_in_namespaces(struct stepper *s)
{
    size_t n = s->by[KB_CAN_ESCALATE_ROLES].n;
    for (size_t i = 0; i < n; i++) {
        const struct held *escalate = s->by[KB_CAN_ESCALATE_ROLES].at[i];
        bool all = escalate->where == KB_ATTACK_ANYWHERE;
        for (uint32_t at = 0; escalate->able->name.n == 0 && at < s->a->namespaces.n; at++) {
            const struct held *change = kb_attack_with(s, KB_CAN_CHANGE_ROLES, at);
            if ((all || at == escalate->where) && change != NULL && has_role_in(s, at)) {
                gain(s, kb_rbac_full_authority, at, escalate, change,
                     kb_arena_printf(s->a->arena, "all rights in namespace %.*s",
                                     KB_FMT(s->a->namespaces.at[at].name)));
            }
        }
    }
}

void kb_attack_hold(struct stepper *s)
{
    const struct identity *identity = &s->a->identities.at[s->identity];
    for (size_t i = 0; i < identity->holder_count; i++) {
        hold_bindings(s, identity->holders[i], i > 0);
    }
    for (size_t i = 0; identity->entry != NULL && i < identity->entry->policy_count; i++) {
        hold_policy(s, &identity->policies[i]);
    }
    bind_steps(s, KB_CAN_BIND_CLUSTER_ROLES, KB_CAN_WRITE_CLUSTER_BINDINGS);
    bind_steps(s, KB_CAN_BIND_CLUSTER_ROLES, KB_CAN_WRITE_BINDINGS);
    bind_steps(s, KB_CAN_BIND_ROLES, KB_CAN_WRITE_BINDINGS);
    escalate_in_namespaces(s);
}

/* Comparing with the reference. */
#include "rbac/stock.h"

#include "data/inflate.h"
#include "rbac/aggregate.h"
#include "rbac/covers.h"
#include "rbac/reference.h"
#include "rbac/stock_eks.h"

enum { REFERENCE_MAX = 1 << 20, ATOMS_SHOWN = 5 };

static const struct kb_rbac_reference *choose(unsigned minor)
{
    const struct kb_rbac_reference *best = &kb_rbac_references[0];
    for (size_t i = 0; i < kb_rbac_reference_count; i++) {
        if (minor == 0 || kb_rbac_references[i].minor <= minor) {
            best = &kb_rbac_references[i];
        }
    }
    return best;
}

static void take(struct kb_rbac_policy *policy, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct kb_object object;
        if (kb_failed(kb_object_view(NULL, json_array_get(list, i), &object, NULL))) {
            continue;
        }
        if (!object.kind->namespaced) {
            object.name_space = KB_STR("");
        }
        kb_rbac_take(policy, &object);
    }
}

/* No controller has run over the reference: aggregated rules are filled in here. */
static void aggregate(struct kb_rbac_policy *policy)
{
    for (size_t i = 0; i < policy->roles.n; i++) {
        struct kb_rbac_role *role = policy->roles.at[i];
        if (role->aggregation != NULL) {
            role->rules = kb_rbac_aggregate(policy, role, &policy->arena);
        }
    }
}

void kb_rbac_stock_load(struct kb_rbac_stock *stock, unsigned minor)
{
    const struct kb_rbac_reference *reference = choose(minor);
    struct kb_buf text;
    KB_AUTO(kb_json_done) json_t *list = NULL;
    kb_buf_init(&text, REFERENCE_MAX);
    *stock = (struct kb_rbac_stock){.minor = reference->minor};
    kb_res res = kb_inflate_all(reference->packed, &text, NULL);
    if (!kb_failed(res)) {
        res = kb_json_parse(NULL, kb_buf_view(&text), 0, &list, NULL);
    }
    take(&stock->kubernetes, kb_failed(res) ? NULL : list);
    kb_rbac_close(&stock->kubernetes);
    aggregate(&stock->kubernetes);
    kb_buf_done(&text);
}

void kb_rbac_stock_done(struct kb_rbac_stock *stock)
{
    kb_rbac_policy_done(&stock->kubernetes);
}

static size_t drifts(const struct kb_rbac_stock *stock, const struct kb_rbac_policy *live)
{
    struct kb_arena arena = {0};
    size_t n = 0;
    for (size_t i = 0; i < live->roles.n; i++) {
        struct kb_rbac_origin_answer origin;
        kb_rbac_stock_role(stock, live, live->roles.at[i], &arena, &origin);
        n += origin.origin == KB_RBAC_DRIFT;
        kb_arena_reset(&arena);
    }
    kb_arena_done(&arena);
    return n;
}

void kb_rbac_stock_load_nearest(struct kb_rbac_stock *stock, const struct kb_rbac_policy *live)
{
    unsigned best = 0;
    size_t fewest = SIZE_MAX;
    for (size_t i = kb_rbac_reference_count; i > 0 && fewest > 0; i--) {
        struct kb_rbac_stock tried;
        kb_rbac_stock_load(&tried, kb_rbac_references[i - 1].minor);
        size_t n = drifts(&tried, live);
        if (n < fewest) {
            fewest = n;
            best = kb_rbac_references[i - 1].minor;
        }
        kb_rbac_stock_done(&tried);
    }
    kb_rbac_stock_load(stock, best);
}

static const struct kb_rbac_binding *find_binding(const struct kb_rbac_policy *policy,
                                                  const struct kb_rbac_binding *like)
{
    for (size_t i = 0; i < policy->bindings.n; i++) {
        const struct kb_rbac_binding *at = policy->bindings.at[i];
        if (at->cluster == like->cluster && kb_str_eq(at->meta.name, like->meta.name) &&
            kb_str_eq(at->meta.name_space, like->meta.name_space)) {
            return at;
        }
    }
    return NULL;
}

static bool has_subject(const struct kb_rbac_binding *binding, const struct kb_rbac_subject *subject)
{
    for (size_t i = 0; i < binding->subject_count; i++) {
        const struct kb_rbac_subject *at = &binding->subjects[i];
        if (at->kind == subject->kind && kb_str_eq(at->name, subject->name) &&
            kb_str_eq(at->name_space, subject->name_space)) {
            return true;
        }
    }
    return false;
}

static const char *compare(const struct kb_rbac_binding *reference,
                           const struct kb_rbac_binding *binding)
{
    if (reference->role_cluster != binding->role_cluster ||
        !kb_str_eq(reference->role_name, binding->role_name)) {
        return "it binds another role than the reference";
    }
    for (size_t i = 0; i < binding->subject_count; i++) {
        if (!has_subject(reference, &binding->subjects[i])) {
            return "it has a subject that the reference has not";
        }
    }
    return NULL;
}

static bool label_is(const struct kb_rbac_meta *meta, const char *label, const char *value)
{
    struct kb_str text;
    return kb_json_str(meta->labels, label, &text) && (value == NULL || kb_str_eq_c(text, value));
}

/* What claims to be of EKS or of Kubernetes, and is not known. */
static const char *claim(const struct kb_rbac_meta *meta)
{
    if (kb_str_starts(meta->name, KB_STR("eks:")) ||
        label_is(meta, "eks.amazonaws.com/component", NULL)) {
        return "it bears the marks of EKS, which makes no such object";
    }
    if (label_is(meta, "kubernetes.io/bootstrapping", "rbac-defaults")) {
        return "it bears the mark of Kubernetes' defaults, which have no such object";
    }
    return NULL;
}

static void answer(struct kb_rbac_origin_answer *out, const char *differs)
{
    out->origin = differs == NULL ? KB_RBAC_MANAGED : KB_RBAC_DRIFT;
    out->differs = kb_str_c(differs);
}

static const char *compare_eks(const struct kb_rbac_eks_binding *row,
                               const struct kb_rbac_binding *binding)
{
    if (!kb_str_eq_c(binding->role_name, row->role) || binding->role_cluster != binding->cluster) {
        return "it binds another role than EKS does";
    }
    return kb_rbac_eks_subjects(row, binding) ? NULL : "it has a subject that EKS does not give it";
}

void kb_rbac_stock_binding(const struct kb_rbac_stock *stock, const struct kb_rbac_binding *binding,
                           struct kb_arena *arena, struct kb_rbac_origin_answer *out)
{
    (void)arena;
    *out = (struct kb_rbac_origin_answer){.origin = KB_RBAC_OWN};
    const struct kb_rbac_binding *reference = find_binding(&stock->kubernetes, binding);
    const struct kb_rbac_eks_binding *row =
        kb_rbac_eks_binding(binding->meta.name_space, binding->meta.name);
    if (reference != NULL) {
        answer(out, compare(reference, binding));
    } else if (row != NULL) {
        answer(out, compare_eks(row, binding));
    } else if (claim(&binding->meta) != NULL) {
        answer(out, claim(&binding->meta));
    }
}

static struct kb_str list_atoms(const kb_rbac_atoms *atoms, struct kb_arena *arena)
{
    struct kb_buf text;
    kb_buf_init(&text, 4096);
    kb_buf_c(&text, "it holds more than the reference: ");
    for (size_t i = 0; i < atoms->n && i < ATOMS_SHOWN; i++) {
        struct kb_str atom = kb_rbac_atom_text(&atoms->at[i], arena);
        kb_buf_printf(&text, "%s%.*s", i > 0 ? ", " : "", KB_FMT(atom));
    }
    if (atoms->n > ATOMS_SHOWN) {
        kb_buf_printf(&text, " and %zu more", atoms->n - ATOMS_SHOWN);
    }
    struct kb_str kept = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return kept;
}

/* The reference's rules, with those of the roles that the cluster's labels add to an aggregated one. */
static bool covered(const struct kb_rbac_role *reference, const struct kb_rbac_policy *live,
                    const struct kb_rbac_role *role, kb_rbac_atoms *more)
{
    struct kb_arena arena = {0};
    KB_VEC(const struct kb_rbac_rule *) owner = {0};
    for (size_t i = 0; i < reference->rules.n; i++) {
        *KB_VEC_PUSH(&owner) = &reference->rules.at[i];
    }
    if (reference->aggregation != NULL && role->aggregation != NULL) {
        struct kb_rbac_rules labelled = kb_rbac_aggregate(live, role, &arena);
        for (size_t i = 0; i < labelled.n; i++) {
            *KB_VEC_PUSH(&owner) = &labelled.at[i];
        }
    }
    bool all = kb_rbac_covers_each(owner.at, owner.n, role->rules, more);
    KB_VEC_DONE(&owner);
    kb_arena_done(&arena);
    return all;
}

static void compare_role(const struct kb_rbac_role *reference, const struct kb_rbac_policy *live,
                         const struct kb_rbac_role *role, struct kb_arena *arena,
                         struct kb_rbac_origin_answer *out)
{
    kb_rbac_atoms more = {0};
    struct kb_str off;
    out->reference = reference;
    out->origin = KB_RBAC_MANAGED;
    if (!covered(reference, live, role, &more)) {
        out->origin = KB_RBAC_DRIFT;
        out->differs = list_atoms(&more, arena);
    } else if (kb_json_str(role->meta.annotations, "rbac.authorization.kubernetes.io/autoupdate",
                           &off) &&
               kb_str_eq_c(off, "false")) {
        answer(out, "its updates are switched off (autoupdate: false)");
    }
    KB_VEC_DONE(&more);
}

void kb_rbac_stock_role(const struct kb_rbac_stock *stock, const struct kb_rbac_policy *live,
                        const struct kb_rbac_role *role, struct kb_arena *arena,
                        struct kb_rbac_origin_answer *out)
{
    *out = (struct kb_rbac_origin_answer){.origin = KB_RBAC_OWN};
    const struct kb_rbac_role *reference =
        kb_rbac_find_role(&stock->kubernetes, role->meta.name_space, role->meta.name);
    if (reference != NULL) {
        compare_role(reference, live, role, arena, out);
    } else if (kb_rbac_eks_role(role->meta.name_space, role->meta.name)) {
        out->origin = KB_RBAC_MANAGED;
    } else if (claim(&role->meta) != NULL) {
        answer(out, claim(&role->meta));
    }
}

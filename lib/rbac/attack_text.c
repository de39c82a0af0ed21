/* Telling a way as steps. */
#include "rbac/attack_graph.h"

#define KB_FIRST(sym, text) [sym] = text,
const char *kb_attack_goal_name(enum kb_attack_goal goal)
{
    static const char *const names[] = {KB_ATTACK_GOALS(KB_FIRST)};
    return names[goal];
}
#undef KB_FIRST

const char *kb_attack_sure_name(enum kb_attack_sure sure)
{
    static const char *const names[] = {"certain", "likely", "maybe"};
    return names[sure];
}

struct kb_str kb_attack_grant_text(const struct kb_attack_grant *grant, struct kb_arena *arena)
{
    const struct kb_rbac_binding *binding = grant->binding;
    if (binding == NULL) {
        return kb_arena_printf(arena, "access policy %.*s of %.*s", KB_FMT(grant->policy->name),
                               KB_FMT(grant->entry->principal));
    }
    return binding->cluster
               ? kb_arena_printf(arena, "ClusterRoleBinding/%.*s", KB_FMT(binding->meta.name))
               : kb_arena_printf(arena, "RoleBinding/%.*s/%.*s", KB_FMT(binding->meta.name_space),
                                 KB_FMT(binding->meta.name));
}

static struct kb_str node_text(const struct kb_attack *a, uint32_t node)
{
    if (node < a->identities.n) {
        const struct identity *identity = &a->identities.at[node];
        return identity->entry == NULL
                   ? kb_rbac_subject_text(&identity->subject, a->arena)
                   : kb_arena_printf(a->arena, "access entry %.*s", KB_FMT(identity->entry->principal));
    }
    return node >= node_role(a, 0)
               ? kb_arena_printf(a->arena, "IAM role %.*s", KB_FMT(a->roles.at[node - node_role(a, 0)]))
               : kb_str_c(kb_attack_goal_name(node - node_fixed(a, GOALS)));
}

static bool is_told(const struct kb_attack *a, uint32_t node)
{
    return node < a->identities.n || node >= node_fixed(a, GOALS);
}

static void add_place(const struct kb_attack *a, const struct held *held, struct kb_buf *out)
{
    if (held->able->ability == KB_CAN_RELABEL_NAMESPACES) {
        return; /* its name says it */
    }
    if (held->where != KB_ATTACK_ANYWHERE) {
        kb_buf_printf(out, " in namespace %.*s", KB_FMT(a->namespaces.at[held->where].name));
    } else if (held->able->namespaced) {
        kb_buf_c(out, " in any namespace");
    }
}

static void add_held(const struct kb_attack *a, const struct held *held, struct kb_buf *out)
{
    kb_buf_printf(out, "%s %s", held->able->verb, held->able->resource);
    if (held->able->name.n > 0) {
        kb_buf_printf(out, " named %.*s", KB_FMT(held->able->name));
    }
    add_place(a, held, out);
}

static struct kb_str does_text(const struct kb_attack *a, const struct held *const *held, size_t n)
{
    struct kb_buf text;
    kb_buf_init(&text, 64 << 10);
    for (size_t i = 0; i < n && held[i] != NULL; i++) {
        kb_buf_c(&text, i > 0 ? " and " : "");
        add_held(a, held[i], &text);
    }
    struct kb_str copy = kb_arena_copy(a->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

static struct kb_attack_step step_of(const struct kb_attack *a, const struct held *const *held,
                                     size_t n, enum kb_attack_sure sure)
{
    struct kb_attack_step step = {.does = does_text(a, held, n), .sure = sure};
    for (size_t i = 0; i < n && held[i] != NULL; i++) {
        const struct kb_attack_grant *grant = held[i]->grant;
        bool known = false;
        for (size_t k = 0; k < step.grant_count; k++) {
            known = known || step.grants[k] == grant;
        }
        if (!known) {
            step.grants[step.grant_count++] = grant;
        }
    }
    return step;
}

typedef KB_VEC(struct kb_attack_step) steps;

/* Rights that the identity first has to give itself are a step before. */
static void add_preparation(const struct kb_attack *a, const struct edge *edge, steps *out)
{
    for (size_t i = 0; i < KB_ATTACK_STEP_GRANTS && edge->held[i] != NULL; i++) {
        const struct held *held = edge->held[i];
        bool told = out->n > 0 && held->after[0] != NULL &&
                    kb_str_eq(out->at[out->n - 1].gains, held->gained);
        if (held->after[0] != NULL && !told) {
            struct kb_attack_step step = step_of(a, held->after, 2, KB_ATTACK_CERTAIN);
            step.gains = held->gained;
            *KB_VEC_PUSH(out) = step;
        }
    }
}

static void add_edge(const struct kb_attack *a, const struct edge *edge, steps *out)
{
    if (edge->held[0] != NULL) {
        add_preparation(a, edge, out);
        struct kb_attack_step step = step_of(a, edge->held, KB_ATTACK_STEP_GRANTS, edge->sure);
        if (edge->text != NULL) {
            step.does = kb_arena_printf(a->arena, "%.*s (%s)", KB_FMT(step.does), edge->text);
        }
        *KB_VEC_PUSH(out) = step;
    } else if (edge->text != NULL) {
        *KB_VEC_PUSH(out) =
            (struct kb_attack_step){.does = kb_str_c(edge->text), .sure = edge->sure};
    }
    if (is_told(a, edge->to) && out->n > 0) {
        out->at[out->n - 1].gains = node_text(a, edge->to);
    }
}

void kb_attack_tell(struct kb_attack *a, const struct graph *graph, const uint32_t *next, uint32_t from,
                    uint32_t to, struct kb_attack_path *out)
{
    steps told = {0};
    for (uint32_t at = from; at != to;) {
        const struct edge *edge = &graph->edges.at[next[at]];
        add_edge(a, edge, &told);
        at = edge->to;
    }
    struct kb_attack_step *kept = KB_NEW_ARRAY(a->arena, told.n, struct kb_attack_step);
    for (size_t i = 0; i < told.n; i++) {
        kept[i] = told.at[i];
    }
    const struct held *first = graph->edges.at[next[from]].held[0];
    out->direct = told.n == 1 && (first == NULL || first->able->ability == KB_CAN_EVERYTHING ||
                                  first->able->ability == KB_CAN_READ_SECRETS ||
                                  first->able->ability == KB_CAN_TAMPER);
    out->steps = kept;
    out->step_count = told.n;
    KB_VEC_DONE(&told);
}

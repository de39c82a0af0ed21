/* Which rules stand in the way. */
#include "facts/net_expect.h"
#include "facts/net_fix_parts.h"
#include "facts/net_tables.h"
#include "network/public.h"

enum { RULES_MAX = 3 };

struct telling {
    const struct kb_net_fix_question *q;
    enum kb_net_direction direction;
    struct kb_map seen; /* rules that were told, or counted */
    struct kb_buf text;
};

static void tell(struct telling *t, const struct kb_net_policy *policy, const struct kb_net_rule *rule)
{
    struct kb_str name = kb_net_policy_text(policy, t->q->arena);
    struct kb_str key = kb_arena_printf(t->q->arena, "%s rule %u of %.*s", kb_net_direction_name(t->direction),
                                        rule->number, KB_FMT(name));
    bool is_new;
    (void)kb_map_add(&t->seen, key, &is_new);
    if (is_new && t->seen.n <= RULES_MAX) {
        struct kb_str admits = kb_net_rule_text(rule, t->q->arena);
        kb_buf_printf(&t->text, "%s%.*s (%.*s)", t->seen.n > 1 ? ", " : "", KB_FMT(key), KB_FMT(admits));
    }
}

static void on_step(void *ctx, const struct kb_net_step *step)
{
    struct telling *t = ctx;
    if (step->direction == t->direction && step->reason == KB_NET_BY_RULE && step->action == KB_NET_ACCEPT) {
        tell(t, step->policy, step->rule);
    }
}

static struct kb_str end(struct telling *t)
{
    if (t->seen.n > RULES_MAX) {
        kb_buf_printf(&t->text, " and %zu more", t->seen.n - RULES_MAX);
    }
    struct kb_str out = kb_arena_copy(t->q->arena, kb_buf_view(&t->text));
    kb_buf_done(&t->text);
    kb_map_done(&t->seen);
    return out;
}

static void explain(struct telling *t, const struct kb_net_pod *pod, const struct kb_net_end *other)
{
    struct kb_net_end own = kb_net_end_pod(pod);
    bool in = t->direction == KB_NET_INGRESS;
    (void)kb_net_explain(&t->q->model->net, in ? other : &own, in ? &own : other, on_step, t);
}

/* One public address of each interval. */
static void explain_world(struct telling *t, const struct kb_net_pod *pod)
{
    const struct kb_net_space *space = &t->q->model->net.space;
    for (size_t i = 0; i < space->starts.n; i++) {
        struct kb_ip last = kb_net_space_end(space, i);
        if (kb_net_is_public(&space->starts.at[i], &last)) {
            struct kb_net_end other = {.ip = space->starts.at[i]};
            explain(t, pod, &other);
        }
    }
}

static void explain_all(struct telling *t, const struct kb_net_pod *pod, const struct kb_net_expect_end *toward)
{
    if (toward->world) {
        explain_world(t, pod);
    } else if (toward->address) {
        struct kb_net_end other = kb_net_end_ip(&t->q->model->net, &toward->ip);
        explain(t, pod, &other);
    }
    for (size_t i = 0; i < toward->groups.n; i++) {
        struct kb_net_end other = kb_net_end_pod(toward->groups.at[i]->pod);
        explain(t, pod, &other);
    }
}

/* Every rule of the policies that select it. */
static void tell_all(struct telling *t, const struct kb_net_pod *pod)
{
    const struct kb_net_world *net = &t->q->model->net;
    for (size_t i = 0; i < net->policies.n; i++) {
        const struct kb_net_policy *policy = net->policies.at[i];
        bool selects = !policy->inert && kb_net_selects(policy, pod);
        for (size_t k = 0; selects && k < policy->rules[t->direction].n; k++) {
            if (policy->rules[t->direction].at[k].action != KB_NET_DENY) {
                tell(t, policy, &policy->rules[t->direction].at[k]);
            }
        }
    }
}

struct kb_str kb_net_fix_rules(const struct kb_net_fix_question *q, const struct kb_net_group *group,
                               enum kb_net_direction direction)
{
    struct telling t = {.q = q, .direction = direction};
    struct kb_net_expect_end toward = {0};
    bool aimed = q->toward.n > 0 && kb_net_expect_end_find(q->model, q->toward, &toward);
    kb_buf_init(&t.text, SIZE_MAX / 2);
    for (size_t i = 0; i < group->class_count; i++) {
        const struct kb_net_pod *pod = q->model->net.classes.at[group->classes[i]].pod;
        if (aimed) {
            explain_all(&t, pod, &toward);
        } else {
            tell_all(&t, pod);
        }
    }
    KB_VEC_DONE(&toward.groups);
    return end(&t);
}

struct kb_str kb_net_fix_still(const struct kb_net_fix_question *q)
{
    static const struct kb_net_labels none;
    bool in = q->shape == KB_NET_FIX_NAMESPACE_INGRESS;
    struct telling t = {.q = q, .direction = in ? KB_NET_INGRESS : KB_NET_EGRESS};
    struct kb_str space;
    (void)kb_str_split(q->object, '/', &space);
    kb_buf_init(&t.text, SIZE_MAX / 2);
    for (size_t i = 0; (in || q->shape == KB_NET_FIX_NAMESPACE_EGRESS) && i < q->model->net.policies.n; i++) {
        const struct kb_net_policy *policy = q->model->net.policies.at[i];
        bool selects = !policy->inert && policy->tier == KB_NET_NAMESPACED && kb_str_eq(policy->name_space, space) &&
                       (policy->pods == NULL || kb_net_labels_match(&none, &policy->pods->selector));
        for (size_t k = 0; selects && k < policy->rules[t.direction].n; k++) {
            tell(&t, policy, &policy->rules[t.direction].at[k]);
        }
    }
    return end(&t);
}

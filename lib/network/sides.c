/* What holds for each class: its policies, tier by tier. */
#include <stdlib.h>

#include "network/internal.h"

typedef KB_VEC(const struct kb_net_match *) refs;

/* A policy's rules in both directions. */
struct compiled {
    struct kb_net_matches of[KB_NET_DIRECTIONS];
};

static int by_place(const void *a, const void *b)
{
    const struct kb_net_policy *x = *(struct kb_net_policy *const *)a, *y = *(struct kb_net_policy *const *)b;
    const int order[] = {(int)x->tier - (int)y->tier, x->priority - y->priority,
                         kb_str_cmp(x->name_space, y->name_space), kb_str_cmp(x->name, y->name),
                         (int)x->kind - (int)y->kind};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (order[i] != 0) {
            return order[i];
        }
    }
    return 0;
}

/* Classes by the group that shares rules: the next one of each, around. */
static uint32_t *ring_groups(const struct kb_net_world *world)
{
    size_t n = world->classes.n;
    uint32_t *next = kb_alloc((n + 1) * sizeof *next), *last = kb_alloc((n + 1) * sizeof *last);
    for (size_t i = 0; i < n; i++) {
        uint32_t group = world->classes.at[i].group; /* numbered from 1 */
        if (last[group] == 0) {
            next[i] = (uint32_t)i;
        } else {
            next[i] = next[last[group] - 1];
            next[last[group] - 1] = (uint32_t)i;
        }
        last[group] = (uint32_t)i + 1;
    }
    kb_free(last);
    return next;
}

/* Who shares rules with a pod has them too. `next` NULL: nobody does. */
static const uint64_t *widened(struct kb_net_world *world, const uint64_t *subjects, const uint32_t *next)
{
    if (next == NULL) {
        return subjects;
    }
    uint64_t *wide = KB_NEW_ARRAY(&world->arena, kb_net_words(world->peers), uint64_t);
    for (size_t i = kb_net_bits_next(subjects, 0, world->classes.n); i < world->classes.n;
         i = kb_net_bits_next(subjects, i + 1, world->classes.n)) {
        size_t k = i;
        while (!kb_net_bit(wide, i)) { /* a ring is done when it has come around */
            if (!kb_net_bit(world->hosts, next[k])) {
                kb_net_bit_set(wide, next[k]);
            }
            k = next[k];
        }
    }
    return wide;
}

/* Equal lists of policies are one side. */
struct builder {
    struct kb_net_world *world;
    struct compiled *compiled; /* by policy */
    struct kb_map sides[KB_NET_DIRECTIONS];
};

static bool has_excepts(const struct kb_net_rule *rule)
{
    for (size_t i = 0; i < rule->peer_count; i++) {
        if (rule->peers[i].except_count > 0) {
            return true;
        }
    }
    return false;
}

static void add_policy(const struct builder *b, uint32_t number, enum kb_net_direction direction,
                       struct kb_net_side *side, refs *tiers)
{
    const struct kb_net_policy *policy = b->world->policies.at[number];
    const struct kb_net_matches *matches = &b->compiled[number].of[direction];
    for (size_t i = 0; i < matches->n; i++) {
        *KB_VEC_PUSH(&tiers[policy->tier]) = &matches->at[i];
        side->excepts = side->excepts || has_excepts(matches->at[i].rule);
        side->named = side->named || matches->at[i].named_count > 0;
    }
    side->selected = side->selected || policy->tier == KB_NET_NAMESPACED;
}

static void note_isolating(const struct builder *b, const uint32_t *policies, size_t n,
                           enum kb_net_direction direction, struct kb_net_side *side)
{
    const struct kb_net_policy **kept =
        KB_NEW_ARRAY(&b->world->arena, n, const struct kb_net_policy *);
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_policy *policy = b->world->policies.at[policies[i]];
        if (policy->tier == KB_NET_NAMESPACED && policy->isolates[direction]) {
            kept[side->isolating_count++] = policy;
        }
    }
    side->isolating = kept;
}

static int by_precedence(const struct kb_net_match *a, const struct kb_net_match *b)
{
    return a->policy->priority != b->policy->priority ? a->policy->priority - b->policy->priority
                                                      : (int)a->action - (int)b->action;
}

/* A stable sort: policies stand in the order of their priority already, so little moves. */
static void sort_matches(refs *list)
{
    for (size_t i = 1; i < list->n; i++) {
        const struct kb_net_match *match = list->at[i];
        size_t to = i;
        for (; to > 0 && by_precedence(list->at[to - 1], match) > 0; to--) {
            list->at[to] = list->at[to - 1];
        }
        list->at[to] = match;
    }
}

static void add_places(const struct kb_net_world *world, uint64_t *within)
{
    for (size_t i = 0; i < world->classes.n; i++) {
        const uint32_t *places = world->classes.at[i].places;
        for (int f = 0; f < 2; f++) {
            if (places[f] != UINT32_MAX && kb_net_bit(within, world->classes.n + places[f])) {
                kb_net_bit_set(within, i);
            }
        }
    }
}

/* Blocks with what they except: elsewhere no prefix has a say (see longest.c). */
static void note_within(const struct kb_net_world *world, struct kb_arena *arena,
                        struct kb_net_side *side)
{
    uint64_t *within = KB_NEW_ARRAY(arena, kb_net_words(world->peers), uint64_t);
    for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n; i++) {
        const struct kb_net_rule *rule = side->tiers[KB_NET_NAMESPACED].at[i]->rule;
        for (size_t k = 0; k < rule->peer_count; k++) {
            size_t first = 1, last = 0;
            if (rule->peers[k].kind == KB_NET_PEER_BLOCK) {
                kb_net_space_span(&world->space, &rule->peers[k].block, &first, &last);
            }
            for (; first <= last; first++) {
                kb_net_bit_set(within, world->classes.n + first);
            }
        }
    }
    add_places(world, within);
    side->within = within;
}

/* Most pairs are settled without looking at a rule. */
static void note_bounds(const struct builder *b, struct kb_net_side *side)
{
    const struct kb_net_profile *profile = b->world->profile;
    size_t words = kb_net_words(b->world->peers);
    if (side->isolating_count == 0) {
        bool undecided = side->tiers[KB_NET_BASELINE].n == 0 && !profile->strict;
        bool decides = side->selected && profile->selected_opens;
        side->open = side->tiers[KB_NET_ADMIN].n == 0 && (undecided || decides);
        if (!side->open && !decides && side->tiers[KB_NET_ADMIN].n == 0 && side->tiers[KB_NET_BASELINE].n == 0) {
            side->some = KB_NEW_ARRAY(&b->world->arena, words, uint64_t); /* nobody */
        }
        return;
    }
    uint64_t *some = KB_NEW_ARRAY(&b->world->arena, words, uint64_t);
    for (int t = KB_NET_ADMIN; t <= KB_NET_NAMESPACED; t++) {
        for (size_t i = 0; i < side->tiers[t].n; i++) {
            const struct kb_net_match *match = side->tiers[t].at[i];
            if (match->any_peer) {
                return;
            }
            kb_net_bits_or(some, match->selected, words);
            kb_net_bits_or(some, match->blocks[0], words);
            kb_net_bits_or(some, match->blocks[1], words);
        }
    }
    side->some = some;
}

static struct kb_net_side *make_side(const struct builder *b, const uint32_t *policies, size_t n,
                                           enum kb_net_direction direction)
{
    struct kb_arena *arena = &b->world->arena;
    struct kb_net_side *side = KB_NEW(arena, struct kb_net_side);
    refs tiers[KB_NET_TIERS] = {{0}};
    side->known = KB_NEW(arena, struct kb_net_known);
    for (size_t i = 0; i < n; i++) {
        add_policy(b, policies[i], direction, side, tiers);
    }
    note_isolating(b, policies, n, direction, side);
    for (int t = 0; t < KB_NET_TIERS; t++) {
        const struct kb_net_match **kept = KB_NEW_ARRAY(arena, tiers[t].n, const struct kb_net_match *);
        if (b->world->profile->order_ignored && t != KB_NET_NAMESPACED) {
            sort_matches(&tiers[t]);
        }
        for (size_t i = 0; i < tiers[t].n; i++) {
            kept[i] = tiers[t].at[i];
        }
        side->tiers[t].at = kept;
        side->tiers[t].n = tiers[t].n;
        KB_VEC_DONE(&tiers[t]);
    }
    note_bounds(b, side);
    if (side->excepts && b->world->profile->except_denies) {
        note_within(b->world, arena, side);
    }
    return side;
}

static const struct kb_net_side *side_of(struct builder *b, const uint32_t *policies, size_t n,
                                         enum kb_net_direction direction)
{
    struct kb_buf key = {.max = SIZE_MAX};
    bool is_new, selected = false;
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_policy *policy = b->world->policies.at[policies[i]];
        bool speaks = policy->isolates[direction] || b->compiled[policies[i]].of[direction].n > 0;
        selected = selected || policy->tier == KB_NET_NAMESPACED;
        if (speaks) { /* of the others only this much counts that one of them is there */
            kb_buf_add(&key, &policies[i], sizeof policies[i]);
        }
    }
    kb_buf_char(&key, selected ? 'y' : 'n');
    struct kb_map_entry *entry = kb_map_add(&b->sides[direction], kb_buf_view(&key), &is_new);
    kb_buf_done(&key);
    if (is_new) {
        struct kb_net_side *side = make_side(b, policies, n, direction);
        side->number = b->world->side_counts[direction]++;
        entry->value.ptr = side;
    }
    return entry->value.ptr;
}

typedef KB_VEC(uint32_t) numbers;

static void note_subjects(const struct kb_net_world *world, uint32_t number, const uint64_t *subjects,
                          numbers *lists)
{
    for (size_t i = kb_net_bits_next(subjects, 0, world->classes.n); i < world->classes.n;
         i = kb_net_bits_next(subjects, i + 1, world->classes.n)) {
        *KB_VEC_PUSH(&lists[i]) = number;
    }
}

void kb_net_build_sides(struct kb_net_world *world)
{
    struct builder b = {.world = world};
    numbers *lists = kb_alloc((world->classes.n + 1) * sizeof *lists);
    uint32_t *next = world->profile->shared_identifiers ? ring_groups(world) : NULL;
    if (world->policies.n > 1) {
        qsort(world->policies.at, world->policies.n, sizeof(struct kb_net_policy *), by_place);
    }
    b.compiled = KB_NEW_ARRAY(&world->arena, world->policies.n, struct compiled);
    for (uint32_t i = 0; i < world->policies.n; i++) {
        struct kb_net_policy *policy = world->policies.at[i];
        policy->subjects = kb_net_subjects(world, policy);
        if (policy->inert || policy->subjects == NULL) {
            continue;
        }
        for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
            b.compiled[i].of[d] = kb_net_compile(world, policy, (enum kb_net_direction)d);
        }
        note_subjects(world, i, widened(world, policy->subjects, next), lists);
    }
    for (size_t i = 0; i < world->classes.n; i++) {
        for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
            world->classes.at[i].sides[d] =
                side_of(&b, lists[i].at, lists[i].n, (enum kb_net_direction)d);
        }
        KB_VEC_DONE(&lists[i]);
    }
    kb_free(lists);
    kb_free(next);
    kb_map_done(&b.sides[KB_NET_INGRESS]);
    kb_map_done(&b.sides[KB_NET_EGRESS]);
}

void kb_net_close(struct kb_net_world *world)
{
    kb_net_build_classes(world);
    kb_net_build_sides(world);
    kb_net_build_lines(world);
    world->closed = true;
}

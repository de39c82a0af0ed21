/* Searching the graph: shortest ways to each goal, and what cuts most of them. */
#include "rbac/attack_graph.h"

#include <stdlib.h>

/* Edges by the node they lead to. */
struct reverse {
    uint32_t *first; /* of each node, and one more */
    uint32_t *edge;
};

static void reverse_init(const struct graph *graph, uint32_t nodes, struct reverse *out)
{
    out->first = kb_alloc((nodes + 1) * sizeof *out->first);
    out->edge = kb_alloc((graph->edges.n + 1) * sizeof *out->edge);
    for (size_t i = 0; i < graph->edges.n; i++) {
        out->first[graph->edges.at[i].to + 1]++;
    }
    for (uint32_t i = 0; i < nodes; i++) {
        out->first[i + 1] += out->first[i];
    }
    uint32_t *next = kb_alloc((nodes + 1) * sizeof *next);
    memcpy(next, out->first, (nodes + 1) * sizeof *next);
    for (uint32_t i = 0; i < graph->edges.n; i++) {
        out->edge[next[graph->edges.at[i].to]++] = i;
    }
    kb_free(next);
}

static void reverse_done(struct reverse *reverse)
{
    kb_free(reverse->first);
    kb_free(reverse->edge);
}

struct search {
    const struct graph *graph;
    const struct reverse *reverse;
    uint32_t nodes;
    uint32_t *next;  /* edge to follow towards the goal; UINT32_MAX: no way */
    uint32_t *queue;
};

static void search_init(struct search *s, const struct graph *graph, const struct reverse *reverse,
                        uint32_t nodes)
{
    *s = (struct search){graph, reverse, nodes, kb_alloc(nodes * sizeof *s->next),
                         kb_alloc(nodes * sizeof *s->queue)};
}

static void search_done(struct search *s)
{
    kb_free(s->next);
    kb_free(s->queue);
}

/* Breadth first from the goal, over steps that are at least so sure. `goals` are several nodes that count
 * as one. */
static void search_from(struct search *s, uint32_t goal, uint32_t goals, enum kb_attack_sure sure)
{
    uint32_t head = 0, tail = 0;
    memset(s->next, 0xff, s->nodes * sizeof *s->next);
    for (uint32_t i = 0; i < goals; i++) {
        s->queue[tail++] = goal + i;
    }
    while (head < tail) {
        uint32_t at = s->queue[head++];
        for (uint32_t i = s->reverse->first[at]; i < s->reverse->first[at + 1]; i++) {
            const struct edge *edge = &s->graph->edges.at[s->reverse->edge[i]];
            bool is_goal = edge->from >= goal && edge->from < goal + goals;
            if (edge->sure <= sure && s->next[edge->from] == UINT32_MAX && !is_goal) {
                s->next[edge->from] = s->reverse->edge[i];
                s->queue[tail++] = edge->from;
            }
        }
    }
}

/* Stock grants are what the cluster is made of; what a group has is told of the group. */
static bool is_news(const struct kb_attack *a, const struct edge *edge)
{
    bool news = edge->text != NULL && edge->held[0] == NULL;
    for (size_t i = 0; i < KB_ATTACK_STEP_GRANTS && edge->held[i] != NULL; i++) {
        const struct kb_rbac_binding *binding = edge->held[i]->grant->binding;
        bool stock = binding != NULL && a->scene->managed[binding->number];
        news = news || (!stock && !edge->held[i]->inherited);
    }
    return news;
}

/* A principal whose first step counts: neither a stock one, nor an account taking the role it was given. */
static bool is_path(const struct kb_attack *a, const struct search *s, uint32_t at,
                    enum kb_attack_goal goal)
{
    const struct identity *identity = &a->identities.at[at];
    const struct edge *edge =
        s->next[at] == UINT32_MAX ? NULL : &s->graph->edges.at[s->next[at]];
    bool stock_masters = identity->subject.kind == KB_RBAC_GROUP &&
                         kb_str_eq_c(identity->subject.name, "system:masters");
    return edge != NULL && !identity->missing && !stock_masters && is_news(a, edge) &&
           !(goal == KB_ATTACK_AWS_ROLE && edge->held[0] == NULL);
}

struct finder {
    struct kb_attack *a;
    struct search search;
    uint8_t *admin; /* by identity: 1 + how sure its way to cluster-admin is */
    uint8_t *done;
    KB_VEC(struct kb_attack_path) paths;
};

static void add_path(struct finder *f, uint32_t at, uint32_t goal_node, enum kb_attack_goal goal,
                     enum kb_attack_sure sure)
{
    const struct identity *identity = &f->a->identities.at[at];
    struct kb_attack_path *path = KB_VEC_PUSH(&f->paths);
    *path = (struct kb_attack_path){.principal = identity->subject,
                                    .entry = identity->entry,
                                    .goal = goal,
                                    .target = KB_STR(""),
                                    .sure = sure};
    if (goal == KB_ATTACK_CLUSTER_ADMIN) {
        f->admin[at] = (uint8_t)(sure + 1);
    }
    path->cluster_admin = f->admin[at] != 0 && f->admin[at] <= sure + 1;
    if (goal == KB_ATTACK_AWS_ROLE) {
        path->target = f->a->roles.at[goal_node - node_role(f->a, 0)];
    }
    kb_attack_tell(f->a, f->search.graph, f->search.next, at, goal_node, path);
}

static void find_goal(struct finder *f, uint32_t goal_node, enum kb_attack_goal goal)
{
    memset(f->done, 0, f->a->identities.n);
    for (unsigned sure = KB_ATTACK_CERTAIN; sure <= KB_ATTACK_MAYBE; sure++) {
        search_from(&f->search, goal_node, 1, sure);
        for (uint32_t i = 0; i < f->a->identities.n; i++) {
            if (!f->done[i] && is_path(f->a, &f->search, i, goal)) {
                f->done[i] = 1;
                add_path(f, i, goal_node, goal, sure);
            }
        }
    }
}

static int by_goal_and_principal(const void *x, const void *y)
{
    const struct kb_attack_path *a = x, *b = y;
    int order = (int)a->goal - (int)b->goal;
    order = order != 0 ? order : (int)a->principal.kind - (int)b->principal.kind;
    order = order != 0 ? order : kb_str_cmp(a->principal.name_space, b->principal.name_space);
    order = order != 0 ? order : kb_str_cmp(a->principal.name, b->principal.name);
    order = order != 0 ? order : kb_str_cmp(a->target, b->target);
    return order != 0 || a->entry == b->entry ? order
           : a->entry == NULL                 ? -1
           : b->entry == NULL                 ? 1
                                              : kb_str_cmp(a->entry->principal, b->entry->principal);
}

static void build_once(struct kb_attack *a)
{
    if (!a->built) {
        kb_attack_build(a, NULL, &a->graph);
        a->built = true;
    }
}

struct kb_attack_paths kb_attack_paths(struct kb_attack *attack)
{
    struct reverse reverse;
    struct finder f = {.a = attack};
    build_once(attack);
    reverse_init(&attack->graph, node_count(attack), &reverse);
    search_init(&f.search, &attack->graph, &reverse, node_count(attack));
    f.admin = kb_alloc(attack->identities.n + 1);
    f.done = kb_alloc(attack->identities.n + 1);
    for (unsigned goal = 0; goal < KB_ATTACK_AWS_ROLE; goal++) {
        find_goal(&f, node_goal(attack, goal), goal);
    }
    for (uint32_t i = 0; i < attack->roles.n; i++) {
        find_goal(&f, node_role(attack, i), KB_ATTACK_AWS_ROLE);
    }
    if (f.paths.n > 0) {
        qsort(f.paths.at, f.paths.n, sizeof *f.paths.at, by_goal_and_principal);
    }
    struct kb_attack_path *at = KB_NEW_ARRAY(attack->arena, f.paths.n, struct kb_attack_path);
    for (size_t i = 0; i < f.paths.n; i++) {
        at[i] = f.paths.at[i];
    }
    struct kb_attack_paths out = {at, f.paths.n};
    KB_VEC_DONE(&f.paths);
    kb_free(f.admin);
    kb_free(f.done);
    search_done(&f.search);
    reverse_done(&reverse);
    return out;
}

/* Grants that the ways found stand on, with how many. */
struct tally {
    struct kb_map by_grant;
};

static void count_grants(const struct search *s, uint32_t from, uint32_t goal, uint32_t goals,
                         struct tally *tally)
{
    for (uint32_t at = from; at < goal || at >= goal + goals;) {
        const struct edge *edge = &s->graph->edges.at[s->next[at]];
        for (size_t i = 0; i < KB_ATTACK_STEP_GRANTS && edge->held[i] != NULL; i++) {
            const struct kb_attack_grant *grant = edge->held[i]->grant;
            kb_map_add(&tally->by_grant, (struct kb_str){(const char *)&grant, sizeof grant}, NULL)
                ->value.u++;
        }
        at = edge->to;
    }
}

/* Pairs of principal and goal over likely steps; `tally` (may be NULL) gets the grants they stand on. */
static size_t count_pairs(struct kb_attack *a, const struct graph *graph, struct tally *tally)
{
    struct reverse reverse;
    struct search s;
    size_t pairs = 0;
    reverse_init(graph, node_count(a), &reverse);
    search_init(&s, graph, &reverse, node_count(a));
    for (unsigned goal = 0; goal < KB_ATTACK_GOAL_COUNT; goal++) {
        uint32_t at = node_goal(a, goal);
        uint32_t goals = goal == KB_ATTACK_AWS_ROLE ? (uint32_t)a->roles.n : 1;
        search_from(&s, at, goals, KB_ATTACK_LIKELY);
        for (uint32_t i = 0; i < a->identities.n; i++) {
            if (is_path(a, &s, i, goal)) {
                pairs++;
                if (tally != NULL) {
                    count_grants(&s, i, at, goals, tally);
                }
            }
        }
    }
    search_done(&s);
    reverse_done(&reverse);
    return pairs;
}

static int by_use(const void *x, const void *y)
{
    const struct kb_map_entry *a = x, *b = y;
    return a->value.u > b->value.u ? -1 : a->value.u < b->value.u;
}

static const struct kb_attack_grant *grant_of(const struct kb_map_entry *entry)
{
    const struct kb_attack_grant *grant;
    memcpy(&grant, entry->key.p, sizeof grant);
    return grant;
}

static int by_cuts(const void *x, const void *y)
{
    const struct kb_attack_cut *a = x, *b = y;
    return a->cuts > b->cuts ? -1 : a->cuts < b->cuts;
}

struct kb_attack_cuts kb_attack_cuts(struct kb_attack *attack)
{
    struct tally tally = {{0}};
    build_once(attack);
    size_t all = count_pairs(attack, &attack->graph, &tally);
    size_t n = tally.by_grant.n, kept = 0;
    struct kb_map_entry *tried = KB_NEW_ARRAY(attack->arena, n + 1, struct kb_map_entry);
    for (size_t i = 0; i < n; i++) {
        tried[i] = tally.by_grant.entries[i];
    }
    qsort(tried, n, sizeof *tried, by_use);
    n = n < KB_ATTACK_CUTS_TRIED ? n : KB_ATTACK_CUTS_TRIED;
    struct kb_attack_cut *cuts = KB_NEW_ARRAY(attack->arena, n + 1, struct kb_attack_cut);
    for (size_t i = 0; i < n; i++) {
        struct graph less;
        const struct kb_attack_grant *grant = grant_of(&tried[i]);
        kb_attack_build(attack, grant, &less);
        size_t left = count_pairs(attack, &less, NULL);
        kb_attack_graph_done(&less);
        if (left < all) {
            cuts[kept++] = (struct kb_attack_cut){grant, all - left, all};
        }
    }
    qsort(cuts, kept, sizeof *cuts, by_cuts);
    kb_map_done(&tally.by_grant);
    return (struct kb_attack_cuts){cuts, kept};
}

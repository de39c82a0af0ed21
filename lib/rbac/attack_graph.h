/* The graph of attack paths: shared by the files attack_*.c alone. */
#ifndef KB_RBAC_ATTACK_GRAPH_H
#define KB_RBAC_ATTACK_GRAPH_H

#include "base/map.h"
#include "rbac/attack.h"

#define KB_ATTACK_ANYWHERE UINT32_MAX /* in place of a namespace's number: the whole cluster */

struct identity {
    struct kb_rbac_subject subject;
    const struct kb_attack_entry *entry;
    struct kb_str iam_role;
    bool missing; /* a service account that is named and does not exist */
    const struct kb_rbac_holder **holders; /* the subject's own first (NULL: none), then its groups' */
    size_t holder_count;
    const struct kb_attack_grant *policies; /* of its entry's, in their order */
};

/* An ability as an identity holds it. */
struct held {
    const struct kb_abled *able;
    const struct kb_attack_grant *grant;
    uint32_t where; /* number of a namespace, or KB_ATTACK_ANYWHERE */
    bool inherited; /* by a group */
    const struct held *after[2]; /* it is gained by these, held by the same identity; NULL: by its grant */
    struct kb_str gained;        /* what they gain: "the rights of ClusterRole/x" */
};

struct edge {
    uint32_t from, to;
    enum kb_attack_sure sure;
    const char *text; /* of a step that stands on no grant; with `held`, why that leads there; or NULL */
    const struct held *held[KB_ATTACK_STEP_GRANTS];
};

/* Numbers of nodes: identities, then three of each namespace, then these, then the roles of AWS. */
enum fixed_node { ALL_RUN, ALL_PODS, ALL_CLAIMS, ALL_USERS, GOALS };

struct graph {
    KB_VEC(struct edge) edges;
    struct kb_arena arena; /* of the abilities held */
    uint32_t *stamp;       /* by node: 1 + the identity whose edge to it was the last */
    uint8_t *stamp_sure;
};

struct kb_attack {
    const struct kb_attack_scene *scene;
    struct kb_arena *arena;
    KB_VEC(struct identity) identities;
    struct kb_map identity_index;  /* by kind, namespace and name */
    struct kb_map namespace_index; /* of the names below: number + 1 */
    KB_VEC(struct kb_attack_namespace) namespaces;
    KB_VEC(struct kb_str) roles; /* ARNs */
    struct kb_map role_index;
    struct kb_map abilities;     /* by rules and scope */
    uint32_t *workloads, *first_workload; /* numbers of the scene's by namespace; where each begins, and an end */
    struct kb_attack_grant *grants; /* by number of the binding */
    struct graph graph;          /* with every grant */
    bool built;
};

static inline uint32_t node_run(const struct kb_attack *a, uint32_t where)
{
    return (uint32_t)a->identities.n + 3 * where;
}
static inline uint32_t node_fixed(const struct kb_attack *a, unsigned which)
{
    return (uint32_t)(a->identities.n + 3 * a->namespaces.n) + which;
}
static inline uint32_t node_goal(const struct kb_attack *a, enum kb_attack_goal goal)
{
    return node_fixed(a, GOALS + goal);
}
static inline uint32_t node_role(const struct kb_attack *a, uint32_t role)
{
    return node_fixed(a, GOALS + KB_ATTACK_AWS_ROLE + role);
}
static inline uint32_t node_count(const struct kb_attack *a)
{
    return node_role(a, (uint32_t)a->roles.n);
}

/* Number of the namespace; it is added where it is new. */
uint32_t kb_attack_namespace_number(struct kb_attack *a, struct kb_str name);
/* Number of the identity, or UINT32_MAX. */
uint32_t kb_attack_identity_number(const struct kb_attack *a, enum kb_rbac_subject_kind kind,
                                   struct kb_str name_space, struct kb_str name);

/* All edges, leaving out what stands on the grant `without` (NULL: nothing). */
void kb_attack_build(struct kb_attack *a, const struct kb_attack_grant *without, struct graph *out);
void kb_attack_graph_done(struct graph *graph);
void kb_attack_add_edge(struct graph *graph, const struct edge *edge);
/* Edges that stand on what one identity holds. */
void kb_attack_steps_of(struct kb_attack *a, uint32_t identity, const struct kb_attack_grant *without,
                        struct graph *out);

typedef KB_VEC(struct held *) held_list;

/* One identity's turn in building a graph. */
struct stepper {
    struct kb_attack *a;
    struct graph *graph;
    const struct kb_attack_grant *without;
    uint32_t identity;
    held_list by[KB_CAN_TAMPER + 1]; /* by ability */
};

/* Fill `by`. */
void kb_attack_hold(struct stepper *s);
/* What it holds of an ability for all names in a place, or NULL. */
const struct held *kb_attack_with(const struct stepper *s, enum kb_ability ability, uint32_t where);
/* Where two places meet; false where they do not. */
bool kb_attack_both(uint32_t x, uint32_t y, uint32_t *where);

/* The steps of a way: `next` is for each node the edge to follow. In the attack's arena. */
void kb_attack_tell(struct kb_attack *a, const struct graph *graph, const uint32_t *next, uint32_t from,
                    uint32_t to, struct kb_attack_path *out);

#endif

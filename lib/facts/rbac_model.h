/*
 * What the RBAC tables stand on: the policy, the stock reference, and for each grant what it is worth.
 */
#ifndef KB_FACTS_RBAC_MODEL_H
#define KB_FACTS_RBAC_MODEL_H

#include "cel/cel.h"
#include "rbac/sensitive.h"
#include "rbac/stock.h"

struct kb_world;

/* Rules seen through a binding of one scope: worked out once for all bindings of a role. */
struct kb_rbac_worth {
    const struct kb_cel_list *permissions; /* texts, for all names */
    const struct kb_cel_list *named;       /* "verb resource name" */
    const struct kb_cel_list *wildcards;   /* "verbs", "resources", "apiGroups" */
    const struct kb_cel_list *wildcard_subresources; /* "*" "/exec" … */
    const struct kb_cel_list *urls;
    bool full;                  /* covers every verb on every resource */
    bool admin;                 /* covers what Kubernetes' own role admin holds */
    int64_t deletecollection_kinds;
};

/* A binding with its role, judged against the reference. */
struct kb_rbac_grant {
    const struct kb_rbac_binding *binding;
    struct kb_rbac_origin_answer origin; /* of the binding itself */
    bool managed;                        /* the binding is stock; `worth` is what its role has beyond it */
    const struct kb_rbac_worth *worth;
};

struct kb_rbac_model {
    struct kb_rbac_policy policy;
    struct kb_rbac_stock stock;
    struct kb_map worths;                        /* by rules, scope and reference */
    struct kb_rbac_grant *grants;                /* one for each binding of the policy, in its order */
    bool stock_loaded;
};

void kb_rbac_model_take(struct kb_world *world, const struct kb_object *object);
/* Join and judge; `minor` of Kubernetes 1.<minor>, 0 where it is not known. */
void kb_rbac_model_close(struct kb_world *world, unsigned minor);
void kb_rbac_model_done(struct kb_rbac_model *model);

/* A list of texts as a value; the items are copied into the arena. */
const struct kb_cel_list *kb_text_list(struct kb_arena *arena, const struct kb_str *at, size_t n);
/* Whether the list holds the text. */
bool kb_text_list_has(const struct kb_cel_list *list, struct kb_str text);

/* Whether all four kinds of RBAC objects were read whole. */
bool kb_rbac_model_whole(const struct kb_world *world);

#endif

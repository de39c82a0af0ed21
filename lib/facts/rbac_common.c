/* What the RBAC tables share. */
#include "facts/rbac_tables.h"

#include "rbac/covers.h"

const enum kb_kind_id kb_rbac_kinds[KB_RBAC_KINDS] = {
    KB_KIND_CLUSTER_ROLE, KB_KIND_CLUSTER_ROLE_BINDING, KB_KIND_ROLE, KB_KIND_ROLE_BINDING};

struct kb_str kb_rbac_object_name(const struct kb_rbac_meta *meta, const char *kind, bool cluster,
                                  struct kb_arena *arena)
{
    return cluster ? kb_arena_printf(arena, "Cluster%s/%.*s", kind, KB_FMT(meta->name))
                   : kb_arena_printf(arena, "%s/%.*s/%.*s", kind, KB_FMT(meta->name_space),
                                     KB_FMT(meta->name));
}

void kb_rbac_row_info(const struct kb_rbac_meta *meta, struct kb_str object,
                      const struct kb_rbac_subject *subject, unsigned part, struct kb_arena *arena,
                      struct kb_row_info *out)
{
    struct kb_world_place place = {meta->source, meta->uid, meta->resource_version};
    *out = (struct kb_row_info){
        .object = object,
        .name_space = meta->name_space,
        .subject = subject == NULL ? KB_STR("") : kb_rbac_subject_text(subject, arena),
        .evidence = kb_world_evidence(&place, arena),
        .time_ns = INT64_MIN,
        .order = kb_arena_printf(arena, "%.*s %08u", KB_FMT(object), part),
    };
}

struct kb_cel_val kb_rbac_subject_exists(const struct kb_world *world,
                                         const struct kb_rbac_subject *subject)
{
    if (subject == NULL || subject->kind != KB_RBAC_SERVICE_ACCOUNT) {
        return kb_cel_bool(true);
    }
    bool there = kb_cluster_account(&world->cluster, subject->name_space, subject->name) != NULL;
    return there || kb_world_whole(world, KB_KIND_SERVICE_ACCOUNT)
               ? kb_cel_bool(there)
               : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

/* Whether what the other binding grants counts where this one does. */
static bool reaches(const struct kb_rbac_binding *other, const struct kb_rbac_binding *binding)
{
    return other->cluster ||
           (!binding->cluster && kb_str_eq(other->meta.name_space, binding->meta.name_space));
}

bool kb_rbac_redundant(const struct kb_world *world, const struct kb_rbac_binding *binding,
                       const struct kb_rbac_subject *subject)
{
    const struct kb_rbac_holder *holder =
        subject == NULL ? NULL : kb_rbac_find_holder(&world->rbac.policy, subject);
    KB_VEC(const struct kb_rbac_rule *) others = {0};
    for (size_t i = 0; holder != NULL && binding->role != NULL && i < holder->places.n; i++) {
        const struct kb_rbac_binding *other = holder->places.at[i].binding;
        bool counts = other != binding && other->role != NULL && reaches(other, binding);
        bool later = counts && other->number > binding->number && reaches(binding, other) &&
                     kb_rbac_covers(binding->role->rules, other->role->rules, NULL);
        for (size_t r = 0; counts && !later && r < other->role->rules.n; r++) {
            *KB_VEC_PUSH(&others) = &other->role->rules.at[r];
        }
    }
    bool redundant = others.n > 0 && binding->role->rules.n > 0 &&
                     kb_rbac_covers_each(others.at, others.n, binding->role->rules, NULL);
    KB_VEC_DONE(&others);
    return redundant;
}

static void add_list(const struct kb_cel_list *from, struct kb_map *seen, struct kb_cel_val *to,
                     size_t *n)
{
    for (size_t i = 0; i < from->n; i++) {
        bool is_new;
        (void)kb_map_add(seen, from->items[i].s, &is_new);
        if (is_new) {
            to[(*n)++] = from->items[i];
        }
    }
}

/* Upper bound of the union's length. */
static size_t count_all(const struct kb_world *world, const struct kb_rbac_holder *holder,
                        const struct kb_rbac_binding *binding)
{
    size_t n = 0;
    for (size_t i = 0; i < holder->places.n; i++) {
        const struct kb_rbac_binding *other = holder->places.at[i].binding;
        n += reaches(other, binding) ? world->rbac.grants[other->number].worth->permissions->n : 0;
    }
    return n;
}

const struct kb_cel_list *kb_rbac_effective(const struct kb_world *world,
                                            const struct kb_rbac_binding *binding,
                                            const struct kb_rbac_subject *subject,
                                            struct kb_arena *arena)
{
    const struct kb_rbac_model *model = &world->rbac;
    const struct kb_cel_list *own = model->grants[binding->number].worth->permissions;
    const struct kb_rbac_holder *holder =
        subject == NULL ? NULL : kb_rbac_find_holder(&model->policy, subject);
    if (holder == NULL || holder->places.n < 2) {
        return own;
    }
    struct kb_map seen = {0};
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    struct kb_cel_val *items =
        KB_NEW_ARRAY(arena, count_all(world, holder, binding), struct kb_cel_val);
    *list = (struct kb_cel_list){items, 0};
    for (size_t i = 0; i < holder->places.n; i++) {
        const struct kb_rbac_binding *other = holder->places.at[i].binding;
        if (reaches(other, binding)) {
            add_list(model->grants[other->number].worth->permissions, &seen, items, &list->n);
        }
    }
    kb_map_done(&seen);
    return list;
}

bool kb_rbac_origin_known(const struct kb_world *world, const struct kb_rbac_role *role,
                          const struct kb_rbac_origin_answer *origin)
{
    return origin->origin != KB_RBAC_DRIFT || role->aggregation == NULL ||
           kb_world_whole(world, KB_KIND_CLUSTER_ROLE);
}

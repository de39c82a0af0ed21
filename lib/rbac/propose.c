/* From a subject's tuples to roles. */
#include "rbac/propose.h"

#include <stdlib.h>

#include "rbac/compact.h"
#include "rbac/keys.h"

/* One verb on one resource (or URL) in one place, by name or for all. */
struct atom {
    struct kb_str name_space, group, resource, verb, name, url;
    uint64_t requests;
    struct kb_str audit_id;
};

struct proposer {
    struct kb_usage *usage;
    const struct kb_rbac_policy *policy; /* NULL: not known */
    const struct kb_rbac_subject *subject;
    struct kb_arena *arena;
    struct kb_str user;
    KB_VEC(struct kb_str) groups; /* as the log shows them */
    KB_VEC(const struct kb_rbac_rule *) held; /* by the subject in one place */
    KB_VEC(struct atom) atoms;
    KB_VEC(const struct kb_usage_tuple *) tuples;
    struct kb_proposal *out;
};

/* Rules that the subject holds in a namespace (empty: in the whole cluster). */
static void collect_held(struct proposer *p, struct kb_str place)
{
    p->held.n = 0;
    for (size_t i = 0; p->policy != NULL && i < p->policy->bindings.n; i++) {
        const struct kb_rbac_binding *binding = p->policy->bindings.at[i];
        bool applies = false;
        bool here = binding->cluster || (place.n > 0 && kb_str_eq(binding->meta.name_space, place));
        for (size_t s = 0; here && s < binding->subject_count && !applies; s++) {
            applies = kb_rbac_applies(&binding->subjects[s], p->user, p->groups.at, p->groups.n);
        }
        for (size_t r = 0; applies && binding->role != NULL && r < binding->role->rules.n; r++) {
            *KB_VEC_PUSH(&p->held) = &binding->role->rules.at[r];
        }
    }
}

static bool in_group(const struct kb_usage_actor *actor, struct kb_str group)
{
    for (size_t i = 0; i < actor->groups.n; i++) {
        if (kb_str_eq(actor->groups.at[i], group)) {
            return true;
        }
    }
    return false;
}

static bool is_subject(const struct proposer *p, const struct kb_usage_actor *actor)
{
    struct kb_str name_space, name;
    switch (p->subject->kind) {
    case KB_RBAC_GROUP:
        return in_group(actor, p->subject->name);
    case KB_RBAC_SERVICE_ACCOUNT:
        return kb_rbac_split_service_account(actor->user, &name_space, &name) &&
               kb_str_eq(name_space, p->subject->name_space) && kb_str_eq(name, p->subject->name);
    case KB_RBAC_USER:
        return kb_str_eq(actor->user, p->subject->name);
    case KB_RBAC_OTHER:
    default:
        return false;
    }
}

/* system:discovery, system:public-info-viewer, system:basic-user. */
static bool is_for_everybody(const struct kb_rbac_request *request)
{
    static const char *const paths[] = {"/api", "/openapi", "/healthz", "/livez", "/readyz", "/version"};
    bool found = false;
    for (size_t i = 0; request->path_request && i < sizeof paths / sizeof paths[0]; i++) {
        found = found || kb_str_starts(request->path, kb_str_c(paths[i]));
    }
    return found || kb_str_starts(request->resource, KB_STR("selfsubject"));
}

static struct kb_str combined(struct proposer *p, const struct kb_rbac_request *request)
{
    return request->subresource.n == 0
               ? request->resource
               : kb_arena_printf(p->arena, "%.*s/%.*s", KB_FMT(request->resource),
                                 KB_FMT(request->subresource));
}

/* Whose objects have names that controllers make up: the next one is called otherwise. */
static bool has_passing_names(const struct kb_rbac_request *request)
{
    static const char *const resources[] = {"pods", "replicasets", "jobs", "nodes", "events",
                                            "endpointslices", "controllerrevisions",
                                            "certificatesigningrequests"};
    bool found = false;
    for (size_t i = 0; i < sizeof resources / sizeof resources[0] && !found; i++) {
        found = kb_str_eq_c(request->resource, resources[i]);
    }
    return found;
}

/* A list or a watch of one object is one by a selector, which the next one may not have. */
static bool keeps_name(const struct kb_rbac_request *request)
{
    static const char *const verbs[] = {"get", "update", "patch", "delete", "impersonate", "create"};
    bool named = false;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && !named; i++) {
        named = kb_str_eq_c(request->verb, verbs[i]);
    }
    return named && request->name.n > 0 && !kb_str_eq_c(request->name, "*") &&
           !has_passing_names(request);
}

static void add_tuple(struct proposer *p, const struct kb_usage_tuple *tuple)
{
    const struct kb_rbac_request *request = &tuple->request;
    p->out->requests += tuple->count;
    if (is_for_everybody(request)) {
        p->out->left_out += tuple->count;
        return;
    }
    *KB_VEC_PUSH(&p->tuples) = tuple;
    *KB_VEC_PUSH(&p->atoms) = (struct atom){
        .name_space = request->name_space,
        .group = request->group,
        .resource = request->path_request ? KB_STR("") : combined(p, request),
        .verb = request->verb,
        .name = keeps_name(request) ? request->name : KB_STR(""),
        .url = request->path_request ? request->path : KB_STR(""),
        .requests = tuple->count,
        .audit_id = tuple->audit_id,
    };
}

static bool same_kind(const struct atom *a, const struct atom *b)
{
    return kb_str_eq(a->group, b->group) && kb_str_eq(a->resource, b->resource) &&
           kb_str_eq(a->verb, b->verb) && kb_str_eq(a->url, b->url);
}

static const struct kb_str *one(struct proposer *p, struct kb_str text)
{
    struct kb_str *at = KB_NEW(p->arena, struct kb_str);
    *at = text;
    return at;
}

static struct kb_rbac_rule rule_of(struct proposer *p, const struct atom *atom)
{
    struct kb_rbac_rule rule = {.verbs = {one(p, atom->verb), 1},
                                .verb_bits = kb_rbac_verb_bit(atom->verb)};
    if (atom->url.n > 0) {
        rule.urls = (struct kb_rbac_words){one(p, atom->url), 1};
        return rule;
    }
    rule.groups = (struct kb_rbac_words){one(p, atom->group), 1};
    rule.resources = (struct kb_rbac_words){one(p, atom->resource), 1};
    if (atom->name.n > 0) {
        rule.names = (struct kb_rbac_words){one(p, atom->name), 1};
    }
    return rule;
}

static bool is_held(struct proposer *p, const struct atom *atom)
{
    struct kb_rbac_rule rule = rule_of(p, atom);
    if (p->policy == NULL) {
        return true;
    }
    collect_held(p, atom->name_space);
    return kb_rbac_covers_each(p->held.at, p->held.n, (struct kb_rbac_rules){&rule, 1}, NULL);
}

/* Namespaces in which a kind of request was seen; SIZE_MAX where it was for the whole cluster. */
static size_t count_places(const struct proposer *p, const struct atom *atom)
{
    size_t places = 0;
    for (size_t i = 0; i < p->atoms.n; i++) {
        const struct atom *other = &p->atoms.at[i];
        bool first = same_kind(atom, other);
        if (first && other->name_space.n == 0) {
            return SIZE_MAX;
        }
        for (size_t k = 0; k < i && first; k++) {
            first = !same_kind(&p->atoms.at[k], other) ||
                    !kb_str_eq(p->atoms.at[k].name_space, other->name_space);
        }
        places += first;
    }
    return places;
}

/* What is done in the whole cluster, or in many namespaces, is granted in the whole cluster, where it is
 * held there. */
static void widen_places(struct proposer *p)
{
    for (size_t i = 0; i < p->atoms.n; i++) {
        struct atom wide = p->atoms.at[i];
        wide.name_space = KB_STR("");
        if (count_places(p, &p->atoms.at[i]) > KB_PROPOSE_NAMESPACES && is_held(p, &wide)) {
            p->atoms.at[i] = wide;
        }
    }
}

/* A right for all names holds those by name. */
static void drop_names(struct proposer *p)
{
    for (size_t i = 0; i < p->atoms.n; i++) {
        struct atom *atom = &p->atoms.at[i];
        for (size_t k = 0; k < p->atoms.n && atom->name.n > 0; k++) {
            const struct atom *other = &p->atoms.at[k];
            if (other->name.n == 0 && same_kind(atom, other) &&
                kb_str_eq(atom->name_space, other->name_space)) {
                atom->name = KB_STR("");
            }
        }
    }
}

/* An informer lists again what it watches, and watches what it listed. */
static void pair_informers(struct proposer *p)
{
    static const char *const pairs[][2] = {{"watch", "list"}, {"watch", "get"}, {"list", "watch"}};
    size_t n = p->atoms.n;
    for (size_t i = 0; p->subject->kind == KB_RBAC_SERVICE_ACCOUNT && i < n; i++) {
        for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
            struct atom more = p->atoms.at[i];
            bool fits = more.url.n == 0 && kb_str_eq_c(more.verb, pairs[k][0]);
            more.verb = kb_str_c(pairs[k][1]);
            more.requests = 0;
            if (fits && is_held(p, &more)) {
                *KB_VEC_PUSH(&p->atoms) = more;
            }
        }
    }
}

static int by_place(const void *x, const void *y)
{
    const struct atom *a = x, *b = y;
    const struct kb_str *const left[] = {&a->name_space, &a->url, &a->group, &a->resource, &a->name, &a->verb};
    const struct kb_str *const right[] = {&b->name_space, &b->url, &b->group, &b->resource, &b->name, &b->verb};
    int order = 0;
    for (size_t i = 0; i < sizeof left / sizeof left[0] && order == 0; i++) {
        order = kb_str_cmp(*left[i], *right[i]);
    }
    return order;
}

static void add_evidence(struct kb_proposed_role *role, const struct atom *atom)
{
    bool room = role->audit_id_count < sizeof role->audit_ids / sizeof role->audit_ids[0];
    role->requests += atom->requests;
    if (room && atom->requests > 0 && atom->audit_id.n > 0) {
        role->audit_ids[role->audit_id_count++] = atom->audit_id;
    }
}

static bool words_equal(struct kb_rbac_words a, struct kb_rbac_words b)
{
    bool same = a.n == b.n;
    for (size_t i = 0; i < a.n && same; i++) {
        same = kb_str_eq(a.at[i], b.at[i]);
    }
    return same;
}

static struct kb_rbac_words joined(struct proposer *p, struct kb_rbac_words a, struct kb_rbac_words b)
{
    struct kb_str *at = KB_NEW_ARRAY(p->arena, a.n + b.n, struct kb_str);
    for (size_t i = 0; i < a.n + b.n; i++) {
        at[i] = i < a.n ? a.at[i] : b.at[i - a.n];
    }
    return (struct kb_rbac_words){at, a.n + b.n};
}

/* Rules of equal groups, verbs and names differ in their resource alone; of equal groups, verbs and
 * resource, in their name. */
static struct kb_rbac_rules join_rules(struct proposer *p, struct kb_rbac_rules rules)
{
    struct kb_rbac_rule *out = KB_NEW_ARRAY(p->arena, rules.n, struct kb_rbac_rule);
    size_t n = 0;
    for (size_t i = 0; i < rules.n; i++) {
        const struct kb_rbac_rule *rule = &rules.at[i];
        struct kb_rbac_rule *last = n > 0 ? &out[n - 1] : NULL;
        bool alike = last != NULL && rule->urls.n == 0 && last->urls.n == 0 &&
                     words_equal(last->groups, rule->groups) && words_equal(last->verbs, rule->verbs);
        if (alike && rule->names.n == 0 && last->names.n == 0) {
            last->resources = joined(p, last->resources, rule->resources);
        } else if (alike && rule->names.n > 0 && last->names.n > 0 &&
                   words_equal(last->resources, rule->resources)) {
            last->names = joined(p, last->names, rule->names);
        } else {
            out[n++] = *rule;
        }
    }
    return (struct kb_rbac_rules){out, n};
}

static void make_roles(struct proposer *p)
{
    struct kb_proposed_role *roles = KB_NEW_ARRAY(p->arena, p->atoms.n + 1, struct kb_proposed_role);
    struct kb_rbac_rule *rules = KB_NEW_ARRAY(p->arena, p->atoms.n + 1, struct kb_rbac_rule);
    size_t n = 0, from = 0;
    if (p->atoms.n > 0) {
        qsort(p->atoms.at, p->atoms.n, sizeof *p->atoms.at, by_place);
    }
    for (size_t i = 0; i < p->atoms.n; i++) {
        const struct atom *atom = &p->atoms.at[i];
        if (n == 0 || !kb_str_eq(roles[n - 1].name_space, atom->name_space)) {
            roles[n++] = (struct kb_proposed_role){.name_space = atom->name_space};
            from = i;
        }
        rules[i] = rule_of(p, atom);
        add_evidence(&roles[n - 1], atom);
        roles[n - 1].rules = (struct kb_rbac_rules){rules + from, i + 1 - from};
    }
    for (size_t i = 0; i < n; i++) {
        roles[i].rules = join_rules(p, kb_rbac_compact(roles[i].rules, p->arena));
    }
    p->out->roles = roles;
    p->out->n = n;
}

static bool is_answered(const struct proposer *p, const struct kb_rbac_request *request)
{
    for (size_t i = 0; i < p->out->n; i++) {
        const struct kb_proposed_role *role = &p->out->roles[i];
        bool here = role->name_space.n == 0 || kb_str_eq(role->name_space, request->name_space);
        for (size_t r = 0; here && r < role->rules.n; r++) {
            if (kb_rbac_rule_allows(&role->rules.at[r], request)) {
                return true;
            }
        }
    }
    return false;
}

static void verify(struct proposer *p)
{
    for (size_t i = 0; i < p->tuples.n; i++) {
        p->out->unanswered += !is_answered(p, &p->tuples.at[i]->request);
    }
    p->out->checked = p->policy != NULL;
    for (size_t i = 0; p->out->checked && i < p->out->n; i++) {
        collect_held(p, p->out->roles[i].name_space);
        (void)kb_rbac_covers_each(p->held.at, p->held.n, p->out->roles[i].rules, &p->out->uncovered);
    }
}

/* The user's name does not count for a group; its groups are all that any of its requests had. */
static void identify(struct proposer *p)
{
    p->user = p->subject->kind == KB_RBAC_SERVICE_ACCOUNT
                  ? kb_arena_printf(p->arena, "system:serviceaccount:%.*s:%.*s",
                                    KB_FMT(p->subject->name_space), KB_FMT(p->subject->name))
              : p->subject->kind == KB_RBAC_USER ? p->subject->name
                                                 : KB_STR("");
    if (p->subject->kind == KB_RBAC_GROUP) {
        *KB_VEC_PUSH(&p->groups) = p->subject->name;
        return;
    }
    for (size_t i = 0; i < p->usage->actors.n; i++) {
        const struct kb_usage_actor *actor = &p->usage->actors.at[i];
        for (size_t g = 0; is_subject(p, actor) && g < actor->groups.n; g++) {
            *KB_VEC_PUSH(&p->groups) = actor->groups.at[g];
        }
    }
}

void kb_rbac_propose(struct kb_usage *usage, const struct kb_rbac_policy *policy,
                     const struct kb_rbac_subject *subject, struct kb_arena *arena,
                     struct kb_proposal *out)
{
    struct proposer p = {.usage = usage, .policy = policy, .subject = subject, .arena = arena, .out = out};
    *out = (struct kb_proposal){.roles = NULL};
    identify(&p);
    for (size_t i = 0; i < usage->tuples.n; i++) {
        if (is_subject(&p, &usage->actors.at[usage->tuples.at[i].actor])) {
            add_tuple(&p, &usage->tuples.at[i]);
        }
    }
    widen_places(&p);
    drop_names(&p);
    pair_informers(&p);
    make_roles(&p);
    verify(&p);
    KB_VEC_DONE(&p.groups);
    KB_VEC_DONE(&p.held);
    KB_VEC_DONE(&p.atoms);
    KB_VEC_DONE(&p.tuples);
}

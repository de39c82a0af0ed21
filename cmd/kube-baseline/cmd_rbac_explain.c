/* `rbac explain`: everything a subject may do, where, and why. */
#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/rbac_subject.h"
#include "kube-baseline/rbac_view.h"
#include "rbac/access_policy.h"

static const char *const columns[] = {"scope", "rule", "through", "as", NULL};

struct explain {
    struct kb_rbac_view *view;
    struct kb_listing listing;
    struct kb_str user;
    struct kb_rbac_words groups;
};

static void add_rules(struct explain *e, const struct kb_rbac_binding *binding,
                      const struct kb_rbac_subject *subject)
{
    struct kb_rbac_view *view = e->view;
    const struct kb_rbac_role *role = binding->role;
    const struct kb_str scope = kb_rbac_scope(view, binding);
    const struct kb_str through = kb_rbac_through(view, binding);
    const struct kb_str as = kb_rbac_subject_text(subject, &view->arena);
    for (size_t i = 0; role != NULL && i < role->rules.n; i++) {
        const struct kb_str cells[] = {scope, kb_rbac_rule_text(view, &role->rules.at[i]), through, as};
        kb_listing_add(&e->listing, cells);
    }
    if (role == NULL) {
        const struct kb_str cells[] = {scope, KB_STR("nothing: there is no such role"), through, as};
        kb_listing_add(&e->listing, cells);
    }
}

static void add_bindings(struct explain *e)
{
    const struct kb_rbac_policy *policy = &e->view->world.rbac.policy;
    for (size_t i = 0; i < policy->bindings.n; i++) {
        const struct kb_rbac_binding *binding = policy->bindings.at[i];
        for (size_t s = 0; s < binding->subject_count; s++) {
            if (kb_rbac_applies(&binding->subjects[s], e->user, e->groups.at, e->groups.n)) {
                add_rules(e, binding, &binding->subjects[s]);
            }
        }
    }
}

static void add_masters(struct explain *e)
{
    for (size_t i = 0; i < e->groups.n; i++) {
        if (kb_str_eq_c(e->groups.at[i], "system:masters")) {
            const struct kb_str cells[] = {KB_STR("all namespaces"), KB_STR("everything"),
                                           KB_STR("the group itself: RBAC is not asked"),
                                           KB_STR("Group/system:masters")};
            kb_listing_add(&e->listing, cells);
        }
    }
}

/* Policies of the access entries that give this user name. */
static void add_entries(struct explain *e)
{
    struct kb_rbac_view *view = e->view;
    const struct kb_eks_model *eks = &view->world.eks;
    for (size_t i = 0; e->user.n > 0 && i < eks->entries.n; i++) {
        const struct kb_access_entry *entry = eks->entries.at[i];
        for (size_t k = 0; kb_str_eq(entry->username, e->user) && k < entry->policy_count; k++) {
            const struct kb_access_policy *policy = &entry->policies[k];
            const struct kb_str cells[] = {
                kb_rbac_policy_scope(view, policy),
                kb_access_policy_known(policy->name) ? KB_STR("as published by AWS")
                                                     : KB_STR("not published: may be anything"),
                kb_arena_printf(&view->arena, "access policy %.*s", KB_FMT(policy->name)),
                kb_arena_printf(&view->arena, "access entry %.*s", KB_FMT(entry->principal))};
            kb_listing_add(&e->listing, cells);
        }
    }
}

/* The identity: a group alone is itself; a user has the groups given, those of access entries that give
 * the name, and the built-in ones. */
static void identify(struct explain *e, const struct kb_rbac_subject *subject)
{
    struct kb_rbac_view *view = e->view;
    const kb_words *given = &view->app->args.as_groups;
    const struct kb_eks_model *eks = &view->world.eks;
    size_t n = given->n + 1;
    e->user = kb_rbac_subject_user(subject, &view->arena);
    for (size_t i = 0; i < eks->entries.n; i++) {
        n += eks->entries.at[i]->group_count;
    }
    struct kb_str *groups = KB_NEW_ARRAY(&view->arena, n, struct kb_str);
    size_t used = 0;
    for (size_t i = 0; i < given->n; i++) {
        groups[used++] = given->at[i];
    }
    if (subject->kind == KB_RBAC_GROUP) {
        groups[used++] = subject->name;
        e->groups = (struct kb_rbac_words){groups, used};
        return;
    }
    for (size_t i = 0; i < eks->entries.n; i++) {
        const struct kb_access_entry *entry = eks->entries.at[i];
        for (size_t k = 0; kb_str_eq(entry->username, e->user) && k < entry->group_count; k++) {
            groups[used++] = entry->groups[k];
        }
    }
    e->groups = kb_rbac_groups_of(e->user, groups, used, &view->arena);
}

int kb_cmd_rbac_explain(struct kb_app *app)
{
    struct kb_rbac_view view;
    struct kb_rbac_subject subject;
    struct kb_err err = {0};
    struct explain e = {.view = &view};
    if (kb_failed(kb_rbac_subject_read(app->args.words.at[0], &subject, &err))) {
        return kb_trouble(app, &err);
    }
    kb_listing_init(&e.listing, columns);
    int status = kb_rbac_view_open(&view, app, KB_RBAC_VIEW_ABOUT_AS);
    if (status == KUBE_BASELINE_CLEAN) {
        identify(&e, &subject);
        add_masters(&e);
        add_bindings(&e);
        add_entries(&e);
        status = kb_rbac_view_end(&view, status);
        kb_listing_print(app, &e.listing, status, "nothing is granted");
    }
    kb_listing_done(&e.listing);
    kb_rbac_view_done(&view);
    return status;
}

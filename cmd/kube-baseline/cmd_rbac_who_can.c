/* `rbac who-can`: everybody who may do something, and by which grant. */
#include "data/glob.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/rbac_request.h"
#include "kube-baseline/rbac_view.h"
#include "rbac/access_policy.h"
#include "rbac/who_can.h"

static const char *const columns[] = {"subject", "scope", "through", "rule", "known_as", NULL};

struct search {
    struct kb_rbac_view *view;
    struct kb_listing listing;
    struct kb_rbac_request request;
    bool bound; /* only bindings of namespaces: the others were listed */
};

static bool add_grant(void *ctx, const struct kb_rbac_source *source)
{
    struct search *search = ctx;
    struct kb_rbac_view *view = search->view;
    if (search->bound && source->binding->cluster) {
        return true;
    }
    const struct kb_str cells[] = {
        kb_rbac_subject_text(source->subject, &view->arena),
        kb_rbac_scope(view, source->binding),
        kb_rbac_through(view, source->binding),
        kb_rbac_rule_text(view, source->rule),
        kb_rbac_known_as(view, source->subject),
    };
    kb_listing_add(&search->listing, cells);
    return true;
}

/* Before RBAC is asked, and so never among its grants. */
static void add_masters(struct search *search)
{
    const struct kb_rbac_subject masters = {KB_RBAC_GROUP, KB_STR("system:masters"), KB_STR("")};
    const struct kb_str cells[] = {
        kb_rbac_subject_text(&masters, &search->view->arena), KB_STR("all namespaces"),
        KB_STR("the group itself: RBAC is not asked"), KB_STR("everything"),
        kb_rbac_known_as(search->view, &masters)};
    kb_listing_add(&search->listing, cells);
}

/* With -A, the bindings of every namespace after those of the cluster. */
static void search_namespaces(struct search *search)
{
    const struct kb_rbac_policy *policy = &search->view->world.rbac.policy;
    struct kb_str last = KB_STR("");
    search->bound = true;
    for (size_t i = 0; i < policy->bindings.n; i++) {
        const struct kb_rbac_binding *binding = policy->bindings.at[i];
        if (binding->cluster || kb_str_eq(binding->meta.name_space, last)) {
            continue;
        }
        last = binding->meta.name_space;
        search->request.name_space = last;
        kb_rbac_who_can(policy, &search->request, add_grant, search);
    }
}

/* Whether the policy speaks for the request's namespace; with -A for any. */
static bool in_scope(const struct search *search, const struct kb_access_policy *policy)
{
    bool all = search->view->app->args.all_namespaces;
    bool found = policy->cluster;
    for (size_t i = 0; i < policy->namespace_count && !found; i++) {
        found = all || (search->request.name_space.n > 0 &&
                        kb_glob_match(policy->namespaces[i], search->request.name_space));
    }
    return found;
}

/* Of the entry's policies: what RBAC does not show. */
static void add_policy(struct search *search, const struct kb_access_entry *entry,
                       const struct kb_access_policy *policy)
{
    struct kb_rbac_view *view = search->view;
    struct kb_rbac_rules rules = policy->rules;
    const struct kb_rbac_rule *found = NULL;
    for (size_t i = 0; i < rules.n && found == NULL; i++) {
        found = kb_rbac_rule_allows(&rules.at[i], &search->request) ? &rules.at[i] : NULL;
    }
    if (!in_scope(search, policy) || (found == NULL && kb_access_policy_known(policy->name))) {
        return;
    }
    const struct kb_str cells[] = {
        kb_arena_printf(&view->arena, "User/%.*s", KB_FMT(entry->username)),
        kb_rbac_policy_scope(view, policy),
        kb_arena_printf(&view->arena, "access policy %.*s", KB_FMT(policy->name)),
        found != NULL ? kb_rbac_rule_text(view, found) : KB_STR("not published: may be anything"),
        kb_arena_printf(&view->arena, "access entry %.*s", KB_FMT(entry->principal))};
    kb_listing_add(&search->listing, cells);
}

static void search_entries(struct search *search)
{
    const struct kb_eks_model *eks = &search->view->world.eks;
    for (size_t i = 0; i < eks->entries.n; i++) {
        const struct kb_access_entry *entry = eks->entries.at[i];
        for (size_t k = 0; k < entry->policy_count; k++) {
            add_policy(search, entry, &entry->policies[k]);
        }
    }
}

static int answer(struct search *search)
{
    struct kb_rbac_view *view = search->view;
    struct kb_err err = {0};
    bool all = view->app->args.all_namespaces;
    struct kb_str name_space = all ? KB_STR("") : kb_rbac_view_namespace(view);
    if (kb_failed(kb_rbac_request_read(&view->app->args.words, name_space, &view->arena,
                                       &search->request, &err))) {
        return kb_trouble(view->app, &err);
    }
    add_masters(search);
    kb_rbac_who_can(&view->world.rbac.policy, &search->request, add_grant, search);
    search_entries(search);
    if (all && !search->request.path_request) {
        search_namespaces(search);
    }
    if (view->world.eks.cluster_read && !view->world.eks.entries_read) {
        kb_complain(view->app, "access entries were not read: whoever has an access policy is missing");
    }
    int status = kb_rbac_view_end(view, KUBE_BASELINE_CLEAN);
    kb_listing_print(view->app, &search->listing, status, "nobody");
    return status;
}

int kb_cmd_rbac_who_can(struct kb_app *app)
{
    struct kb_rbac_view view;
    struct search search = {.view = &view};
    kb_listing_init(&search.listing, columns);
    int status = kb_rbac_view_open(&view, app, 0);
    if (status == KUBE_BASELINE_CLEAN) {
        status = answer(&search);
    }
    kb_listing_done(&search.listing);
    kb_rbac_view_done(&view);
    return status;
}

/* `rbac review`: the access review table, a line for each subject of each binding. */
#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "data/time.h"
#include "kube-baseline/rbac_log.h"
#include "rbac/sensitive.h"

static const char *const columns[] = {"subject",   "known_as",  "role",  "scope",
                                      "through",   "dangerous", "owner", "last_used", NULL};

enum { PERMISSIONS_SHOWN = 6 };

/* Text of a worth's permissions; a long list is told by its beginning and its length, but in JSON and
 * CSV, where nobody reads it in one line. */
static struct kb_str dangerous(struct kb_rbac_view *view, const struct kb_rbac_worth *worth)
{
    struct kb_buf text;
    bool whole = view->app->args.format != NULL && strcmp(view->app->args.format, "text") != 0;
    const struct kb_cel_list *lists[] = {worth->permissions, worth->named};
    size_t shown = 0, all = worth->permissions->n + worth->named->n;
    if (worth->full) {
        return KB_STR("everything");
    }
    kb_buf_init(&text, 1 << 20);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < lists[k]->n && (whole || shown < PERMISSIONS_SHOWN); i++, shown++) {
            kb_buf_c(&text, shown > 0 ? ", " : "");
            kb_buf_str(&text, lists[k]->items[i].s);
        }
    }
    if (all > shown) {
        kb_buf_printf(&text, " and %zu more", all - shown);
    }
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

static struct kb_str owner_of(struct kb_rbac_view *view, const struct kb_rbac_grant *grant)
{
    const struct kb_rbac_binding *binding = grant->binding;
    struct kb_str label = kb_world_namespace_label(
        &view->world, binding->meta.name_space, kb_str_c(view->app->args.owner_label));
    return grant->managed ? KB_STR("Kubernetes") : label;
}

/* Empty where no log was read; a grant that was not seen in it is "never". */
static struct kb_str when(struct kb_rbac_view *view, int64_t ns)
{
    struct kb_buf text;
    if (!view->world.usage.read) {
        return KB_STR("");
    }
    if (ns == INT64_MIN) {
        return KB_STR("never");
    }
    kb_buf_init(&text, 64);
    kb_time_format((struct kb_time){ns / 1000000000, 0}, KB_TIME_SECONDS, &text);
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

static struct kb_str last_used(struct kb_rbac_view *view, const struct kb_rbac_binding *binding,
                               size_t subject)
{
    const struct kb_usage_mark *mark =
        kb_usage_mark_of(&view->world.usage.store, binding, subject, SIZE_MAX);
    return when(view, mark == NULL ? INT64_MIN : mark->last_ns);
}

static int64_t last_seen(struct kb_rbac_view *view, const struct kb_access_entry *entry)
{
    int64_t last;
    const struct kb_str names[] = {entry->principal, entry->username};
    (void)kb_usage_of_anybody(&view->world, names, 2, INT64_MIN, &last);
    return last;
}

static void add_grant(struct kb_rbac_view *view, struct kb_listing *listing,
                      const struct kb_rbac_grant *grant)
{
    const struct kb_rbac_binding *binding = grant->binding;
    struct kb_str danger = grant->worth == NULL ? KB_STR("") : dangerous(view, grant->worth);
    for (size_t i = 0; i < binding->subject_count; i++) {
        const struct kb_str cells[] = {
            kb_rbac_subject_text(&binding->subjects[i], &view->arena),
            kb_rbac_known_as(view, &binding->subjects[i]),
            kb_arena_printf(&view->arena, "%s/%.*s%s", binding->role_cluster ? "ClusterRole" : "Role",
                            KB_FMT(binding->role_name), binding->role == NULL ? " (missing)" : ""),
            kb_rbac_scope(view, binding),
            kb_arena_printf(&view->arena, "%s/%.*s",
                            binding->cluster ? "ClusterRoleBinding" : "RoleBinding",
                            KB_FMT(binding->meta.name)),
            danger,
            owner_of(view, grant),
            last_used(view, binding, i),
        };
        kb_listing_add(listing, cells);
    }
}

static void add_entries(struct kb_rbac_view *view, struct kb_listing *listing)
{
    const struct kb_eks_model *eks = &view->world.eks;
    for (size_t i = 0; i < eks->entries.n; i++) {
        const struct kb_access_entry *entry = eks->entries.at[i];
        for (size_t k = 0; k < entry->policy_count; k++) {
            const struct kb_access_policy *policy = &entry->policies[k];
            const struct kb_str cells[] = {
                kb_arena_printf(&view->arena, "User/%.*s", KB_FMT(entry->username)),
                kb_arena_printf(&view->arena, "access entry %.*s", KB_FMT(entry->principal)),
                kb_arena_printf(&view->arena, "access policy %.*s", KB_FMT(policy->name)),
                kb_rbac_policy_scope(view, policy),
                KB_STR("access entry"),
                kb_rbac_policy_danger(view, policy),
                KB_STR(""),
                when(view, last_seen(view, entry)),
            };
            kb_listing_add(listing, cells);
        }
    }
}

/* What EKS and Kubernetes themselves bind is left out, but with --all. */
int kb_cmd_rbac_review(struct kb_app *app)
{
    struct kb_rbac_view view;
    struct kb_listing listing;
    kb_listing_init(&listing, columns);
    int status = kb_rbac_view_open(&view, app, 0);
    if (status == KUBE_BASELINE_CLEAN && app->args.logs.n > 0) {
        status = kb_rbac_log_read(&view, false);
    }
    if (status == KUBE_BASELINE_CLEAN) {
        const struct kb_rbac_model *model = &view.world.rbac;
        size_t managed = 0;
        for (size_t i = 0; i < model->policy.bindings.n; i++) {
            bool shown = !model->grants[i].managed || app->args.all;
            managed += !shown;
            if (shown) {
                add_grant(&view, &listing, &model->grants[i]);
            }
        }
        add_entries(&view, &listing);
        status = kb_rbac_view_end(&view, status);
        kb_listing_print(app, &listing, status, "nothing is granted beside what Kubernetes and EKS grant");
        if (managed > 0) {
            kb_complain(app, "%zu binding%s of Kubernetes and EKS themselves left out: see --all",
                        managed, managed == 1 ? "" : "s");
        }
    }
    kb_listing_done(&listing);
    kb_rbac_view_done(&view);
    return status;
}

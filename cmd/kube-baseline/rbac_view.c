/* Reading for the `rbac` commands, and their common words. */
#include "kube-baseline/rbac_view.h"

#include "rbac/access_policy.h"
#include "rbac/escalation.h"
#include "rbac/sensitive.h"

/* What each command reads: RBAC and who stands behind it; for attack paths, what runs too. */
static const struct kb_kind_set rbac_kinds = {
    {[KB_KIND_CLUSTER_ROLE] = true,
     [KB_KIND_CLUSTER_ROLE_BINDING] = true,
     [KB_KIND_ROLE] = true,
     [KB_KIND_ROLE_BINDING] = true,
     [KB_KIND_SERVICE_ACCOUNT] = true,
     [KB_KIND_NAMESPACE] = true,
     [KB_KIND_CONFIG_MAP] = true}};
static const struct kb_kind_set scene_kinds = {
    {[KB_KIND_CLUSTER_ROLE] = true,
     [KB_KIND_CLUSTER_ROLE_BINDING] = true,
     [KB_KIND_ROLE] = true,
     [KB_KIND_ROLE_BINDING] = true,
     [KB_KIND_SERVICE_ACCOUNT] = true,
     [KB_KIND_NAMESPACE] = true,
     [KB_KIND_CONFIG_MAP] = true,
     [KB_KIND_POD] = true,
     [KB_KIND_DEPLOYMENT] = true,
     [KB_KIND_DAEMON_SET] = true,
     [KB_KIND_STATEFUL_SET] = true,
     [KB_KIND_REPLICA_SET] = true,
     [KB_KIND_JOB] = true,
     [KB_KIND_CRON_JOB] = true}};
/* Without these an answer is not whole. */
static const struct kb_kind_set needed = {{[KB_KIND_CLUSTER_ROLE] = true,
                                           [KB_KIND_CLUSTER_ROLE_BINDING] = true,
                                           [KB_KIND_ROLE] = true,
                                           [KB_KIND_ROLE_BINDING] = true}};

static struct kb_cel_val no_setting(const void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return (struct kb_cel_val){.kind = KB_CEL_NULL};
}

static KB_RES read_world(struct kb_rbac_view *view, struct kb_err *err)
{
    bool live = (view->how & KB_RBAC_VIEW_NAMED) == 0;
    KB_TRY(kb_named_sources_init(&view->named, view->app, live, err));
    if (!live && !kb_sources_named(&view->named.sources)) {
        kb_world_close(&view->world);
        return KB_SUCCESS;
    }
    struct kb_object_sink objects = kb_world_sink(&view->world);
    struct kb_aws_sink aws = kb_world_aws_sink(&view->world);
    bool scene = (view->how & KB_RBAC_VIEW_SCENE) != 0;
    view->named.sources.cluster.kinds = scene ? &scene_kinds : &rbac_kinds;
    if ((view->how & KB_RBAC_VIEW_ABOUT_AS) != 0) {
        view->named.flags.as_user = view->named.flags.as_uid = KB_STR("");
        view->named.flags.as_groups = view->named.flags.as_extra = (struct kb_kube_texts){0};
    }
    KB_TRY(kb_gather(&view->named.sources, &objects, &aws, &view->gathered, err));
    kb_world_told_version(&view->world, view->gathered.cluster.version);
    kb_world_close(&view->world);
    return KB_SUCCESS;
}

int kb_rbac_view_open(struct kb_rbac_view *view, struct kb_app *app, unsigned how)
{
    struct kb_err err = {0};
    *view = (struct kb_rbac_view){.app = app, .how = how};
    kb_world_init(&view->world, 0, no_setting, NULL);
    return kb_failed(read_world(view, &err)) ? kb_trouble(app, &err) : KUBE_BASELINE_CLEAN;
}

void kb_rbac_view_done(struct kb_rbac_view *view)
{
    kb_world_done(&view->world);
    kb_gathered_done(&view->gathered);
    kb_arena_done(&view->arena);
}

int kb_rbac_view_end(struct kb_rbac_view *view, int status)
{
    bool scene = (view->how & KB_RBAC_VIEW_SCENE) != 0;
    if (!view->world.objects_read) {
        return status;
    }
    const struct kb_kind_set *kinds = scene ? &scene_kinds : &needed;
    for (unsigned i = 0; i < KB_KIND_COUNT; i++) {
        const struct kb_list_report *report = &view->world.lists[i];
        if (kinds->has[i] && !kb_world_whole(&view->world, i)) {
            kb_complain(view->app, "%s were not read whole (%s%s%.*s): the answer may lack something",
                        kb_kinds[i].plural, kb_list_state_name(report->state),
                        report->reason.n > 0 ? ": " : "", KB_FMT(report->reason));
            status = KUBE_BASELINE_UNKNOWN;
        }
    }
    return status;
}

struct kb_str kb_rbac_view_namespace(const struct kb_rbac_view *view)
{
    const kb_words *given = &view->app->args.name_space;
    struct kb_str of_config = view->gathered.cluster.name_space;
    return given->n > 0 ? given->at[given->n - 1] : of_config.n > 0 ? of_config : KB_STR("default");
}

struct kb_str kb_rbac_through(struct kb_rbac_view *view, const struct kb_rbac_binding *binding)
{
    return kb_arena_printf(&view->arena, "%s/%.*s of %s/%.*s",
                           binding->cluster ? "ClusterRoleBinding" : "RoleBinding",
                           KB_FMT(binding->meta.name),
                           binding->role_cluster ? "ClusterRole" : "Role",
                           KB_FMT(binding->role_name));
}

struct kb_str kb_rbac_scope(struct kb_rbac_view *view, const struct kb_rbac_binding *binding)
{
    return binding->cluster ? KB_STR("all namespaces")
                            : kb_arena_printf(&view->arena, "namespace %.*s",
                                              KB_FMT(binding->meta.name_space));
}

static void add_words(struct kb_buf *out, struct kb_rbac_words words)
{
    for (size_t i = 0; i < words.n; i++) {
        kb_buf_c(out, i > 0 ? "," : "");
        kb_buf_str(out, words.at[i]);
    }
}

/* "pods.apps" as kubectl writes a resource of a group; the core group has no name. */
static void add_resources(struct kb_buf *out, const struct kb_rbac_rule *rule)
{
    for (size_t g = 0; g < rule->groups.n; g++) {
        for (size_t r = 0; r < rule->resources.n; r++) {
            kb_buf_c(out, g + r > 0 ? "," : "");
            kb_buf_str(out, rule->resources.at[r]);
            if (rule->groups.at[g].n > 0) {
                kb_buf_char(out, '.');
                kb_buf_str(out, rule->groups.at[g]);
            }
        }
    }
}

struct kb_str kb_rbac_rule_text(struct kb_rbac_view *view, const struct kb_rbac_rule *rule)
{
    struct kb_buf text;
    kb_buf_init(&text, 64 << 10);
    add_words(&text, rule->verbs);
    kb_buf_char(&text, ' ');
    add_resources(&text, rule);
    add_words(&text, rule->urls);
    if (rule->names.n > 0) {
        kb_buf_c(&text, " named ");
        add_words(&text, rule->names);
    }
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

static bool is_one_of(const struct kb_str *groups, size_t n, struct kb_str name)
{
    bool found = false;
    for (size_t i = 0; i < n && !found; i++) {
        found = kb_str_eq(groups[i], name);
    }
    return found;
}

static void add_principal(struct kb_buf *out, const char *kind, struct kb_str principal)
{
    kb_buf_printf(out, "%s%s %.*s", out->n > 0 ? ", " : "", kind, KB_FMT(principal));
}

struct kb_str kb_rbac_known_as(struct kb_rbac_view *view, const struct kb_rbac_subject *subject)
{
    const struct kb_eks_model *eks = &view->world.eks;
    bool group = subject->kind == KB_RBAC_GROUP;
    struct kb_buf text;
    kb_buf_init(&text, 64 << 10);
    for (size_t i = 0; subject->kind != KB_RBAC_SERVICE_ACCOUNT && i < eks->entries.n; i++) {
        const struct kb_access_entry *at = eks->entries.at[i];
        if (group ? is_one_of(at->groups, at->group_count, subject->name)
                  : kb_str_eq(at->username, subject->name)) {
            add_principal(&text, "access entry", at->principal);
        }
    }
    for (size_t i = 0; subject->kind != KB_RBAC_SERVICE_ACCOUNT && i < eks->aws_auth.entries.n; i++) {
        const struct kb_aws_auth_entry *at = &eks->aws_auth.entries.at[i];
        if (group ? is_one_of(at->groups, at->group_count, subject->name)
                  : kb_str_eq(at->username, subject->name)) {
            add_principal(&text, "aws-auth", at->principal);
        }
    }
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

struct kb_str kb_rbac_policy_scope(struct kb_rbac_view *view,
                                   const struct kb_access_policy *policy)
{
    struct kb_buf text;
    if (policy->cluster) {
        return KB_STR("all namespaces");
    }
    kb_buf_init(&text, 64 << 10);
    kb_buf_c(&text, policy->namespace_count == 1 ? "namespace" : "namespaces");
    for (size_t i = 0; i < policy->namespace_count; i++) {
        kb_buf_printf(&text, " %.*s", KB_FMT(policy->namespaces[i]));
    }
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

struct kb_str kb_rbac_policy_danger(struct kb_rbac_view *view, const struct kb_access_policy *policy)
{
    kb_rbac_permissions found = {0};
    struct kb_buf text;
    struct kb_rbac_rules rules = policy->rules;
    if (!kb_access_policy_known(policy->name)) {
        return KB_STR("not published: may be anything");
    }
    if (kb_rbac_covers(rules, kb_rbac_full_authority, NULL)) {
        return KB_STR("everything");
    }
    kb_rbac_sensitive(rules, policy->cluster, NULL, &view->arena, &found);
    kb_buf_init(&text, 64 << 10);
    for (size_t i = 0; i < found.n; i++) {
        kb_buf_printf(&text, "%s%.*s", i > 0 ? ", " : "", KB_FMT(found.at[i].text));
    }
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    KB_VEC_DONE(&found);
    return copy;
}

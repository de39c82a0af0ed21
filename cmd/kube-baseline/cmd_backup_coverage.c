/* `backup coverage`: what saves each namespace, kind and claim, and why not. */
#include "facts/backup_kinds.h"
#include "kube-baseline/backup_view.h"
#include "kube-baseline/commands.h"

static const char *const columns[] = {"namespace", "what",   "tool", "path",       "effective", "newest",
                                      "age",       "rpo",    "kept_until", "offsite", "why_not", NULL};

struct line {
    struct kb_str name_space, what, tool, path;
    enum kb_tri effective, offsite;
    int64_t copy_ns, kept_ns, rpo_ns;
    bool copy_unread, cluster; /* cluster: nothing is told of where it lies */
    struct kb_str why;
};

static void add(struct kb_backup_view *view, struct kb_listing *listing, const struct line *at)
{
    bool has_copy = at->copy_ns != KB_BACKUP_NO_TIME;
    struct kb_str none = at->copy_unread ? KB_STR("unknown") : KB_STR("");
    const struct kb_str cells[] = {
        at->name_space,
        at->what,
        at->tool,
        at->path,
        kb_backup_tri(at->effective),
        has_copy ? kb_backup_when(view, at->copy_ns) : none,
        has_copy ? kb_backup_span(view, view->world.now_ns - at->copy_ns) : none,
        at->rpo_ns > 0 ? kb_backup_span(view, at->rpo_ns) : KB_STR(""),
        kb_backup_when(view, at->kept_ns),
        at->effective == KB_NO || at->cluster ? KB_STR("") : kb_backup_tri(at->offsite),
        at->why,
    };
    kb_listing_add(listing, cells);
}

static struct kb_str joined(struct kb_backup_view *view, struct kb_velero_names names)
{
    struct kb_buf text;
    kb_buf_init(&text, 64 << 10);
    for (size_t i = 0; i < names.n; i++) {
        kb_buf_c(&text, i > 0 ? ", " : "");
        kb_buf_str(&text, names.at[i]);
    }
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

static struct kb_str why_uncovered(const struct kb_backup_namespace *at)
{
    return at->covered == KB_YES        ? KB_STR("")
           : at->covered == KB_NOT_KNOWN ? KB_STR("schedules, their locations or the server were not read")
           : kb_str_eq_c(at->exclude_label, "true")
               ? KB_STR("excluded by label")
               : KB_STR("no usable schedule includes it");
}

/* A kind that is filtered out of a namespace which is covered. */
static void add_kinds(struct kb_backup_view *view, struct kb_listing *listing,
                      const struct kb_backup_kinds *kinds, const struct kb_backup_namespace *ns)
{
    for (size_t i = 0; i < kinds->types.n; i++) {
        const struct kb_velero_type *type = &kinds->types.at[i];
        struct kb_velero_names by;
        bool asked = type->namespaced && !kb_backup_kind_is_custom(kinds, type);
        enum kb_tri in = !asked ? KB_YES
                                : kb_backup_kind_included(kinds, type, ns->name, &by, &view->arena);
        if (in != KB_YES) {
            struct line line = {.name_space = ns->name, .what = type->full, .tool = KB_STR("velero"),
                                .path = KB_STR("none"), .effective = in, .copy_ns = KB_BACKUP_NO_TIME,
                                .kept_ns = KB_BACKUP_NO_TIME, .why = KB_STR("filtered out")};
            add(view, listing, &line);
        }
    }
}

static void add_claims(struct kb_backup_view *view, struct kb_listing *listing, struct kb_str name,
                       int64_t rpo_ns)
{
    for (size_t i = 0; i < view->world.backup.claims.n; i++) {
        const struct kb_backup_claim *at = view->world.backup.claims.at[i];
        bool covered = at->covered == KB_YES;
        bool moved = at->way.path == KB_VOLUME_SNAPSHOT && at->moved == KB_YES;
        bool local = at->way.path == KB_VOLUME_SNAPSHOT && at->moved == KB_NO;
        if (!kb_str_eq(at->at.name_space, name) || !kb_str_eq_c(at->phase, "Bound")) {
            continue;
        }
        struct line line = {
            .name_space = name,
            .what = kb_arena_printf(&view->arena, "pvc/%.*s", KB_FMT(at->at.name)),
            .tool = covered ? kb_arena_printf(&view->arena, "velero/%.*s", KB_FMT(at->by->at.name))
                            : KB_STR(""),
            .path = moved ? KB_STR("snapshot, moved") : kb_str_c(kb_volume_path_name(at->way.path)),
            .effective = at->covered,
            .offsite = local ? KB_NO : at->by == NULL ? KB_NOT_KNOWN
                                                      : kb_backup_offsite(&view->world, at->by->location),
            .copy_ns = at->copy_ns,
            .kept_ns = at->kept_ns,
            .rpo_ns = rpo_ns,
            .copy_unread = at->copy_unread,
            .why = covered ? KB_STR("") : at->way.why,
        };
        add(view, listing, &line);
    }
}

static void add_namespace(struct kb_backup_view *view, struct kb_listing *listing,
                          const struct kb_backup_kinds *kinds, const struct kb_backup_namespace *at)
{
    const struct kb_tier *tier = kb_tier_of_namespace(view->world.backup.tiers, at->name);
    int64_t rpo_ns = tier == NULL ? 0 : tier->rpo_ns;
    struct line line = {
        .name_space = at->name,
        .what = KB_STR("objects"),
        .tool = joined(view, at->by),
        .path = at->covered == KB_YES ? KB_STR("object store") : KB_STR("none"),
        .effective = at->covered,
        .offsite = kb_backup_namespace_offsite(&view->world, at->name),
        .copy_ns = at->good_ns,
        .kept_ns = at->kept_ns,
        .rpo_ns = rpo_ns,
        .copy_unread = !kb_world_whole(&view->world, KB_KIND_VELERO_BACKUP),
        .why = at->in_scope ? why_uncovered(at) : KB_STR("exempt by the profile"),
    };
    add(view, listing, &line);
    if (at->covered == KB_YES) {
        add_kinds(view, listing, kinds, at);
    }
    add_claims(view, listing, at->name, rpo_ns);
}

/* Kinds of cluster scope: whole only where a schedule asks for them. */
static void add_cluster(struct kb_backup_view *view, struct kb_listing *listing,
                        const struct kb_backup_kinds *kinds)
{
    for (size_t i = 0; i < kinds->types.n; i++) {
        const struct kb_velero_type *type = &kinds->types.at[i];
        struct kb_velero_names by;
        if (!kb_backup_kind_is_cluster(type)) {
            continue;
        }
        enum kb_tri in = kb_backup_kind_included(kinds, type, KB_STR(""), &by, &view->arena);
        struct line line = {.name_space = KB_STR("(cluster)"), .what = type->full,
                            .tool = joined(view, by),
                            .path = in == KB_YES ? KB_STR("object store") : KB_STR("none"),
                            .effective = in, .cluster = true, .copy_ns = KB_BACKUP_NO_TIME,
                            .kept_ns = KB_BACKUP_NO_TIME,
                            .why = in == KB_YES  ? KB_STR("")
                                   : in == KB_NO ? KB_STR("no usable schedule asks for it")
                                                 : KB_STR("schedules or locations were not read")};
        add(view, listing, &line);
    }
}

static bool is_shown(const struct kb_app *app, struct kb_str name)
{
    bool shown = app->args.name_space.n == 0;
    for (size_t i = 0; i < app->args.name_space.n && !shown; i++) {
        shown = kb_glob_match(app->args.name_space.at[i], name);
    }
    return shown;
}

int kb_cmd_backup_coverage(struct kb_app *app)
{
    struct kb_backup_view view;
    struct kb_listing listing;
    kb_listing_init(&listing, columns);
    int status = kb_backup_view_open(&view, app);
    if (status == KUBE_BASELINE_CLEAN) {
        struct kb_backup_kinds kinds;
        kb_backup_kinds_init(&kinds, &view.world);
        if (app->args.name_space.n == 0) {
            add_cluster(&view, &listing, &kinds);
        }
        for (size_t i = 0; i < view.world.backup.namespaces.n; i++) {
            if (is_shown(app, view.world.backup.namespaces.at[i]->name)) {
                add_namespace(&view, &listing, &kinds, view.world.backup.namespaces.at[i]);
            }
        }
        kb_backup_kinds_done(&kinds);
        status = kb_backup_view_end(&view, status);
        kb_listing_print(app, &listing, status, "no namespace is there");
    }
    kb_listing_done(&listing);
    kb_backup_view_done(&view);
    return status;
}

/* `rbac paths`: who can come to more than was given, step by step, and which grants cut most of it. */
#include "data/json_write.h"
#include "facts/rbac_scene.h"
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/rbac_subject.h"
#include "kube-baseline/rbac_view.h"

static const char *const columns[] = {"principal", "reaches", "sure", "step",
                                      "gains",     "through", NULL};
static const char *const cut_columns[] = {"without", "gone", "of", NULL};

enum { CUTS_SHOWN = 10 };

struct paths_view {
    struct kb_rbac_view view;
    struct kb_attack_scene scene;
    struct kb_attack *attack;
    struct kb_attack_paths paths;
    struct kb_attack_cuts cuts;
    size_t folded, unsure; /* paths left out */
    const struct kb_rbac_subject *only;
    int status; /* by what was read */
};

static struct kb_str principal_of(struct paths_view *p, const struct kb_attack_path *path)
{
    return path->entry != NULL ? path->entry->principal
                               : kb_rbac_subject_text(&path->principal, &p->view.arena);
}

static struct kb_str reaches(struct paths_view *p, const struct kb_attack_path *path)
{
    return path->target.n > 0 ? path->target
                              : kb_arena_copy(&p->view.arena, kb_str_c(kb_attack_goal_name(path->goal)));
}

static struct kb_str grants_of(struct paths_view *p, const struct kb_attack_step *step)
{
    struct kb_buf text;
    kb_buf_init(&text, 64 << 10);
    for (size_t i = 0; i < step->grant_count; i++) {
        struct kb_str grant = kb_attack_grant_text(step->grants[i], &p->view.arena);
        kb_buf_printf(&text, "%s%.*s", i > 0 ? ", " : "", KB_FMT(grant));
    }
    struct kb_str copy = kb_arena_copy(&p->view.arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

/* Who holds everything holds every goal: told once, but with --all. */
static bool is_shown(struct paths_view *p, const struct kb_attack_path *path)
{
    bool all = p->view.app->args.all;
    bool folded = path->cluster_admin && path->goal != KB_ATTACK_CLUSTER_ADMIN;
    bool asked = p->only == NULL ||
                 (path->principal.kind == p->only->kind &&
                  kb_str_eq(path->principal.name, p->only->name) &&
                  kb_str_eq(path->principal.name_space, p->only->name_space));
    p->folded += asked && !all && folded;
    p->unsure += asked && !all && !folded && path->sure == KB_ATTACK_MAYBE;
    return asked && (all || (!folded && path->sure != KB_ATTACK_MAYBE));
}

/* A line a step; who and where to are said once to people, and in every line of a CSV file. */
static void add_steps(struct paths_view *p, struct kb_listing *listing,
                      const struct kb_attack_path *path)
{
    bool csv = kb_format_is(p->view.app, "csv");
    for (size_t i = 0; i < path->step_count; i++) {
        const struct kb_attack_step *step = &path->steps[i];
        bool head = csv || i == 0;
        const struct kb_str cells[] = {head ? principal_of(p, path) : KB_STR(""),
                                       head ? reaches(p, path) : KB_STR(""),
                                       kb_str_c(kb_attack_sure_name(step->sure)),
                                       step->does,
                                       step->gains,
                                       grants_of(p, step)};
        kb_listing_add(listing, cells);
    }
}

static void print_paths(struct paths_view *p)
{
    struct kb_listing listing;
    kb_listing_init(&listing, columns);
    for (size_t i = 0; i < p->paths.n; i++) {
        if (is_shown(p, &p->paths.at[i])) {
            add_steps(p, &listing, &p->paths.at[i]);
        }
    }
    kb_listing_print(p->view.app, &listing, p->status, "nobody comes to more than was given");
    kb_listing_done(&listing);
}

static void print_cuts(struct paths_view *p)
{
    struct kb_listing listing;
    kb_listing_init(&listing, cut_columns);
    for (size_t i = 0; i < p->cuts.n && i < CUTS_SHOWN; i++) {
        const struct kb_attack_cut *cut = &p->cuts.at[i];
        const struct kb_str cells[] = {kb_attack_grant_text(cut->grant, &p->view.arena),
                                       kb_arena_printf(&p->view.arena, "%zu", cut->cuts),
                                       kb_arena_printf(&p->view.arena, "%zu", cut->of)};
        kb_listing_add(&listing, cells);
    }
    if (p->cuts.n > 0) {
        kb_printf(p->view.app, "\nEach of these grants is needed for so many ways (a principal to a goal):\n");
        kb_listing_print(p->view.app, &listing, p->status, "");
    }
    kb_listing_done(&listing);
}

static void json_steps(struct paths_view *p, struct kb_jsonw *w, const struct kb_attack_path *path)
{
    kb_jsonw_key(w, "steps");
    kb_jsonw_array(w);
    for (size_t i = 0; i < path->step_count; i++) {
        const struct kb_attack_step *step = &path->steps[i];
        kb_jsonw_object(w);
        kb_jsonw_member_str(w, "does", step->does);
        kb_jsonw_member_str(w, "gains", step->gains);
        kb_jsonw_member_c(w, "sure", kb_attack_sure_name(step->sure));
        kb_jsonw_key(w, "grants");
        kb_jsonw_array(w);
        for (size_t k = 0; k < step->grant_count; k++) {
            kb_jsonw_str(w, kb_attack_grant_text(step->grants[k], &p->view.arena));
        }
        kb_jsonw_end(w);
        kb_jsonw_end(w);
    }
    kb_jsonw_end(w);
}

static void json_path(struct paths_view *p, struct kb_jsonw *w, const struct kb_attack_path *path)
{
    kb_jsonw_object(w);
    kb_jsonw_member_str(w, "principal", principal_of(p, path));
    kb_jsonw_member_str(w, "known_as",
                        path->entry != NULL ? KB_STR("")
                                            : kb_rbac_known_as(&p->view, &path->principal));
    kb_jsonw_member_c(w, "goal", kb_attack_goal_name(path->goal));
    kb_jsonw_member_str(w, "target", path->target);
    kb_jsonw_member_c(w, "sure", kb_attack_sure_name(path->sure));
    kb_jsonw_member_bool(w, "cluster_admin", path->cluster_admin);
    json_steps(p, w, path);
    kb_jsonw_end(w);
}

static void print_json(struct paths_view *p)
{
    struct kb_jsonw w;
    kb_jsonw_init(&w, p->view.app->out.sink, true);
    kb_jsonw_object(&w);
    kb_jsonw_key(&w, "paths");
    kb_jsonw_array(&w);
    for (size_t i = 0; i < p->paths.n; i++) {
        if (is_shown(p, &p->paths.at[i])) {
            json_path(p, &w, &p->paths.at[i]);
        }
    }
    kb_jsonw_end(&w);
    kb_jsonw_key(&w, "cuts");
    kb_jsonw_array(&w);
    for (size_t i = 0; i < p->cuts.n; i++) {
        kb_jsonw_object(&w);
        kb_jsonw_member_str(&w, "without", kb_attack_grant_text(p->cuts.at[i].grant, &p->view.arena));
        kb_jsonw_member_u64(&w, "gone", p->cuts.at[i].cuts);
        kb_jsonw_member_u64(&w, "of", p->cuts.at[i].of);
        kb_jsonw_end(&w);
    }
    kb_jsonw_end(&w);
    kb_jsonw_end(&w);
    kb_finish_json(p->view.app, &w);
}

static void tell_left_out(const struct paths_view *p)
{
    if (p->folded > 0) {
        kb_complain(p->view.app, "%zu way%s of principals that come to cluster-admin left out: see --all",
                    p->folded, p->folded == 1 ? "" : "s");
    }
    if (p->unsure > 0) {
        kb_complain(p->view.app,
                    "%zu way%s that may be there, by something that was not read, left out: see --all",
                    p->unsure, p->unsure == 1 ? "" : "s");
    }
}

static void find_and_print(struct paths_view *p)
{
    kb_rbac_scene(&p->view.world, &p->view.arena, &p->scene);
    p->attack = kb_attack_new(&p->scene, &p->view.arena);
    p->paths = kb_attack_paths(p->attack);
    if (p->only == NULL) {
        p->cuts = kb_attack_cuts(p->attack);
    }
    p->status = kb_rbac_view_end(&p->view, KUBE_BASELINE_CLEAN);
    if (kb_format_is(p->view.app, "json")) {
        print_json(p);
    } else {
        print_paths(p);
        if (!kb_format_is(p->view.app, "csv")) {
            print_cuts(p);
        }
    }
    tell_left_out(p);
    kb_attack_free(p->attack);
}

int kb_cmd_rbac_paths(struct kb_app *app)
{
    struct paths_view p = {.only = NULL};
    struct kb_rbac_subject subject;
    struct kb_err err = {0};
    if (app->args.words.n > 0) {
        if (kb_failed(kb_rbac_subject_read(app->args.words.at[0], &subject, &err))) {
            return kb_trouble(app, &err);
        }
        p.only = &subject;
    }
    int status = kb_rbac_view_open(&p.view, app, KB_RBAC_VIEW_SCENE);
    if (status == KUBE_BASELINE_CLEAN) {
        find_and_print(&p);
        status = p.status;
    }
    kb_rbac_view_done(&p.view);
    return status;
}

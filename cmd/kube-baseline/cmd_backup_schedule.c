/* `backup schedule`: when each schedule fires, what came of it, and what stands in its way. */
#include "kube-baseline/backup_view.h"
#include "kube-baseline/commands.h"

enum { FIRES_SHOWN = 3 };
static const int64_t NS = 1000000000;

static const char *const columns[] = {"schedule", "tool",        "cron",   "zone",    "next", "max_gap", "rpo",
                                      "last",     "newest_good", "usable", "blocked", NULL};

static struct kb_str fires(struct kb_backup_view *view, const struct kb_schedule_times *times)
{
    struct kb_buf text;
    int64_t at = view->world.now_ns / NS;
    kb_buf_init(&text, 1024);
    for (int i = 0; i < FIRES_SHOWN; i++) {
        int64_t next;
        if (!kb_schedule_due(times, at, &next) || next <= at) {
            break;
        }
        kb_buf_c(&text, i > 0 ? " " : "");
        kb_buf_str(&text, kb_backup_when(view, next * NS));
        at = next;
    }
    struct kb_str copy = text.n > 0 ? kb_arena_copy(&view->arena, kb_buf_view(&text))
                         : times->valid ? KB_STR("never")
                                        : kb_arena_copy(&view->arena, kb_str_c(times->error));
    kb_buf_done(&text);
    return copy;
}

static struct kb_str zone_of(struct kb_str cron)
{
    struct kb_str zone = kb_schedule_zone(cron);
    return zone.n > 0 ? zone : KB_STR("UTC (server)");
}

static struct kb_str gap(struct kb_backup_view *view, const struct kb_schedule_times *times)
{
    return times->fires ? kb_backup_span(view, times->gap_s * NS) : KB_STR("");
}

static struct kb_str if_runs_read(struct kb_backup_view *view, struct kb_str text)
{
    return kb_world_whole(&view->world, KB_KIND_VELERO_BACKUP) ? text : KB_STR("unknown");
}

/* What hangs, or why it cannot be counted on. */
static struct kb_str blocked(struct kb_backup_view *view, const struct kb_backup_schedule *at)
{
    return at->stuck != NULL ? kb_arena_printf(&view->arena, "by Backup/%.*s",
                                               KB_FMT(at->stuck->at.name))
           : at->why_not.n > 0    ? at->why_not
           : at->covers.n == 0    ? KB_STR("it selects no namespace")
           : at->problems.n > 0   ? at->problems.at[0]
                                  : KB_STR("");
}

static void add_velero(struct kb_backup_view *view, struct kb_listing *listing,
                       const struct kb_backup_schedule *at)
{
    const struct kb_backup_run *good = at->newest_good;
    const struct kb_str cells[] = {
        kb_arena_printf(&view->arena, "%.*s/%.*s", KB_FMT(at->at.name_space), KB_FMT(at->at.name)),
        KB_STR("velero"),
        at->cron,
        zone_of(at->cron),
        fires(view, &at->times),
        gap(view, &at->times),
        at->rpo_ns > 0 ? kb_backup_span(view, at->rpo_ns) : KB_STR(""),
        if_runs_read(view, at->newest == NULL ? KB_STR("none") : at->newest->phase),
        if_runs_read(view, good == NULL ? KB_STR("none") : kb_backup_when(view, kb_backup_run_start(good))),
        kb_backup_tri(at->usable),
        blocked(view, at),
    };
    kb_listing_add(listing, cells);
}

static void add_job(struct kb_backup_view *view, struct kb_listing *listing,
                    const struct kb_backup_job *at)
{
    bool usable = !at->paused && at->times.valid && at->times.fires;
    const struct kb_str cells[] = {
        kb_arena_printf(&view->arena, "%.*s/%.*s", KB_FMT(at->at.name_space), KB_FMT(at->at.name)),
        kb_str_c(at->tool),
        at->cron,
        zone_of(at->cron),
        fires(view, &at->times),
        gap(view, &at->times),
        KB_STR(""),
        KB_STR(""),
        KB_STR(""),
        kb_backup_tri(usable ? KB_YES : KB_NO),
        at->paused ? KB_STR("it is paused") : KB_STR(""),
    };
    kb_listing_add(listing, cells);
}

int kb_cmd_backup_schedule(struct kb_app *app)
{
    struct kb_backup_view view;
    struct kb_listing listing;
    kb_listing_init(&listing, columns);
    int status = kb_backup_view_open(&view, app);
    if (status == KUBE_BASELINE_CLEAN) {
        for (size_t i = 0; i < view.world.backup.schedules.n; i++) {
            add_velero(&view, &listing, view.world.backup.schedules.at[i]);
        }
        for (size_t i = 0; i < view.world.backup.jobs.n; i++) {
            add_job(&view, &listing, view.world.backup.jobs.at[i]);
        }
        status = kb_backup_view_end(&view, status);
        kb_listing_print(app, &listing, status, "no schedule of backups is there");
    }
    kb_listing_done(&listing);
    kb_backup_view_done(&view);
    return status;
}

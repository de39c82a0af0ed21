/* Reading logs for their use of grants. */
#include "kube-baseline/rbac_log.h"

#include "kube-baseline/progress.h"
#include "kube-baseline/values.h"
#include "run/cover.h"
#include "run/reading.h"

static bool take_event(void *ctx, const struct kb_read_event *event)
{
    kb_usage_model_event(ctx, event->event, event->time_ns);
    return true;
}

static void tell_missing(struct kb_rbac_view *view, const struct kb_reading *reading)
{
    struct kb_str missing = kb_cover_missing(reading, &view->arena);
    if (missing.n > 0) {
        kb_complain(view->app, "the log was not read whole: %.*s", KB_FMT(missing));
    }
}

static KB_RES read_logs(struct kb_rbac_view *view, struct kb_err *err)
{
    const struct kb_args *args = &view->app->args;
    int64_t now;
    struct kb_reading reading = {0};
    struct kb_progress_line line;
    kb_progress_init(&line, view->app);
    struct kb_reading_options options = {.logs = args->logs.at,
                                         .log_count = args->logs.n,
                                         .progress = kb_progress_show,
                                         .progress_ctx = &line,
                                         .on_event = take_event,
                                         .ctx = &view->world};
    KB_TRY(kb_value_now(view->app, &now, NULL, err));
    KB_TRY(kb_value_span(view->app, now, &options.since_ns, &options.until_ns, err));
    kb_res res = kb_reading_run(&reading, &options, err);
    kb_progress_done(&line);
    if (!kb_failed(res)) {
        tell_missing(view, &reading);
        kb_usage_model_close(&view->world, reading.cover.first_ns, reading.cover.last_ns, KB_STR(""));
    }
    kb_reading_done(&reading);
    return res;
}

int kb_rbac_log_read(struct kb_rbac_view *view, bool names)
{
    struct kb_err err = {0};
    view->world.usage.store.keep_names = names;
    return kb_failed(read_logs(view, &err)) ? kb_trouble(view->app, &err) : KUBE_BASELINE_CLEAN;
}

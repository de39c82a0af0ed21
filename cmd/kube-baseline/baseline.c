/* Loading baselines for the `baseline` commands, and telling mistakes. */
#include "kube-baseline/baseline.h"

void kb_tell_mistakes(const struct kb_app *app, const struct kb_mistakes *mistakes)
{
    struct kb_buf text;
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_mistakes_print(mistakes, &text);
    struct kb_str shown = kb_str_trim(kb_buf_view(&text));
    kb_complain(app, "%zu mistake%s\n%.*s", mistakes->total, mistakes->total == 1 ? "" : "s",
                KB_FMT(shown));
    kb_buf_done(&text);
}

int kb_load_baseline(const struct kb_app *app, struct kb_loaded *loaded, struct kb_str dir)
{
    struct kb_err err = {0};
    struct kb_mistakes mistakes = {0};
    *loaded = (struct kb_loaded){.library = kb_library_builtin()};
    if (dir.n > 0) {
        if (kb_failed(kb_library_load(&loaded->folder, dir.p, &err))) {
            return kb_trouble(app, &err);
        }
        loaded->library = &loaded->folder;
    }
    kb_baseline_load(&loaded->baseline, loaded->library, true, &mistakes);
    int status = mistakes.total > 0 ? KUBE_BASELINE_TROUBLE : KUBE_BASELINE_CLEAN;
    if (mistakes.total > 0) {
        kb_mistakes_sort(&mistakes);
        kb_tell_mistakes(app, &mistakes);
    }
    kb_mistakes_done(&mistakes);
    return status;
}

void kb_loaded_done(struct kb_loaded *loaded)
{
    kb_baseline_done(&loaded->baseline);
    kb_library_done(&loaded->folder);
}

int kb_no_control(const struct kb_app *app, const struct kb_baseline *baseline, struct kb_str id)
{
    const char *near = kb_baseline_suggest(baseline, id);
    if (near != NULL) {
        return kb_usage(app, "no control '%.*s' (did you mean '%s'?)", KB_FMT(id), near);
    }
    return kb_usage(app, "no control '%.*s'", KB_FMT(id));
}

bool kb_format_is(const struct kb_app *app, const char *name)
{
    return app->args.format != NULL && strcmp(app->args.format, name) == 0;
}

void kb_finish_json(struct kb_app *app, struct kb_jsonw *w)
{
    struct kb_err err = {0};
    kb_res res = kb_jsonw_finish(w, &err);
    if (kb_failed(res) && !kb_failed(app->out_res)) {
        app->out_res = res;
        app->out_err = err;
    }
}

int kb_no_table(const struct kb_app *app, struct kb_str name)
{
    const char *near = kb_table_suggest(name);
    if (near != NULL) {
        return kb_usage(app, "no table '%.*s' (did you mean '%s'?)", KB_FMT(name), near);
    }
    return kb_usage(app, "no table '%.*s'", KB_FMT(name));
}

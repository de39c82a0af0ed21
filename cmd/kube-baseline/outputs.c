/* Reports to standard output and to files. */
#include "kube-baseline/outputs.h"

#include <stdio.h>
#include <stdlib.h>

#include "kube-baseline/commands.h"

enum { WIDTH_OF_FILES = 100 };

bool kb_wants_color(const struct kb_app *app)
{
    const char *when = app->args.color;
    if (when != NULL && strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool dumb = term == NULL || term[0] == 0 || strcmp(term, "dumb") == 0;
    return app->out_is_tty && !dumb && (no_color == NULL || no_color[0] == 0);
}

static KB_RES unknown_format(struct kb_str name, struct kb_err *err)
{
    char known[128];
    size_t n = 0;
    for (size_t i = 0; i < kb_report_format_count && n < sizeof known; i++) {
        n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i == 0 ? "" : ", ",
                              kb_report_formats[i].name);
    }
    return kb_fail(err, KB_ERR_USAGE, "unknown format '%.*s' (known: %s)", KB_FMT(name), known);
}

static KB_RES parse_one(struct kb_str word, kb_outputs *out, struct kb_err *err)
{
    size_t equals = kb_str_find(word, KB_STR("="), 0);
    struct kb_str name = kb_str_sub(word, 0, equals);
    struct kb_str file =
        equals == SIZE_MAX ? (struct kb_str){"", 0} : kb_str_sub(word, equals + 1, word.n);
    const struct kb_report_format *format = kb_report_find(name);
    if (format == NULL) {
        return unknown_format(name, err);
    }
    KB_ENSURE(equals == SIZE_MAX || file.n > 0, err, KB_ERR_USAGE, "-o %.*s names no file",
              KB_FMT(word));
    if (kb_str_eq(file, KB_STR("-"))) {
        file.n = 0;
    }
    for (size_t i = 0; i < out->n; i++) {
        KB_ENSURE(!kb_str_eq(out->at[i].file, file), err, KB_ERR_USAGE, "two reports go to %s",
                  file.n == 0 ? "standard output" : file.p);
    }
    *KB_VEC_PUSH(out) = (struct kb_output){format, file};
    return KB_SUCCESS;
}

KB_RES kb_outputs_parse(const struct kb_app *app, kb_outputs *out, struct kb_err *err)
{
    for (size_t i = 0; i < app->args.outputs.n; i++) {
        KB_TRY(parse_one(app->args.outputs.at[i], out, err));
    }
    if (out->n == 0) {
        *KB_VEC_PUSH(out) = (struct kb_output){kb_report_find(KB_STR("text")), {"", 0}};
    }
    return KB_SUCCESS;
}

static KB_RES to_stdout(struct kb_app *app, const struct kb_output *o,
                        const struct kb_result *result, struct kb_report_options *options,
                        struct kb_err *err)
{
    options->width = app->width;
    options->color = kb_wants_color(app);
    KB_TRY(o->format->render(result, options, app->out.sink, err));
    return kb_fd_sink_flush(&app->out, err);
}

static KB_RES to_file(const struct kb_output *o, const struct kb_result *result,
                      struct kb_report_options *options, struct kb_err *err)
{
    KB_AUTO(kb_file_sink_done) struct kb_file_sink file = {0};
    options->width = WIDTH_OF_FILES;
    options->color = false;
    KB_TRY(kb_file_sink_open(&file, o->file, err));
    KB_TRY(o->format->render(result, options, file.fd.sink, err));
    return kb_file_sink_commit(&file, err);
}

KB_RES kb_outputs_write(struct kb_app *app, const kb_outputs *outputs,
                        const struct kb_result *result, int fail_on, struct kb_err *err)
{
    kb_res first = KB_SUCCESS;
    struct kb_report_options options = {
        .version = KB_VERSION,
        .commit = kb_commit,
        .unicode = app->unicode,
        .verbose = app->args.verbose,
        .quiet = app->args.quiet,
        .fail_on = fail_on,
    };
    for (size_t i = 0; i < outputs->n; i++) {
        const struct kb_output *o = &outputs->at[i];
        kb_res res = o->file.n == 0
                         ? to_stdout(app, o, result, &options, kb_failed(first) ? NULL : err)
                         : to_file(o, result, &options, kb_failed(first) ? NULL : err);
        first = kb_failed(first) ? first : res;
    }
    return first;
}

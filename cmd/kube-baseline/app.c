/* Messages on standard error, and output that remembers its failure. */
#include "kube-baseline/app.h"

#include <stdarg.h>
#include <unistd.h>

#include "kube-baseline/commands.h"
#include "report/escape.h"

enum { MESSAGE_MAX = 64 << 10 };

/* stderr may be closed; then nobody reads and there is nobody to tell. */
static void write_stderr(struct kb_str text)
{
    while (text.n > 0) {
        ssize_t n = write(STDERR_FILENO, text.p, text.n);
        if (n <= 0) {
            return;
        }
        text = kb_str_sub(text, (size_t)n, text.n);
    }
}

static void complain(const struct kb_app *app, const char *fmt, va_list args)
{
    struct kb_buf text;
    struct kb_buf out;
    kb_buf_init(&text, MESSAGE_MAX);
    kb_buf_init(&out, 4 * MESSAGE_MAX);
    kb_buf_vprintf(&text, fmt, args);
    kb_buf_printf(&out, "%s: ", app->program);
    kb_escape(&out, kb_buf_view(&text), KB_ESCAPE_OWN);
    kb_buf_char(&out, '\n');
    write_stderr(kb_buf_view(&out));
    kb_buf_done(&out);
    kb_buf_done(&text);
}

void kb_complain(const struct kb_app *app, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    complain(app, fmt, args);
    va_end(args);
}

int kb_usage(const struct kb_app *app, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    complain(app, fmt, args);
    va_end(args);
    const struct kb_command *c = app->command;
    struct kb_str group = c != NULL ? kb_str_c(c->group) : app->group;
    struct kb_buf out;
    kb_buf_init(&out, 1024);
    kb_buf_printf(&out, "Run '%s%s%.*s%s%s --help' for help.\n", app->program,
                  group.n > 0 ? " " : "", KB_FMT(group), c != NULL ? " " : "",
                  c != NULL ? c->name : "");
    write_stderr(kb_buf_view(&out));
    kb_buf_done(&out);
    return KUBE_BASELINE_USAGE;
}

int kb_trouble(const struct kb_app *app, const struct kb_err *err)
{
    char text[sizeof err->msg + sizeof err->file + 32];
    if (err->code == KB_ERR_USAGE) {
        return kb_usage(app, "%s", err->msg);
    }
    kb_err_format(err, text, sizeof text);
    kb_complain(app, "%s", text);
    return KUBE_BASELINE_TROUBLE;
}

void kb_print(struct kb_app *app, struct kb_str text)
{
    if (!kb_failed(app->out_res)) {
        app->out_res = kb_sink_write(app->out.sink, text, &app->out_err);
    }
}

void kb_printf(struct kb_app *app, const char *fmt, ...)
{
    va_list args;
    struct kb_buf text;
    kb_buf_init(&text, MESSAGE_MAX);
    va_start(args, fmt);
    kb_buf_vprintf(&text, fmt, args);
    va_end(args);
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
}

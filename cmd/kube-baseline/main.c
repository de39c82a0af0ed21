/* kube-baseline: argv in, exit status out. */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kube-baseline/complete.h"
#include "kube-baseline/help.h"
#include "kube-baseline/options.h"

enum { WIDTH_OF_FILES = 100, WIDTH_MIN = 40, WIDTH_MAX = 200, HELP_MAX = 64 << 10 };

/* kubectl finds plugins by the name of the executable. */
static const char *program_name(const char *argv0)
{
    const char *slash = argv0 == NULL ? NULL : strrchr(argv0, '/');
    const char *name = slash == NULL ? argv0 : slash + 1;
    return name != NULL && strcmp(name, "kubectl-baseline") == 0 ? "kubectl baseline"
                                                                 : "kube-baseline";
}

/* kubectl asks the plugin's companion of this name what a word can become. */
static bool is_companion(const char *argv0)
{
    const char *slash = argv0 == NULL ? NULL : strrchr(argv0, '/');
    const char *name = slash == NULL ? argv0 : slash + 1;
    return name != NULL && strcmp(name, "kubectl_complete-baseline") == 0;
}

static size_t terminal_width(bool is_tty)
{
    uint64_t columns = 0;
    struct winsize size = {0};
    const char *given = getenv("COLUMNS");
    if (given != NULL && kb_str_u64(kb_str_c(given), &columns) && columns > 0) {
        /* the user's word */
    } else if (is_tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        columns = size.ws_col;
    } else {
        columns = WIDTH_OF_FILES;
    }
    return columns < WIDTH_MIN ? WIDTH_MIN : columns > WIDTH_MAX ? WIDTH_MAX : (size_t)columns;
}

/* Containers and CI jobs often set no locale at all, and their logs are UTF-8. */
static bool takes_unicode(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != 0) {
            return setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
        }
    }
    return true;
}

static int dispatch(struct kb_app *app)
{
    if (app->args.version) {
        return kb_cmd_version(app);
    }
    if (app->command == NULL && !app->args.help) {
        return app->group.n > 0 ? kb_usage(app, "%.*s needs a command", KB_FMT(app->group))
                                : kb_usage(app, "no command given");
    }
    if (app->args.help) {
        struct kb_buf text;
        kb_buf_init(&text, HELP_MAX);
        kb_help(app, &text);
        kb_print(app, kb_buf_view(&text));
        kb_buf_done(&text);
        return KUBE_BASELINE_CLEAN;
    }
    return app->command->run(app);
}

static int run(struct kb_app *app, int argc, char **argv)
{
    struct kb_err err = {0};
    if (argc > 0 && is_companion(argv[0])) {
        return kb_complete(app, (const char *const *)argv + 1, (size_t)argc - 1);
    }
    if (kb_failed(kb_options_parse(app, argc, argv, &err))) {
        return kb_trouble(app, &err);
    }
    return dispatch(app);
}

/* A report that did not arrive whole is trouble, whatever the verdict. */
static int finish(struct kb_app *app, int status)
{
    if (!kb_failed(app->out_res)) {
        app->out_res = kb_fd_sink_flush(&app->out, &app->out_err);
    }
    return kb_failed(app->out_res) ? kb_trouble(app, &app->out_err) : status;
}

/* With a closed standard descriptor the next file opened would get its number, and a report would
 * be written into it. Held by a descriptor that cannot be written, such writes fail as they should.
 */
static void hold_standard_fds(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", O_RDONLY | O_CLOEXEC) != fd) {
            _exit(KUBE_BASELINE_TROUBLE);
        }
    }
}

int main(int argc, char **argv)
{
    hold_standard_fds();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, which is told */
    struct kb_app app = {
        .program = program_name(argc > 0 ? argv[0] : NULL),
        .unicode = takes_unicode(),
        .out_is_tty = isatty(STDOUT_FILENO) == 1,
        .err_is_tty = isatty(STDERR_FILENO) == 1,
        .out_res = KB_SUCCESS,
    };
    app.width = terminal_width(app.out_is_tty);
    kb_fd_sink_init(&app.out, STDOUT_FILENO, "standard output");
    int status = finish(&app, run(&app, argc, argv));
    kb_fd_sink_done(&app.out);
    kb_args_done(&app.args);
    return status;
}

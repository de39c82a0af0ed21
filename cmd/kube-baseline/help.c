/* Help: usage line, what it does, options, examples. */
#include "kube-baseline/help.h"

#include <stdio.h>

#include "kube-baseline/options.h"
#include "report/layout.h"

enum { NAME_COLUMN = 2, SUMMARY_COLUMN = 20, HELP_COLUMN = 26 };

/* A name in one column and its text, wrapped, in another. */
static void row(const struct kb_app *app, struct kb_buf *out, struct kb_str name, const char *text,
                size_t column)
{
    kb_pad(out, NAME_COLUMN);
    if (name.n + NAME_COLUMN + 2 > column) {
        kb_buf_str(out, name);
        kb_buf_char(out, '\n');
        kb_pad(out, column);
    } else {
        kb_pad_to(out, name, column - NAME_COLUMN);
    }
    kb_wrap(out, kb_str_c(text), column, column, app->width);
    kb_buf_char(out, '\n');
}

static void option_row(const struct kb_app *app, struct kb_buf *out, const struct kb_option *o)
{
    char letter[6] = "    ";
    char name[64];
    if (o->letter != 0) {
        letter[0] = '-';
        letter[1] = o->letter;
        letter[2] = ',';
    }
    int n =
        snprintf(name, sizeof name, "%s--%s%s%s%s", letter, o->name, o->metavar == NULL ? "" : " ",
                 o->metavar == NULL ? "" : o->metavar, o->type == KB_OPT_GREEDY ? "..." : "");
    row(app, out, (struct kb_str){name, (size_t)n}, o->help, HELP_COLUMN);
}

static void options(const struct kb_app *app, struct kb_buf *out, const char *title, bool global)
{
    bool titled = false;
    int bit = app->command == NULL ? 0 : app->command->bit;
    for (size_t i = 0; i < kb_option_count; i++) {
        const struct kb_option *o = &kb_options[i];
        bool is_global = o->commands == KB_CMD_ALL;
        if (is_global != global || (!global && (o->commands & bit) == 0)) {
            continue;
        }
        if (!titled) {
            kb_buf_printf(out, "\n%s:\n", title);
            titled = true;
        }
        option_row(app, out, o);
    }
}

static void paragraph(const struct kb_app *app, struct kb_buf *out, const char *text)
{
    kb_buf_char(out, '\n');
    kb_wrap(out, kb_str_c(text), 0, 0, app->width);
    kb_buf_char(out, '\n');
}

static bool has_options(const struct kb_command *c)
{
    for (size_t i = 0; i < kb_option_count; i++) {
        if (kb_options[i].commands != KB_CMD_ALL && (kb_options[i].commands & c->bit) != 0) {
            return true;
        }
    }
    return false;
}

static void help_command(const struct kb_app *app, struct kb_buf *out)
{
    const struct kb_command *c = app->command;
    kb_buf_printf(out, "Usage: %s %s%s%s%s%s%s\n", app->program, c->group == NULL ? "" : c->group,
                  c->group == NULL ? "" : " ", c->name, c->args[0] == 0 ? "" : " ", c->args,
                  has_options(c) ? " [OPTIONS]" : "");
    paragraph(app, out, c->about);
    options(app, out, "Options", false);
    options(app, out, "Options of every command", true);
    if (c->examples != NULL) {
        kb_buf_c(out, "\nExamples:\n");
        for (const char *const *e = c->examples; *e != NULL; e++) {
            kb_buf_printf(out, "  %s %s\n", app->program, *e);
        }
    }
}

static void command_rows(const struct kb_app *app, struct kb_buf *out, struct kb_str group)
{
    for (size_t i = 0; i < kb_command_count; i++) {
        const struct kb_command *c = &kb_commands[i];
        if (kb_str_eq(kb_str_c(c->group), group)) {
            row(app, out, kb_str_c(c->name), c->summary, SUMMARY_COLUMN);
        }
    }
}

static void help_group(const struct kb_app *app, struct kb_buf *out)
{
    kb_buf_printf(out, "Usage: %s %.*s COMMAND [OPTIONS]\n\nCommands:\n", app->program,
                  KB_FMT(app->group));
    command_rows(app, out, app->group);
    kb_buf_printf(out, "\nRun '%s %.*s COMMAND --help' for one command.\n", app->program,
                  KB_FMT(app->group));
}

static void help_program(const struct kb_app *app, struct kb_buf *out)
{
    kb_buf_printf(out, "Usage: %s COMMAND [OPTIONS]\n", app->program);
    paragraph(app, out,
              "Checks EKS clusters against baselines for audit logging, RBAC, network policies and "
              "backups: "
              "which controls hold, who owns them, and on what evidence.");
    kb_buf_c(out, "\nCommands:\n");
    command_rows(app, out, (struct kb_str){"", 0});
    for (size_t i = 0; i < kb_command_group_count; i++) {
        row(app, out, kb_str_c(kb_command_groups[i].name), kb_command_groups[i].summary,
            SUMMARY_COLUMN);
    }
    options(app, out, "Options of every command", true);
    kb_buf_c(out, "\nExit status:\n"
                  "  0   all was assessed, nothing failed at or above --fail-on\n"
                  "  1   at least one control failed at or above --fail-on\n"
                  "  2   the run could not be done, or its report not be written\n"
                  "  3   nothing failed, but something could not be assessed\n"
                  "  64  the command line is wrong\n");
    kb_buf_printf(out, "\nRun '%s COMMAND --help' for one command.\n", app->program);
}

void kb_help(const struct kb_app *app, struct kb_buf *out)
{
    if (app->command != NULL) {
        help_command(app, out);
    } else if (app->group.n > 0) {
        help_group(app, out);
    } else {
        help_program(app, out);
    }
}

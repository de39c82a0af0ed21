/* `completion`: scripts for shells, from the tables of commands and options. */
#include <stdio.h>

#include "kube-baseline/options.h"

struct shell {
    const char *name;
    void (*print)(struct kb_app *app);
};

static bool belongs(const struct kb_option *o, const struct kb_command *c)
{
    return (o->commands & c->bit) != 0;
}

/* Print `words`, '|'-separated, with spaces between. */
static void print_choices(struct kb_app *app, const char *choices)
{
    for (const char *c = choices; *c != 0; c++) {
        kb_printf(app, "%c", *c == '|' ? ' ' : *c);
    }
}

static void print_names(struct kb_app *app, struct kb_str group)
{
    for (size_t i = 0; i < kb_command_count; i++) {
        if (kb_str_eq(kb_str_c(kb_commands[i].group), group)) {
            kb_printf(app, "%s ", kb_commands[i].name);
        }
    }
    for (size_t i = 0; group.n == 0 && i < kb_command_group_count; i++) {
        kb_printf(app, "%s ", kb_command_groups[i].name);
    }
}

/* --- bash, which zsh can read as well --- */

static void bash_command(struct kb_app *app, const struct kb_command *c)
{
    kb_printf(app, "        '%s%s%s') words='", c->group == NULL ? "" : c->group,
              c->group == NULL ? "" : " ", c->name);
    for (const char *const *w = c->words; w != NULL && *w != NULL; w++) {
        kb_printf(app, "%s ", *w);
    }
    for (size_t i = 0; i < kb_option_count; i++) {
        if (belongs(&kb_options[i], c)) {
            kb_printf(app, "--%s ", kb_options[i].name);
        }
    }
    kb_printf(app, "' ;;\n");
}

static void bash_commands(struct kb_app *app)
{
    kb_printf(app, "    case \"$path\" in\n        '') words='");
    print_names(app, (struct kb_str){"", 0});
    kb_printf(app, "--help --version' ;;\n");
    for (size_t i = 0; i < kb_command_group_count; i++) {
        kb_printf(app, "        '%s') words='", kb_command_groups[i].name);
        print_names(app, kb_str_c(kb_command_groups[i].name));
        kb_printf(app, "--help' ;;\n");
    }
    for (size_t i = 0; i < kb_command_count; i++) {
        bash_command(app, &kb_commands[i]);
    }
    kb_printf(app, "    esac\n");
}

static void bash_values(struct kb_app *app)
{
    kb_printf(app, "    case \"$prev\" in\n");
    for (size_t i = 0; i < kb_option_count; i++) {
        const struct kb_option *o = &kb_options[i];
        if (o->choices != NULL) {
            kb_printf(app, "        --%s) COMPREPLY=($(compgen -W '", o->name);
            print_choices(app, o->choices);
            kb_printf(app, "' -- \"$cur\")); return ;;\n");
        } else if (o->metavar != NULL) {
            kb_printf(app, "        --%s) %sreturn ;;\n", o->name,
                      o->file ? "COMPREPLY=($(compgen -f -- \"$cur\")); " : "");
        }
    }
    kb_printf(app, "    esac\n");
}

static void print_bash(struct kb_app *app)
{
    kb_printf(app, "_kube_baseline() {\n"
                   "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
                   "path='' words='' w\n"
                   "    COMPREPLY=()\n"
                   "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                   "        case \"$path $w\" in\n"
                   "            *' -'*) break ;;\n");
    for (size_t i = 0; i < kb_command_count; i++) {
        const struct kb_command *c = &kb_commands[i];
        kb_printf(app, "            '%s %s') path='%s%s%s' ;;\n", c->group == NULL ? "" : c->group,
                  c->name, c->group == NULL ? "" : c->group, c->group == NULL ? "" : " ", c->name);
    }
    for (size_t i = 0; i < kb_command_group_count; i++) {
        kb_printf(app, "            ' %s') path='%s' ;;\n", kb_command_groups[i].name,
                  kb_command_groups[i].name);
    }
    kb_printf(app, "        esac\n    done\n");
    bash_values(app);
    bash_commands(app);
    kb_printf(
        app,
        "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
        "    [[ ${#COMPREPLY[@]} -gt 0 || $cur == -* ]] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
        "}\n"
        "complete -o filenames -F _kube_baseline kube-baseline kubectl-baseline\n");
}

static void print_zsh(struct kb_app *app)
{
    kb_printf(app, "#compdef kube-baseline kubectl-baseline\n"
                   "autoload -U +X bashcompinit && bashcompinit\n");
    print_bash(app);
}

/* --- fish --- */

/* In single quotes. */
static void fish_quoted(struct kb_app *app, const char *text)
{
    kb_printf(app, "'");
    for (const char *c = text; *c != 0; c++) {
        kb_printf(app, *c == '\'' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    kb_printf(app, "'");
}

static void fish_name(struct kb_app *app, const char *condition, const char *name,
                      const char *summary)
{
    kb_printf(app, "complete -c kube-baseline -f -n '%s' -a %s -d ", condition, name);
    fish_quoted(app, summary);
    kb_printf(app, "\n");
}

static void fish_option(struct kb_app *app, const struct kb_command *c, const struct kb_option *o)
{
    kb_printf(app, "complete -c kube-baseline -n '__fish_seen_subcommand_from %s", c->name);
    if (c->group != NULL) {
        kb_printf(app, "; and __fish_seen_subcommand_from %s", c->group);
    }
    kb_printf(app, "' -l %s", o->name);
    if (o->letter != 0) {
        kb_printf(app, " -s %c", o->letter);
    }
    if (o->choices != NULL) {
        kb_printf(app, " -x -a '");
        print_choices(app, o->choices);
        kb_printf(app, "'");
    } else if (o->metavar != NULL) {
        kb_printf(app, o->file ? " -r -F" : " -x");
    }
    kb_printf(app, " -d ");
    fish_quoted(app, o->help);
    kb_printf(app, "\n");
}

static void fish_command(struct kb_app *app, const struct kb_command *c)
{
    char condition[128] = "__fish_use_subcommand";
    if (c->group != NULL) {
        snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s", c->group);
    }
    fish_name(app, condition, c->name, c->summary);
    snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s", c->name);
    for (const char *const *w = c->words; w != NULL && *w != NULL; w++) {
        kb_printf(app, "complete -c kube-baseline -f -n '%s' -a %s\n", condition, *w);
    }
    for (size_t i = 0; i < kb_option_count; i++) {
        if (belongs(&kb_options[i], c)) {
            fish_option(app, c, &kb_options[i]);
        }
    }
}

static void print_fish(struct kb_app *app)
{
    for (size_t i = 0; i < kb_command_group_count; i++) {
        fish_name(app, "__fish_use_subcommand", kb_command_groups[i].name,
                  kb_command_groups[i].summary);
    }
    for (size_t i = 0; i < kb_command_count; i++) {
        fish_command(app, &kb_commands[i]);
    }
    kb_printf(app, "complete -c kubectl-baseline -w kube-baseline\n");
}

static const struct shell shells[] = {
    {"bash", print_bash},
    {"zsh", print_zsh},
    {"fish", print_fish},
};

int kb_cmd_completion(struct kb_app *app)
{
    struct kb_str wanted = app->args.words.at[0];
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (kb_str_eq_c(wanted, shells[i].name)) {
            shells[i].print(app);
            return KUBE_BASELINE_CLEAN;
        }
    }
    return kb_usage(app, "no completion for '%.*s': bash, zsh and fish are known", KB_FMT(wanted));
}

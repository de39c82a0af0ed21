/* Parsing the command line by the option table. */
#include "kube-baseline/options.h"

struct parser {
    struct kb_app *app;
    char **argv;
    int argc;
    int at;              /* next argument to look at */
    bool only_words;     /* `--` was seen */
    struct kb_str group; /* first word of a command of two, until the second comes */
    kb_words *greedy;    /* the option that takes the next arguments, or NULL */
    struct kb_err *err;
};

static bool belongs(const struct kb_option *o, const struct kb_command *command)
{
    return o->commands == KB_CMD_ALL || (command != NULL && (o->commands & command->bit) != 0);
}

static const struct kb_option *find_long(struct kb_str name, const struct kb_command *command)
{
    const struct kb_option *other = NULL;
    for (size_t i = 0; i < kb_option_count; i++) {
        if (kb_str_eq_c(name, kb_options[i].name)) {
            if (belongs(&kb_options[i], command)) {
                return &kb_options[i];
            }
            other = &kb_options[i];
        }
    }
    return other;
}

static const struct kb_option *find_short(char letter, const struct kb_command *command)
{
    const struct kb_option *other = NULL;
    for (size_t i = 0; i < kb_option_count; i++) {
        if (kb_options[i].letter == letter) {
            if (belongs(&kb_options[i], command)) {
                return &kb_options[i];
            }
            other = &kb_options[i];
        }
    }
    return other;
}

static const char *suggest(struct kb_str name, const struct kb_command *command)
{
    const char *best = NULL;
    unsigned distance = 2 + (unsigned)name.n / 4;
    for (size_t i = 0; i < kb_option_count; i++) {
        unsigned d = kb_str_distance(name, kb_str_c(kb_options[i].name));
        if (d < distance && belongs(&kb_options[i], command)) {
            distance = d;
            best = kb_options[i].name;
        }
    }
    return best;
}

static KB_RES check_known(const struct parser *p, const struct kb_option *o, struct kb_str shown)
{
    const struct kb_command *c = p->app->command;
    struct kb_str name = shown.n > 2 ? kb_str_sub(shown, 2, shown.n) : (struct kb_str){"", 0};
    if (o != NULL && belongs(o, c)) {
        return KB_SUCCESS;
    }
    if (o != NULL && c == NULL) {
        return kb_fail(p->err, KB_ERR_USAGE, "option %.*s must follow a command", KB_FMT(shown));
    }
    if (o != NULL) {
        return kb_fail(p->err, KB_ERR_USAGE, "option %.*s does not belong to this command",
                       KB_FMT(shown));
    }
    const char *near = name.n > 0 ? suggest(name, c) : NULL;
    if (near != NULL) {
        return kb_fail(p->err, KB_ERR_USAGE, "unknown option %.*s (did you mean --%s?)",
                       KB_FMT(shown), near);
    }
    return kb_fail(p->err, KB_ERR_USAGE, "unknown option %.*s", KB_FMT(shown));
}

static bool is_choice(const char *choices, struct kb_str value)
{
    struct kb_str rest = kb_str_c(choices);
    while (rest.n > 0) {
        if (kb_str_eq(kb_str_split(rest, '|', &rest), value)) {
            return true;
        }
    }
    return false;
}

/* `value` lies in argv, so it is terminated and lives as long as the program. */
static KB_RES set_value(struct parser *p, const struct kb_option *o, const char *value)
{
    void *at = (char *)&p->app->args + o->offset;
    if (o->choices != NULL && !is_choice(o->choices, kb_str_c(value))) {
        return kb_fail(p->err, KB_ERR_USAGE, "--%s takes %s, not '%s'", o->name, o->choices, value);
    }
    if (value[0] == 0) {
        return kb_fail(p->err, KB_ERR_USAGE, "--%s takes a value that is not empty", o->name);
    }
    switch (o->type) {
    case KB_OPT_FLAG:
        break;
    case KB_OPT_TEXT:
        *(const char **)at = value;
        break;
    case KB_OPT_MANY:
    case KB_OPT_GREEDY:
        *KB_VEC_PUSH((kb_words *)at) = kb_str_c(value);
        break;
    }
    return KB_SUCCESS;
}

/* A value in an argument of its own. */
static KB_RES take_next(struct parser *p, const struct kb_option *o, struct kb_str shown)
{
    if (p->at >= p->argc) {
        return kb_fail(p->err, KB_ERR_USAGE, "option %.*s needs a value: %s", KB_FMT(shown),
                       o->metavar);
    }
    KB_TRY(set_value(p, o, p->argv[p->at++]));
    if (o->type == KB_OPT_GREEDY) {
        p->greedy = (kb_words *)(void *)((char *)&p->app->args + o->offset);
    }
    return KB_SUCCESS;
}

static void set_flag(struct parser *p, const struct kb_option *o)
{
    *(bool *)(void *)((char *)&p->app->args + o->offset) = true;
}

static KB_RES parse_long(struct parser *p, const char *arg)
{
    struct kb_str whole = kb_str_c(arg);
    size_t equals = kb_str_find(whole, KB_STR("="), 0);
    struct kb_str shown = kb_str_sub(whole, 0, equals);
    const struct kb_option *o = find_long(kb_str_sub(shown, 2, shown.n), p->app->command);
    KB_TRY(check_known(p, o, shown));
    if (o->type == KB_OPT_FLAG) {
        KB_ENSURE(equals == SIZE_MAX, p->err, KB_ERR_USAGE, "option %.*s takes no value",
                  KB_FMT(shown));
        set_flag(p, o);
        return KB_SUCCESS;
    }
    return equals == SIZE_MAX ? take_next(p, o, shown) : set_value(p, o, arg + equals + 1);
}

static KB_RES parse_short(struct parser *p, const char *arg)
{
    for (const char *c = arg + 1; *c != 0; c++) {
        char shown[3] = {'-', *c, 0};
        const struct kb_option *o = find_short(*c, p->app->command);
        KB_TRY(check_known(p, o, kb_str_c(shown)));
        if (o->type != KB_OPT_FLAG) {
            return c[1] == 0 ? take_next(p, o, kb_str_c(shown)) : set_value(p, o, c + 1);
        }
        set_flag(p, o);
    }
    return KB_SUCCESS;
}

static KB_RES unknown_command(const struct parser *p, struct kb_str word)
{
    const char *space = p->group.n > 0 ? " " : "";
    const char *near = kb_command_suggest(p->group, word);
    if (near != NULL) {
        return kb_fail(p->err, KB_ERR_USAGE,
                       "unknown command '%.*s%s%.*s' (did you mean '%.*s%s%s'?)", KB_FMT(p->group),
                       space, KB_FMT(word), KB_FMT(p->group), space, near);
    }
    return kb_fail(p->err, KB_ERR_USAGE, "unknown command '%.*s%s%.*s'", KB_FMT(p->group), space,
                   KB_FMT(word));
}

static KB_RES name_command(struct parser *p, struct kb_str word)
{
    if (p->group.n == 0 && kb_command_is_group(word)) {
        p->group = word;
        p->app->group = word;
        return KB_SUCCESS;
    }
    if (p->group.n == 0 && kb_str_eq(word, KB_STR("help"))) {
        p->app->args.help = true;
        return KB_SUCCESS;
    }
    p->app->command = kb_command_find(p->group, word);
    return p->app->command == NULL ? unknown_command(p, word) : KB_SUCCESS;
}

static KB_RES take_word(struct parser *p, const char *arg)
{
    struct kb_app *app = p->app;
    struct kb_str word = kb_str_c(arg);
    if (p->greedy != NULL && !p->only_words) {
        KB_ENSURE(word.n > 0, p->err, KB_ERR_USAGE, "an argument is empty");
        *KB_VEC_PUSH(p->greedy) = word;
        return KB_SUCCESS;
    }
    if (app->command == NULL) {
        return name_command(p, word);
    }
    KB_ENSURE(app->command->max_words > app->args.words.n || app->args.help, p->err, KB_ERR_USAGE,
              "unexpected argument '%s'", arg);
    *KB_VEC_PUSH(&app->args.words) = word;
    return KB_SUCCESS;
}

static KB_RES parse_one(struct parser *p, const char *arg)
{
    if (p->only_words || arg[0] != '-' || arg[1] == 0) {
        return take_word(p, arg);
    }
    p->greedy = NULL;
    if (strcmp(arg, "--") == 0) {
        p->only_words = true;
        return KB_SUCCESS;
    }
    return arg[1] == '-' ? parse_long(p, arg) : parse_short(p, arg);
}

KB_RES kb_options_parse(struct kb_app *app, int argc, char **argv, struct kb_err *err)
{
    struct parser p = {.app = app, .argv = argv, .argc = argc, .at = 1, .err = err};
    while (p.at < argc) {
        const char *arg = argv[p.at++];
        KB_TRY(parse_one(&p, arg));
    }
    const struct kb_command *c = app->command;
    bool elsewhere = app->args.log_group != NULL || app->args.eks_cluster != NULL;
    if (c != NULL && !app->args.help && app->args.words.n < c->min_words && !elsewhere) {
        return kb_fail(err, KB_ERR_USAGE, "%s%s%s needs an argument: %s",
                       c->group == NULL ? "" : c->group, c->group == NULL ? "" : " ", c->name,
                       c->args);
    }
    return KB_SUCCESS;
}

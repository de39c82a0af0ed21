/* Candidates from the tables of commands and options. */
#include "kube-baseline/complete.h"

#include "kube-baseline/options.h"

static void offer(struct kb_app *app, const char *prefix, const char *dashes, const char *word)
{
    struct kb_str typed = kb_str_c(prefix);
    struct kb_arena arena = {0};
    struct kb_str whole = kb_arena_printf(&arena, "%s%s", dashes, word);
    if (kb_str_starts(whole, typed)) {
        kb_printf(app, "%.*s\n", KB_FMT(whole));
    }
    kb_arena_done(&arena);
}

/* Words that are no options: a command's name, or a group's and its command's. */
struct path {
    const char *word[2];
    size_t n;
};

static struct path path_of(const char *const *words, size_t n)
{
    struct path path = {{NULL, NULL}, 0};
    for (size_t i = 0; i + 1 < n && path.n < 2; i++) {
        if (words[i][0] != '-') {
            path.word[path.n++] = words[i];
        }
    }
    return path;
}

static const struct kb_command *command_of(const struct path *path)
{
    for (size_t i = 0; i < kb_command_count; i++) {
        const struct kb_command *c = &kb_commands[i];
        bool grouped = c->group != NULL;
        if (path->n >= (grouped ? 2u : 1u) && strcmp(path->word[grouped], c->name) == 0 &&
            (!grouped || strcmp(path->word[0], c->group) == 0)) {
            return c;
        }
    }
    return NULL;
}

static void offer_names(struct kb_app *app, const char *prefix, const char *group)
{
    for (size_t i = 0; i < kb_command_count; i++) {
        const char *of = kb_commands[i].group;
        if ((of == NULL && group == NULL) || (of != NULL && group != NULL && strcmp(of, group) == 0)) {
            offer(app, prefix, "", kb_commands[i].name);
        }
    }
    for (size_t i = 0; group == NULL && i < kb_command_group_count; i++) {
        offer(app, prefix, "", kb_command_groups[i].name);
    }
}

static const struct kb_option *option_of(const struct kb_command *command, const char *word)
{
    for (size_t i = 0; word[0] == '-' && i < kb_option_count; i++) {
        const struct kb_option *o = &kb_options[i];
        bool named = strcmp(word + (word[1] == '-' ? 2 : 1), o->name) == 0 ||
                     (word[1] == o->letter && o->letter != 0 && word[2] == 0);
        if ((o->commands & command->bit) != 0 && named) {
            return o;
        }
    }
    return NULL;
}

static void offer_choices(struct kb_app *app, const char *prefix, const char *choices)
{
    struct kb_arena arena = {0};
    struct kb_str rest = kb_str_c(choices);
    while (rest.n > 0) {
        struct kb_str word = kb_arena_copy(&arena, kb_str_split(rest, '|', &rest));
        offer(app, prefix, "", word.p);
    }
    kb_arena_done(&arena);
}

/* After an option that takes a value, that value; else options, and what the command takes as words. */
static bool offer_for_command(struct kb_app *app, const struct kb_command *command,
                              const char *const *words, size_t n)
{
    const char *prefix = words[n - 1];
    const struct kb_option *before = n > 1 ? option_of(command, words[n - 2]) : NULL;
    if (before != NULL && before->metavar != NULL) {
        offer_choices(app, prefix, before->choices == NULL ? "" : before->choices);
        return before->file;
    }
    for (const char *const *w = command->words; w != NULL && *w != NULL; w++) {
        offer(app, prefix, "", *w);
    }
    for (size_t i = 0; i < kb_option_count; i++) {
        if ((kb_options[i].commands & command->bit) != 0) {
            offer(app, prefix, "--", kb_options[i].name);
        }
    }
    return command->max_words > 0 && command->words == NULL && prefix[0] != '-';
}

int kb_complete(struct kb_app *app, const char *const *words, size_t n)
{
    static const char *const nothing[] = {""};
    words = n == 0 ? nothing : words;
    n = n == 0 ? 1 : n;
    struct path path = path_of(words, n);
    const struct kb_command *command = command_of(&path);
    bool files = false;
    if (command != NULL) {
        files = offer_for_command(app, command, words, n);
    } else {
        offer_names(app, words[n - 1], path.n > 0 ? path.word[0] : NULL);
    }
    kb_printf(app, ":%d\n", files ? 0 : 4);
    return KUBE_BASELINE_CLEAN;
}

/*
 * Options: one table for parsing, help and completion.
 *
 * Git's habits: --name value, --name=value, -n value, -nvalue, flags bundled (-vq), `--` ends the
 * options, options and arguments in any order. Names are never guessed from a prefix.
 */
#ifndef KB_CMD_OPTIONS_H
#define KB_CMD_OPTIONS_H

#include "kube-baseline/commands.h"

enum kb_option_type {
    KB_OPT_FLAG,  /* bool */
    KB_OPT_TEXT,  /* const char *; the last one given counts */
    KB_OPT_MANY,  /* kb_words; may be repeated */
    KB_OPT_GREEDY /* kb_words; takes all arguments up to the next option */
};

struct kb_option {
    const char *name;
    char letter; /* 0: none */
    enum kb_option_type type;
    size_t offset;       /* in struct kb_args */
    const char *metavar; /* NULL for flags */
    const char *choices; /* "auto|always|never": nothing else is taken; NULL: any text */
    bool file;           /* complete with file names */
    const char *help;
    int commands; /* of kb_command_bit */
};

extern const struct kb_option kb_options[];
extern const size_t kb_option_count;

/* Find the command and fill app->args. app->command stays NULL where none is named. On failure
 * `err` says what is wrong with the command line. */
KB_RES kb_options_parse(struct kb_app *app, int argc, char **argv, struct kb_err *err);
void kb_args_done(struct kb_args *args);

#endif

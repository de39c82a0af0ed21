/* The command table. */
#include "kube-baseline/commands.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static const char *const completion_examples[] = {
    "completion bash > /etc/bash_completion.d/kube-baseline",
    "completion zsh > \"${fpath[1]}/_kube-baseline\"",
    "completion fish > ~/.config/fish/completions/kube-baseline.fish",
    NULL,
};

const struct kb_command kb_commands[] = {
    {
        .bit = KB_CMD_COMPLETION,
        .name = "completion",
        .args = "bash|zsh|fish",
        .summary = "Print a completion script for a shell",
        .about = "Prints the script to standard output.",
        .examples = completion_examples,
        .words = shells,
        .min_words = 1,
        .max_words = 1,
        .run = kb_cmd_completion,
    },
    {
        .bit = KB_CMD_VERSION,
        .name = "version",
        .args = "",
        .summary = "Print the version",
        .about = "Prints the version, the commit it was built from, and the versions of the libraries in use.",
        .run = kb_cmd_version,
    },
};
const size_t kb_command_count = sizeof kb_commands / sizeof *kb_commands;

const struct kb_command_group kb_command_groups[] = {
    {NULL, NULL},
};
const size_t kb_command_group_count = sizeof kb_command_groups / sizeof *kb_command_groups - 1;

const struct kb_command *kb_command_find(struct kb_str group, struct kb_str name)
{
    for (size_t i = 0; i < kb_command_count; i++) {
        const struct kb_command *c = &kb_commands[i];
        if (kb_str_eq(kb_str_c(c->group), group) && kb_str_eq_c(name, c->name)) {
            return c;
        }
    }
    return NULL;
}

bool kb_command_is_group(struct kb_str word)
{
    for (size_t i = 0; i < kb_command_group_count; i++) {
        if (kb_str_eq_c(word, kb_command_groups[i].name)) {
            return true;
        }
    }
    return false;
}

struct nearest {
    struct kb_str word;
    const char *found;
    unsigned distance;
};

static void offer(struct nearest *n, const char *name)
{
    unsigned d = kb_str_distance(n->word, kb_str_c(name));
    if (d < n->distance) {
        n->distance = d;
        n->found = name;
    }
}

const char *kb_command_suggest(struct kb_str group, struct kb_str word)
{
    struct nearest n = {.word = word, .distance = 1 + (unsigned)word.n / 3 + 1};
    for (size_t i = 0; i < kb_command_count; i++) {
        if (kb_str_eq(kb_str_c(kb_commands[i].group), group)) {
            offer(&n, kb_commands[i].name);
        }
    }
    for (size_t i = 0; group.n == 0 && i < kb_command_group_count; i++) {
        offer(&n, kb_command_groups[i].name);
    }
    return n.found;
}

/* The command table. */
#include "kube-baseline/commands.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static const char *const completion_examples[] = {
    "completion bash > /etc/bash_completion.d/kube-baseline",
    "completion zsh > \"${fpath[1]}/_kube-baseline\"",
    "completion fish > ~/.config/fish/completions/kube-baseline.fish",
    NULL,
};

static const char *const check_examples[] = {
    "check --logs audit.jsonl.gz",
    "check --logs exported/ --since -30d -o text -o json=result.json",
    "check --logs - --profile my-profile.yaml --fail-on high < audit.jsonl",
    NULL,
};

static const char *const test_examples[] = {
    "baseline test",
    "baseline test --baseline baselines pod-exec",
    NULL,
};

const struct kb_command kb_commands[] = {
    {
        .bit = KB_CMD_CHECK,
        .name = "check",
        .args = "--logs FILE…",
        .summary = "Judge audit logs by the controls of a profile",
        .about = "Reads the logs, judges every request, and says for each control whether it holds, does not, or "
                 "could not be seen. What is cut, damaged or missing never passes silently.",
        .examples = check_examples,
        .run = kb_cmd_check,
    },
    {
        .bit = KB_CMD_BASELINE,
        .group = "baseline",
        .name = "list",
        .args = "",
        .summary = "List the controls",
        .about = "One line a control: id, severity, owner, table and title.",
        .run = kb_cmd_baseline_list,
    },
    {
        .bit = KB_CMD_BASELINE,
        .group = "baseline",
        .name = "test",
        .args = "[ID…]",
        .summary = "Run the cases of the controls",
        .about = "Checks every control and runs its cases. Prints what differs; exit status 1 if anything does.",
        .examples = test_examples,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_baseline_test,
    },
    {
        .bit = KB_CMD_BASELINE,
        .group = "baseline",
        .name = "export",
        .args = "DIR",
        .summary = "Write the controls and profiles into a folder",
        .about = "Writes what is in the executable, to be changed and used with --baseline. Existing files are not "
                 "overwritten.",
        .min_words = 1,
        .max_words = 1,
        .run = kb_cmd_baseline_export,
    },
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
    {"baseline", "Controls: list, test, export"},
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

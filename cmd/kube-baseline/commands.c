/* The command table. */
#include "kube-baseline/commands.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static const char *const check_examples[] = {
    "check",
    "check --context prod --logs /var/log/audit/",
    "check --logs /var/log/audit/",
    "check --logs export/*.gz --profile audit-log -o text -o json=result.json",
    "check --logs audit.jsonl --fail-on high --since -24h",
    "check --eks-cluster prod --context prod",
    "check --log-group /aws/eks/prod/cluster --checkpoint /var/lib/kube-baseline/prod",
    "check --logs audit.jsonl --control 'audit-*' '!audit-exec-*'",
    NULL,
};
static const char *const collect_examples[] = {
    "collect -o cluster.snapshot.gz",
    "collect --objects dump/ --aws settings/ -o cluster.snapshot.zst",
    "collect --eks-cluster prod --context prod -o prod.snapshot.gz",
    NULL,
};
static const char *const logs_summary_examples[] = {
    "logs summary audit.jsonl",
    "logs summary export/ --code 403 --top 20",
    "logs summary --eks-cluster prod --since -6h",
    "logs summary audit.jsonl -o json",
    NULL,
};
static const char *const logs_search_examples[] = {
    "logs search audit.jsonl --user 'system:anonymous'",
    "logs search export/ -r secrets --verb get --verb list -n kube-system --since -2h",
    "logs search audit.jsonl -w 'code == 403 && source_public' -o jsonl | jq .user",
    NULL,
};
static const char *const logs_coverage_examples[] = {
    "logs coverage export/",
    "logs coverage --log-group /aws/eks/prod/cluster",
    NULL,
};
static const char *const baseline_list_examples[] = {
    "baseline list",
    "baseline list --baseline ./baselines -o json",
    NULL,
};
static const char *const baseline_show_examples[] = {
    "baseline show audit-anonymous-access",
    NULL,
};
static const char *const baseline_columns_examples[] = {
    "baseline columns",
    "baseline columns audit.event",
    NULL,
};
static const char *const baseline_test_examples[] = {
    "baseline test",
    "baseline test ./baselines",
    "baseline test audit-anonymous-access -v",
    NULL,
};
static const char *const baseline_eval_examples[] = {
    "baseline eval -t audit.event 'user.startsWith(\"system:\")' rows.json",
    "baseline eval -t audit.event 'has(code) && code >= 400' - <<< '{code: 403}'",
    NULL,
};
static const char *const baseline_export_examples[] = {
    "baseline export ./baselines",
    NULL,
};
static const char *const rbac_who_can_examples[] = {
    "rbac who-can get secrets -A",
    "rbac who-can create pods/exec -n shop --objects dump/",
    "rbac who-can get /metrics",
    NULL,
};
static const char *const rbac_can_examples[] = {
    "rbac can delete deploy web -n shop --as alice --as-group devs",
    "rbac can list secrets -A --as system:serviceaccount:shop:web --objects dump/",
    "rbac can --requests reviews.jsonl --objects dump/ | jq .reason",
    NULL,
};
static const char *const rbac_explain_examples[] = {
    "rbac explain ServiceAccount/shop/web",
    "rbac explain Group/devs --objects dump/ -o json",
    NULL,
};
static const char *const rbac_review_examples[] = {
    "rbac review",
    "rbac review --objects dump/ --aws settings/ --owner-label owner -o csv",
    NULL,
};
static const char *const rbac_paths_examples[] = {
    "rbac paths",
    "rbac paths Group/devs --objects dump/ --aws settings/",
    "rbac paths --objects dump/ -o json | jq .cuts",
    NULL,
};
static const char *const rbac_propose_examples[] = {
    "rbac propose ServiceAccount/shop/web --logs /var/log/audit/",
    "rbac propose Group/devs --logs export/ --objects dump/ > minimal.yaml",
    NULL,
};
static const char *const completion_examples[] = {
    "completion bash > /etc/bash_completion.d/kube-baseline",
    "completion zsh > \"${fpath[1]}/_kube-baseline\"",
    "completion fish > ~/.config/fish/completions/kube-baseline.fish",
    NULL,
};

const struct kb_command kb_commands[] = {
    {
        .bit = KB_CMD_CHECK,
        .name = "check",
        .args = "[--logs PATH...] [--objects PATH...] [--aws PATH...] [--eks-cluster NAME]",
        .summary = "Judge a cluster, its logs and its settings against a baseline",
        .about = "Reads a live cluster where nothing else is named, or audit logs, cluster objects and AWS "
                 "settings from files, CloudWatch Logs and AWS; judges every control of a profile, and reports which hold, who "
                 "owns those that do not, and on what evidence. What could not be read makes a control "
                 "unknown, never passed.",
        .examples = check_examples,
        .run = kb_cmd_check,
    },
    {
        .bit = KB_CMD_COLLECT,
        .name = "collect",
        .args = "-o FILE",
        .summary = "Read a cluster into one file, to be judged later or elsewhere",
        .about = "Writes everything that check would read of a cluster (a live one where no files are "
                 "named) into a snapshot, which check --snapshot judges with the same verdicts. Values of "
                 "Secrets are not in it. Exits with 3 where something could not be read.",
        .examples = collect_examples,
        .run = kb_cmd_collect,
    },
    {
        .bit = KB_CMD_LOGS_SUMMARY,
        .group = "logs",
        .name = "summary",
        .args = "PATH... | --log-group GROUP",
        .summary = "Who did what, from where, and who talks most",
        .about = "Counts the events by user, request, namespace, address, client and answer.",
        .examples = logs_summary_examples,
        .min_words = 1,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_logs_summary,
    },
    {
        .bit = KB_CMD_LOGS_SEARCH,
        .group = "logs",
        .name = "search",
        .args = "PATH... | --log-group GROUP",
        .summary = "Find events",
        .about = "Prints the events that match all options given. Options that are repeated "
                 "match any of their values.",
        .examples = logs_search_examples,
        .min_words = 1,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_logs_search,
    },
    {
        .bit = KB_CMD_LOGS_COVERAGE,
        .group = "logs",
        .name = "coverage",
        .args = "PATH... | --log-group GROUP",
        .summary = "What the logs hold, and where they have holes",
        .about = "Tells for each source the first and the last event, how many, and what is "
                 "missing. Exits with 3 where something is.",
        .examples = logs_coverage_examples,
        .min_words = 1,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_logs_coverage,
    },
    {
        .bit = KB_CMD_BASELINE_LIST,
        .group = "baseline",
        .name = "list",
        .args = "",
        .summary = "List the controls",
        .about = "Lists every control with its severity, owner and fact table.",
        .examples = baseline_list_examples,
        .run = kb_cmd_baseline_list,
    },
    {
        .bit = KB_CMD_BASELINE_SHOW,
        .group = "baseline",
        .name = "show",
        .args = "ID...",
        .summary = "Show a control as it is written",
        .about = "Prints the YAML of controls. An id of another catalogue (aka) is found too.",
        .examples = baseline_show_examples,
        .min_words = 1,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_baseline_show,
    },
    {
        .bit = KB_CMD_BASELINE_COLUMNS,
        .group = "baseline",
        .name = "columns",
        .args = "[TABLE]",
        .summary = "What controls can ask about: fact tables and their columns",
        .about = "Prints name, type and meaning of every column, and whether it always has a "
                 "value. An optional one must be asked for with has().",
        .examples = baseline_columns_examples,
        .max_words = 1,
        .run = kb_cmd_baseline_columns,
    },
    {
        .bit = KB_CMD_BASELINE_TEST,
        .group = "baseline",
        .name = "test",
        .args = "[ID...|DIR]",
        .summary = "Run the cases of controls",
        .about = "Runs every control over its cases: given rows and the wanted verdict. DIR "
                 "(with a / or a dot in it) is a folder of controls.",
        .examples = baseline_test_examples,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_baseline_test,
    },
    {
        .bit = KB_CMD_BASELINE_EVAL,
        .group = "baseline",
        .name = "eval",
        .args = "--table TABLE EXPR [FILE|-]",
        .summary = "Try an expression on rows",
        .about = "Prints the value of a CEL expression for every row: a map, a list of maps, or one map a "
                 "line, in JSON or YAML. Columns a row leaves out have their defaults; {unknown: WHY} makes "
                 "one unknown. Without rows, there is one with defaults. Exits with 3 where a value is an "
                 "error or unknown.",
        .examples = baseline_eval_examples,
        .min_words = 1,
        .max_words = 2,
        .run = kb_cmd_baseline_eval,
    },
    {
        .bit = KB_CMD_BASELINE_EXPORT,
        .group = "baseline",
        .name = "export",
        .args = "DIR",
        .summary = "Write the controls of the executable into a folder",
        .about = "Writes every file of the baseline, to be changed and used with --baseline. "
                 "Existing files are left alone.",
        .examples = baseline_export_examples,
        .min_words = 1,
        .max_words = 1,
        .run = kb_cmd_baseline_export,
    },
    {
        .bit = KB_CMD_RBAC_WHO_CAN,
        .group = "rbac",
        .name = "who-can",
        .args = "VERB RESOURCE [NAME]",
        .summary = "Who may do something, and by which grant",
        .about = "Lists every subject whose binding allows the request, as Kubernetes' authorizer decides "
                 "it, with the principals of access entries and aws-auth that stand behind it. RESOURCE is "
                 "pods, deploy, deployments.apps, pods/exec or a path. Reads a live cluster where no files "
                 "are named.",
        .examples = rbac_who_can_examples,
        .min_words = 2,
        .max_words = 3,
        .run = kb_cmd_rbac_who_can,
    },
    {
        .bit = KB_CMD_RBAC_CAN,
        .group = "rbac",
        .name = "can",
        .args = "VERB RESOURCE [NAME] --as USER",
        .summary = "Whether a user may do something, in Kubernetes' own words",
        .about = "Answers yes or no with the reason that the API server would log. Exits with 1 for no. "
                 "What EKS access policies allow beside RBAC is not in the answer: see rbac who-can.",
        .examples = rbac_can_examples,
        .max_words = 3,
        .run = kb_cmd_rbac_can,
    },
    {
        .bit = KB_CMD_RBAC_EXPLAIN,
        .group = "rbac",
        .name = "explain",
        .args = "SUBJECT",
        .summary = "Everything a subject may do, where, and why",
        .about = "Lists the rules that a user, group or service account has, each with its scope and the "
                 "binding it comes from. SUBJECT is User/NAME, Group/NAME or ServiceAccount/NAMESPACE/NAME. "
                 "Built-in groups are counted in.",
        .examples = rbac_explain_examples,
        .min_words = 1,
        .max_words = 1,
        .run = kb_cmd_rbac_explain,
    },
    {
        .bit = KB_CMD_RBAC_REVIEW,
        .group = "rbac",
        .name = "review",
        .args = "",
        .summary = "The access review: who has which role, and what is dangerous in it",
        .about = "Lists every subject of every binding that is not Kubernetes' or EKS' own, with its role, "
                 "scope, the sensitive permissions it gives and who owns the namespace.",
        .examples = rbac_review_examples,
        .run = kb_cmd_rbac_review,
    },
    {
        .bit = KB_CMD_RBAC_PATHS,
        .group = "rbac",
        .name = "paths",
        .args = "[SUBJECT]",
        .summary = "Attack paths: who can come to more than was given, and what would stop most of it",
        .about = "Follows what bindings, pods, service accounts and access entries let each subject "
                 "become, step by step, to cluster-admin, root on a node, all Secrets, IAM roles, or the "
                 "means to blind the cluster's own watch. Shows the shortest way to each, how sure it is, "
                 "and without which grants most ways are gone.",
        .examples = rbac_paths_examples,
        .max_words = 1,
        .run = kb_cmd_rbac_paths,
    },
    {
        .bit = KB_CMD_RBAC_PROPOSE,
        .group = "rbac",
        .name = "propose",
        .args = "SUBJECT --logs PATH...",
        .summary = "The smallest roles for what a subject did, out of a log",
        .about = "Writes, as YAML, the roles and bindings with which the subject could have done all that the "
                 "log shows it was allowed. Checks that every kind of request is allowed by them, and, where "
                 "bindings are read too (--objects, --live), that nothing is in them that the subject does "
                 "not hold already; exits with 1 where one of the two does not hold.",
        .examples = rbac_propose_examples,
        .min_words = 1,
        .max_words = 1,
        .run = kb_cmd_rbac_propose,
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
        .about = "Prints the version, the commit it was built from, and the versions of the "
                 "libraries in use.",
        .run = kb_cmd_version,
    },
};
const size_t kb_command_count = sizeof kb_commands / sizeof *kb_commands;

const struct kb_command_group kb_command_groups[] = {
    {"logs", "Look into log files: summary, search, coverage"},
    {"rbac", "Ask who may do what: who-can, can, explain, review"},
    {"baseline", "Look into the baselines: list, show, columns, test, eval, export"},
};
const size_t kb_command_group_count = sizeof kb_command_groups / sizeof *kb_command_groups;

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

/* The command table. */
#include "kube-baseline/commands.h"
#include "kube-baseline/examples.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

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
        .examples = kb_check_examples,
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
        .examples = kb_collect_examples,
        .run = kb_cmd_collect,
    },
    {
        .bit = KB_CMD_LOGS_SUMMARY,
        .group = "logs",
        .name = "summary",
        .args = "PATH... | --log-group GROUP",
        .summary = "Who did what, from where, and who talks most",
        .about = "Counts the events by user, request, namespace, address, client and answer.",
        .examples = kb_logs_summary_examples,
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
        .examples = kb_logs_search_examples,
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
        .examples = kb_logs_coverage_examples,
        .min_words = 1,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_logs_coverage,
    },
    {
        .bit = KB_CMD_BACKUP_COVERAGE,
        .group = "backup",
        .name = "coverage",
        .args = "",
        .summary = "What saves each namespace, kind and claim, how old the newest copy is, and why not",
        .about = "Follows each namespace and each PersistentVolumeClaim by the rules of Velero: which schedule "
                 "includes it, by which way its data gets into the backup, whether that way works, and how old "
                 "the newest good copy is against the objective of the profile's tier.",
        .examples = kb_backup_coverage_examples,
        .run = kb_cmd_backup_coverage,
    },
    {
        .bit = KB_CMD_BACKUP_SCHEDULE,
        .group = "backup",
        .name = "schedule",
        .args = "",
        .summary = "When each schedule fires, its longest gap, what came of it, and what blocks it",
        .about = "Lists the schedules of Velero and of the other tools, with their next fires, the longest gap "
                 "between two within 400 days, the last result, and why one cannot be counted on.",
        .examples = kb_backup_schedule_examples,
        .run = kb_cmd_backup_schedule,
    },
    {
        .bit = KB_CMD_BASELINE_LIST,
        .group = "baseline",
        .name = "list",
        .args = "",
        .summary = "List the controls",
        .about = "Lists every control with its severity, owner and fact table.",
        .examples = kb_baseline_list_examples,
        .run = kb_cmd_baseline_list,
    },
    {
        .bit = KB_CMD_BASELINE_SHOW,
        .group = "baseline",
        .name = "show",
        .args = "ID...",
        .summary = "Show a control as it is written",
        .about = "Prints the YAML of controls. An id of another catalogue (aka) is found too.",
        .examples = kb_baseline_show_examples,
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
        .examples = kb_baseline_columns_examples,
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
        .examples = kb_baseline_test_examples,
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
        .examples = kb_baseline_eval_examples,
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
        .examples = kb_baseline_export_examples,
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
        .examples = kb_rbac_who_can_examples,
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
        .examples = kb_rbac_can_examples,
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
        .examples = kb_rbac_explain_examples,
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
        .examples = kb_rbac_review_examples,
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
        .examples = kb_rbac_paths_examples,
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
        .examples = kb_rbac_propose_examples,
        .min_words = 1,
        .max_words = 1,
        .run = kb_cmd_rbac_propose,
    },
    {
        .bit = KB_CMD_NETWORK_REACH,
        .group = "network",
        .name = "reach",
        .args = "",
        .summary = "Who reaches whom, on which ports, as policies have it",
        .about = "Lists every pair of workloads of which one reaches the other, with the exact ports, and the "
                 "ranges of outside addresses that each reaches and is reached by. What routes, security "
                 "groups and firewalls do beside policies is not in the answer.",
        .examples = kb_network_reach_examples,
        .run = kb_cmd_network_reach,
    },
    {
        .bit = KB_CMD_NETWORK_EXPLAIN,
        .group = "network",
        .name = "explain",
        .args = "FROM TO [PORT]",
        .summary = "Which policy and which rule lets a connection through, or stops it",
        .about = "Tells each step of the decision, first what may leave FROM, then what may come to TO. FROM and "
                 "TO are workloads (Kind/namespace/name or namespace/name), pods (Pod/namespace/name) or "
                 "addresses; of a workload its first pod is asked. Exits with 1 where it is denied.",
        .examples = kb_network_explain_examples,
        .min_words = 2,
        .max_words = 3,
        .run = kb_cmd_network_explain,
    },
    {
        .bit = KB_CMD_NETWORK_DIFF,
        .group = "network",
        .name = "diff",
        .args = "BEFORE AFTER",
        .summary = "What opened and what closed between two states of a cluster",
        .about = "Compares who reaches whom in two folders of objects, two files, or two snapshots of `collect`: "
                 "pairs of workloads, and ranges of outside addresses, with the ports that opened and those "
                 "that closed. Exits with 1 where something changed.",
        .examples = kb_network_diff_examples,
        .min_words = 2,
        .max_words = 2,
        .run = kb_cmd_network_diff,
    },
    {
        .bit = KB_CMD_NETWORK_FIX,
        .group = "network",
        .name = "fix",
        .args = "[CONTROL|OBJECT]...",
        .summary = "NetworkPolicies that mend what controls found, each tried before it is printed",
        .about = "Judges the controls of the network, proposes for each failure a NetworkPolicy, and works out the "
                 "cluster with it: printed is only what makes the failure go, brings no other, and leaves open what "
                 "reachExpectations and --keep say must be. Comments tell what each closes. Where no policy can "
                 "mend it, that is said with the reason. CONTROL is an id or a glob of ids, OBJECT a glob of "
                 "Kind/namespace/name. Exits with 1 where something is not mended.",
        .examples = kb_network_fix_examples,
        .max_words = KB_ANY_WORDS,
        .run = kb_cmd_network_fix,
    },
    {
        .bit = KB_CMD_NETWORK_DIAGRAM,
        .group = "network",
        .name = "diagram",
        .args = "",
        .summary = "A picture of who reaches whom, of the policies, or of the VPCs around",
        .about = "Draws namespaces with their workloads and what one reaches of the other; with --layer policy, "
                 "policies and the namespaces that their rules name. Of more than 12 namespaces, those that are "
                 "alike in all they reach and are reached by are one box. Green: a new pod is closed in both "
                 "directions; yellow: in one; red: in none.\n\n"
                 "With --layer vpc, from AWS settings (--aws or --snapshot): VPCs with their zones, subnets, "
                 "gateways, endpoints, peerings and security groups, and where control plane and node groups "
                 "are; what a control fails is marked in red. Green subnets are private, yellow ones public.",
        .examples = kb_network_diagram_examples,
        .run = kb_cmd_network_diagram,
    },
    {
        .bit = KB_CMD_COMPLETION,
        .name = "completion",
        .args = "bash|zsh|fish",
        .summary = "Print a completion script for a shell",
        .about = "Prints the script to standard output.",
        .examples = kb_completion_examples,
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
    {"rbac", "Ask who may do what: who-can, can, explain, review, paths, propose"},
    {"network", "Ask who reaches whom: reach, explain, diff, fix, diagram"},
    {"backup", "Look into backups: coverage, schedule"},
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

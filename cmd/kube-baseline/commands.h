/*
 * The commands there are: one table for dispatch, help and completion.
 */
#ifndef KB_CMD_COMMANDS_H
#define KB_CMD_COMMANDS_H

#include "kube-baseline/app.h"

/* Bits of kb_option.commands. */
enum kb_command_bit {
    KB_CMD_CHECK = 1 << 0,
    KB_CMD_LOGS_SUMMARY = 1 << 1,
    KB_CMD_LOGS_SEARCH = 1 << 2,
    KB_CMD_LOGS_COVERAGE = 1 << 3,
    KB_CMD_BASELINE_LIST = 1 << 4,
    KB_CMD_BASELINE_SHOW = 1 << 5,
    KB_CMD_BASELINE_COLUMNS = 1 << 6,
    KB_CMD_BASELINE_TEST = 1 << 7,
    KB_CMD_BASELINE_EVAL = 1 << 8,
    KB_CMD_BASELINE_EXPORT = 1 << 9,
    KB_CMD_COMPLETION = 1 << 10,
    KB_CMD_VERSION = 1 << 11,
    KB_CMD_RBAC_WHO_CAN = 1 << 12,
    KB_CMD_RBAC_CAN = 1 << 13,
    KB_CMD_RBAC_EXPLAIN = 1 << 14,
    KB_CMD_RBAC_REVIEW = 1 << 15,
    KB_CMD_COLLECT = 1 << 16,
    KB_CMD_RBAC_PATHS = 1 << 17,
    KB_CMD_RBAC_PROPOSE = 1 << 18,
    KB_CMD_NETWORK_REACH = 1 << 19,
    KB_CMD_NETWORK_EXPLAIN = 1 << 20,
    KB_CMD_NETWORK_DIFF = 1 << 21,
    KB_CMD_NETWORK_DIAGRAM = 1 << 22,
    KB_CMD_NETWORK_FIX = 1 << 23,
    KB_CMD_BACKUP_COVERAGE = 1 << 24,
    KB_CMD_BACKUP_SCHEDULE = 1 << 25,

    KB_CMD_LOGS = KB_CMD_LOGS_SUMMARY | KB_CMD_LOGS_SEARCH | KB_CMD_LOGS_COVERAGE,
    KB_CMD_FILTERED = KB_CMD_LOGS_SUMMARY | KB_CMD_LOGS_SEARCH,
    KB_CMD_RBAC = KB_CMD_RBAC_WHO_CAN | KB_CMD_RBAC_CAN | KB_CMD_RBAC_EXPLAIN | KB_CMD_RBAC_REVIEW |
                  KB_CMD_RBAC_PATHS | KB_CMD_RBAC_PROPOSE,
    KB_CMD_NETWORK = KB_CMD_NETWORK_REACH | KB_CMD_NETWORK_EXPLAIN | KB_CMD_NETWORK_DIAGRAM |
                     KB_CMD_NETWORK_FIX,
    KB_CMD_NETWORK_ANY = KB_CMD_NETWORK | KB_CMD_NETWORK_DIFF,
    KB_CMD_BACKUP = KB_CMD_BACKUP_COVERAGE | KB_CMD_BACKUP_SCHEDULE,
    KB_CMD_READS_CLUSTER = KB_CMD_CHECK | KB_CMD_COLLECT | KB_CMD_RBAC | KB_CMD_NETWORK | KB_CMD_BACKUP,
    /* --as is whom the API server is asked as, and not the question itself */
    KB_CMD_ASKS_AS = KB_CMD_CHECK | KB_CMD_COLLECT | KB_CMD_RBAC_WHO_CAN | KB_CMD_RBAC_REVIEW |
                     KB_CMD_RBAC_PATHS | KB_CMD_RBAC_PROPOSE | KB_CMD_NETWORK | KB_CMD_BACKUP,
    KB_CMD_READS_AWS_LOGS = KB_CMD_CHECK | KB_CMD_LOGS,
    KB_CMD_ASKS_AWS = KB_CMD_READS_AWS_LOGS | KB_CMD_COLLECT,
    KB_CMD_LOADS_BASELINE =
        KB_CMD_CHECK | KB_CMD_BASELINE_LIST | KB_CMD_BASELINE_SHOW | KB_CMD_BASELINE_TEST |
        KB_CMD_NETWORK_FIX,
    KB_CMD_ALL = -1
};

enum { KB_ANY_WORDS = 1 << 30 };

struct kb_command {
    int bit;
    const char *group; /* "logs" of `logs summary`; NULL for a command of one word */
    const char *name;
    const char *args;            /* as in the usage line: "[ID…]" */
    const char *summary;         /* for the list of commands */
    const char *about;           /* for its own help; paragraphs */
    const char *const *examples; /* without the program's name; NULL-terminated, or NULL */
    const char *const *words;    /* what its first argument may be, for completion; NULL: free */
    unsigned min_words, max_words;
    int (*run)(struct kb_app *app);
};

extern const struct kb_command kb_commands[];
extern const size_t kb_command_count;

struct kb_command_group {
    const char *name;
    const char *summary;
};
/* Commands of two words. */
extern const struct kb_command_group kb_command_groups[];
extern const size_t kb_command_group_count;

/* By group (empty for commands of one word) and name, or NULL. */
const struct kb_command *kb_command_find(struct kb_str group, struct kb_str name);
bool kb_command_is_group(struct kb_str word);
/* The command, or command of `group`, most like `word`; NULL where none is near. */
const char *kb_command_suggest(struct kb_str group, struct kb_str word);

/* The commit of the build; empty where it is not known. */
extern const char kb_commit[];

int kb_cmd_check(struct kb_app *app);
int kb_cmd_logs_summary(struct kb_app *app);
int kb_cmd_logs_search(struct kb_app *app);
int kb_cmd_logs_coverage(struct kb_app *app);
int kb_cmd_baseline_list(struct kb_app *app);
int kb_cmd_baseline_show(struct kb_app *app);
int kb_cmd_baseline_columns(struct kb_app *app);
int kb_cmd_baseline_test(struct kb_app *app);
int kb_cmd_baseline_eval(struct kb_app *app);
int kb_cmd_baseline_export(struct kb_app *app);
int kb_cmd_rbac_who_can(struct kb_app *app);
int kb_cmd_rbac_can(struct kb_app *app);
int kb_cmd_rbac_explain(struct kb_app *app);
int kb_cmd_rbac_review(struct kb_app *app);
int kb_cmd_rbac_paths(struct kb_app *app);
int kb_cmd_rbac_propose(struct kb_app *app);
int kb_cmd_network_reach(struct kb_app *app);
int kb_cmd_network_explain(struct kb_app *app);
int kb_cmd_network_diff(struct kb_app *app);
int kb_cmd_network_diagram(struct kb_app *app);
int kb_cmd_network_fix(struct kb_app *app);
int kb_cmd_backup_coverage(struct kb_app *app);
int kb_cmd_backup_schedule(struct kb_app *app);
int kb_cmd_collect(struct kb_app *app);
int kb_cmd_completion(struct kb_app *app);
int kb_cmd_version(struct kb_app *app);

#endif

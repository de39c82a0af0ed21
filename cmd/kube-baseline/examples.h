/* Examples of commands, without the program's name; each list ends with NULL. */
#ifndef KB_CMD_EXAMPLES_H
#define KB_CMD_EXAMPLES_H

#include <stddef.h>

extern const char *const kb_check_examples[];
extern const char *const kb_collect_examples[];
extern const char *const kb_logs_summary_examples[];
extern const char *const kb_logs_search_examples[];
extern const char *const kb_logs_coverage_examples[];
extern const char *const kb_baseline_list_examples[];
extern const char *const kb_baseline_show_examples[];
extern const char *const kb_baseline_columns_examples[];
extern const char *const kb_baseline_test_examples[];
extern const char *const kb_baseline_eval_examples[];
extern const char *const kb_baseline_export_examples[];
extern const char *const kb_rbac_who_can_examples[];
extern const char *const kb_rbac_can_examples[];
extern const char *const kb_rbac_explain_examples[];
extern const char *const kb_rbac_review_examples[];
extern const char *const kb_rbac_paths_examples[];
extern const char *const kb_network_reach_examples[];
extern const char *const kb_network_explain_examples[];
extern const char *const kb_network_diff_examples[];
extern const char *const kb_network_diagram_examples[];
extern const char *const kb_network_fix_examples[];
extern const char *const kb_rbac_propose_examples[];
extern const char *const kb_backup_coverage_examples[];
extern const char *const kb_backup_schedule_examples[];
extern const char *const kb_completion_examples[];

#endif

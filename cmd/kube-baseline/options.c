/* The option table, and what frees the lists it fills. */
#include "kube-baseline/options.h"

#define AT(member) offsetof(struct kb_args, member)

const struct kb_option kb_options[] = {
    {"logs", 0, KB_OPT_GREEDY, AT(logs), "PATH", NULL, true,
     "Audit logs: files, folders, or - for standard input. Compressed files and every form they "
     "are delivered in are recognised.",
     KB_CMD_CHECK},
    {"objects", 0, KB_OPT_GREEDY, AT(objects), "PATH", NULL, true,
     "Cluster objects: files and folders of `kubectl get -o json|yaml`, manifests, `kubectl "
     "cluster-info dump`, or - for standard input.",
     KB_CMD_CHECK},
    {"aws", 0, KB_OPT_GREEDY, AT(aws), "PATH", NULL, true,
     "AWS settings: files and folders of AWS CLI output, such as eks-describe-cluster.json.",
     KB_CMD_CHECK},
    {"profile", 0, KB_OPT_TEXT, AT(profile), "NAME|FILE", NULL, true,
     "Which controls, with which parameters and waivers: a shipped profile, or a file. Default: "
     "audit-log for logs, cluster for objects, eks-provider for both.",
     KB_CMD_CHECK},
    {"baseline", 0, KB_OPT_TEXT, AT(baseline), "DIR", NULL, true,
     "Controls from this folder instead of those in the executable.", KB_CMD_LOADS_BASELINE},
    {"control", 0, KB_OPT_GREEDY, AT(controls), "GLOB", NULL, false,
     "Only controls whose id matches; !GLOB leaves out.", KB_CMD_CHECK},
    {"output", 'o', KB_OPT_MANY, AT(outputs), "FORMAT[=FILE]", NULL, false,
     "Report as text, json, jsonl or csv, to standard output or a file. May be repeated.",
     KB_CMD_CHECK},
    {"output", 'o', KB_OPT_TEXT, AT(format), "FORMAT", "text|json", false, "text or json.",
     KB_CMD_BASELINE_LIST | KB_CMD_LOGS_SUMMARY | KB_CMD_LOGS_COVERAGE},
    {"output", 'o', KB_OPT_TEXT, AT(format), "FORMAT", "text|json|markdown", false,
     "text, json or markdown.", KB_CMD_BASELINE_COLUMNS},
    {"output", 'o', KB_OPT_TEXT, AT(format), "FORMAT", "text|jsonl", false,
     "A line for each event (text), or the events as they were logged (jsonl).",
     KB_CMD_LOGS_SEARCH},
    {"fail-on", 0, KB_OPT_TEXT, AT(fail_on), "SEVERITY", "low|medium|high|critical|never", false,
     "Exit with status 1 when a control of this severity or above fails: low, medium, high, "
     "critical or never. Default: low.",
     KB_CMD_CHECK},
    {"where", 'w', KB_OPT_TEXT, AT(where), "EXPR", NULL, false,
     "Only events for which this CEL expression is true. Its variables are those of `baseline "
     "columns audit.event`.",
     KB_CMD_FILTERED},
    {"user", 'u', KB_OPT_MANY, AT(user), "GLOB", NULL, false,
     "Only requests of users whose name matches.", KB_CMD_FILTERED},
    {"verb", 0, KB_OPT_MANY, AT(verb), "GLOB", NULL, false,
     "Only these verbs: get, list, create ...", KB_CMD_FILTERED},
    {"resource", 'r', KB_OPT_MANY, AT(resource), "GLOB", NULL, false,
     "Only these resources: pods, secrets ...", KB_CMD_FILTERED},
    {"namespace", 'n', KB_OPT_MANY, AT(name_space), "GLOB", NULL, false,
     "Only objects in these namespaces.", KB_CMD_FILTERED},
    {"name", 0, KB_OPT_MANY, AT(name), "GLOB", NULL, false, "Only objects with these names.",
     KB_CMD_FILTERED},
    {"code", 0, KB_OPT_MANY, AT(code), "GLOB", NULL, false,
     "Only these HTTP status codes: 403, 5?? ...", KB_CMD_FILTERED},
    {"source-ip", 0, KB_OPT_MANY, AT(source_ip), "GLOB", NULL, false,
     "Only requests from these addresses.", KB_CMD_FILTERED},
    {"since", 0, KB_OPT_TEXT, AT(since), "TIME", NULL, false,
     "Only events at or after: 2026-01-15, 2026-01-15T10:00:00Z, -24h, yesterday ...",
     KB_CMD_CHECK | KB_CMD_LOGS},
    {"until", 0, KB_OPT_TEXT, AT(until), "TIME", NULL, false, "Only events before.",
     KB_CMD_CHECK | KB_CMD_LOGS},
    {"limit", 0, KB_OPT_TEXT, AT(limit), "N", NULL, false, "Stop after so many events.",
     KB_CMD_LOGS_SEARCH},
    {"top", 0, KB_OPT_TEXT, AT(top), "N", NULL, false, "Lines of each table. Default: 10.",
     KB_CMD_LOGS_SUMMARY},
    {"table", 't', KB_OPT_TEXT, AT(table), "TABLE", NULL, false,
     "The fact table whose columns are the variables.", KB_CMD_BASELINE_EVAL},
    {"now", 0, KB_OPT_TEXT, AT(now), "TIME", NULL, false,
     "The clock that judges, for the same answer every time. Default: the clock of this machine.",
     KB_CMD_CHECK | KB_CMD_LOGS},
    {"max-findings", 0, KB_OPT_TEXT, AT(max_findings), "N", NULL, false,
     "Findings kept for each control; totals are exact all the same. Default: 100.", KB_CMD_CHECK},
    {"sha256", 0, KB_OPT_FLAG, AT(sha256), NULL, NULL, false,
     "Also hash what is read, as evidence of what was judged.", KB_CMD_CHECK},
    {"verbose", 'v', KB_OPT_FLAG, AT(verbose), NULL, NULL, false,
     "All kept findings, with their columns.", KB_CMD_CHECK},
    {"verbose", 'v', KB_OPT_FLAG, AT(verbose), NULL, NULL, false,
     "Also name the cases that passed.", KB_CMD_BASELINE_TEST},
    {"quiet", 'q', KB_OPT_FLAG, AT(quiet), NULL, NULL, false,
     "Failures and the summary only; no progress.", KB_CMD_CHECK},
    {"quiet", 'q', KB_OPT_FLAG, AT(quiet), NULL, NULL, false, "No progress.", KB_CMD_LOGS},
    {"color", 0, KB_OPT_TEXT, AT(color), "WHEN", "auto|always|never", false,
     "Colours: on a terminal that wants them (auto), always, or never. NO_COLOR turns auto off.",
     KB_CMD_ALL},
    {"help", 'h', KB_OPT_FLAG, AT(help), NULL, NULL, false, "Show help.", KB_CMD_ALL},
    {"version", 0, KB_OPT_FLAG, AT(version), NULL, NULL, false, "Print the version.", KB_CMD_ALL},
};
const size_t kb_option_count = sizeof kb_options / sizeof *kb_options;

void kb_args_done(struct kb_args *args)
{
    for (size_t i = 0; i < kb_option_count; i++) {
        if (kb_options[i].type == KB_OPT_MANY || kb_options[i].type == KB_OPT_GREEDY) {
            kb_words *words = (kb_words *)(void *)((char *)args + kb_options[i].offset);
            KB_VEC_DONE(words);
        }
    }
    KB_VEC_DONE(&args->words);
}

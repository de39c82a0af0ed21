/* The option table, and what frees the lists it fills. */
#include "kube-baseline/options.h"

#define AT(member) offsetof(struct kb_args, member)

const struct kb_option kb_options[] = {
    {"logs", 0, KB_OPT_GREEDY, AT(logs), "FILE…", NULL, true,
     "Audit log files or folders, in any shape, compressed or not; '-' is standard input.",
     KB_CMD_CHECK},
    {"profile", 'p', KB_OPT_TEXT, AT(profile), "NAME", NULL, true,
     "Which controls, with which parameters: a shipped profile or a YAML file (default audit-log).",
     KB_CMD_CHECK},
    {"baseline", 0, KB_OPT_TEXT, AT(baseline), "DIR", NULL, true,
     "Controls and profiles of this folder instead of those in the executable.",
     KB_CMD_CHECK | KB_CMD_BASELINE},
    {"control", 'c', KB_OPT_MANY, AT(controls), "GLOB", NULL, false,
     "Only controls whose id matches; '!GLOB' leaves out. May be repeated.", KB_CMD_CHECK},
    {"output", 'o', KB_OPT_MANY, AT(outputs), "FORMAT[=FILE]", NULL, false,
     "Report as text, json, jsonl or csv, to standard output or a file. May be repeated.",
     KB_CMD_CHECK},
    {"fail-on", 0, KB_OPT_TEXT, AT(fail_on), "SEVERITY", "low|medium|high|critical|never", false,
     "From which severity up a failed control makes the exit status 1 (default low).", KB_CMD_CHECK},
    {"now", 0, KB_OPT_TEXT, AT(now), "TIME", NULL, false,
     "The clock that judges, instead of the system's.", KB_CMD_CHECK},
    {"since", 0, KB_OPT_TEXT, AT(since), "TIME", NULL, false,
     "Only events at or after this: 2026-01-15, 2026-01-15T10:00Z, -24h, yesterday …", KB_CMD_CHECK},
    {"until", 0, KB_OPT_TEXT, AT(until), "TIME", NULL, false, "Only events before this.", KB_CMD_CHECK},
    {"max-findings", 0, KB_OPT_TEXT, AT(max_findings), "N", NULL, false,
     "Findings kept for each control (default 100); totals are always exact.", KB_CMD_CHECK},
    {"sha256", 0, KB_OPT_FLAG, AT(sha256), NULL, NULL, false,
     "Also hash the files read, as evidence of what was judged.", KB_CMD_CHECK},
    {"verbose", 'v', KB_OPT_FLAG, AT(verbose), NULL, NULL, false,
     "All kept findings, with their columns.", KB_CMD_CHECK},
    {"quiet", 'q', KB_OPT_FLAG, AT(quiet), NULL, NULL, false, "Failures and the summary only.",
     KB_CMD_CHECK},
    {"color", 0, KB_OPT_TEXT, AT(color), "WHEN", "auto|always|never", false,
     "Colours: on a terminal that wants them (auto), always, or never. NO_COLOR turns auto off.", KB_CMD_ALL},
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

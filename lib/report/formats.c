/* The formats of a result. */
#include "report/report.h"

const struct kb_report_format kb_report_formats[] = {
    {"text", kb_report_text, "for people: what was read, what failed and why, what to do"},
    {"json", kb_report_json, "one document with everything (docs/result.md)"},
    {"jsonl", kb_report_jsonl, "one finding a line"},
    {"csv", kb_report_csv, "one finding a row, safe to open in a spreadsheet"},
};
const size_t kb_report_format_count = sizeof kb_report_formats / sizeof *kb_report_formats;

const struct kb_report_format *kb_report_find(struct kb_str name)
{
    for (size_t i = 0; i < kb_report_format_count; i++) {
        if (kb_str_eq_c(name, kb_report_formats[i].name)) {
            return &kb_report_formats[i];
        }
    }
    return NULL;
}

/* Baselines written in tests. */
#ifndef KB_TESTS_UNIT_BASELINE_SUPPORT_H
#define KB_TESTS_UNIT_BASELINE_SUPPORT_H

#include "baseline/case_row.h"
#include "baseline/engine.h"

/* A library of texts, a baseline, a profile, a plan and an engine, one after the other. */
struct world {
    struct kb_arena arena;
    struct kb_library_file files[16];
    struct kb_library library;
    struct kb_mistakes mistakes;
    struct kb_baseline baseline;
    struct kb_profile profile;
    struct kb_plan *plan;
    struct kb_engine *engine;
    struct kb_result result;
    size_t rows;
};

/* Files must be added in order of their paths. */
void world_file(struct world *w, const char *path, const char *text);
/* A control over audit.event named "t": `rules` are the lines from `where` on. */
void world_control(struct world *w, const char *rules);
void world_load(struct world *w);
/* The profile of that name, or every control (NULL). */
void world_start(struct world *w, const char *profile, int64_t now_ns);
/* Rows as a YAML list of maps of audit.event's columns. */
void world_rows(struct world *w, const char *yaml);
/* The table was read; judge. The result of the first control. */
const struct kb_control_result *world_finish(struct world *w);
void world_done(struct world *w);

/* Whether there is a mistake at that place whose message holds `text`. */
bool world_says(const struct world *w, unsigned line, unsigned col, const char *text);
void world_print(const struct world *w);

#endif

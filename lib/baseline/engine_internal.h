/* What an engine holds; shared by engine.c, report_row.c, owner.c and verdict.c. */
#ifndef KB_BASELINE_ENGINE_INTERNAL_H
#define KB_BASELINE_ENGINE_INTERNAL_H

#include "baseline/counter.h"
#include "baseline/engine.h"
#include "baseline/kept.h"
#include "baseline/plan_internal.h"
#include "baseline/row_state.h"

/* One control while it runs. */
struct kb_running {
    struct kb_engine *engine;
    const struct kb_compiled *compiled;
    struct kb_str missing; /* the setting it needs and the profile does not give; empty: none */
    uint64_t rows;
    uint64_t totals[KB_VERDICT_COUNT];
    uint64_t folded;
    struct kb_kept kept;
    struct kb_counter *counter; /* KB_COUNT */
    struct kb_str first_unknown; /* reason of an unknown finding that has no better place */
};

/* What is known of the reading of one table. */
struct kb_table_reading {
    uint64_t rows;
    bool complete, absent;
    struct kb_str absent_reason;
    KB_VEC(struct kb_str) incomplete;
};

struct kb_engine {
    const struct kb_plan *plan;
    struct kb_engine_options options;
    struct kb_running *controls; /* as in the plan */
    struct kb_table_reading *readings; /* as the plan's tables */
    uint64_t *used;              /* findings each exception of the profile covered */
    struct kb_row_state row;
    struct kb_buf text, key;     /* reused */
    struct kb_arena arena;
    kb_namespace_label_fn *label;
    void *label_ctx;
};

/* The first setting that the control needs and the profile leaves empty; empty text: none. */
struct kb_str kb_engine_missing(const struct kb_control *control, const struct kb_profile *profile);

/* Who owns a finding about a row: the first rule that matches, or the control's owner. */
enum kb_owner kb_owner_resolve(const struct kb_engine *engine, const struct kb_control *control,
                               const struct kb_row_info *info);
/* The approval or waiver that covers a failure, or NULL; *expired is one that would have. */
const struct kb_exception *kb_exception_find(const struct kb_engine *engine,
                                             const struct kb_control *control,
                                             const struct kb_row_info *info, enum kb_owner owner,
                                             const struct kb_exception **expired);

/* A finding about the row in hand. `reason` (may be NULL) is the value that is unknown. */
void kb_report_row(struct kb_running *running, enum kb_verdict verdict,
                   const struct kb_cel_val *reason);
/* The same with a reason in words. */
void kb_report_row_because(struct kb_running *running, enum kb_verdict verdict,
                           struct kb_str reason);
/* A finding about no row: fewer than `min`. */
void kb_report_none(struct kb_running *running);
/* A finding that waits for its count, and its end. */
struct kb_pending *kb_report_open(void *running, bool maybe);
void kb_report_close(void *running, struct kb_pending *pending, uint64_t count);

#endif

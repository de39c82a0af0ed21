/*
 * Intake: from log records, in order of time, to one event a request. Stages are joined, copies
 * dropped, coverage kept.
 */
#ifndef KB_RUN_INTAKE_H
#define KB_RUN_INTAKE_H

#include "audit/coverage.h"
#include "run/log.h"

/* One request. All of it lives until the callback returns. */
struct kb_read_event {
    const struct kb_event *event;
    const struct kb_record *record; /* place and wrapper */
    struct kb_str source;           /* display name of the input */
    unsigned input;
    uint64_t sequence; /* number of the record in its input */
    int64_t time_ns;   /* KB_LOG_NO_TIME: none */
    bool conflict;
};

/* One line of the authenticator's log. */
struct kb_read_line {
    const struct kb_record *record;
    struct kb_str source;
    unsigned input;
    uint64_t sequence;
};

struct kb_intake_options {
    bool canonical; /* copies may have gone through other tools: compare content, not bytes */
    int64_t since_ns, until_ns; /* KB_LOG_NO_TIME: open */
    /* Return false to stop. `on_line` may be NULL. */
    bool (*on_event)(void *ctx, const struct kb_read_event *event);
    bool (*on_line)(void *ctx, const struct kb_read_line *line);
    void *ctx;
};

struct kb_intake;

/* `cover` is the caller's and outlives the intake. */
struct kb_intake *kb_intake_new(const struct kb_intake_options *options, struct kb_cover *cover);
void kb_intake_free(struct kb_intake *intake);

/* Take one item of input `item->input`, whose display name is `source`. False: a callback asked to stop. */
bool kb_intake_add(struct kb_intake *intake, const struct kb_log_item *item, struct kb_str source);

/* The end of all inputs: requests that were never answered are given too. */
void kb_intake_finish(struct kb_intake *intake);

/* Of one input, so far. */
struct kb_intake_counts {
    uint64_t requests, duplicates, conflicts;
};
struct kb_intake_counts kb_intake_counts(const struct kb_intake *intake, unsigned input);
/* Requests of a stream that began and did not end so far. */
uint64_t kb_intake_orphans(const struct kb_intake *intake, unsigned stream);
/* Begun requests that were forgotten for lack of room. */
uint64_t kb_intake_forgotten(const struct kb_intake *intake);

#endif

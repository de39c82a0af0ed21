/*
 * Counting rows per key, in a sliding window of event time or over the whole reading.
 *
 * A breach is an episode: it begins when more than `max` rows (or different values) of one key lie
 * within `within` of each other, goes on as long as further rows keep it so, and gives one
 * finding. Rows that may or may not be meant ("maybe") are counted apart: an episode that stands
 * only with them is unknown. Rows may come out of order by up to KB_COUNTER_SLACK_NS. Memory is
 * bounded; what had to be dropped while it still mattered is told.
 */
#ifndef KB_BASELINE_COUNTER_H
#define KB_BASELINE_COUNTER_H

#include "baseline/result.h"

#define KB_COUNTER_SLACK_NS (INT64_C(120) * 1000000000)

enum {
    KB_COUNTER_KEYS_MAX = 16384, /* live keys of one control */
    KB_COUNTER_HITS_MAX = 65536, /* rows remembered by one control */
    KB_COUNTER_EVIDENCE_MAX = 8  /* rows named by one finding */
};

/* A finding that is not finished: its count is not known yet. */
struct kb_pending {
    struct kb_arena arena;
    struct kb_finding finding; /* without evidence */
    struct kb_str order;
};

struct kb_counter_hooks {
    /* A finding about the row in hand; the counter owns it until it is closed. */
    struct kb_pending *(*open)(void *ctx, bool maybe);
    /* An episode has ended with `count` rows or values; takes the pending finding. `low`: fewer
     * than `min`. */
    void (*close)(void *ctx, struct kb_pending *pending, uint64_t count);
    void *ctx;
};

struct kb_counter_rule {
    int64_t max, min;  /* -1: none */
    int64_t within_ns; /* 0: the whole reading */
    bool distinct;
    bool keyed; /* per something: a key is there only where it has a row */
};

/* One row. Keys and values are 128-bit hashes. */
struct kb_hit_key {
    uint64_t h[2];
};
struct kb_hit_row {
    struct kb_hit_key key, value; /* value: of the distinct column */
    bool maybe;
    bool keyless;   /* its key is not known: it may be of any key; maybe as well */
    bool valueless; /* its value is not known: it may be a new one; maybe as well */
    int64_t time_ns;
    struct kb_evidence evidence; /* borrowed */
};

struct kb_counter;
struct kb_counter *kb_counter_new(const struct kb_counter_rule *rule,
                                  const struct kb_counter_hooks *hooks);
void kb_counter_free(struct kb_counter *counter);
void kb_counter_add(struct kb_counter *counter, const struct kb_hit_row *row);
/* Close what is open, and judge `min`: it is missed only where no row that is not known may make it up. `whole`: all
 * rows were read. */
void kb_counter_finish(struct kb_counter *counter, bool whole);
/* Keys that had to be forgotten while they still mattered. */
uint64_t kb_counter_forgotten(const struct kb_counter *counter);
/* Rows of which the key or the value is not known, where so many may make a key pass `max`; else 0.
 * After kb_counter_finish. */
uint64_t kb_counter_strays(const struct kb_counter *counter);
/* Keys seen. */
uint64_t kb_counter_keys(const struct kb_counter *counter);

#endif

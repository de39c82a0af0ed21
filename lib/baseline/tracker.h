/* The rows of one key that a counter remembers, in order of time, and the episode that is open
 * over them. */
#ifndef KB_BASELINE_TRACKER_H
#define KB_BASELINE_TRACKER_H

#include "baseline/counter.h"

struct kb_hit {
    int64_t time_ns;
    struct kb_hit_key value;
    struct kb_evidence evidence;
    char *blob; /* the texts of the evidence */
};

struct kb_tracker {
    struct kb_hit *at;
    size_t n, cap;
    uint64_t count;          /* over the whole reading: rows, or different values */
    struct kb_pending *open; /* NULL: no episode */
    int64_t first_ns, last_ns;
    uint64_t episode;        /* rows or values in the open episode */
};

enum kb_track {
    KB_TRACK_QUIET,  /* no breach */
    KB_TRACK_BREACH, /* this row is part of a breach */
    KB_TRACK_LATE    /* no breach, and the row is older than what was seen: it ends nothing */
};

void kb_tracker_done(struct kb_tracker *tracker);
/* A copy of the hits and the count; no episode. */
void kb_tracker_clone(const struct kb_tracker *from, struct kb_tracker *out);
/* Add a row. On a breach *from is the first hit of the window. */
enum kb_track kb_tracker_add(struct kb_tracker *tracker, const struct kb_counter_rule *rule,
                             const struct kb_hit_row *row, size_t *from);
/* Copy the first hits from number `from` on into the pending finding, as its evidence and time. */
void kb_tracker_tell(const struct kb_tracker *tracker, size_t from, struct kb_pending *pending);

#endif

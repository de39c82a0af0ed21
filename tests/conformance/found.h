/*
 * What the product reports on a log, by audit id: the common half of the runners over labelled events.
 */
#ifndef KB_TESTS_CONFORMANCE_FOUND_H
#define KB_TESTS_CONFORMANCE_FOUND_H

#include <jansson.h>

#include "base/mem.h"

enum kb_found_answer { KB_FOUND_NOTHING, KB_FOUND_UNKNOWN, KB_FOUND_REPORTED };

/* Zeroed memory is a valid empty collection. */
struct kb_found {
    json_t *controls; /* id: true, of every control there is */
    json_t *answers;  /* audit id: {control: "fail" or "unknown"} */
};

/* Run the product over the log (a path) with the profile's text. Prints why it could not. */
bool kb_found_run(struct kb_found *found, const char *log, struct kb_str profile);
void kb_found_done(struct kb_found *found);

bool kb_found_control(const struct kb_found *found, const char *control);
/* The strongest answer of one control on one audit id. A row that a control puts on record counts as reported. */
enum kb_found_answer kb_found_on(const struct kb_found *found, const char *audit_id, const char *control);

#endif

/* The row in hand: its columns, each asked for once, and what is known of it beside them. */
#ifndef KB_BASELINE_ROW_STATE_H
#define KB_BASELINE_ROW_STATE_H

#include "facts/table.h"

struct kb_row_state {
    const struct kb_row *row;
    struct kb_arena arena;     /* of this row */
    struct kb_cel_val *values; /* by column */
    uint32_t *stamps;          /* the row a value belongs to */
    uint32_t stamp;
    size_t columns;            /* room */
    struct kb_row_info info;
    bool has_info;
    struct kb_cel_activation activation;
};

void kb_row_state_init(struct kb_row_state *state, size_t columns);
void kb_row_state_done(struct kb_row_state *state);
/* Go on to the next row. */
void kb_row_state_set(struct kb_row_state *state, const struct kb_row *row);
const struct kb_cel_val *kb_row_state_get(struct kb_row_state *state, unsigned column);
const struct kb_row_info *kb_row_state_info(struct kb_row_state *state);

#endif

/* Columns of the row in hand are asked for at most once, whatever the number of controls. */
#include "baseline/row_state.h"

static void get(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    *out = *kb_row_state_get(ctx, var);
}

void kb_row_state_init(struct kb_row_state *state, size_t columns)
{
    *state = (struct kb_row_state){.columns = columns};
    state->values = kb_alloc(columns * sizeof *state->values);
    state->stamps = kb_alloc(columns * sizeof *state->stamps);
    state->activation = (struct kb_cel_activation){.get = get, .ctx = state};
}

void kb_row_state_done(struct kb_row_state *state)
{
    kb_free(state->values);
    kb_free(state->stamps);
    kb_arena_done(&state->arena);
}

void kb_row_state_set(struct kb_row_state *state, const struct kb_row *row)
{
    kb_arena_reset(&state->arena);
    state->row = row;
    state->has_info = false;
    state->stamp++;
    if (state->stamp == 0) {
        memset(state->stamps, 0, state->columns * sizeof *state->stamps);
        state->stamp = 1;
    }
}

const struct kb_cel_val *kb_row_state_get(struct kb_row_state *state, unsigned column)
{
    if (state->stamps[column] != state->stamp) {
        state->row->ops->get(state->row->data, column, &state->arena, &state->values[column]);
        state->stamps[column] = state->stamp;
    }
    return &state->values[column];
}

const struct kb_row_info *kb_row_state_info(struct kb_row_state *state)
{
    if (!state->has_info) {
        state->info = (struct kb_row_info){.time_ns = INT64_MIN};
        state->row->ops->info(state->row->data, &state->arena, &state->info);
        state->has_info = true;
    }
    return &state->info;
}

/* Unknown values against cel-go's answers with partial evaluation. */
#include <stdio.h>
#include <stdlib.h>

#include "cel_table.h"
#include "data/json.h"

static struct kb_cel_step step_of(const json_t *json, struct kb_arena *arena)
{
    if (json_object_get(json, "any") != NULL) {
        return (struct kb_cel_step){.any = true};
    }
    return (struct kb_cel_step){.key = cel_decode(json, arena)};
}

static void set_unknowns(struct cel_world *world)
{
    const json_t *inputs = json_object_get(world->row, "unknown_inputs");
    size_t n = json_array_size(inputs);
    struct kb_cel_unknown_part *parts = KB_NEW_ARRAY(&world->arena, n, struct kb_cel_unknown_part);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *input = json_array_get(inputs, i);
        const json_t *path = json_object_get(input, "path");
        int var = cel_world_var(world, json_string_value(json_object_get(input, "var")));
        if (var < 0) {
            continue;
        }
        size_t steps = json_array_size(path);
        if (steps == 0) {
            world->values.at[var] = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN, .unknown = NULL};
            continue;
        }
        struct kb_cel_step *at = KB_NEW_ARRAY(&world->arena, steps, struct kb_cel_step);
        for (size_t s = 0; s < steps; s++) {
            at[s] = step_of(json_array_get(path, s), &world->arena);
        }
        parts[used++] = (struct kb_cel_unknown_part){(unsigned)var, at, steps};
    }
    world->activation.unknown_parts = parts;
    world->activation.unknown_count = used;
}

static bool has_attribute(const struct kb_cel_unknown *u, struct kb_str text)
{
    while (u != NULL && !kb_str_eq(u->attribute, text)) {
        u = u->next;
    }
    return u != NULL;
}

static bool unknown_matches(const json_t *want, const struct kb_cel_unknown *got)
{
    size_t n = 0;
    for (const struct kb_cel_unknown *u = got; u != NULL; u = u->next) {
        n++;
    }
    for (size_t i = 0; i < json_array_size(want); i++) {
        if (!has_attribute(got, kb_json_view(json_array_get(want, i)))) {
            return false;
        }
    }
    return n == json_array_size(want);
}

static void compare(struct cel_world *world, const struct kb_cel_val *got)
{
    const json_t *value = json_object_get(world->row, "value");
    const json_t *unknown = json_object_get(world->row, "unknown");
    bool ok = false;
    if (unknown != NULL) {
        ok = got->kind == KB_CEL_UNKNOWN && unknown_matches(unknown, got->unknown);
    } else if (value != NULL) {
        ok = cel_matches(value, got);
    } else {
        ok = got->kind == KB_CEL_ERROR;
    }
    if (ok) {
        cel_pass(world);
        return;
    }
    const json_t *want = unknown != NULL ? unknown
                         : value != NULL ? value
                                         : json_object_get(world->row, "error");
    char *text = json_dumps(want, JSON_COMPACT);
    char *inputs = json_dumps(json_object_get(world->row, "unknown_inputs"), JSON_COMPACT);
    cel_fail(world, "WRONG", "%s, wanted %s with unknown %s", cel_value_text(world, got), text,
             inputs);
    free(text);
    free(inputs);
}

static void check_row(struct cel_world *world)
{
    if (!cel_world_compile(world)) {
        cel_fail(world, "unsupported", "%s", cel_issue_text(world));
        return;
    }
    set_unknowns(world);
    struct kb_cel_val got = cel_world_eval(world);
    compare(world, &got);
}

int main(int argc, char **argv)
{
    return cel_table_main(argc, argv, 0, check_row);
}

/* The macros' loops. What errors and unknowns do in each follows from what cel-go expands it to:
 * all and exists are chains of && and ||, the others conditionals and strict calls. */
#include "cel/program.h"

/* What a loop runs over: elements of a list, or entries of a map. */
struct range {
    const struct kb_cel_list *list;
    const struct kb_cel_map *map;
    size_t n;
};

static bool open_range(const struct kb_cel_val *v, struct range *out)
{
    *out = (struct range){NULL, NULL, 0};
    if (v->kind == KB_CEL_LIST) {
        out->list = v->list;
        out->n = v->list->n;
        return true;
    }
    if (v->kind == KB_CEL_MAP) {
        out->map = v->map;
        out->n = v->map->n;
        return true;
    }
    return false;
}

/* Sets the variables for round `i`; false where the evaluation has cost too much. */
static bool step(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                 const struct range *range, size_t i)
{
    struct kb_cel_val *locals = frame->locals + node->index;
    if (range->list != NULL) {
        locals[0] = node->two ? kb_cel_int((int64_t)i) : range->list->items[i];
        if (node->two) {
            locals[1] = range->list->items[i];
        }
    } else {
        locals[0] = range->map->entries[i].key;
        if (node->two) {
            locals[1] = range->map->entries[i].value;
        }
    }
    frame->call.cost += node->n;
    return !kb_cel_overspent(frame);
}

static struct kb_cel_val no_overload(void)
{
    return kb_cel_error_static("no such overload");
}

/* all, exists: `decides` ends it. */
static struct kb_cel_val run_logic(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                   const struct range *range, bool decides)
{
    struct kb_cel_val acc = kb_cel_bool(!decides);
    for (size_t i = 0; i < range->n; i++) {
        if (!step(node, frame, range, i)) {
            return kb_cel_cost_error();
        }
        struct kb_cel_val v = kb_cel_run(node->loop->test, frame);
        if (v.kind == KB_CEL_BOOL) {
            if (v.b == decides) {
                return v;
            }
        } else if (v.kind == KB_CEL_UNKNOWN) {
            acc = acc.kind == KB_CEL_UNKNOWN ? kb_cel_merge_unknown(frame->call.arena, acc, v) : v;
        } else if (acc.kind == KB_CEL_BOOL) {
            acc = v.kind == KB_CEL_ERROR ? v : no_overload();
        }
    }
    return acc;
}

/* The condition of what is collected: 1 yes, 0 no; where it is neither, *acc takes its place. */
static int test_round(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                      struct kb_cel_val *acc)
{
    if (node->loop->test == NULL) {
        return 1;
    }
    struct kb_cel_val v = kb_cel_run(node->loop->test, frame);
    if (v.kind == KB_CEL_BOOL) {
        return v.b;
    }
    *acc = kb_cel_is_bad(&v) ? v : no_overload();
    return 0;
}

static struct kb_cel_val run_exists_one(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                        const struct range *range)
{
    struct kb_cel_val acc = kb_cel_null();
    size_t count = 0;
    for (size_t i = 0; i < range->n; i++) {
        if (!step(node, frame, range, i)) {
            return kb_cel_cost_error();
        }
        count += test_round(node, frame, &acc) == 1;
    }
    return kb_cel_is_bad(&acc) ? acc : kb_cel_bool(count == 1);
}

static struct kb_cel_val run_map(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                 const struct range *range)
{
    struct kb_cel_val acc = kb_cel_null();
    struct kb_cel_list *list = KB_NEW(frame->call.arena, struct kb_cel_list);
    struct kb_cel_val *items = KB_NEW_ARRAY(frame->call.arena, range->n, struct kb_cel_val);
    list->items = items;
    for (size_t i = 0; i < range->n; i++) {
        if (!step(node, frame, range, i)) {
            return kb_cel_cost_error();
        }
        if (test_round(node, frame, &acc) != 1) {
            continue;
        }
        struct kb_cel_val v = kb_cel_run(node->loop->body, frame);
        if (kb_cel_is_bad(&v)) {
            acc = kb_cel_worse(frame->call.arena, acc, v);
        }
        items[list->n++] = v;
    }
    return kb_cel_is_bad(&acc) ? acc : kb_cel_list(list);
}

struct map_builder {
    struct kb_cel_map_entry *entries;
    size_t n;
    size_t cap;
};

static struct kb_cel_val insert(struct kb_cel_frame *frame, struct map_builder *out,
                                const struct kb_cel_val *key, const struct kb_cel_val *value)
{
    struct kb_cel_map so_far = {out->entries, out->n};
    if (kb_cel_find(frame, &so_far, key) != NULL) {
        return kb_cel_key_error(frame->call.arena, "insert failed: key already exists", key);
    }
    if (out->n == out->cap) {
        size_t cap = out->cap < 8 ? 8 : out->cap * 2;
        struct kb_cel_map_entry *grown =
            KB_NEW_ARRAY(frame->call.arena, cap, struct kb_cel_map_entry);
        if (out->n > 0) {
            memcpy(grown, out->entries, out->n * sizeof *grown);
        }
        out->entries = grown;
        out->cap = cap;
    }
    out->entries[out->n++] = (struct kb_cel_map_entry){*key, *value};
    return kb_cel_null();
}

static struct kb_cel_val insert_all(struct kb_cel_frame *frame, struct map_builder *out,
                                    const struct kb_cel_val *v)
{
    if (v->kind != KB_CEL_MAP) {
        return no_overload();
    }
    struct kb_cel_val bad = kb_cel_null();
    for (size_t i = 0; i < v->map->n && !kb_cel_is_bad(&bad); i++) {
        bad = insert(frame, out, &v->map->entries[i].key, &v->map->entries[i].value);
    }
    return bad;
}

static struct kb_cel_val run_transform(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                       const struct range *range)
{
    struct kb_cel_val acc = kb_cel_null();
    struct map_builder out = {NULL, 0, 0};
    bool entry = node->loop->kind == KB_LOOP_TRANSFORM_ENTRY;
    for (size_t i = 0; i < range->n; i++) {
        if (!step(node, frame, range, i)) {
            return kb_cel_cost_error();
        }
        struct kb_cel_val key = frame->locals[node->index];
        if (test_round(node, frame, &acc) != 1) {
            continue;
        }
        struct kb_cel_val v = kb_cel_run(node->loop->body, frame);
        if (!kb_cel_is_bad(&v) && !kb_cel_is_bad(&acc)) {
            v = entry ? insert_all(frame, &out, &v) : insert(frame, &out, &key, &v);
        }
        if (kb_cel_is_bad(&v)) {
            acc = kb_cel_worse(frame->call.arena, acc, v);
        }
    }
    if (kb_cel_is_bad(&acc)) {
        return acc;
    }
    struct kb_cel_map *map = KB_NEW(frame->call.arena, struct kb_cel_map);
    *map = (struct kb_cel_map){out.entries, out.n};
    return kb_cel_map(map);
}

static struct kb_cel_val run_bind(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                  struct kb_cel_val value)
{
    frame->locals[node->index] = value;
    frame->call.cost++;
    return kb_cel_overspent(frame) ? kb_cel_cost_error() : kb_cel_run(node->loop->body, frame);
}

static struct kb_cel_val run_optional(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                      struct kb_cel_val of)
{
    if (of.kind != KB_CEL_OPTIONAL) {
        return kb_cel_is_bad(&of) ? of : no_overload();
    }
    if (of.opt == NULL) {
        return of;
    }
    struct kb_cel_val v = run_bind(node, frame, *of.opt);
    if (kb_cel_is_bad(&v) || node->loop->kind == KB_LOOP_OPT_FLAT_MAP) {
        return v;
    }
    struct kb_cel_val *copy = KB_NEW(frame->call.arena, struct kb_cel_val);
    *copy = v;
    return (struct kb_cel_val){.kind = KB_CEL_OPTIONAL, .opt = copy};
}

static struct kb_cel_val run_over(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                  const struct range *range)
{
    switch (node->loop->kind) {
    case KB_LOOP_ALL:
        return run_logic(node, frame, range, false);
    case KB_LOOP_EXISTS:
        return run_logic(node, frame, range, true);
    case KB_LOOP_EXISTS_ONE:
        return run_exists_one(node, frame, range);
    case KB_LOOP_MAP:
        return run_map(node, frame, range);
    case KB_LOOP_TRANSFORM_MAP:
    case KB_LOOP_TRANSFORM_ENTRY:
        return run_transform(node, frame, range);
    case KB_LOOP_BIND:
    case KB_LOOP_OPT_MAP:
    case KB_LOOP_OPT_FLAT_MAP:
        break;
    }
    return no_overload();
}

struct kb_cel_val kb_cel_eval_loop(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->loop->range, frame);
    if (node->loop->kind == KB_LOOP_BIND) {
        return run_bind(node, frame, v);
    }
    if (node->loop->kind == KB_LOOP_OPT_MAP || node->loop->kind == KB_LOOP_OPT_FLAT_MAP) {
        return run_optional(node, frame, v);
    }
    if (kb_cel_is_bad(&v)) {
        return v;
    }
    struct range range;
    if (!open_range(&v, &range)) {
        return kb_cel_error(frame->call.arena, "got '%.*s', expected iterable type",
                            KB_FMT(kb_cel_type_name(&v)));
    }
    return run_over(node, frame, &range);
}

/* Evaluation: variables, logic, literals and calls. Errors and unknowns are values; what they do to
 * an operator is langdef's "Runtime Errors" and, between the two, what cel-go does. */
#include "base/limits.h"
#include "cel/lib.h"
#include "cel/program.h"

struct kb_cel_val kb_cel_worse(struct kb_arena *arena, struct kb_cel_val a, struct kb_cel_val b)
{
    if (a.kind == KB_CEL_ERROR || !kb_cel_is_bad(&b)) {
        return a;
    }
    if (b.kind == KB_CEL_ERROR || !kb_cel_is_bad(&a)) {
        return b;
    }
    return kb_cel_merge_unknown(arena, a, b);
}

struct kb_cel_val kb_cel_first_bad(struct kb_arena *arena, struct kb_cel_val a, struct kb_cel_val b)
{
    if (a.kind == KB_CEL_UNKNOWN && b.kind == KB_CEL_UNKNOWN) {
        return kb_cel_merge_unknown(arena, a, b);
    }
    return kb_cel_is_bad(&a) ? a : b;
}

bool kb_cel_overspent(const struct kb_cel_frame *frame)
{
    return frame->call.cost > frame->call.cost_max;
}

struct kb_cel_val kb_cel_cost_error(void)
{
    return kb_cel_error_static("expression costs more than 1000000 steps");
}

static struct kb_cel_val no_overload(void)
{
    return kb_cel_error_static("no such overload");
}

struct kb_cel_val kb_cel_eval_const(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    (void)frame;
    return node->value;
}

struct kb_cel_val kb_cel_eval_local(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    return frame->locals[node->index];
}

struct kb_cel_val kb_cel_eval_undeclared(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    return kb_cel_error(frame->call.arena, "undeclared reference to '%.*s'", KB_FMT(node->name));
}

struct kb_cel_val kb_cel_eval_type_local(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    return kb_cel_error(frame->call.arena, "reference to undefined type: %.*s", KB_FMT(node->name));
}

/* The variable as the activation has it, which may be KB_CEL_ABSENT. */
static struct kb_cel_val fetch(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = {.kind = KB_CEL_ABSENT};
    frame->activation->get(frame->activation->ctx, node->index, frame->call.arena, &v);
    if (__builtin_expect(v.kind == KB_CEL_UNKNOWN && v.unknown == NULL, 0)) {
        return kb_cel_unknown(frame->call.arena, node->name, KB_STR("not readable"));
    }
    return v;
}

struct kb_cel_val kb_cel_eval_var(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = fetch(node, frame);
    if (__builtin_expect(v.kind == KB_CEL_ABSENT, 0)) {
        return kb_cel_error(frame->call.arena, "no value: %.*s", KB_FMT(node->name));
    }
    return v;
}

struct kb_cel_val kb_cel_eval_has_var(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = fetch(node, frame);
    return kb_cel_is_bad(&v) ? v : kb_cel_bool(v.kind != KB_CEL_ABSENT);
}

/* && and || of any number of terms: `decides` ends it, whatever else is wrong. */
static struct kb_cel_val logic(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                               bool decides)
{
    struct kb_cel_val error = {.kind = KB_CEL_NULL};
    struct kb_cel_val unknown = {.kind = KB_CEL_NULL};
    for (uint32_t i = 0; i < node->n; i++) {
        struct kb_cel_val v = kb_cel_run(node->kids[i], frame);
        if (__builtin_expect(v.kind == KB_CEL_BOOL, 1)) {
            if (v.b == decides) {
                return v;
            }
        } else if (v.kind == KB_CEL_UNKNOWN) {
            unknown = unknown.kind == KB_CEL_UNKNOWN
                          ? kb_cel_merge_unknown(frame->call.arena, unknown, v)
                          : v;
        } else if (error.kind != KB_CEL_ERROR) {
            error = v.kind == KB_CEL_ERROR ? v : no_overload();
        }
    }
    if (unknown.kind == KB_CEL_UNKNOWN) {
        return unknown;
    }
    return error.kind == KB_CEL_ERROR ? error : kb_cel_bool(!decides);
}

struct kb_cel_val kb_cel_eval_and(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    return logic(node, frame, false);
}

struct kb_cel_val kb_cel_eval_or(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    return logic(node, frame, true);
}

struct kb_cel_val kb_cel_eval_not(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (v.kind == KB_CEL_BOOL) {
        return kb_cel_bool(!v.b);
    }
    return kb_cel_is_bad(&v) ? v : no_overload();
}

struct kb_cel_val kb_cel_eval_conditional(const struct kb_cel_node *node,
                                          struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (v.kind == KB_CEL_BOOL) {
        return kb_cel_run(node->kids[v.b ? 1 : 2], frame);
    }
    return kb_cel_is_bad(&v) ? v : no_overload();
}

struct kb_cel_val kb_cel_eval_optional_or(const struct kb_cel_node *node,
                                          struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (v.kind != KB_CEL_OPTIONAL) {
        return v; /* also what is no optional: as in cel-go */
    }
    if (v.opt == NULL) {
        return kb_cel_run(node->kids[1], frame);
    }
    return node->test ? *v.opt : v;
}

/* The value of an element that is marked '?': false where it is none. */
static bool unwrap(struct kb_cel_val *v)
{
    if (v->kind != KB_CEL_OPTIONAL) {
        *v = no_overload();
        return true;
    }
    if (v->opt == NULL) {
        return false;
    }
    *v = *v->opt;
    return true;
}

struct kb_cel_val kb_cel_eval_list(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val bad = {.kind = KB_CEL_NULL};
    struct kb_cel_list *list = KB_NEW(frame->call.arena, struct kb_cel_list);
    struct kb_cel_val *items = KB_NEW_ARRAY(frame->call.arena, node->n, struct kb_cel_val);
    list->items = items;
    for (uint32_t i = 0; i < node->n; i++) {
        struct kb_cel_val v = kb_cel_run(node->kids[i], frame);
        bool optional = node->optional_kids != NULL && node->optional_kids[i];
        if (!kb_cel_is_bad(&v) && optional && !unwrap(&v)) {
            continue;
        }
        if (kb_cel_is_bad(&v)) {
            bad = kb_cel_worse(frame->call.arena, bad, v);
        }
        items[list->n++] = v;
    }
    frame->call.cost += node->n;
    if (kb_cel_overspent(frame)) {
        return kb_cel_cost_error();
    }
    return kb_cel_is_bad(&bad) ? bad : kb_cel_list(list);
}

/* Null, or why the entry cannot stand in a map (langdef.md: keys are int, uint, bool or string, and
 * no two of a literal are equal). */
static struct kb_cel_val put(struct kb_cel_frame *frame, struct kb_cel_map *map,
                             struct kb_cel_map_entry *entries, struct kb_cel_val key,
                             struct kb_cel_val value)
{
    if (key.kind == KB_CEL_DOUBLE) {
        return kb_cel_error_static("unsupported key type: double");
    }
    if (kb_cel_find(frame, map, &key) != NULL) {
        return kb_cel_key_error(frame->call.arena, "Failed with repeated key", &key);
    }
    entries[map->n++] = (struct kb_cel_map_entry){key, value};
    frame->call.cost++;
    return kb_cel_null();
}

struct kb_cel_val kb_cel_eval_map(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_arena *arena = frame->call.arena;
    struct kb_cel_val bad = {.kind = KB_CEL_NULL};
    struct kb_cel_map *map = KB_NEW(arena, struct kb_cel_map);
    struct kb_cel_map_entry *entries = KB_NEW_ARRAY(arena, node->n / 2, struct kb_cel_map_entry);
    map->entries = entries;
    for (uint32_t i = 0; i + 1 < node->n; i += 2) {
        struct kb_cel_val key = kb_cel_run(node->kids[i], frame);
        struct kb_cel_val value = kb_cel_run(node->kids[i + 1], frame);
        bool optional = node->optional_kids != NULL && node->optional_kids[i / 2];
        bool absent = !kb_cel_is_bad(&value) && optional && !unwrap(&value);
        if (kb_cel_is_bad(&key) || kb_cel_is_bad(&value)) {
            bad = kb_cel_worse(arena, kb_cel_worse(arena, bad, key), value);
        } else if (!absent && !kb_cel_overspent(frame)) {
            bad = kb_cel_worse(arena, bad, put(frame, map, entries, key, value));
        }
    }
    if (kb_cel_overspent(frame)) {
        return kb_cel_cost_error();
    }
    return kb_cel_is_bad(&bad) ? bad : kb_cel_map(map);
}

static bool takes(const struct kb_cel_overload *overload, const struct kb_cel_val *args)
{
    for (size_t i = 0; i < overload->sig.n; i++) {
        if (!kb_cel_fits(&overload->fits[i], &args[i])) {
            return false;
        }
    }
    return true;
}

static struct kb_cel_val no_call(const struct kb_cel_node *node, struct kb_cel_frame *frame,
                                 const struct kb_cel_val *args)
{
    struct kb_buf text;
    kb_buf_init(&text, 300);
    for (uint32_t i = 0; i < node->n; i++) {
        kb_buf_c(&text, i > 0 ? ", " : "");
        kb_buf_str(&text, kb_cel_type_name(&args[i]));
    }
    struct kb_cel_val error = kb_cel_error(frame->call.arena, "no such overload: %.*s(%.*s)",
                                           KB_FMT(node->name), KB_FMT(kb_buf_view(&text)));
    kb_buf_done(&text);
    return error;
}

struct kb_cel_val kb_cel_eval_call(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    enum { MAX_ARGS = 8 };
    struct kb_cel_val args[MAX_ARGS];
    struct kb_cel_val bad = {.kind = KB_CEL_NULL};
    for (uint32_t i = 0; i < node->n; i++) {
        args[i] = kb_cel_run(node->kids[i], frame);
        if (__builtin_expect(kb_cel_is_bad(&args[i]), 0)) {
            bad = node->n == 2 ? kb_cel_first_bad(frame->call.arena, bad, args[i])
                               : kb_cel_worse(frame->call.arena, bad, args[i]);
        }
    }
    if (__builtin_expect(kb_cel_is_bad(&bad), 0)) {
        return bad;
    }
    frame->call.cost++;
    for (uint32_t i = 0; i < node->index; i++) {
        const struct kb_cel_overload *overload = node->overloads[i];
        if (takes(overload, args)) {
            struct kb_cel_val out = overload->func->fn(&frame->call, args, node->n);
            return kb_cel_overspent(frame) ? kb_cel_cost_error() : out;
        }
    }
    return no_call(node, frame, args);
}

struct kb_cel_val kb_cel_eval(const struct kb_cel_program *program,
                              const struct kb_cel_activation *activation, struct kb_arena *arena)
{
    enum { FEW = 8 };
    struct kb_cel_val few[FEW];
    struct kb_cel_frame frame = {
        .call = {.arena = arena, .cost_max = KB_MAX_CEL_COST},
        .activation = activation,
        .program = program,
        .locals = few,
    };
    if (program->locals > FEW) {
        frame.locals = KB_NEW_ARRAY(arena, program->locals, struct kb_cel_val);
    }
    return kb_cel_run(program->root, &frame);
}

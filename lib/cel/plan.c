/* From the checked tree to nodes: names become slots, constants are computed once, and operators of
 * a common shape get an evaluator of their own. */
#include "base/limits.h"
#include "cel/program.h"
#include "data/regex.h"

struct planner {
    struct kb_cel_program *program;
    struct kb_arena *arena;
    uint64_t spent; /* by evaluating constants */
};

enum { MAX_ARGS = 8 }; /* of a function */

static struct kb_cel_node *plan(struct planner *p, const struct kb_cel_expr *expr);

static struct kb_cel_node *new_node(struct planner *p, kb_cel_eval_fn *eval)
{
    struct kb_cel_node *node = KB_NEW(p->arena, struct kb_cel_node);
    node->eval = eval;
    return node;
}

static struct kb_cel_node *constant(struct planner *p, struct kb_cel_val value)
{
    struct kb_cel_node *node = new_node(p, kb_cel_eval_const);
    node->value = value;
    return node;
}

static bool is_constant(const struct kb_cel_node *node)
{
    return node->eval == kb_cel_eval_const;
}

static void no_variable(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)ctx;
    (void)var;
    (void)arena;
    out->kind = KB_CEL_ABSENT;
}

/* A node whose parts are all constant is evaluated now, unless that is an error. */
static struct kb_cel_node *fold(struct planner *p, struct kb_cel_node *node)
{
    for (uint32_t i = 0; i < node->n; i++) {
        if (!is_constant(node->kids[i])) {
            return node;
        }
    }
    static const struct kb_cel_activation none = {.get = no_variable};
    struct kb_cel_frame frame = {
        .call = {.arena = p->arena, .cost = p->spent, .cost_max = KB_MAX_CEL_COST},
        .activation = &none,
        .program = p->program,
    };
    struct kb_cel_val value = kb_cel_run(node, &frame);
    p->spent = frame.call.cost;
    return kb_cel_is_bad(&value) ? node : constant(p, value);
}

static void plan_kids(struct planner *p, struct kb_cel_node *node, const struct kb_cel_expr *expr)
{
    const struct kb_cel_node **kids = KB_NEW_ARRAY(p->arena, expr->n, const struct kb_cel_node *);
    for (size_t i = 0; i < expr->n; i++) {
        kids[i] = plan(p, expr->args[i]);
    }
    node->kids = kids;
    node->n = (uint32_t)expr->n;
    node->optional_kids = expr->optional_args;
}

/* cel-go takes a macro's variable that holds a type for the name of one, and finds none. */
static bool holds_type(const struct kb_cel_expr *expr)
{
    return expr->type != NULL && expr->type->kind == KB_CEL_T_TYPE;
}

static struct kb_cel_node *plan_ident(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = NULL;
    switch (expr->ref) {
    case KB_REF_VAR:
        node = new_node(p, kb_cel_eval_bare_var);
        break;
    case KB_REF_LOCAL:
        node = new_node(p, holds_type(expr) ? kb_cel_eval_type_local : kb_cel_eval_local);
        break;
    case KB_REF_CONST:
        return constant(p, p->program->env->consts.at[expr->index]->value);
    case KB_REF_TYPE:
        return constant(p, expr->value);
    case KB_REF_NONE:
        node = new_node(p, kb_cel_eval_undeclared);
        break;
    }
    node->index = expr->index;
    node->name = expr->ref == KB_REF_VAR ? p->program->env->vars.at[expr->index]->name : expr->name;
    return node;
}

/* Steps on a variable know the whole way, for parts of it that are not known. */
static void link_chain(struct planner *p, struct kb_cel_node *node)
{
    const struct kb_cel_node *operand = node->kids[0];
    bool step = operand->eval == kb_cel_eval_select || operand->eval == kb_cel_eval_index;
    size_t n = operand->eval == kb_cel_eval_bare_var ? 1 : step ? operand->chain_n : 0;
    if (n == 0) {
        return;
    }
    const struct kb_cel_node **chain = KB_NEW_ARRAY(p->arena, n + 1, const struct kb_cel_node *);
    if (step) {
        memcpy(chain, operand->chain, n * sizeof *chain);
    } else {
        chain[0] = operand;
    }
    chain[n] = node;
    node->chain = chain;
    node->chain_n = (uint32_t)n + 1;
}

static struct kb_cel_node *plan_select(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = new_node(p, kb_cel_eval_select);
    plan_kids(p, node, expr);
    node->value = kb_cel_string(expr->name);
    node->optional = expr->optional;
    node->test = expr->test;
    link_chain(p, node);
    return fold(p, node);
}

static struct kb_cel_node *plan_index(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = new_node(p, kb_cel_eval_index);
    plan_kids(p, node, expr);
    node->optional = kb_str_eq_c(expr->name, "_[?_]");
    if (is_constant(node->kids[1])) {
        node->eval = kb_cel_eval_select;
        node->value = node->kids[1]->value;
        node->n = 1;
    }
    link_chain(p, node);
    return fold(p, node);
}

static struct kb_cel_node *plan_equal(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = new_node(p, kb_cel_eval_equal);
    plan_kids(p, node, expr);
    node->test = kb_str_eq_c(expr->name, "_!=_");
    for (size_t i = 0; i < 2; i++) {
        const struct kb_cel_node *kid = node->kids[i];
        if (is_constant(kid) && kid->value.kind == KB_CEL_STRING) {
            const struct kb_cel_node **one = KB_NEW(p->arena, const struct kb_cel_node *);
            one[0] = node->kids[1 - i];
            node->kids = one;
            node->n = 1;
            node->value = kid->value;
            node->eval = kb_cel_eval_equal_text;
            break;
        }
    }
    return fold(p, node);
}

static bool all_texts(const struct kb_cel_val *v)
{
    if (v->kind != KB_CEL_LIST) {
        return false;
    }
    for (size_t i = 0; i < v->list->n; i++) {
        if (v->list->items[i].kind != KB_CEL_STRING) {
            return false;
        }
    }
    return true;
}

static struct kb_cel_node *plan_in(struct planner *p, const struct kb_cel_expr *expr)
{
    enum { FEW = 8 };
    struct kb_cel_node *node = new_node(p, kb_cel_eval_in);
    plan_kids(p, node, expr);
    const struct kb_cel_node *of = node->kids[1];
    if (is_constant(of) && all_texts(&of->value)) {
        const struct kb_cel_list *list = of->value.list;
        node->n = 1;
        node->value = of->value;
        node->eval = list->n > FEW ? kb_cel_eval_in_set : kb_cel_eval_in_texts;
        if (list->n > FEW) {
            struct kb_map *set = kb_alloc(sizeof *set);
            for (size_t i = 0; i < list->n; i++) {
                kb_map_add(set, list->items[i].s, NULL);
            }
            *KB_VEC_PUSH(&p->program->sets) = set;
            node->set = set;
        }
    }
    return fold(p, node);
}

static struct kb_cel_node *plan_logic(struct planner *p, const struct kb_cel_expr *expr, bool and)
{
    struct kb_cel_node *node = new_node(p, and? kb_cel_eval_and : kb_cel_eval_or);
    plan_kids(p, node, expr);
    for (uint32_t i = 0; i < node->n; i++) { /* one term that decides is the whole */
        const struct kb_cel_node *kid = node->kids[i];
        if (is_constant(kid) && kid->value.kind == KB_CEL_BOOL && kid->value.b != and) {
            return constant(p, kb_cel_bool(!and));
        }
    }
    return fold(p, node);
}

static struct kb_cel_node *plan_operator(struct planner *p, const struct kb_cel_expr *expr,
                                         kb_cel_eval_fn *eval)
{
    struct kb_cel_node *node = new_node(p, eval);
    plan_kids(p, node, expr);
    return fold(p, node);
}

/* x.or(y), x.orValue(y): the second is evaluated only where the first has no value. */
static struct kb_cel_node *plan_or(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = new_node(p, kb_cel_eval_optional_or);
    plan_kids(p, node, expr);
    node->test = kb_str_eq_c(expr->name, "orValue");
    return fold(p, node);
}

/* x.matches("…"): the expression is compiled now. */
static struct kb_cel_node *plan_matches(struct planner *p, struct kb_cel_node *node)
{
    struct kb_regex *regex = NULL;
    if (kb_failed(kb_regex_compile(node->kids[1]->value.s, &regex, NULL))) {
        return node; /* an error of each evaluation */
    }
    *KB_VEC_PUSH(&p->program->regexes) = regex;
    node->eval = kb_cel_eval_matches;
    node->n = 1;
    node->regex = regex;
    return node;
}

static bool is_constant_match(const struct kb_cel_node *node)
{
    return kb_str_eq_c(node->name, "matches") && node->n == 2 && is_constant(node->kids[1]) &&
           node->kids[1]->value.kind == KB_CEL_STRING;
}

static struct kb_cel_node *plan_function(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = new_node(p, kb_cel_eval_call);
    plan_kids(p, node, expr);
    node->name = expr->name;
    node->overloads = expr->matches;
    node->index = (uint32_t)expr->match_count;
    if (node->n > MAX_ARGS || (expr->match_count == 0 && expr->matches == NULL)) {
        node->eval = kb_cel_eval_undeclared;
        node->n = 0;
        return node;
    }
    if (is_constant_match(node)) {
        node = plan_matches(p, node);
    }
    return fold(p, node);
}

static struct kb_cel_node *plan_logic_operator(struct planner *p, const struct kb_cel_expr *expr)
{
    return plan_logic(p, expr, expr->name.p[1] == '&');
}

static struct kb_cel_node *plan_conditional(struct planner *p, const struct kb_cel_expr *expr)
{
    return plan_operator(p, expr, kb_cel_eval_conditional);
}

static struct kb_cel_node *plan_not(struct planner *p, const struct kb_cel_expr *expr)
{
    return plan_operator(p, expr, kb_cel_eval_not);
}

static const struct {
    const char *name;
    struct kb_cel_node *(*plan)(struct planner *p, const struct kb_cel_expr *expr);
} operators[] = {
    {"_&&_", plan_logic_operator},
    {"_||_", plan_logic_operator},
    {"_==_", plan_equal},
    {"_!=_", plan_equal},
    {"@in", plan_in},
    {"_?_:_", plan_conditional},
    {"!_", plan_not},
    {"_[_]", plan_index},
    {"_[?_]", plan_index},
};

static struct kb_cel_node *plan_call(struct planner *p, const struct kb_cel_expr *expr)
{
    if (expr->member && expr->n == 2 && expr->match_count > 0 &&
        expr->matches[0]->func->fn == NULL) {
        return plan_or(p, expr);
    }
    for (size_t i = 0; !expr->member && i < sizeof operators / sizeof operators[0]; i++) {
        if (kb_str_eq_c(expr->name, operators[i].name)) {
            return operators[i].plan(p, expr);
        }
    }
    return plan_function(p, expr);
}

/* Steps that one round of a loop costs at least. */
static uint32_t weight(const struct kb_cel_node *node)
{
    uint32_t sum = 1;
    for (uint32_t i = 0; node->eval != kb_cel_eval_loop && i < node->n; i++) {
        sum += weight(node->kids[i]);
    }
    return sum;
}

static struct kb_cel_node *plan_loop(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = new_node(p, kb_cel_eval_loop);
    struct kb_cel_loop_plan *loop = KB_NEW(p->arena, struct kb_cel_loop_plan);
    loop->kind = expr->loop->kind;
    loop->range = plan(p, expr->loop->range);
    loop->test = expr->loop->test == NULL ? NULL : plan(p, expr->loop->test);
    loop->body = expr->loop->body == NULL ? NULL : plan(p, expr->loop->body);
    node->loop = loop;
    node->index = expr->index;
    node->two = expr->loop->var[1].p != NULL;
    node->n = 1 + (loop->test == NULL ? 0 : weight(loop->test)) +
              (loop->body == NULL ? 0 : weight(loop->body));
    return node;
}

static struct kb_cel_node *plan_has_var(struct planner *p, const struct kb_cel_expr *expr)
{
    struct kb_cel_node *node = plan_ident(p, expr->args[0]);
    if (expr->args[0]->ref == KB_REF_VAR) {
        node->eval = kb_cel_eval_has_var;
        return node;
    }
    return expr->args[0]->ref == KB_REF_CONST ? constant(p, kb_cel_bool(true)) : node;
}

static struct kb_cel_node *plan(struct planner *p, const struct kb_cel_expr *expr)
{
    switch (expr->kind) {
    case KB_X_LITERAL:
        return constant(p, expr->value);
    case KB_X_IDENT:
        return plan_ident(p, expr);
    case KB_X_SELECT:
        return plan_select(p, expr);
    case KB_X_CALL:
        return plan_call(p, expr);
    case KB_X_LIST:
        return plan_operator(p, expr, kb_cel_eval_list);
    case KB_X_MAP:
        return plan_operator(p, expr, kb_cel_eval_map);
    case KB_X_LOOP:
        return plan_loop(p, expr);
    case KB_X_HAS_VAR:
        return plan_has_var(p, expr);
    case KB_X_MESSAGE:
        break;
    }
    return new_node(p, kb_cel_eval_undeclared);
}

void kb_cel_plan(struct kb_cel_program *program, const struct kb_cel_expr *tree)
{
    struct planner p = {program, &program->env->arena, 0};
    program->root = plan(&p, tree);
}

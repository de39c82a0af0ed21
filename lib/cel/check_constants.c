/*
 * Constants that their functions would refuse, found when compiling rather than at every row:
 * formats always; expressions, durations, timestamps and mixed literals where the environment is
 * strict.
 */
#include "cel/check.h"
#include "cel/lib.h"
#include "data/duration.h"
#include "data/regex.h"
#include "data/time.h"

static bool is_text(const struct kb_cel_expr *expr)
{
    return expr->kind == KB_X_LITERAL && expr->value.kind == KB_CEL_STRING;
}

/* The kind of value that an expression of this type has; *name is its type's name for messages.
 * False where that is not known. */
static bool kind_of(const struct kb_cel_type *type, unsigned *kind, struct kb_str *name)
{
    static const struct {
        uint8_t type, kind;
    } kinds[] = {
        {KB_CEL_T_NULL, KB_CEL_NULL},         {KB_CEL_T_BOOL, KB_CEL_BOOL},
        {KB_CEL_T_INT, KB_CEL_INT},           {KB_CEL_T_UINT, KB_CEL_UINT},
        {KB_CEL_T_DOUBLE, KB_CEL_DOUBLE},     {KB_CEL_T_STRING, KB_CEL_STRING},
        {KB_CEL_T_BYTES, KB_CEL_BYTES},       {KB_CEL_T_LIST, KB_CEL_LIST},
        {KB_CEL_T_MAP, KB_CEL_MAP},           {KB_CEL_T_TIMESTAMP, KB_CEL_TIMESTAMP},
        {KB_CEL_T_DURATION, KB_CEL_DURATION}, {KB_CEL_T_TYPE, KB_CEL_TYPE},
        {KB_CEL_T_OPTIONAL, KB_CEL_OPTIONAL},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].type == type->kind) {
            struct kb_cel_val v = {.kind = kinds[i].kind};
            *kind = kinds[i].kind;
            *name = kb_cel_type_name(&v);
            return true;
        }
    }
    return false;
}

static void check_format(struct kb_cel_checker *c, const struct kb_cel_expr *call)
{
    struct kb_str format = call->args[0]->value.s;
    const struct kb_cel_expr *list = call->args[1];
    struct kb_err err = {0};
    size_t at = 0;
    size_t arg = 0;
    for (;; arg++) {
        struct kb_cel_format_clause clause = {0};
        unsigned kind = 0;
        struct kb_str name;
        if (kb_failed(kb_cel_format_next(format, &at, arg, list->n, NULL, &clause, &err))) {
            kb_cel_issue_add(c->source, KB_CEL_CHECK, call->pos, "%s", err.msg);
            return;
        }
        if (clause.letter == 0) {
            break;
        }
        if (kind_of(list->args[arg]->type, &kind, &name) &&
            kb_failed(kb_cel_format_fits(&clause, kind, name, &err))) {
            kb_cel_issue_add(c->source, KB_CEL_CHECK, list->args[arg]->pos, "%s", err.msg);
            return;
        }
    }
    if (list->n > arg) {
        kb_cel_issue_add(c->source, KB_CEL_CHECK, call->pos,
                         "too many arguments supplied to string.format (expected %zu, got %zu)",
                         arg, list->n);
    }
}

static bool good_regex(struct kb_str text)
{
    struct kb_regex *regex = NULL;
    bool ok = !kb_failed(kb_regex_compile(text, &regex, NULL));
    kb_regex_free(regex);
    return ok;
}

static bool good_duration(struct kb_str text)
{
    int64_t ns = 0;
    return !kb_failed(kb_duration_parse(text, &ns, NULL));
}

static bool good_timestamp(struct kb_str text)
{
    struct kb_time t;
    return !kb_failed(kb_time_parse(text, KB_TIME_STRICT, &t, NULL));
}

static void check_text(struct kb_cel_checker *c, const struct kb_cel_expr *call)
{
    static const struct {
        const char *name;
        size_t args;
        bool (*good)(struct kb_str text);
    } functions[] = {{"matches", 2, good_regex},
                     {"duration", 1, good_duration},
                     {"timestamp", 1, good_timestamp}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const char *name = functions[i].name;
        if (call->n != functions[i].args || !kb_str_eq_c(call->name, name)) {
            continue;
        }
        const struct kb_cel_expr *arg = call->args[call->n - 1];
        if (is_text(arg) && !functions[i].good(arg->value.s)) {
            kb_cel_issue_add(c->source, KB_CEL_CHECK, arg->pos, "invalid %s argument", name);
        }
    }
}

/* Elements `from`, from + step … of a literal: all of the first one's type. */
static void check_same(struct kb_cel_checker *c, const struct kb_cel_expr *literal, size_t from,
                       size_t step)
{
    for (size_t i = from + step; i < literal->n; i += step) {
        const struct kb_cel_type *want = literal->args[from]->type;
        const struct kb_cel_type *got = literal->args[i]->type;
        if (want != got) {
            struct kb_str a = kb_cel_checker_text(c, want);
            struct kb_str b = kb_cel_checker_text(c, got);
            kb_cel_issue_add(c->source, KB_CEL_CHECK, literal->args[i]->pos,
                             "expected type '%.*s' but found '%.*s'", KB_FMT(a), KB_FMT(b));
            return;
        }
    }
}

static void check_strictly(struct kb_cel_checker *c, const struct kb_cel_expr *expr)
{
    if (expr->kind == KB_X_CALL) {
        check_text(c, expr);
    } else if (expr->kind == KB_X_LIST) {
        check_same(c, expr, 0, 1);
    } else if (expr->kind == KB_X_MAP) {
        check_same(c, expr, 0, 2);
        check_same(c, expr, 1, 2);
    }
}

void kb_cel_check_constants(struct kb_cel_checker *c, const struct kb_cel_expr *expr)
{
    if (expr == NULL) {
        return;
    }
    for (size_t i = 0; i < expr->n; i++) {
        kb_cel_check_constants(c, expr->args[i]);
    }
    if (expr->loop != NULL) {
        kb_cel_check_constants(c, expr->loop->range);
        kb_cel_check_constants(c, expr->loop->test);
        kb_cel_check_constants(c, expr->loop->body);
    }
    if (expr->kind == KB_X_CALL && expr->member && expr->n == 2 && is_text(expr->args[0]) &&
        expr->args[1]->kind == KB_X_LIST && kb_str_eq_c(expr->name, "format") && !c->lenient) {
        check_format(c, expr);
    }
    if ((c->env->flags & KB_CEL_STRICT) != 0) {
        check_strictly(c, expr);
    }
}

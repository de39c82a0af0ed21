/* Compiling and running one expression. */
#include "kube-baseline/expr.h"

#include "baseline/scope.h"
#include "report/escape.h"

static void tell(const struct kb_app *app, const struct kb_cel_issues *issues, struct kb_str text)
{
    struct kb_buf out;
    kb_buf_init(&out, SIZE_MAX / 2);
    kb_cel_issues_print(issues, text, &out);
    struct kb_str shown = kb_str_trim(kb_buf_view(&out));
    kb_complain(app, "the expression is wrong\n%.*s", KB_FMT(shown));
    kb_buf_done(&out);
}

int kb_expr_init(struct kb_expr *expr, const struct kb_app *app, const struct kb_table *table,
                 struct kb_str text)
{
    struct kb_cel_issues issues = {0};
    *expr = (struct kb_expr){0};
    struct kb_cel_val *settings = KB_NEW_ARRAY(&expr->texts, kb_setting_count, struct kb_cel_val);
    for (size_t i = 0; i < kb_setting_count; i++) {
        settings[i] = kb_setting_default(i, &expr->texts);
    }
    expr->env = kb_scope_env(table, settings);
    if (kb_failed(kb_cel_compile(expr->env, text, &expr->program, &issues))) {
        tell(app, &issues, text);
        return KUBE_BASELINE_USAGE;
    }
    return KUBE_BASELINE_CLEAN;
}

void kb_expr_done(struct kb_expr *expr)
{
    if (expr->env != NULL) {
        kb_cel_env_free(expr->env);
    }
    kb_arena_done(&expr->arena);
    kb_arena_done(&expr->texts);
    *expr = (struct kb_expr){0};
}

static void get(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_row *row = ctx;
    row->ops->get(row->data, var, arena, out);
}

struct kb_cel_val kb_expr_eval(struct kb_expr *expr, const struct kb_row *row)
{
    struct kb_row copy = *row;
    const struct kb_cel_activation activation = {.get = get, .ctx = &copy};
    kb_arena_reset(&expr->arena);
    return kb_cel_eval(expr->program, &activation, &expr->arena);
}

bool kb_expr_is_bool(const struct kb_expr *expr)
{
    enum kb_cel_type_kind kind = kb_cel_result_type(expr->program)->kind;
    return kind == KB_CEL_T_BOOL || kind == KB_CEL_T_DYN;
}

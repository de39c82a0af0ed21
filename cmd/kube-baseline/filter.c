/* Globs on columns, and an expression. */
#include "kube-baseline/filter.h"

#include <stdio.h>

#include "data/glob.h"

static const struct {
    size_t offset; /* of the option's words in struct kb_args */
    const char *column;
} tests[] = {
    {offsetof(struct kb_args, user), "user"},
    {offsetof(struct kb_args, verb), "verb"},
    {offsetof(struct kb_args, resource), "resource"},
    {offsetof(struct kb_args, name_space), "namespace"},
    {offsetof(struct kb_args, name), "name"},
    {offsetof(struct kb_args, code), "code"},
    {offsetof(struct kb_args, source_ip), "source_ip"},
};
_Static_assert(sizeof tests / sizeof *tests <= KB_FILTER_MAX, "one test an option");

int kb_filter_init(struct kb_filter *filter, const struct kb_app *app, const struct kb_table *table)
{
    *filter = (struct kb_filter){0};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        const kb_words *globs =
            (const kb_words *)(const void *)((const char *)&app->args + tests[i].offset);
        int column = kb_table_column(table, kb_str_c(tests[i].column));
        if (globs->n > 0 && column >= 0) {
            filter->tests[filter->n].column = (unsigned)column;
            filter->tests[filter->n++].globs = globs;
        }
    }
    if (app->args.where == NULL) {
        return KUBE_BASELINE_CLEAN;
    }
    filter->has_expr = true;
    int status = kb_expr_init(&filter->expr, app, table, kb_str_c(app->args.where));
    if (status == KUBE_BASELINE_CLEAN && !kb_expr_is_bool(&filter->expr)) {
        return kb_usage(app, "--where must be true or false for an event");
    }
    return status;
}

void kb_filter_done(struct kb_filter *filter)
{
    kb_expr_done(&filter->expr);
    kb_arena_done(&filter->arena);
}

/* Strings as they are, numbers as their digits; what is not there matches no glob but "". */
static bool matches(const struct kb_cel_val *value, const kb_words *globs)
{
    char digits[32];
    struct kb_str text = {"", 0};
    if (value->kind == KB_CEL_STRING) {
        text = value->s;
    } else if (value->kind == KB_CEL_INT) {
        snprintf(digits, sizeof digits, "%lld", (long long)value->i);
        text = kb_str_c(digits);
    }
    for (size_t i = 0; i < globs->n; i++) {
        if (kb_glob_match(globs->at[i], text)) {
            return true;
        }
    }
    return false;
}

static void note_undecided(struct kb_filter *filter, const struct kb_cel_val *v)
{
    struct kb_buf text;
    if (filter->undecided++ > 0) {
        return;
    }
    kb_buf_init(&text, sizeof filter->why - 1);
    if (v->kind == KB_CEL_UNKNOWN && v->unknown != NULL) {
        kb_buf_printf(&text, "%.*s: %.*s", KB_FMT(v->unknown->attribute),
                      KB_FMT(v->unknown->reason));
    } else {
        kb_cel_print(v, &text);
    }
    memcpy(filter->why, kb_buf_view(&text).p, text.n);
    kb_buf_done(&text);
}

static bool expr_holds(struct kb_filter *filter, const struct kb_row *row)
{
    struct kb_cel_val v = kb_expr_eval(&filter->expr, row);
    if (v.kind != KB_CEL_BOOL) {
        note_undecided(filter, &v);
        return false;
    }
    return v.b;
}

bool kb_filter_match(struct kb_filter *filter, const struct kb_row *row)
{
    kb_arena_reset(&filter->arena);
    for (size_t i = 0; i < filter->n; i++) {
        struct kb_cel_val value = {0};
        row->ops->get(row->data, filter->tests[i].column, &filter->arena, &value);
        if (!matches(&value, filter->tests[i].globs)) {
            return false;
        }
    }
    return !filter->has_expr || expr_holds(filter, row);
}

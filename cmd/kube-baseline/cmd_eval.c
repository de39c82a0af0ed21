/* `baseline eval`: try an expression on rows, as one writes a control. */

#include "baseline/case_row.h"
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/expr.h"
#include "kube-baseline/whole_file.h"

struct eval {
    struct kb_app *app;
    const struct kb_table *table;
    struct kb_expr expr;
    struct kb_arena arena;
    struct kb_mistakes mistakes;
    struct kb_str file; /* display name */
    size_t rows, undecided;
};

static void print_value(struct eval *e, const struct kb_cel_val *v)
{
    struct kb_buf raw;
    struct kb_buf text;
    kb_buf_init(&raw, SIZE_MAX / 2);
    kb_buf_init(&text, SIZE_MAX / 2);
    if (v->kind == KB_CEL_ERROR) {
        kb_buf_printf(&raw, "error: %.*s", KB_FMT(v->s));
    } else if (v->kind == KB_CEL_UNKNOWN && v->unknown != NULL) {
        kb_buf_printf(&raw, "unknown: %.*s: %.*s", KB_FMT(v->unknown->attribute),
                      KB_FMT(v->unknown->reason));
    } else {
        kb_cel_print(v, &raw);
    }
    e->undecided += v->kind == KB_CEL_ERROR || v->kind == KB_CEL_UNKNOWN;
    kb_escape(&text, kb_buf_view(&raw), KB_ESCAPE_FOREIGN);
    kb_buf_char(&text, '\n');
    kb_print(e->app, kb_buf_view(&text));
    kb_buf_done(&text);
    kb_buf_done(&raw);
}

static void eval_row(struct eval *e, const struct kb_yaml_node *node)
{
    struct kb_case_row data;
    const struct kb_decode d = {.arena = &e->arena, .mistakes = &e->mistakes, .file = e->file};
    if (kb_case_row_read(&d, node, e->table, e->rows++, &data)) {
        const struct kb_row row = {.table = e->table, .ops = &kb_case_row_ops, .data = &data};
        struct kb_cel_val v = kb_expr_eval(&e->expr, &row);
        print_value(e, &v);
    }
}

static void eval_document(struct eval *e, const struct kb_yaml_node *node)
{
    if (node->kind != KB_YAML_SEQ) {
        eval_row(e, node);
        return;
    }
    for (size_t i = 0; i < node->n; i++) {
        eval_row(e, node->items[i]);
    }
}

/* A row a line, as JSON lines. */
static KB_RES eval_lines(struct eval *e, struct kb_str text, struct kb_err *err)
{
    while (text.n > 0) {
        const struct kb_yaml_node *node;
        struct kb_str line = kb_str_trim(kb_str_split(text, '\n', &text));
        if (line.n > 0) {
            KB_TRY(kb_yaml_parse(&e->arena, e->file.p, line, &node, err));
            eval_document(e, node);
        }
    }
    return KB_SUCCESS;
}

/* JSON is YAML; only lines of JSON are not one document. */
static KB_RES eval_text(struct eval *e, struct kb_str text, struct kb_err *err)
{
    struct kb_yaml_docs docs;
    struct kb_str start = kb_str_trim(text);
    if (kb_failed(kb_yaml_parse_all(&e->arena, e->file.p, text, &docs, err))) {
        return start.n > 0 && start.p[0] == '{' ? eval_lines(e, text, err)
                                                : kb_fail_at(err, err->code, err->file, err->line,
                                                             err->col, "%s", err->msg);
    }
    for (size_t i = 0; i < docs.n; i++) {
        eval_document(e, docs.at[i]);
    }
    return KB_SUCCESS;
}

static int eval_rows(struct eval *e, struct kb_str path)
{
    struct kb_err err = {0};
    struct kb_buf text;
    kb_buf_init(&text, KB_MAX_YAML_BYTES);
    e->file = kb_str_eq(path, KB_STR("-")) ? KB_STR("standard input") : path;
    kb_res res = path.n == 0 ? KB_SUCCESS : kb_whole_file(path, &text, &err);
    if (!kb_failed(res)) {
        res = eval_text(e, path.n == 0 ? KB_STR("{}") : kb_buf_view(&text), &err);
    }
    kb_buf_done(&text);
    if (kb_failed(res)) {
        return kb_trouble(e->app, &err);
    }
    if (e->mistakes.total > 0) {
        kb_tell_mistakes(e->app, &e->mistakes);
        return KUBE_BASELINE_TROUBLE;
    }
    return e->undecided > 0 ? KUBE_BASELINE_UNKNOWN : KUBE_BASELINE_CLEAN;
}

int kb_cmd_baseline_eval(struct kb_app *app)
{
    const kb_words *words = &app->args.words;
    if (app->args.table == NULL) {
        return kb_usage(app, "name the fact table with --table");
    }
    struct eval e = {.app = app, .table = kb_table_find(kb_str_c(app->args.table))};
    if (e.table == NULL) {
        return kb_no_table(app, kb_str_c(app->args.table));
    }
    int status = kb_expr_init(&e.expr, app, e.table, words->at[0]);
    if (status == KUBE_BASELINE_CLEAN) {
        status = eval_rows(&e, words->n > 1 ? words->at[1] : (struct kb_str){"", 0});
    }
    kb_expr_done(&e.expr);
    kb_mistakes_done(&e.mistakes);
    kb_arena_done(&e.arena);
    return status;
}

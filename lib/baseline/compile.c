/* Compiling one control, and checking a baseline's expressions with default values. */
#include "baseline/compile.h"

#include "baseline/control_file.h"

enum { COLUMNS_MAX = 1024 };

static bool is_time(const struct kb_column *column)
{
    return kb_str_find(kb_str_c(column->type), KB_STR("timestamp"), 0) != SIZE_MAX ||
           kb_str_find(kb_str_c(column->type), KB_STR("Timestamp"), 0) != SIZE_MAX ||
           kb_str_find(kb_str_c(column->type), KB_STR("uration"), 0) != SIZE_MAX;
}

static void mark_program(const struct kb_cel_program *program, bool *marks)
{
    if (program != NULL) {
        struct kb_cel_vars vars = kb_cel_program_vars(program);
        for (size_t i = 0; i < vars.n; i++) {
            marks[vars.at[i]] = true;
        }
    }
}

static void mark_say(const struct kb_say *say, bool *marks)
{
    for (size_t i = 0; i < say->n; i++) {
        if (say->parts[i].kind == KB_SAY_COLUMN) {
            marks[say->parts[i].column] = true;
        }
        mark_program(say->parts[i].program, marks);
    }
}

static struct kb_columns collect(struct kb_arena *arena, const bool *marks, size_t n)
{
    unsigned *at = KB_NEW_ARRAY(arena, n, unsigned);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (marks[i]) {
            at[count++] = (unsigned)i;
        }
    }
    return (struct kb_columns){at, count};
}

static void collect_columns(struct kb_arena *arena, const struct kb_table *table,
                            struct kb_compiled *c)
{
    bool marks[COLUMNS_MAX] = {false};
    mark_program(c->where, marks);
    mark_say(&c->say, marks);
    for (size_t i = 0; i < table->n; i++) {
        marks[i] = marks[i] && !is_time(&table->columns[i]);
    }
    c->identity = collect(arena, marks, table->n);
    mark_program(c->where, marks);
    mark_say(&c->say, marks);
    mark_program(c->condition, marks);
    for (size_t i = 0; i < c->per_count; i++) {
        marks[c->per[i]] = true;
    }
    if (c->distinct >= 0) {
        marks[c->distinct] = true;
    }
    c->reads = collect(arena, marks, table->n);
}

static void no_column(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)ctx;
    (void)var;
    *out = kb_cel_unknown(arena, KB_STR(""), KB_STR("a bound reads no columns"));
}

/* The bound's value under this profile. */
static bool compile_max(const struct kb_scope *scope, const struct kb_count_rule *rule, int64_t *out)
{
    *out = rule->max;
    if (rule->max_text.text.n == 0) {
        return true;
    }
    const struct kb_cel_program *program =
        kb_scope_compile(scope, &rule->max_text, 0, rule->max_text.text.n, false);
    if (program == NULL) {
        return false;
    }
    struct kb_cel_activation none = {.get = no_column};
    struct kb_cel_val value = kb_cel_eval(program, &none, scope->arena);
    const char *wrong = value.kind != KB_CEL_INT || value.i < 0 ? "max is a number of at least 0"
                                                                : kb_count_rule_wrong(rule, value.i);
    if (wrong != NULL) {
        kb_scope_mistake(scope, &rule->max_text, 0, "%s", wrong);
        return false;
    }
    *out = value.i;
    return true;
}

static bool compile_count(const struct kb_scope *scope, const struct kb_count_rule *rule,
                          struct kb_compiled *c)
{
    unsigned *per = KB_NEW_ARRAY(scope->arena, rule->per_count, unsigned);
    for (size_t i = 0; i < rule->per_count; i++) {
        int column = kb_table_column(scope->table, rule->per[i].text);
        if (column < 0) {
            return false;
        }
        per[i] = (unsigned)column;
    }
    c->per = per;
    c->per_count = rule->per_count;
    c->distinct = rule->distinct.text.n == 0 ? -1 : kb_table_column(scope->table, rule->distinct.text);
    return compile_max(scope, rule, &c->max) && (rule->distinct.text.n == 0 || c->distinct >= 0);
}

static bool compile_fold(const struct kb_scope *scope, const struct kb_text *fold, int *out)
{
    if (fold->text.n == 0) {
        return true;
    }
    *out = kb_table_column(scope->table, fold->text);
    if (*out < 0 || strcmp(scope->table->columns[*out].type, "bool") != 0) {
        kb_scope_mistake(scope, fold, 0, "a fold names a bool column of %s", scope->table->name);
        return false;
    }
    return true;
}

/* NULL text: nothing to compile, and no mistake. */
static bool compile_text(const struct kb_scope *scope, const struct kb_text *text,
                         const struct kb_cel_program **out)
{
    *out = NULL;
    if (text->text.n == 0) {
        return true;
    }
    *out = kb_scope_compile(scope, text, 0, text->text.n, true);
    return *out != NULL;
}

bool kb_compile(const struct kb_scope *scope, const struct kb_control *control,
                struct kb_compiled *out)
{
    *out = (struct kb_compiled){.control = control, .severity = control->severity, .distinct = -1, .fold = -1, .max = -1};
    bool ok = compile_text(scope, &control->where, &out->where);
    ok = compile_text(scope, &control->condition, &out->condition) && ok;
    if (control->say.text.n > 0) {
        ok = kb_say_compile(scope, &control->say, control->judgement == KB_COUNT, &out->say) && ok;
    }
    ok = compile_count(scope, &control->count, out) && ok;
    ok = compile_fold(scope, &control->fold, &out->fold) && ok;
    if (ok) {
        collect_columns(scope->arena, scope->table, out);
    }
    return ok && scope->table->n <= COLUMNS_MAX;
}

static struct kb_cel_env *default_env(const struct kb_table *table, struct kb_arena *arena)
{
    struct kb_cel_val *settings = KB_NEW_ARRAY(arena, kb_setting_count, struct kb_cel_val);
    for (size_t i = 0; i < kb_setting_count; i++) {
        settings[i] = kb_setting_default(i, arena);
    }
    return kb_scope_env(table, settings);
}

void kb_control_check(const struct kb_baseline *baseline, const struct kb_control *control,
                      struct kb_mistakes *mistakes)
{
    if (control->table == NULL) {
        return;
    }
    struct kb_arena arena = {0};
    struct kb_compiled compiled;
    struct kb_scope scope = {.env = default_env(control->table, &arena), .arena = &arena,
                             .mistakes = mistakes, .table = control->table,
                             .terms = {baseline->terms, baseline->term_count, control->area},
                             .file = control->file, .source = control->source};
    kb_scope_params(scope.env, control, NULL);
    (void)kb_compile(&scope, control, &compiled);
    kb_cel_env_free(scope.env);
    kb_arena_done(&arena);
}

/* The table of most controls of an area; NULL where it has none. */
static const struct kb_table *area_table(const struct kb_baseline *baseline, struct kb_str area)
{
    const struct kb_table *best = NULL;
    size_t best_count = 0;
    for (size_t i = 0; i < kb_table_count; i++) {
        size_t count = 0;
        for (size_t k = 0; k < baseline->n; k++) {
            count += kb_str_eq(baseline->controls[k]->area, area) &&
                     baseline->controls[k]->table == kb_tables[i];
        }
        if (count > best_count) {
            best = kb_tables[i];
            best_count = count;
        }
    }
    return best;
}

void kb_terms_check(const struct kb_baseline *baseline, struct kb_mistakes *mistakes)
{
    for (size_t i = 0; i < baseline->term_count; i++) {
        const struct kb_term *term = &baseline->terms[i];
        const struct kb_table *table = term->table;
        table = table == NULL ? area_table(baseline, term->area) : table;
        if (table == NULL) {
            continue;
        }
        if (kb_table_column(table, term->name) >= 0) {
            kb_mistake_addf(mistakes, term->file, term->text.line, term->text.col,
                            "the term '%.*s' has the name of a column of %s", KB_FMT(term->name),
                            table->name);
        }
        struct kb_arena arena = {0};
        struct kb_scope scope = {.env = default_env(table, &arena), .arena = &arena,
                                 .mistakes = mistakes, .table = table,
                                 .terms = {baseline->terms, baseline->term_count, term->area},
                                 .file = term->file, .source = term->source};
        (void)kb_scope_compile(&scope, &term->text, 0, term->text.text.n, false);
        kb_cel_env_free(scope.env);
        kb_arena_done(&arena);
    }
}

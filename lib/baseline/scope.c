/* Compiling the expressions of a control, and placing their mistakes in its file. */
#include "baseline/scope.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "baseline/place.h"

static void add_const(struct kb_cel_env *env, const char *group, struct kb_str name,
                      struct kb_str type, const struct kb_cel_val *value)
{
    char full[160];
    int n = snprintf(full, sizeof full, "%s.%.*s", group, KB_FMT(name));
    const struct kb_cel_type *cel_type = kb_cel_env_type(env, type);
    if (n > 0 && (size_t)n < sizeof full && cel_type != NULL) {
        kb_cel_env_const(env, (struct kb_str){full, (size_t)n}, cel_type, value);
    }
}

struct kb_cel_env *kb_scope_env(const struct kb_table *table, const struct kb_cel_val *settings)
{
    struct kb_cel_env *env = kb_cel_env_new(
        &(struct kb_cel_env_options){.flags = KB_CEL_COLUMNS | KB_CEL_STRICT,
                                     .container = KB_STR("")});
    for (size_t i = 0; i < table->n; i++) {
        const struct kb_column *column = &table->columns[i];
        (void)kb_cel_env_var(env, kb_str_c(column->name),
                             kb_cel_env_type(env, kb_str_c(column->type)),
                             column->presence == KB_OPTIONAL);
    }
    for (size_t i = 0; i < kb_setting_count; i++) {
        add_const(env, "settings", kb_str_c(kb_settings[i].name), kb_str_c(kb_settings[i].type),
                  &settings[i]);
    }
    return env;
}

static const struct kb_cel_val *param_value(const struct kb_control *control,
                                            const struct kb_param *param,
                                            const struct kb_profile *profile)
{
    for (size_t i = profile == NULL ? 0 : profile->param_count; i > 0; i--) {
        const struct kb_param_value *set = &profile->params[i - 1];
        if (set->control == control && set->param == param) {
            return &set->value;
        }
    }
    return &param->value;
}

void kb_scope_params(struct kb_cel_env *env, const struct kb_control *control,
                     const struct kb_profile *profile)
{
    kb_cel_env_forget(env, KB_STR("params."));
    for (size_t i = 0; i < control->param_count; i++) {
        const struct kb_param *param = &control->params[i];
        add_const(env, "params", param->name, param->type, param_value(control, param, profile));
    }
}

/* Line and column (in code points) of a byte offset. */
static struct kb_place place_in(struct kb_str text, size_t offset)
{
    struct kb_place place = {1, 1};
    size_t start = 0;
    for (size_t i = 0; i < offset && i < text.n; i++) {
        if (text.p[i] == '\n') {
            place.line++;
            start = i + 1;
        }
    }
    place.col += (unsigned)kb_utf8_count(kb_str_sub(text, start, offset));
    return place;
}

static size_t offset_in(struct kb_str text, unsigned line, unsigned col)
{
    size_t at = 0;
    for (unsigned i = 1; i < line; i++) {
        size_t end = kb_str_find(text, KB_STR("\n"), at);
        if (end == SIZE_MAX) {
            break;
        }
        at = end + 1;
    }
    struct kb_str rest = kb_str_sub(text, at, text.n);
    return at + kb_utf8_offset(rest, col == 0 ? 0 : col - 1);
}

static void add_mistake(const struct kb_scope *scope, const struct kb_text *text, size_t offset,
                        struct kb_str message)
{
    struct kb_place in = place_in(text->text, offset);
    struct kb_place at = kb_place_of(scope->source, text, in.line, in.col);
    struct kb_str line = kb_place_line(scope->source, at.line);
    kb_mistake_add(scope->mistakes, &(struct kb_mistake){.file = scope->file, .line = at.line,
                                                         .col = at.col, .message = message,
                                                         .source = line, .caret = at.col});
}

void kb_scope_mistake(const struct kb_scope *scope, const struct kb_text *text, size_t offset,
                      const char *fmt, ...)
{
    char message[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    add_mistake(scope, text, offset, kb_str_c(message));
}

static void add_issues(const struct kb_scope *scope, const struct kb_text *text, size_t from,
                       const struct kb_expansion *expansion, const struct kb_cel_issues *issues)
{
    for (size_t i = 0; i < issues->n; i++) {
        const struct kb_cel_issue *issue = &issues->at[i];
        const struct kb_term *term;
        size_t offset = offset_in(expansion->text, issue->line, issue->col);
        size_t origin = from + kb_expansion_origin(expansion, offset, &term);
        if (term == NULL) {
            add_mistake(scope, text, origin, issue->message);
        } else {
            kb_scope_mistake(scope, text, origin, "in the term '%.*s': %.*s", KB_FMT(term->name),
                             KB_FMT(issue->message));
        }
    }
}

static bool is_bool(const struct kb_scope *scope, const struct kb_cel_program *program,
                    const struct kb_text *text, size_t from)
{
    const struct kb_cel_type *type = kb_cel_result_type(program);
    if (type->kind == KB_CEL_T_BOOL || type->kind == KB_CEL_T_DYN) {
        return true;
    }
    struct kb_str name = kb_cel_type_text(type, scope->arena);
    kb_scope_mistake(scope, text, from, "this must be true or false (bool), it is %.*s",
                     KB_FMT(name));
    return false;
}

const struct kb_cel_program *kb_scope_compile(const struct kb_scope *scope, const struct kb_text *text,
                                              size_t from, size_t to, bool want_bool)
{
    struct kb_err err;
    struct kb_expansion expansion;
    const struct kb_cel_program *program = NULL;
    struct kb_cel_issues issues = {NULL, 0};
    struct kb_str written = kb_str_sub(text->text, from, to);
    if (kb_failed(kb_terms_expand(&scope->terms, written, scope->arena, &expansion, &err))) {
        kb_scope_mistake(scope, text, from, "%s", err.msg);
        return NULL;
    }
    kb_res res = kb_cel_compile(scope->env, expansion.text, &program, &issues);
    if (kb_failed(res)) {
        add_issues(scope, text, from, &expansion, &issues);
        if (issues.n == 0) {
            kb_scope_mistake(scope, text, from, "the expression is over a limit");
        }
        return NULL;
    }
    return !want_bool || is_bool(scope, program, text, from) ? program : NULL;
}

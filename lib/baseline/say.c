/* Templates of findings' messages. */
#include "baseline/say.h"

static const char count_mark = '\x1f';

/* Offset of the '}' that ends the expression at `at`, past nested braces and texts; SIZE_MAX
 * without one. */
static size_t find_end(struct kb_str text, size_t at)
{
    size_t depth = 0;
    char quote = '\0';
    for (; at < text.n; at++) {
        char c = text.p[at];
        if (quote != '\0') {
            at += c == '\\';
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{') {
            depth++;
        } else if (c == '}') {
            if (depth == 0) {
                return at;
            }
            depth--;
        }
    }
    return SIZE_MAX;
}

static bool is_plain_name(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.')) {
            return false;
        }
    }
    return s.n > 0;
}

/* The part between braces: bytes [from, to) of the text. */
static bool compile_hole(const struct kb_scope *scope, const struct kb_text *text, size_t from,
                         size_t to, bool counts, struct kb_say_part *part)
{
    struct kb_str inner = kb_str_trim(kb_str_sub(text->text, from, to));
    if (inner.n == 0) {
        kb_scope_mistake(scope, text, from, "empty braces: a column or an expression belongs here");
        return false;
    }
    int column = is_plain_name(inner) ? kb_table_column(scope->table, inner) : -1;
    if (column >= 0) {
        *part = (struct kb_say_part){.kind = KB_SAY_COLUMN, .column = (unsigned)column};
        return true;
    }
    if (counts && kb_str_eq_c(inner, "count")) {
        *part = (struct kb_say_part){.kind = KB_SAY_COUNT};
        return true;
    }
    *part = (struct kb_say_part){.kind = KB_SAY_EXPRESSION,
                                 .program = kb_scope_compile(scope, text, from, to, false)};
    return part->program != NULL;
}

/* Where the literal text at `at` ends: a brace, or the end. */
static size_t literal_end(struct kb_str text, size_t at)
{
    while (at < text.n && text.p[at] != '{' && text.p[at] != '}') {
        at++;
    }
    return at;
}

bool kb_say_compile(const struct kb_scope *scope, const struct kb_text *text, bool counts,
                    struct kb_say *out)
{
    KB_VEC(struct kb_say_part) parts = {0};
    struct kb_str s = text->text;
    bool ok = true;
    for (size_t at = 0; ok && at < s.n;) {
        size_t end = literal_end(s, at);
        bool doubled = end + 1 < s.n && s.p[end] == s.p[end + 1];
        if (end > at || doubled) {
            struct kb_str literal = kb_str_sub(s, at, end + doubled);
            *KB_VEC_PUSH(&parts) = (struct kb_say_part){.kind = KB_SAY_TEXT, .text = literal};
            at = end + 2 * (size_t)doubled;
            continue;
        }
        size_t close = s.p[at] == '{' ? find_end(s, at + 1) : SIZE_MAX;
        if (close == SIZE_MAX) {
            kb_scope_mistake(scope, text, at, "a brace without its partner (write {{ or }} for a brace)");
            ok = false;
            break;
        }
        ok = compile_hole(scope, text, at + 1, close, counts, KB_VEC_PUSH(&parts)) && ok;
        at = close + 1;
    }
    struct kb_say_part *kept = KB_NEW_ARRAY(scope->arena, parts.n, struct kb_say_part);
    if (parts.n > 0) {
        memcpy(kept, parts.at, parts.n * sizeof *kept);
    }
    *out = (struct kb_say){kept, parts.n};
    KB_VEC_DONE(&parts);
    return ok;
}

static void print_value(const struct kb_cel_val *value, struct kb_buf *out)
{
    size_t start = out->n;
    if (value->kind == KB_CEL_ABSENT) {
        kb_buf_c(out, "(none)");
    } else if (value->kind == KB_CEL_UNKNOWN || value->kind == KB_CEL_ERROR) {
        kb_buf_c(out, "(unknown)");
    } else {
        kb_cel_print(value, out);
    }
    for (size_t i = start; i < out->n; i++) {
        out->p[i] = out->p[i] == count_mark ? ' ' : out->p[i];
    }
}

static void print_count(int64_t count, struct kb_buf *out)
{
    if (count < 0) {
        kb_buf_char(out, count_mark);
    } else {
        kb_buf_printf(out, "%lld", (long long)count);
    }
}

void kb_say_fill(const struct kb_say *say, const struct kb_cel_activation *row,
                 struct kb_arena *arena, int64_t count, struct kb_buf *out)
{
    for (size_t i = 0; i < say->n; i++) {
        const struct kb_say_part *part = &say->parts[i];
        struct kb_cel_val value;
        switch (part->kind) {
        case KB_SAY_TEXT:
            kb_buf_str(out, part->text);
            break;
        case KB_SAY_COLUMN:
            row->get(row->ctx, part->column, arena, &value);
            print_value(&value, out);
            break;
        case KB_SAY_EXPRESSION:
            value = kb_cel_eval(part->program, row, arena);
            print_value(&value, out);
            break;
        case KB_SAY_COUNT:
            print_count(count, out);
            break;
        }
    }
}

void kb_say_count(struct kb_str text, int64_t count, struct kb_buf *out)
{
    for (size_t at = 0; at < text.n;) {
        size_t end = kb_str_find(text, (struct kb_str){&count_mark, 1}, at);
        kb_buf_str(out, kb_str_sub(text, at, end == SIZE_MAX ? text.n : end));
        if (end == SIZE_MAX) {
            break;
        }
        print_count(count, out);
        at = end + 1;
    }
}

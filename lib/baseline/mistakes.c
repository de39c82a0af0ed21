/* The collection of mistakes, and how it is shown. */
#include "baseline/mistakes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

void kb_mistakes_done(struct kb_mistakes *mistakes)
{
    KB_VEC_DONE(&mistakes->list);
    kb_arena_done(&mistakes->arena);
    *mistakes = (struct kb_mistakes){0};
}

void kb_mistake_add(struct kb_mistakes *mistakes, const struct kb_mistake *mistake)
{
    mistakes->total++;
    if (mistakes->list.n >= KB_MAX_ERRORS) {
        return;
    }
    struct kb_mistake *m = KB_VEC_PUSH(&mistakes->list);
    *m = *mistake;
    m->file = kb_arena_copy(&mistakes->arena, mistake->file);
    m->message = kb_arena_copy(&mistakes->arena, mistake->message);
    m->source = kb_arena_copy(&mistakes->arena, mistake->source);
}

void kb_mistake_addf(struct kb_mistakes *mistakes, struct kb_str file, unsigned line, unsigned col,
                     const char *fmt, ...)
{
    char text[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    kb_mistake_add(mistakes, &(struct kb_mistake){.file = file, .line = line, .col = col,
                                                  .message = kb_str_c(text), .source = KB_STR("")});
}

static int compare(const void *a, const void *b)
{
    const struct kb_mistake *x = a;
    const struct kb_mistake *y = b;
    int c = kb_str_cmp(x->file, y->file);
    if (c == 0) {
        c = x->line < y->line ? -1 : x->line > y->line;
    }
    if (c == 0) {
        c = x->col < y->col ? -1 : x->col > y->col;
    }
    return c != 0 ? c : kb_str_cmp(x->message, y->message);
}

void kb_mistakes_sort(struct kb_mistakes *mistakes)
{
    if (mistakes->list.n > 1) {
        qsort(mistakes->list.at, mistakes->list.n, sizeof *mistakes->list.at, compare);
    }
}

static void print_place(const struct kb_mistake *m, struct kb_buf *out)
{
    if (m->file.n > 0) {
        kb_buf_str(out, m->file);
        if (m->line > 0) {
            kb_buf_printf(out, ":%u", m->line);
        }
        if (m->line > 0 && m->col > 0) {
            kb_buf_printf(out, ":%u", m->col);
        }
        kb_buf_c(out, ": ");
    }
}

void kb_mistakes_print(const struct kb_mistakes *mistakes, struct kb_buf *out)
{
    for (size_t i = 0; i < mistakes->list.n; i++) {
        const struct kb_mistake *m = &mistakes->list.at[i];
        print_place(m, out);
        kb_buf_str(out, m->message);
        kb_buf_char(out, '\n');
        if (m->source.n > 0) {
            kb_buf_printf(out, " | %.*s\n", KB_FMT(m->source));
        }
        if (m->source.n > 0 && m->caret > 0) {
            kb_buf_printf(out, " | %*s^\n", (int)(m->caret - 1), "");
        }
    }
    if (mistakes->total > mistakes->list.n) {
        kb_buf_printf(out, "… and %zu more mistakes\n", mistakes->total - mistakes->list.n);
    }
}

KB_RES kb_mistakes_result(const struct kb_mistakes *mistakes, struct kb_err *err)
{
    if (mistakes->list.n == 0) {
        return KB_SUCCESS;
    }
    const struct kb_mistake *m = &mistakes->list.at[0];
    char more[48] = "";
    if (mistakes->total > 1) {
        (void)snprintf(more, sizeof more, " (and %zu more mistakes)", mistakes->total - 1);
    }
    return kb_fail_at(err, KB_ERR_INVALID, m->file.n > 0 ? m->file.p : NULL, m->line, m->col,
                      "%.*s%s", KB_FMT(m->message), more);
}

const char *kb_did_you_mean(struct kb_str word, const char *const *words)
{
    const char *best = NULL;
    unsigned best_distance = word.n < 6 ? 2 : (unsigned)(word.n > 24 ? 8 : word.n / 3);
    for (; *words != NULL; words++) {
        unsigned distance = kb_str_distance(word, kb_str_c(*words));
        if (distance <= best_distance && distance < word.n &&
            (best == NULL || distance < best_distance)) {
            best = *words;
            best_distance = distance;
        }
    }
    return best;
}

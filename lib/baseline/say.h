/*
 * `say`: a text with {column} and {expression} in it; {{ and }} are braces. In a control that
 * counts, {count} is how many there were.
 */
#ifndef KB_BASELINE_SAY_H
#define KB_BASELINE_SAY_H

#include "baseline/scope.h"

struct kb_say_part {
    enum { KB_SAY_TEXT, KB_SAY_COLUMN, KB_SAY_EXPRESSION, KB_SAY_COUNT } kind;
    struct kb_str text;
    unsigned column;
    const struct kb_cel_program *program;
};

struct kb_say {
    const struct kb_say_part *parts;
    size_t n;
};

/* Compile; every mistake goes to the scope's collection, and false comes back then. */
bool kb_say_compile(const struct kb_scope *scope, const struct kb_text *text, bool counts,
                    struct kb_say *out);

/* Fill in. `count` < 0 leaves {count} as the byte 0x1F, which kb_say_count replaces later. */
void kb_say_fill(const struct kb_say *say, const struct kb_cel_activation *row,
                 struct kb_arena *arena, int64_t count, struct kb_buf *out);
void kb_say_count(struct kb_str text, int64_t count, struct kb_buf *out);

#endif

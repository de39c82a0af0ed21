/* The lexer: what it reads twice and where it stops at a mistake decide which mistake is told. */
#include "backup/glob_lexer.h"

#include "base/utf8.h"

enum { END = 0 }; /* the end of the text; a NUL within it is the end as well */

static void push(struct kb_glob_lexer *lexer, enum kb_glob_token_kind kind, uint32_t rune)
{
    lexer->waiting[lexer->n++] = (struct kb_glob_token){.kind = kind, .rune = rune};
}

static uint32_t peek(struct kb_glob_lexer *lexer, size_t *size)
{
    uint32_t rune = END;
    *size = 0;
    if (lexer->pos < lexer->data.n) {
        *size = kb_utf8_decode(kb_str_sub(lexer->data, lexer->pos, lexer->data.n), &rune);
        if (rune == KB_UTF8_BAD) {
            lexer->error = "could not read rune";
            *size = 0;
            rune = END;
        }
    }
    return rune;
}

static uint32_t read_rune(struct kb_glob_lexer *lexer)
{
    if (lexer->again) {
        lexer->again = false;
    } else {
        lexer->last = peek(lexer, &lexer->last_size);
    }
    lexer->pos += lexer->last_size;
    return lexer->last;
}

static void unread(struct kb_glob_lexer *lexer)
{
    if (lexer->again) {
        lexer->error = "could not unread rune";
        return;
    }
    lexer->pos -= lexer->last_size;
    lexer->again = true;
}

/* Text up to a breaker; a backslash takes the next character as it is. */
static void fetch_text(struct kb_glob_lexer *lexer, const char *breakers)
{
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = lexer->data.n + 8};
    bool escaped = false;
    uint32_t rune;
    while ((rune = read_rune(lexer)) != END) {
        if (!escaped && rune == '\\') {
            escaped = true;
            continue;
        }
        if (!escaped && rune < 0x80 && strchr(breakers, (int)rune) != NULL) {
            unread(lexer);
            break;
        }
        escaped = false;
        kb_utf8_add(&text, rune);
    }
    if (text.n > 0) {
        push(lexer, KB_GLOB_TEXT, 0);
        lexer->waiting[lexer->n - 1].text = kb_arena_copy(lexer->arena, kb_buf_view(&text));
    }
}

static void close_range(struct kb_glob_lexer *lexer)
{
    uint32_t rune = read_rune(lexer);
    if (rune == ']') {
        push(lexer, KB_GLOB_RANGE_CLOSE, 0);
    } else {
        lexer->error = rune == END ? "unexpected end of input" : "expected close range character";
    }
}

/* Behind '[': one range or one list. */
static void fetch_range(struct kb_glob_lexer *lexer)
{
    uint32_t rune = read_rune(lexer);
    if (rune == '!') {
        push(lexer, KB_GLOB_NOT, 0);
        rune = read_rune(lexer);
    }
    if (rune == END) {
        lexer->error = "unexpected end of input";
        return;
    }
    size_t size;
    if (peek(lexer, &size) != '-') {
        unread(lexer);
        fetch_text(lexer, "]");
        close_range(lexer);
        return;
    }
    lexer->pos += size;
    push(lexer, KB_GLOB_RANGE_LO, rune);
    rune = read_rune(lexer);
    if (rune == END) {
        lexer->error = "unexpected end of input";
        return;
    }
    push(lexer, KB_GLOB_RANGE_HI, rune);
    close_range(lexer);
}

static void fetch_star(struct kb_glob_lexer *lexer)
{
    if (read_rune(lexer) == '*') {
        push(lexer, KB_GLOB_SUPER, 0);
    } else {
        unread(lexer);
        push(lexer, KB_GLOB_ANY, 0);
    }
}

static void fetch_item(struct kb_glob_lexer *lexer)
{
    uint32_t rune = read_rune(lexer);
    if (rune == END) {
        push(lexer, KB_GLOB_EOF, 0);
    } else if (rune == '{') {
        lexer->terms++;
        push(lexer, KB_GLOB_TERMS_OPEN, 0);
    } else if (rune == ',' && lexer->terms > 0) {
        push(lexer, KB_GLOB_SEPARATOR, 0);
    } else if (rune == '}' && lexer->terms > 0) {
        lexer->terms--;
        push(lexer, KB_GLOB_TERMS_CLOSE, 0);
    } else if (rune == '[') {
        push(lexer, KB_GLOB_RANGE_OPEN, 0);
        fetch_range(lexer);
    } else if (rune == '?') {
        push(lexer, KB_GLOB_SINGLE, 0);
    } else if (rune == '*') {
        fetch_star(lexer);
    } else {
        unread(lexer);
        fetch_text(lexer, lexer->terms > 0 ? "?*[{}," : "?*[{");
    }
}

struct kb_glob_token kb_glob_next(struct kb_glob_lexer *lexer)
{
    while (lexer->error == NULL && lexer->first == lexer->n) {
        lexer->first = lexer->n = 0;
        fetch_item(lexer);
    }
    if (lexer->error != NULL) {
        return (struct kb_glob_token){.kind = KB_GLOB_ERROR, .text = kb_str_c(lexer->error)};
    }
    return lexer->waiting[lexer->first++];
}

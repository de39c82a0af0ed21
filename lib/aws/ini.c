/* Line by line. */
#include "aws/ini.h"

/* Where the reading stands. */
struct reading {
    const char *file;
    struct kb_arena *arena;
    struct kb_aws_ini *out;
    struct kb_str section; /* p NULL: none yet */
    struct kb_str outer;   /* key of the last line that is not nested; p NULL: none in this section yet */
    bool outer_empty;      /* it has no value: what is nested below it is its own */
    size_t indent;         /* of that line */
    unsigned line;
};

static struct kb_str lower(struct kb_arena *arena, struct kb_str text)
{
    char *copy = kb_arena_alloc(arena, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return (struct kb_str){copy, text.n};
}

static void push(struct reading *r, struct kb_str key, struct kb_str value)
{
    struct kb_aws_ini_entry *entry = KB_VEC_PUSH(r->out);
    *entry = (struct kb_aws_ini_entry){r->section, key, value, r->line};
}

static bool stands_already(const struct reading *r, struct kb_str key)
{
    bool found = false;
    for (size_t i = 0; i < r->out->n && !found; i++) {
        found = kb_str_eq(r->out->at[i].section, r->section) && kb_str_eq(r->out->at[i].key, key);
    }
    return found;
}

static KB_RES read_section(struct reading *r, struct kb_str line, struct kb_err *err)
{
    size_t end = kb_str_find(line, KB_STR("]"), 0);
    struct kb_str rest = end == SIZE_MAX ? KB_STR("") : kb_str_trim(kb_str_sub(line, end + 1, line.n));
    if (end == SIZE_MAX || (rest.n > 0 && rest.p[0] != '#' && rest.p[0] != ';')) {
        return kb_fail_at(err, KB_ERR_SYNTAX, r->file, r->line, 1,
                          "a section begins here, but is not of the form [name]");
    }
    r->section = kb_str_trim(kb_str_sub(line, 1, end));
    r->outer = (struct kb_str){0};
    push(r, KB_STR(""), KB_STR(""));
    return KB_SUCCESS;
}

static KB_RES read_pair(struct reading *r, struct kb_str line, size_t indent, struct kb_err *err)
{
    bool nested = r->outer.p != NULL && indent > r->indent;
    struct kb_str value;
    struct kb_str key = lower(r->arena, kb_str_trim(kb_str_split(line, '=', &value)));
    if (value.p == NULL || key.n == 0) {
        return kb_fail_at(err, KB_ERR_SYNTAX, r->file, r->line, 1, "expected \"key = value\"");
    }
    if (r->section.p == NULL) {
        return kb_fail_at(err, KB_ERR_SYNTAX, r->file, r->line, 1,
                          "a key stands before the first section");
    }
    value = kb_str_trim(value);
    if (nested) {
        key = kb_arena_printf(r->arena, "%.*s.%.*s", KB_FMT(r->outer), KB_FMT(key));
    } else {
        r->outer = key;
        r->outer_empty = value.n == 0;
        r->indent = indent;
    }
    if (stands_already(r, key)) {
        return kb_fail_at(err, KB_ERR_SYNTAX, r->file, r->line, 1,
                          "key \"%.*s\" stands twice in its section", KB_FMT(key));
    }
    push(r, key, value);
    return KB_SUCCESS;
}

static KB_RES read_line(struct reading *r, struct kb_str line, struct kb_err *err)
{
    struct kb_str text = kb_str_trim(line);
    if (text.n == 0 || text.p[0] == '#' || text.p[0] == ';') {
        return KB_SUCCESS;
    }
    size_t indent = (size_t)(text.p - line.p);
    if (text.p[0] == '[' && indent == 0) {
        return read_section(r, text, err);
    }
    if (r->outer.p != NULL && indent > r->indent && !r->outer_empty) {
        return kb_fail_at(err, KB_ERR_SYNTAX, r->file, r->line, 1,
                          "the line is indented, but the key above has a value of its own");
    }
    return read_pair(r, text, indent, err);
}

KB_RES kb_aws_ini_parse(const char *file, struct kb_str text, struct kb_arena *arena,
                        struct kb_aws_ini *out, struct kb_err *err)
{
    struct reading r = {.file = file, .arena = arena, .out = out};
    struct kb_str rest = kb_str_starts(text, KB_STR("\xef\xbb\xbf")) ? kb_str_sub(text, 3, text.n) : text;
    *out = (struct kb_aws_ini){0};
    KB_ENSURE(text.n <= KB_AWS_INI_MAX, err, KB_ERR_LIMIT, "%s: more than %d bytes", file,
              KB_AWS_INI_MAX);
    while (rest.p != NULL) {
        struct kb_str line = kb_str_split(rest, '\n', &rest);
        r.line++;
        KB_TRY(read_line(&r, line, err));
    }
    return KB_SUCCESS;
}

void kb_aws_ini_done(struct kb_aws_ini *ini)
{
    KB_VEC_DONE(ini);
}

/* One word from *at on; quotes may begin and end within it. */
static bool read_word(struct kb_str text, size_t *at, struct kb_buf *word)
{
    char quote = '\0';
    size_t i = *at;
    for (; i < text.n; i++) {
        char c = text.p[i];
        bool escapes = c == '\\' && quote != '\'' && i + 1 < text.n &&
                       (quote == '\0' || text.p[i + 1] == '"' || text.p[i + 1] == '\\');
        if (escapes) {
            kb_buf_char(word, text.p[++i]);
        } else if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
            quote = quote == '\0' ? c : '\0';
        } else if (quote == '\0' && (c == ' ' || c == '\t')) {
            break;
        } else {
            kb_buf_char(word, c);
        }
    }
    *at = i;
    return quote == '\0';
}

KB_RES kb_aws_split_words(struct kb_str text, struct kb_arena *arena, const char ***words, size_t *n,
                          struct kb_err *err)
{
    struct kb_buf word;
    const char **out = KB_NEW_ARRAY(arena, text.n / 2 + 2, const char *);
    bool closed = true;
    size_t count = 0;
    kb_buf_init(&word, text.n + 1);
    for (size_t at = 0; at < text.n && closed;) {
        if (text.p[at] == ' ' || text.p[at] == '\t') {
            at++;
            continue;
        }
        kb_buf_clear(&word);
        closed = read_word(text, &at, &word);
        out[count++] = kb_arena_copy(arena, kb_buf_view(&word)).p;
    }
    kb_buf_done(&word);
    KB_ENSURE(closed, err, KB_ERR_SYNTAX, "a quote is not closed");
    *words = out;
    *n = count;
    return KB_SUCCESS;
}

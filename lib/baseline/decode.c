/* Decoding by tables: the walk over a map, and the simple values. */
#include "baseline/decode.h"

#include <stdarg.h>
#include <stdio.h>

#include "data/duration.h"
#include "data/glob.h"

enum { KEYS_MAX = 32 };

void kb_decode_mistake(const struct kb_decode *d, const struct kb_yaml_node *node, const char *fmt,
                       ...)
{
    char text[KB_ERR_MSG_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    kb_mistake_addf(d->mistakes, d->file, node == NULL ? 0 : node->line,
                    node == NULL ? 0 : node->col, "%s", text);
}

void kb_decode_wrong_type(const struct kb_decode *d, const struct kb_yaml_node *node,
                          const char *wanted)
{
    kb_decode_mistake(d, node, "%s is expected here, this is %s", wanted, kb_yaml_type_name(node));
}

const char *kb_decode_hint(const struct kb_decode *d, const char *suggestion)
{
    return suggestion == NULL
               ? ""
               : kb_arena_printf(d->arena, " (did you mean '%s'?)", suggestion).p;
}

bool kb_decode_is(const struct kb_decode *d, const struct kb_yaml_node *node, enum kb_yaml_kind kind)
{
    static const char *const names[] = {"text", "a list", "a map"};
    if (node->kind != kind) {
        kb_decode_wrong_type(d, node, names[kind]);
        return false;
    }
    return true;
}

static size_t find_key(const struct kb_key *keys, size_t n, struct kb_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (kb_str_eq_c(name, keys[i].name)) {
            return i;
        }
    }
    return n;
}

static void unknown_key(const struct kb_decode *d, const struct kb_yaml_node *key,
                        const struct kb_key *keys, size_t n, const char *what)
{
    const char *words[KEYS_MAX + 1];
    for (size_t i = 0; i < n; i++) {
        words[i] = keys[i].name;
    }
    words[n] = NULL;
    kb_decode_mistake(d, key, "%s has no key '%.*s'%s", what, KB_FMT(key->text),
                      kb_decode_hint(d, kb_did_you_mean(key->text, words)));
}

bool kb_decode_map(const struct kb_decode *d, const struct kb_yaml_node *node,
                   const struct kb_key *keys, size_t n, void *target, const char *what)
{
    bool seen[KEYS_MAX] = {false};
    if (!kb_decode_is(d, node, KB_YAML_MAP)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        const struct kb_yaml_pair *pair = &node->pairs[i];
        size_t k = find_key(keys, n, pair->key->text);
        if (k == n) {
            unknown_key(d, pair->key, keys, n, what);
            ok = false;
            continue;
        }
        seen[k] = true;
        ok = keys[k].decode(d, pair->value, (char *)target + keys[k].offset) && ok;
    }
    for (size_t k = 0; k < n; k++) {
        if ((keys[k].flags & KB_KEY_REQUIRED) != 0 && !seen[k]) {
            kb_decode_mistake(d, node, "%s needs the key '%s'", what, keys[k].name);
            ok = false;
        }
    }
    return ok;
}

bool kb_decode_text(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    struct kb_str text;
    if (!kb_yaml_text(node, &text)) {
        kb_decode_wrong_type(d, node, "text");
        return false;
    }
    *(struct kb_str *)target = kb_arena_copy(d->arena, text);
    return true;
}

bool kb_decode_bool(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    bool ok = kb_yaml_bool(node, target);
    if (!ok) {
        kb_decode_wrong_type(d, node, "true or false");
    }
    return ok;
}

bool kb_decode_count(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    int64_t value;
    if (!kb_yaml_int(node, &value) || value < 0) {
        kb_decode_wrong_type(d, node, "a number of at least 0");
        return false;
    }
    *(int64_t *)target = value;
    return true;
}

bool kb_decode_duration(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    struct kb_err err;
    int64_t ns;
    if (node->kind != KB_YAML_SCALAR) {
        kb_decode_wrong_type(d, node, "a duration such as 30m");
        return false;
    }
    if (kb_failed(kb_duration_parse(node->text, &ns, &err))) {
        kb_decode_mistake(d, node, "a duration such as 30m is expected here: %s", err.msg);
        return false;
    }
    if (ns <= 0) {
        kb_decode_mistake(d, node, "a duration longer than 0 is expected here");
        return false;
    }
    *(int64_t *)target = ns;
    return true;
}

bool kb_decode_texts(const struct kb_decode *d, const struct kb_yaml_node *node,
                     const struct kb_str **out, size_t *n)
{
    if (!kb_decode_is(d, node, KB_YAML_SEQ)) {
        return false;
    }
    struct kb_str *texts = KB_NEW_ARRAY(d->arena, node->n, struct kb_str);
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        ok = kb_decode_text(d, node->items[i], &texts[i]) && ok;
    }
    *out = texts;
    *n = node->n;
    return ok;
}

bool kb_decode_globs(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    struct kb_globs *globs = target;
    if (!kb_decode_texts(d, node, &globs->at, &globs->n)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < globs->n; i++) {
        if (!kb_glob_valid(globs->at[i])) {
            kb_decode_mistake(d, node->items[i], "'%.*s' is no valid glob", KB_FMT(globs->at[i]));
            ok = false;
        }
    }
    return ok;
}

/* One of a fixed set of words; -1 and a mistake where it is none of them. */
static int decode_word(const struct kb_decode *d, const struct kb_yaml_node *node,
                       const char *const *words, const char *what)
{
    if (!kb_decode_is(d, node, KB_YAML_SCALAR)) {
        return -1;
    }
    struct kb_buf list = {.max = 256};
    for (int i = 0; words[i] != NULL; i++) {
        if (kb_str_eq_c(node->text, words[i])) {
            kb_buf_done(&list);
            return i;
        }
        kb_buf_printf(&list, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    kb_decode_mistake(d, node, "unknown %s '%.*s'%s; there are %.*s", what, KB_FMT(node->text),
                      kb_decode_hint(d, kb_did_you_mean(node->text, words)),
                      KB_FMT(kb_buf_view(&list)));
    kb_buf_done(&list);
    return -1;
}

#define NAME(sym, id) id,
bool kb_decode_owner(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    static const char *const words[] = {KB_OWNERS(NAME) NULL};
    int word = decode_word(d, node, words, "owner");
    if (word >= 0) {
        *(enum kb_owner *)target = (enum kb_owner)word;
    }
    return word >= 0;
}

bool kb_decode_severity(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    static const char *const words[] = {KB_SEVERITIES(NAME) NULL};
    int word = decode_word(d, node, words, "severity");
    if (word >= 0) {
        *(enum kb_severity *)target = (enum kb_severity)word;
    }
    return word >= 0;
}
#undef NAME

bool kb_decode_source(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    if (!kb_decode_is(d, node, KB_YAML_SCALAR)) {
        return false;
    }
    if (kb_str_trim(node->text).n == 0) {
        kb_decode_mistake(d, node, "an expression is expected here, this is empty");
        return false;
    }
    *(struct kb_text *)target = (struct kb_text){.text = kb_arena_copy(d->arena, node->text),
                                                 .line = node->line, .col = node->col};
    return true;
}


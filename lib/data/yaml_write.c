/* Writing YAML. */
#include "data/yaml_write.h"

#include <ctype.h>
#include <strings.h>

#include "data/quote.h"

/* Words that YAML 1.1 takes for a boolean or nothing. */
static bool is_word(struct kb_str text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"};
    bool found = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0] && !found; i++) {
        found = text.n == strlen(words[i]) && strncasecmp(text.p, words[i], text.n) == 0;
    }
    return found;
}

/* "10.0.0.0/8": no number has a slash. */
static bool is_block(struct kb_str text)
{
    bool fits = kb_str_find(text, KB_STR("/"), 0) != SIZE_MAX && isdigit((unsigned char)text.p[0]);
    for (size_t i = 0; i < text.n && fits; i++) {
        fits = isdigit((unsigned char)text.p[i]) || text.p[i] == '.' || text.p[i] == '/';
    }
    return fits;
}

static bool is_plain(struct kb_str text)
{
    bool plain = text.n > 0 && isalpha((unsigned char)text.p[0]) && !is_word(text);
    for (size_t i = 0; i < text.n && plain; i++) {
        char c = text.p[i];
        plain = isalnum((unsigned char)c) || c == '.' || c == '-' || c == '_' || c == '/';
    }
    return plain || (text.n > 0 && is_block(text));
}

static void add_text(struct kb_buf *out, struct kb_str text)
{
    if (is_plain(text)) {
        kb_buf_str(out, text);
    } else {
        kb_quote(text, out);
    }
}

static void add_scalar(struct kb_buf *out, const json_t *value)
{
    if (json_is_string(value)) {
        add_text(out, kb_json_view(value));
    } else if (json_is_integer(value)) {
        kb_buf_printf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        kb_buf_printf(out, "%.17g", json_real_value(value));
    } else {
        kb_buf_c(out, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
    }
}

static bool is_filled(const json_t *value)
{
    return json_object_size(value) > 0 || json_array_size(value) > 0;
}

static void indent(struct kb_buf *out, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        kb_buf_c(out, "  ");
    }
}

static void add_value(struct kb_buf *out, const json_t *value, size_t depth, bool begun);

/* `begun`: the first line is indented already, behind a dash. */
static void add_object(struct kb_buf *out, const json_t *object, size_t depth, bool begun)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        indent(out, begun ? 0 : depth);
        begun = false;
        add_text(out, kb_str_c(key));
        kb_buf_char(out, ':');
        if (is_filled(value)) {
            kb_buf_char(out, '\n');
            add_value(out, value, depth + (json_is_object(value) ? 1 : 0), false);
        } else {
            kb_buf_char(out, ' ');
            add_value(out, value, depth, false);
        }
    }
}

static void add_array(struct kb_buf *out, const json_t *array, size_t depth)
{
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        indent(out, depth);
        kb_buf_c(out, "- ");
        if (json_is_array(value) && is_filled(value)) {
            kb_buf_char(out, '\n');
        }
        add_value(out, value, depth + 1, true);
    }
}

static void add_value(struct kb_buf *out, const json_t *value, size_t depth, bool begun)
{
    if (json_is_object(value) && is_filled(value)) {
        add_object(out, value, depth, begun);
    } else if (json_is_array(value) && is_filled(value)) {
        add_array(out, value, depth);
    } else {
        if (json_is_object(value) || json_is_array(value)) {
            kb_buf_c(out, json_is_object(value) ? "{}" : "[]");
        } else {
            add_scalar(out, value);
        }
        kb_buf_char(out, '\n');
    }
}

void kb_yaml_write(const json_t *value, struct kb_buf *out)
{
    add_value(out, value, 0, false);
}

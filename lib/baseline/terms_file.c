/* `_terms.yaml`: the named expressions of an area. */
#include "baseline/control_file.h"
#include "baseline/terms.h"

struct draft {
    struct kb_text over;
    const struct kb_yaml_node *terms;
};

static bool keep_node(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    *(const struct kb_yaml_node **)target = node;
    return kb_decode_is(d, node, KB_YAML_MAP);
}

static const struct kb_key keys[] = {
    {"over", kb_decode_source, offsetof(struct draft, over), 0},
    {"terms", keep_node, offsetof(struct draft, terms), KB_KEY_REQUIRED},
};

static bool is_reserved(struct kb_str name)
{
    static const char *const words[] = {"true", "false", "null", "in", "params", "settings",
                                        "has", "count"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (kb_str_eq_c(name, words[i])) {
            return true;
        }
    }
    return false;
}

static bool valid_name(const struct kb_decode *d, const struct kb_yaml_node *key)
{
    struct kb_str name;
    size_t at = 0;
    if (!kb_terms_next_name(key->text, &at, &name) || name.n != key->text.n || is_reserved(name)) {
        kb_decode_mistake(d, key, "'%.*s' cannot be the name of a term", KB_FMT(key->text));
        return false;
    }
    return true;
}

static struct kb_str folder_of(struct kb_str path)
{
    size_t slash = 0;
    for (size_t i = 0; i < path.n; i++) {
        slash = path.p[i] == '/' ? i : slash;
    }
    return kb_str_sub(path, 0, slash);
}

static void read_terms(const struct kb_decode *d, const struct kb_library_file *file,
                       const struct kb_yaml_node *map, const struct kb_table *table,
                       kb_term_list *terms)
{
    for (size_t i = 0; i < map->n; i++) {
        const struct kb_yaml_pair *pair = &map->pairs[i];
        struct kb_term term = {.name = kb_arena_copy(d->arena, pair->key->text),
                               .area = folder_of(file->path), .file = file->name,
                               .source = file->text, .table = table};
        if (valid_name(d, pair->key) && kb_decode_source(d, pair->value, &term.text)) {
            *KB_VEC_PUSH(terms) = term;
        }
    }
}

void kb_terms_read(const struct kb_decode *d, const struct kb_library_file *file,
                   kb_term_list *terms)
{
    struct kb_err err;
    const struct kb_yaml_node *root;
    struct draft draft = {.terms = NULL};
    if (kb_failed(kb_yaml_parse(d->arena, file->name.p, file->text, &root, &err))) {
        kb_mistake_addf(d->mistakes, file->name, err.line, err.col, "%s", err.msg);
        return;
    }
    (void)kb_decode_map(d, root, keys, sizeof keys / sizeof keys[0], &draft, "a file of terms");
    const struct kb_table *table = NULL;
    if (draft.over.text.n > 0) {
        table = kb_table_find(draft.over.text);
        if (table == NULL) {
            kb_decode_mistake(d, kb_yaml_get(root, "over"), "there is no table '%.*s'%s",
                              KB_FMT(draft.over.text),
                              kb_decode_hint(d, kb_table_suggest(draft.over.text)));
        }
    }
    if (draft.terms != NULL && draft.terms->kind == KB_YAML_MAP) {
        read_terms(d, file, draft.terms, table, terms);
    }
}

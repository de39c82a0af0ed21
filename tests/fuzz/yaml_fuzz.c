/* YAML text to trees, and every tree to JSON. */
#include "data/json.h"
#include "data/yaml.h"
#include "fuzz.h"

static void look(const struct kb_yaml_node *node)
{
    bool truth;
    int64_t number;
    double real;
    struct kb_str text;
    int types = kb_yaml_null(node) + kb_yaml_bool(node, &truth) + kb_yaml_int(node, &number) +
                kb_yaml_text(node, &text);
    KB_HOLDS(types <= 1);
    (void)kb_yaml_float(node, &real);
    (void)kb_yaml_type_name(node);
    (void)kb_yaml_get(node, "id");
    KB_HOLDS(node->line > 0 && node->col > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_arena arena = {0};
    struct kb_yaml_docs docs = {0};
    struct kb_err err = {0};
    if (!kb_failed(kb_yaml_parse_all(&arena, "fuzz.yaml", kb_fuzz_text(data, size), &docs, &err))) {
        for (size_t i = 0; i < docs.n; i++) {
            KB_AUTO(kb_json_done) json_t *json = NULL;
            look(docs.at[i]);
            (void)!kb_failed(kb_yaml_to_json(docs.at[i], &json, &err));
        }
    }
    kb_arena_done(&arena);
    return 0;
}

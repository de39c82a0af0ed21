/* `count`: how many rows there may be, per what, and within which time. */
#include "baseline/control_file.h"

enum { PER_MAX = 8, WINDOW_MAX = 10000, DISTINCT_MAX = 1000 };

struct draft {
    struct kb_count_rule rule;
    const struct kb_yaml_node *per, *distinct;
};

static bool keep_node(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    (void)d;
    *(const struct kb_yaml_node **)target = node;
    return true;
}

/* A number, or an expression such as params.max. */
static bool decode_max(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    struct kb_count_rule *rule = target;
    if (node->kind == KB_YAML_SCALAR && !kb_yaml_int(node, &rule->max)) {
        rule->max = 0;
        return kb_decode_source(d, node, &rule->max_text);
    }
    return kb_decode_count(d, node, &rule->max);
}

static const struct kb_key keys[] = {
    {"max", decode_max, offsetof(struct draft, rule), 0},
    {"min", kb_decode_count, offsetof(struct draft, rule.min), 0},
    {"per", keep_node, offsetof(struct draft, per), 0},
    {"within", kb_decode_duration, offsetof(struct draft, rule.within_ns), 0},
    {"distinct", keep_node, offsetof(struct draft, distinct), 0},
};

static bool column_name(const struct kb_decode *d, const struct kb_yaml_node *node,
                        const struct kb_table *table, struct kb_text *out)
{
    if (!kb_decode_source(d, node, out)) {
        return false;
    }
    if (table != NULL && kb_table_column(table, node->text) < 0) {
        kb_decode_mistake(d, node, "the table %s has no column '%.*s'%s", table->name,
                          KB_FMT(node->text),
                          kb_decode_hint(d, kb_table_suggest_column(table, node->text)));
        return false;
    }
    return true;
}

static bool decode_per(const struct kb_decode *d, const struct kb_yaml_node *node,
                       struct kb_control *control)
{
    if (!kb_decode_is(d, node, KB_YAML_SEQ)) {
        return false;
    }
    if (node->n > PER_MAX) {
        kb_decode_mistake(d, node, "more than %d columns", PER_MAX);
        return false;
    }
    struct kb_text *per = KB_NEW_ARRAY(d->arena, node->n, struct kb_text);
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        ok = column_name(d, node->items[i], control->table, &per[i]) && ok;
    }
    control->count.per = per;
    control->count.per_count = node->n;
    return ok;
}

const char *kb_count_rule_wrong(const struct kb_count_rule *rule, int64_t max)
{
    int64_t largest = max > rule->min ? max : rule->min;
    if (rule->within_ns > 0 && largest > WINDOW_MAX) {
        return "count goes up to 10000 within a time";
    }
    if (rule->distinct.text.n > 0 && largest > DISTINCT_MAX) {
        return "count goes up to 1000 with distinct";
    }
    return max >= 0 && rule->min > max ? "min is over max" : NULL;
}

static bool check_bounds(const struct kb_decode *d, const struct kb_yaml_node *node,
                         const struct kb_count_rule *rule)
{
    const char *wrong = kb_count_rule_wrong(rule, rule->max);
    if (rule->max < 0 && rule->min < 0) {
        wrong = "count needs max or min";
    } else if (rule->min >= 0 && rule->within_ns > 0) {
        wrong = "min cannot be asked within a time, only over the whole reading";
    }
    if (wrong != NULL) {
        kb_decode_mistake(d, node, "%s", wrong);
    }
    return wrong == NULL;
}

bool kb_count_rule_decode(const struct kb_decode *d, const struct kb_yaml_node *node,
                          struct kb_control *control)
{
    struct draft draft = {.rule = {.max = -1, .min = -1}};
    if (!kb_decode_map(d, node, keys, sizeof keys / sizeof keys[0], &draft, "count")) {
        return false;
    }
    control->count = draft.rule;
    bool ok = draft.per == NULL || decode_per(d, draft.per, control);
    if (draft.distinct != NULL) {
        ok = column_name(d, draft.distinct, control->table, &control->count.distinct) && ok;
    }
    return check_bounds(d, node, &control->count) && ok;
}

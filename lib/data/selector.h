/*
 * Label selectors: as objects (metav1.LabelSelector) and as text (`kubectl -l`).
 *
 * Rules: kubernetes staging/src/k8s.io/apimachinery/pkg/labels/selector.go (requirements, the grammar of
 * the text), pkg/apis/meta/v1/helpers.go (LabelSelectorAsSelector), pkg/util/validation (keys, values).
 */
#ifndef KB_DATA_SELECTOR_H
#define KB_DATA_SELECTOR_H

#include "data/json.h"

#define KB_SELECTOR_OPERATORS(X)                                                                   \
    X(KB_SEL_IN, "in")                                                                             \
    X(KB_SEL_EQUALS, "=")                                                                          \
    X(KB_SEL_DOUBLE_EQUALS, "==")                                                                  \
    X(KB_SEL_NOT_IN, "notin")                                                                      \
    X(KB_SEL_NOT_EQUALS, "!=")                                                                     \
    X(KB_SEL_EXISTS, "exists")                                                                     \
    X(KB_SEL_NOT_EXISTS, "!")                                                                      \
    X(KB_SEL_GREATER, "gt")                                                                        \
    X(KB_SEL_LESS, "lt")
#define KB_FIRST(sym, text) sym,
enum kb_selector_operator { KB_SELECTOR_OPERATORS(KB_FIRST) };
#undef KB_FIRST

struct kb_requirement {
    struct kb_str key;
    enum kb_selector_operator op;
    const struct kb_str *values; /* sorted; of a text without repeats */
    size_t value_count;
};

/* All requirements must hold. `nothing`: matches no labels at all (a selector that is null). */
struct kb_selector {
    const struct kb_requirement *at; /* by key, then as given */
    size_t n;
    bool nothing;
};

/* A LabelSelector; null (or NULL) selects nothing, {} everything. All is kept in `arena`. KB_ERR_INVALID
 * where a key, an operator or a value is not allowed. */
KB_RES kb_selector_from_json(const json_t *json, struct kb_arena *arena, struct kb_selector *out,
                             struct kb_err *err);
/* The text of `kubectl -l`; empty selects everything. KB_ERR_SYNTAX or KB_ERR_INVALID. */
KB_RES kb_selector_parse(struct kb_str text, struct kb_arena *arena, struct kb_selector *out,
                         struct kb_err *err);

/* `labels` is a JSON object of texts; NULL: no labels. */
bool kb_selector_matches(const struct kb_selector *selector, const json_t *labels);

/* As Kubernetes writes it: "a in (x,y),!b,c=d". */
struct kb_str kb_selector_text(const struct kb_selector *selector, struct kb_arena *arena);

/* Whether the text may be a label's key or value. */
bool kb_label_key_valid(struct kb_str key);
bool kb_label_value_valid(struct kb_str value);

#endif

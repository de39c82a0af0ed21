/* Trees out of tokens. */
#include "backup/glob.h"
#include "backup/glob_ast.h"
#include "backup/glob_lexer.h"
#include "base/utf8.h"

struct kb_glob_node *kb_glob_node_new(struct kb_arena *arena, enum kb_glob_kind kind)
{
    struct kb_glob_node *node = KB_NEW(arena, struct kb_glob_node);
    node->kind = kind;
    return node;
}

void kb_glob_node_add(struct kb_arena *arena, struct kb_glob_node *parent,
                      struct kb_glob_node *child)
{
    if (parent->n == parent->cap) {
        size_t cap = parent->cap == 0 ? 4 : 2 * parent->cap;
        struct kb_glob_node **children = KB_NEW_ARRAY(arena, cap, struct kb_glob_node *);
        for (size_t i = 0; i < parent->n; i++) {
            children[i] = parent->children[i];
        }
        parent->children = children;
        parent->cap = cap;
    }
    parent->children[parent->n++] = child;
    child->parent = parent;
}

struct kb_glob_node *kb_glob_node_pattern(struct kb_arena *arena, struct kb_glob_node *const *children,
                                          size_t n)
{
    struct kb_glob_node *pattern = kb_glob_node_new(arena, KB_GLOB_NODE_PATTERN);
    for (size_t i = 0; i < n; i++) {
        kb_glob_node_add(arena, pattern, children[i]);
    }
    return pattern;
}

bool kb_glob_node_equal(const struct kb_glob_node *a, const struct kb_glob_node *b)
{
    bool same = a->kind == b->kind && a->single_star == b->single_star && a->not == b->not &&
                a->lo == b->lo && a->hi == b->hi && a->n == b->n && kb_str_eq(a->text, b->text);
    for (size_t i = 0; same && i < a->n; i++) {
        same = kb_glob_node_equal(a->children[i], b->children[i]);
    }
    return same;
}

struct parser {
    struct kb_glob_lexer lexer;
    struct kb_arena *arena;
    struct kb_glob_node *tree; /* the pattern that grows */
    struct kb_err *err;
};

static struct kb_glob_node *add(struct parser *parser, struct kb_glob_node *parent,
                                enum kb_glob_kind kind)
{
    struct kb_glob_node *node = kb_glob_node_new(parser->arena, kind);
    kb_glob_node_add(parser->arena, parent, node);
    return node;
}

static kb_res range_end(struct parser *parser, const struct kb_glob_node *range)
{
    struct kb_glob_node *node = NULL;
    if ((range->text.n > 0) == (range->lo != 0 && range->hi != 0)) {
        return kb_fail(parser->err, KB_ERR_SYNTAX, "could not parse range");
    }
    node = add(parser, parser->tree, range->text.n > 0 ? KB_GLOB_NODE_LIST : KB_GLOB_NODE_RANGE);
    node->not = range->not;
    node->lo = range->lo;
    node->hi = range->hi;
    node->text = range->text;
    return KB_SUCCESS;
}

static kb_res order_fails(struct parser *parser, uint32_t hi, uint32_t lo)
{
    char high[4], low[4];
    int high_n = (int)kb_utf8_encode(hi, high), low_n = (int)kb_utf8_encode(lo, low);
    return kb_fail(parser->err, KB_ERR_SYNTAX,
                   "hi character '%.*s' should be greater than lo '%.*s'", high_n, high, low_n, low);
}

static kb_res read_range(struct parser *parser)
{
    struct kb_glob_node range = {0};
    for (;;) {
        struct kb_glob_token token = kb_glob_next(&parser->lexer);
        if (token.kind == KB_GLOB_RANGE_CLOSE) {
            return range_end(parser, &range);
        }
        if (token.kind == KB_GLOB_NOT) {
            range.not = true;
        } else if (token.kind == KB_GLOB_RANGE_LO) {
            range.lo = token.rune;
        } else if (token.kind == KB_GLOB_RANGE_HI && token.rune < range.lo) {
            return order_fails(parser, token.rune, range.lo);
        } else if (token.kind == KB_GLOB_RANGE_HI) {
            range.hi = token.rune;
        } else if (token.kind == KB_GLOB_TEXT) {
            range.text = token.text;
        } else {
            return kb_fail(parser->err, KB_ERR_SYNTAX, "%.*s", KB_FMT(token.text));
        }
    }
}

static kb_res open_terms(struct parser *parser)
{
    KB_ENSURE(parser->lexer.terms <= KB_GOBWAS_DEPTH_MAX, parser->err, KB_ERR_LIMIT,
              "more than %d alternatives within each other", KB_GOBWAS_DEPTH_MAX);
    struct kb_glob_node *any_of = add(parser, parser->tree, KB_GLOB_NODE_ANY_OF);
    parser->tree = add(parser, any_of, KB_GLOB_NODE_PATTERN);
    return KB_SUCCESS;
}

static kb_res read_token(struct parser *parser, const struct kb_glob_token *token)
{
    struct kb_glob_node *tree = parser->tree;
    switch (token->kind) {
    case KB_GLOB_TEXT:
        add(parser, tree, KB_GLOB_NODE_TEXT)->text = token->text;
        return KB_SUCCESS;
    case KB_GLOB_ANY:
        add(parser, tree, KB_GLOB_NODE_SUPER)->single_star = true;
        return KB_SUCCESS;
    case KB_GLOB_SUPER:
        add(parser, tree, KB_GLOB_NODE_SUPER);
        return KB_SUCCESS;
    case KB_GLOB_SINGLE:
        add(parser, tree, KB_GLOB_NODE_SINGLE);
        return KB_SUCCESS;
    case KB_GLOB_RANGE_OPEN:
        return read_range(parser);
    case KB_GLOB_TERMS_OPEN:
        return open_terms(parser);
    case KB_GLOB_SEPARATOR:
        parser->tree = add(parser, tree->parent, KB_GLOB_NODE_PATTERN);
        return KB_SUCCESS;
    case KB_GLOB_TERMS_CLOSE:
        parser->tree = tree->parent->parent;
        return KB_SUCCESS;
    case KB_GLOB_EOF:
    case KB_GLOB_ERROR:
    case KB_GLOB_NOT:
    case KB_GLOB_RANGE_CLOSE:
    case KB_GLOB_RANGE_LO:
    case KB_GLOB_RANGE_HI:
    default:
        return kb_fail(parser->err, KB_ERR_SYNTAX, "%.*s", KB_FMT(token->text));
    }
}

kb_res kb_glob_parse(struct kb_str pattern, struct kb_arena *arena, struct kb_glob_node **out,
                     struct kb_err *err)
{
    KB_ENSURE(pattern.n <= KB_GOBWAS_PATTERN_MAX, err, KB_ERR_LIMIT,
              "a pattern over %d bytes", KB_GOBWAS_PATTERN_MAX);
    struct kb_glob_node *root = kb_glob_node_new(arena, KB_GLOB_NODE_PATTERN);
    struct parser parser = {
        .lexer = {.data = pattern, .arena = arena}, .arena = arena, .tree = root, .err = err};
    for (;;) {
        struct kb_glob_token token = kb_glob_next(&parser.lexer);
        if (token.kind == KB_GLOB_EOF) {
            *out = root;
            return KB_SUCCESS;
        }
        KB_TRY(read_token(&parser, &token));
    }
}

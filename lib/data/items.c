/* The slicer: one pass over structure, runs of bytes copied at its turning points. */
#include "data/items.h"

#include <string.h>

#include "base/limits.h"
#include "data/kind.h"

enum { LEVELS = 3, KEY_MAX = 64, VALUE_MAX = 128, HELD_MAX = 256 << 10 };

struct word {
    char text[VALUE_MAX];
    size_t n; /* VALUE_MAX: longer than is kept */
};

struct kb_items {
    struct kb_items_sink sink;
    struct kb_buf item; /* the element being read */
    struct kb_buf rest; /* the document but its elements */
    struct kb_buf held; /* a value that is dropped unless it turns out to be a resource policy */
    bool holding;
    uint64_t document, index, offset;
    unsigned depth;      /* open brackets */
    unsigned list_depth; /* of the elements' array; 0: not in one */
    unsigned drop_depth; /* of the object whose member is dropped; 0: none */
    bool in_string, escaped, is_key, want_key, list, item_large, rest_large;
    bool object[KB_MAX_JSON_DEPTH + 1]; /* what is open at each depth: an object, or an array */
    struct word key[LEVELS + 1];        /* last key at each level of the object, [1] its own */
    struct word string;                 /* the string being read, for keys and the document's kind */
    struct word kind, api_version;
};

struct kb_items *kb_items_new(const struct kb_items_sink *sink)
{
    struct kb_items *items = kb_alloc(sizeof *items);
    memset(items, 0, sizeof *items);
    items->sink = *sink;
    kb_buf_init(&items->item, KB_MAX_RECORD);
    kb_buf_init(&items->rest, KB_MAX_RECORD);
    kb_buf_init(&items->held, HELD_MAX);
    return items;
}

void kb_items_free(struct kb_items *items)
{
    if (items != NULL) {
        kb_buf_done(&items->item);
        kb_buf_done(&items->rest);
        kb_buf_done(&items->held);
        kb_free(items);
    }
}

static struct kb_str word_text(const struct word *word)
{
    return (struct kb_str){word->text, word->n < VALUE_MAX ? word->n : 0};
}

struct kb_str kb_items_kind(const struct kb_items *items)
{
    return word_text(&items->kind);
}

struct kb_str kb_items_api_version(const struct kb_items *items)
{
    return word_text(&items->api_version);
}

static void word_add(struct word *word, const char *p, size_t n)
{
    size_t room = VALUE_MAX - word->n;
    memcpy(word->text + word->n, p, n < room ? n : room);
    word->n += n < room ? n : room;
}

static void copy(struct kb_items *items, const char *p, size_t n)
{
    if (items->drop_depth != 0 || n == 0) {
        if (items->holding) {
            kb_buf_add(&items->held, p, n);
        }
        return;
    }
    bool element = items->list_depth != 0;
    struct kb_buf *to = element ? &items->item : &items->rest;
    bool *large = element ? &items->item_large : &items->rest_large;
    *large = *large || n > to->max - to->n;
    if (!*large) {
        kb_buf_add(to, p, n);
    }
}

static void end_item(struct kb_items *items)
{
    if (items->item.n == 0 && !items->item_large) {
        return;
    }
    items->index++;
    if (items->item_large) {
        items->sink.too_large(items->sink.ctx, items->document, items->index);
    } else {
        items->sink.item(items->sink.ctx, kb_buf_view(&items->item), items->document,
                         items->index);
    }
    kb_buf_clear(&items->item);
    items->item_large = false;
}

static void end_document(struct kb_items *items)
{
    if (items->rest_large) {
        items->sink.too_large(items->sink.ctx, items->document, 0);
    } else {
        items->sink.document(items->sink.ctx, kb_buf_view(&items->rest), items->list,
                             items->document, items->index);
    }
    kb_buf_clear(&items->rest);
    items->rest_large = items->list = false;
    items->kind.n = items->api_version.n = items->key[1].n = 0;
    items->index = 0;
}

/* Level of a member within its object: 1 for the object's own. */
static unsigned level(const struct kb_items *items)
{
    return items->depth - items->list_depth;
}

static bool key_is(const struct kb_items *items, unsigned at, const char *text)
{
    return kb_str_eq_c(word_text(&items->key[at]), text);
}

static bool holds_data(const struct kb_items *items)
{
    return key_is(items, 1, "data") || key_is(items, 1, "stringData") ||
           key_is(items, 1, "binaryData");
}

/* Keys of aws-auth, and the switch of network policies in amazon-vpc-cni. */
static bool is_decisive(const struct kb_items *items)
{
    static const char *const keys[] = {"mapRoles", "mapUsers", "mapAccounts",
                                       "enable-network-policy-controller"};
    bool found = false;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && !found; i++) {
        found = key_is(items, 2, keys[i]);
    }
    return found;
}

/* Whether the value of the key just read is not wanted. */
static bool unwanted(const struct kb_items *items)
{
    switch (level(items)) {
    case 2:
        return (key_is(items, 1, "metadata") && key_is(items, 2, "managedFields")) ||
               (holds_data(items) && !is_decisive(items));
    case 3:
        return key_is(items, 1, "metadata") && key_is(items, 2, "annotations") &&
               key_is(items, 3, "kubectl.kubernetes.io/last-applied-configuration");
    default:
        return false;
    }
}

static void end_string(struct kb_items *items)
{
    items->in_string = false;
    if (items->is_key) {
        if (level(items) <= LEVELS) {
            items->key[level(items)] = items->string;
        }
    } else if (items->depth == 1 && items->list_depth == 0) {
        if (key_is(items, 1, "kind")) {
            items->kind = items->string;
        } else if (key_is(items, 1, "apiVersion")) {
            items->api_version = items->string;
        }
    }
}

/* Bytes of the string in s, its closing quote included where it is there. */
static size_t take_string(struct kb_items *items, struct kb_str s)
{
    size_t i = 0;
    for (; i < s.n && items->in_string; i++) {
        if (items->escaped) {
            items->escaped = false;
        } else if (s.p[i] == '\\') {
            items->escaped = true;
        } else if (s.p[i] == '"') {
            word_add(&items->string, s.p, i);
            end_string(items);
            return i + 1;
        }
    }
    word_add(&items->string, s.p, i);
    return i;
}

static void open_bracket(struct kb_items *items, char c)
{
    bool of_document = items->depth == 0;
    bool elements = c == '[' && items->list_depth == 0 &&
                    (of_document || (items->depth == 1 && key_is(items, 1, "items")));
    if (of_document) {
        items->document++;
    }
    items->depth++;
    if (items->depth <= KB_MAX_JSON_DEPTH) {
        items->object[items->depth] = c == '{';
    }
    items->want_key = c == '{';
    copy(items, &c, 1);
    if (elements && items->drop_depth == 0) {
        items->list_depth = items->depth;
        items->list = true;
    }
}

/* The value that is dropped has ended, or none is. */
static void end_drop(struct kb_items *items)
{
    if (items->depth != items->drop_depth) {
        return;
    }
    items->drop_depth = 0;
    if (items->holding) {
        struct kb_str held = kb_buf_view(&items->held);
        bool kept = !items->held.full && kb_text_is_resource_policy(held);
        items->holding = false;
        copy(items, kept ? held.p : "null", kept ? held.n : 4);
        kb_buf_clear(&items->held);
    }
}

static void close_bracket(struct kb_items *items, char c)
{
    if (items->depth == items->list_depth) {
        end_item(items);
        items->list_depth = 0;
    }
    end_drop(items);
    copy(items, &c, 1);
    items->depth--;
    items->want_key = false;
    if (items->depth == 0) {
        end_document(items);
    }
}

static void next_member(struct kb_items *items)
{
    end_drop(items);
    if (items->depth == items->list_depth) {
        end_item(items);
        return;
    }
    copy(items, ",", 1);
    items->want_key = items->depth <= KB_MAX_JSON_DEPTH && items->object[items->depth];
}

static void colon(struct kb_items *items)
{
    bool drop = items->drop_depth == 0 && items->is_key && unwanted(items);
    bool hold = drop && level(items) == 2 && key_is(items, 1, "data");
    copy(items, drop && !hold ? ":null" : ":", drop && !hold ? 5 : 1);
    items->holding = items->holding || hold;
    items->is_key = items->want_key = false;
    if (drop) {
        items->drop_depth = items->depth;
    }
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* One byte outside strings that is no space. */
static void take_byte(struct kb_items *items, char c)
{
    switch (c) {
    case '"':
        items->in_string = true;
        items->is_key = items->want_key;
        items->string.n = 0;
        copy(items, "\"", 1);
        break;
    case '{':
    case '[':
        open_bracket(items, c);
        break;
    case '}':
    case ']':
        close_bracket(items, c);
        break;
    case ',':
        next_member(items);
        break;
    case ':':
        colon(items);
        break;
    default:
        copy(items, &c, 1);
        break;
    }
}

/* Spaces at the start: what people read is indented. */
static size_t spaces(struct kb_str s)
{
    size_t n = 0;
    while (n < s.n && is_space(s.p[n])) {
        n++;
    }
    return n;
}

KB_RES kb_items_feed(struct kb_items *items, struct kb_str bytes, struct kb_err *err)
{
    for (size_t i = 0; i < bytes.n;) {
        struct kb_str left = kb_str_sub(bytes, i, bytes.n);
        size_t n = 1;
        if (items->in_string) {
            n = take_string(items, left);
            copy(items, left.p, n);
        } else if (is_space(*left.p)) {
            n = spaces(left);
        } else {
            bool opens = *left.p == '{' || *left.p == '[';
            KB_ENSURE(items->depth > 0 || opens, err, KB_ERR_SYNTAX, "not JSON at byte %llu",
                      (unsigned long long)items->offset);
            take_byte(items, *left.p);
        }
        i += n;
        items->offset += n;
    }
    return KB_SUCCESS;
}

KB_RES kb_items_finish(struct kb_items *items, struct kb_err *err)
{
    KB_ENSURE(items->depth == 0, err, KB_ERR_CORRUPT,
              "ends at byte %llu within document %llu, item %llu",
              (unsigned long long)items->offset, (unsigned long long)items->document,
              (unsigned long long)items->index + 1);
    return KB_SUCCESS;
}

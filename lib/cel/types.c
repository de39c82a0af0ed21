/* Static types: the pool, their text, and the reader of type words. */
#include "cel/types.h"

#include "cel/cel.h"

void kb_cel_types_done(struct kb_cel_types *types)
{
    kb_map_done(&types->pool);
    kb_map_done(&types->names);
    KB_VEC_DONE(&types->variables);
    kb_arena_done(&types->arena);
}

enum { MAX_TYPE_SIZE = 4096 }; /* a type over it is dyn */

const struct kb_cel_type *kb_cel_type_get(struct kb_cel_types *types, enum kb_cel_type_kind kind,
                                          struct kb_str name, const struct kb_cel_type *a,
                                          const struct kb_cel_type *b)
{
    uint32_t size = 1 + (a == NULL ? 0 : a->size) + (b == NULL ? 0 : b->size);
    if (size > MAX_TYPE_SIZE) {
        return kb_cel_type_of(types, KB_CEL_T_DYN);
    }
    struct {
        uintptr_t kind, name, a, b;
    } key = {(uintptr_t)kind, 0, (uintptr_t)a, (uintptr_t)b};
    if (name.n > 0) {
        name = kb_map_intern(&types->names, name);
        key.name = (uintptr_t)name.p;
    }
    bool is_new = false;
    struct kb_map_entry *entry =
        kb_map_add(&types->pool, (struct kb_str){(const char *)&key, sizeof key}, &is_new);
    if (is_new) {
        struct kb_cel_type *type = KB_NEW(&types->arena, struct kb_cel_type);
        *type = (struct kb_cel_type){.kind = kind, .name = name, .param = {a, b}, .size = size};
        type->open = kind == KB_CEL_T_PARAM || (a != NULL && a->open) || (b != NULL && b->open);
        entry->value.ptr = type;
    }
    return entry->value.ptr;
}

const struct kb_cel_type *kb_cel_type_variable(struct kb_cel_types *types, uint32_t var)
{
    while (types->variables.n <= var) {
        *KB_VEC_PUSH(&types->variables) = NULL;
    }
    if (types->variables.at[var] != NULL) {
        return types->variables.at[var];
    }
    struct kb_str name = kb_arena_printf(&types->arena, "_var%u", (unsigned)var);
    const struct kb_cel_type *type = kb_cel_type_get(types, KB_CEL_T_PARAM, name, NULL, NULL);
    ((struct kb_cel_type *)(uintptr_t)type)->var = var;
    types->variables.at[var] = type;
    return type;
}

static const struct {
    struct kb_str word;
    enum kb_cel_type_kind kind;
    unsigned params;
} words[] = {
    {KB_STR_INIT("dyn"), KB_CEL_T_DYN, 0},
    {KB_STR_INIT("null"), KB_CEL_T_NULL, 0},
    {KB_STR_INIT("bool"), KB_CEL_T_BOOL, 0},
    {KB_STR_INIT("int"), KB_CEL_T_INT, 0},
    {KB_STR_INIT("uint"), KB_CEL_T_UINT, 0},
    {KB_STR_INIT("double"), KB_CEL_T_DOUBLE, 0},
    {KB_STR_INIT("string"), KB_CEL_T_STRING, 0},
    {KB_STR_INIT("bytes"), KB_CEL_T_BYTES, 0},
    {KB_STR_INIT("timestamp"), KB_CEL_T_TIMESTAMP, 0},
    {KB_STR_INIT("duration"), KB_CEL_T_DURATION, 0},
    {KB_STR_INIT("list"), KB_CEL_T_LIST, 1},
    {KB_STR_INIT("map"), KB_CEL_T_MAP, 2},
    {KB_STR_INIT("type"), KB_CEL_T_TYPE, 1},
    {KB_STR_INIT("optional_type"), KB_CEL_T_OPTIONAL, 1},
    {KB_STR_INIT("optional"), KB_CEL_T_OPTIONAL, 1},
    {KB_STR_INIT("null_type"), KB_CEL_T_NULL, 0},
    {KB_STR_INIT("int64"), KB_CEL_T_INT, 0},
    {KB_STR_INIT("uint64"), KB_CEL_T_UINT, 0},
    {KB_STR_INIT("google.protobuf.Timestamp"), KB_CEL_T_TIMESTAMP, 0},
    {KB_STR_INIT("google.protobuf.Duration"), KB_CEL_T_DURATION, 0},
    {KB_STR_INIT("*error*"), KB_CEL_T_ERROR, 0},
};

static void add_params(const struct kb_cel_type *type, struct kb_buf *out)
{
    if (type->param[0] == NULL) {
        return;
    }
    kb_buf_char(out, '(');
    kb_cel_type_add_text(type->param[0], out);
    if (type->param[1] != NULL) {
        kb_buf_c(out, ", ");
        kb_cel_type_add_text(type->param[1], out);
    }
    kb_buf_char(out, ')');
}

void kb_cel_type_add_text(const struct kb_cel_type *type, struct kb_buf *out)
{
    if (type->kind == KB_CEL_T_OBJECT || type->kind == KB_CEL_T_PARAM) {
        kb_buf_str(out, type->name);
        add_params(type, out);
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].kind == type->kind) {
            kb_buf_str(out, words[i].word);
            break;
        }
    }
    add_params(type, out);
}

struct kb_str kb_cel_type_text(const struct kb_cel_type *type, struct kb_arena *arena)
{
    struct kb_buf buf;
    kb_buf_init(&buf, 1 << 16);
    kb_cel_type_add_text(type, &buf);
    struct kb_str text = kb_arena_copy(arena, kb_buf_view(&buf));
    kb_buf_done(&buf);
    return text;
}

struct reader {
    struct kb_cel_types *types;
    struct kb_str s;
    size_t at;
    unsigned depth;
};

static void skip_space(struct reader *r)
{
    while (r->at < r->s.n && r->s.p[r->at] == ' ') {
        r->at++;
    }
}

static bool take(struct reader *r, char c)
{
    skip_space(r);
    if (r->at < r->s.n && r->s.p[r->at] == c) {
        r->at++;
        return true;
    }
    return false;
}

static struct kb_str read_word(struct reader *r)
{
    skip_space(r);
    size_t from = r->at;
    while (r->at < r->s.n && r->s.p[r->at] != '\0' && strchr("(), ", r->s.p[r->at]) == NULL) {
        r->at++;
    }
    return kb_str_sub(r->s, from, r->at);
}

static const struct kb_cel_type *read_type(struct reader *r);

/* Reads "(A, B)" where it stands; returns how many, 3 on a mistake. */
static unsigned read_params(struct reader *r, const struct kb_cel_type *param[2])
{
    if (!take(r, '(')) {
        return 0;
    }
    unsigned n = 0;
    do {
        if (n == 2 || (param[n] = read_type(r)) == NULL) {
            return 3;
        }
        n++;
    } while (take(r, ','));
    return take(r, ')') ? n : 3;
}

static bool is_variable(struct kb_str word)
{
    return word.n == 1 && word.p[0] >= 'A' && word.p[0] <= 'Z';
}

static const struct kb_cel_type *named_type(struct reader *r, struct kb_str word,
                                            const struct kb_cel_type *param[2], unsigned n)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!kb_str_eq(words[i].word, word)) {
            continue;
        }
        if (n == 0 && words[i].params > 0) { /* bare "list" is a list of anything */
            const struct kb_cel_type *dyn = kb_cel_type_of(r->types, KB_CEL_T_DYN);
            param[0] = words[i].kind == KB_CEL_T_TYPE ? NULL : dyn;
            param[1] = words[i].params == 2 ? dyn : NULL;
        } else if (n != words[i].params) {
            return NULL;
        }
        return kb_cel_type_get(r->types, words[i].kind, KB_STR(""), param[0], param[1]);
    }
    if (is_variable(word)) {
        return n == 0 ? kb_cel_type_get(r->types, KB_CEL_T_PARAM, word, NULL, NULL) : NULL;
    }
    return kb_cel_type_get(r->types, KB_CEL_T_OBJECT, word, param[0], param[1]);
}

static const struct kb_cel_type *read_type(struct reader *r)
{
    struct kb_str word = read_word(r);
    if (word.n == 0 || r->depth >= 32) {
        return NULL;
    }
    r->depth++;
    const struct kb_cel_type *param[2] = {NULL, NULL};
    unsigned n = read_params(r, param);
    r->depth--;
    return n > 2 ? NULL : named_type(r, word, param, n);
}

const struct kb_cel_type *kb_cel_type_parse(struct kb_cel_types *types, struct kb_str text)
{
    struct reader r = {.types = types, .s = text};
    const struct kb_cel_type *type = read_type(&r);
    skip_space(&r);
    return r.at == text.n ? type : NULL;
}

bool kb_cel_signature_parse(struct kb_cel_types *types, struct kb_str text,
                            struct kb_cel_signature *out)
{
    enum { MAX_ARGS = 8 };
    struct reader r = {.types = types, .s = text};
    const struct kb_cel_type **args =
        KB_NEW_ARRAY(&types->arena, MAX_ARGS, const struct kb_cel_type *);
    size_t n = 0;
    if (!take(&r, '(')) {
        return false;
    }
    if (!take(&r, ')')) {
        do {
            if (n == MAX_ARGS || (args[n++] = read_type(&r)) == NULL) {
                return false;
            }
        } while (take(&r, ','));
        if (!take(&r, ')')) {
            return false;
        }
    }
    if (!take(&r, '-') || !take(&r, '>') || (out->result = read_type(&r)) == NULL) {
        return false;
    }
    out->args = args;
    out->n = n;
    return r.at == text.n;
}

/* Paths, queries and headers in canonical form. */
#include "aws/canonical.h"

#include <stdlib.h>

#include "aws/secret.h"

struct pair {
    struct kb_str name, value;
    size_t order;
};

static bool unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void encode_byte(unsigned char c, bool keep_slash, struct kb_buf *out)
{
    static const char hex[] = "0123456789ABCDEF";
    if (unreserved(c) || (keep_slash && c == '/')) {
        kb_buf_char(out, (char)c);
    } else {
        const char code[3] = {'%', hex[c >> 4], hex[c & 15]};
        kb_buf_add(out, code, sizeof code);
    }
}

void kb_sigv4_encode(struct kb_str text, bool keep_slash, struct kb_buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        encode_byte((unsigned char)text.p[i], keep_slash, out);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The strict encoding of text that is encoded already, if loosely. */
static struct kb_str encode_again(struct kb_str text, struct kb_buf *room)
{
    size_t begin = room->n;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        int high = c == '%' && i + 2 < text.n ? hex_value(text.p[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text.p[i + 2]) : -1;
        if (low >= 0) {
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        encode_byte(c, false, room);
    }
    return (struct kb_str){room->p + begin, room->n - begin};
}

/* Take away the last segment of what is "" or "/a/b". */
static void drop_segment(struct kb_buf *path)
{
    while (path->n > 0 && path->p[--path->n] != '/') {
    }
}

/* RFC 3986 §5.2.4, and empty segments go too. */
static void normalize(struct kb_str path, struct kb_buf *out)
{
    struct kb_str rest = path;
    while (rest.p != NULL) {
        struct kb_str segment = kb_str_split(rest, '/', &rest);
        if (kb_str_eq_c(segment, "..")) {
            drop_segment(out);
        } else if (segment.n > 0 && !kb_str_eq_c(segment, ".")) {
            kb_buf_char(out, '/');
            kb_buf_str(out, segment);
        }
    }
    if (out->n == 0 || kb_str_ends(path, KB_STR("/"))) {
        kb_buf_char(out, '/');
    }
}

void kb_sigv4_canonical_path(struct kb_str path, enum kb_sigv4_path form, struct kb_buf *out)
{
    struct kb_buf plain;
    kb_buf_init(&plain, path.n + 2);
    if (form == KB_SIGV4_PATH_NORMAL) {
        normalize(path, &plain);
    } else {
        kb_buf_str(&plain, path.n > 0 ? path : KB_STR("/"));
    }
    if (form == KB_SIGV4_PATH_AS_SENT) {
        kb_buf_str(out, kb_buf_view(&plain));
    } else {
        kb_sigv4_encode(kb_buf_view(&plain), true, out);
    }
    kb_buf_done(&plain);
}

static int by_name_and_value(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int order = kb_str_cmp(x->name, y->name);
    return order != 0 ? order : kb_str_cmp(x->value, y->value);
}

static int by_name_and_order(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int order = kb_str_cmp(x->name, y->name);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

void kb_sigv4_canonical_query(struct kb_str query, struct kb_buf *out)
{
    KB_VEC(struct pair) pairs = {0};
    struct kb_buf room; /* its text does not move: all it can need is there from the beginning */
    kb_buf_init(&room, query.n * 3 + 1);
    (void)kb_buf_reserve(&room, query.n * 3 + 1);
    struct kb_str rest = query;
    while (rest.p != NULL) {
        struct kb_str value, text = kb_str_split(rest, '&', &rest);
        if (text.n > 0) {
            struct kb_str name = kb_str_split(text, '=', &value);
            struct pair *pair = KB_VEC_PUSH(&pairs);
            pair->name = encode_again(name, &room);
            pair->value = encode_again(value, &room);
        }
    }
    if (pairs.n > 0) {
        qsort(pairs.at, pairs.n, sizeof *pairs.at, by_name_and_value);
    }
    for (size_t i = 0; i < pairs.n; i++) {
        kb_buf_c(out, i > 0 ? "&" : "");
        kb_buf_str(out, pairs.at[i].name);
        kb_buf_char(out, '=');
        kb_buf_str(out, pairs.at[i].value);
    }
    KB_VEC_DONE(&pairs);
    kb_aws_wipe_buf(&room);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct kb_str lower(struct kb_str name, struct kb_buf *room)
{
    size_t begin = room->n;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        kb_buf_char(room, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
    }
    return (struct kb_str){room->p + begin, room->n - begin};
}

static struct kb_str fold(struct kb_str value, struct kb_buf *room)
{
    size_t begin = room->n;
    for (size_t i = 0; i < value.n; i++) {
        if (!is_space(value.p[i])) {
            kb_buf_char(room, value.p[i]);
        } else if (room->n > begin && room->p[room->n - 1] != ' ') {
            kb_buf_char(room, ' ');
        }
    }
    if (room->n > begin && room->p[room->n - 1] == ' ') {
        room->n--;
    }
    return (struct kb_str){room->p + begin, room->n - begin};
}

/* What others on the way add, take away or rewrite. */
static bool never_signed(struct kb_str name)
{
    static const char *const names[] = {
        "accept",     "accept-encoding", "authorization",   "connection",   "expect",
        "keep-alive", "te",              "trailer",         "transfer-encoding", "upgrade",
        "user-agent", "x-amzn-trace-id", "proxy-connection", "proxy-authorization"};
    bool found = kb_str_starts(name, KB_STR("amz-sdk-"));
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !found; i++) {
        found = kb_str_eq_c(name, names[i]);
    }
    return found;
}

static size_t collect(const struct kb_sigv4_field *headers, size_t n, struct pair *pairs,
                      struct kb_buf *room)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        struct kb_str name = lower(kb_str_trim(headers[i].name), room);
        if (!never_signed(name)) {
            pairs[used++] = (struct pair){name, fold(headers[i].value, room), i};
        }
    }
    qsort(pairs, used, sizeof *pairs, by_name_and_order);
    return used;
}

KB_RES kb_sigv4_canonical_headers(const struct kb_sigv4_field *headers, size_t n, struct kb_buf *block,
                                  struct kb_buf *names, struct kb_err *err)
{
    struct pair pairs[KB_SIGV4_HEADERS_MAX];
    struct kb_buf room;
    size_t need = 1;
    KB_ENSURE(n <= KB_SIGV4_HEADERS_MAX, err, KB_ERR_LIMIT, "more than %d headers to sign",
              KB_SIGV4_HEADERS_MAX);
    for (size_t i = 0; i < n; i++) {
        need += headers[i].name.n + headers[i].value.n;
    }
    kb_buf_init(&room, need);
    (void)kb_buf_reserve(&room, need);
    size_t used = collect(headers, n, pairs, &room);
    for (size_t i = 0; i < used; i++) {
        bool same = i > 0 && kb_str_eq(pairs[i].name, pairs[i - 1].name);
        if (!same) {
            kb_buf_c(block, i > 0 ? "\n" : "");
            kb_buf_c(names, i > 0 ? ";" : "");
            kb_buf_str(names, pairs[i].name);
            kb_buf_str(block, pairs[i].name);
        }
        kb_buf_char(block, same ? ',' : ':');
        kb_buf_str(block, pairs[i].value);
    }
    kb_buf_c(block, used > 0 ? "\n" : "");
    kb_aws_wipe_buf(&room);
    return KB_SUCCESS;
}

/* Values inside objects, and what is wrong with them. */
#include "base/limits.h"
#include "network/internal.h"

static void add_path(const struct kb_net_at *at, struct kb_buf *out)
{
    if (at == NULL) {
        return;
    }
    add_path(at->up, out);
    if (at->member != NULL) {
        kb_buf_c(out, out->n > 0 ? "." : "");
        kb_buf_c(out, at->member);
    }
    if (at->index != SIZE_MAX) {
        kb_buf_printf(out, "[%zu]", at->index);
    }
}

void kb_net_problem(struct kb_net_reader *r, const struct kb_net_at *at, const char *fmt, ...)
{
    struct kb_net_world *world = r->world;
    struct kb_buf text, path;
    va_list args;
    if (r->policy != NULL) {
        r->policy->problems++;
    }
    if (world->problem_count++ >= KB_MAX_ERRORS) {
        return;
    }
    kb_buf_init(&text, KB_ERR_MSG_MAX);
    kb_buf_init(&path, KB_ERR_MSG_MAX);
    va_start(args, fmt);
    kb_buf_vprintf(&text, fmt, args);
    va_end(args);
    add_path(at, &path);
    *KB_VEC_PUSH(&world->problems) = (struct kb_net_problem){
        .object = kb_arena_copy(&world->arena, r->object),
        .path = kb_arena_copy(&world->arena, kb_buf_view(&path)),
        .text = kb_arena_copy(&world->arena, kb_buf_view(&text)),
    };
    kb_buf_done(&text);
    kb_buf_done(&path);
}

struct kb_str kb_net_intern(struct kb_net_world *world, struct kb_str text)
{
    return kb_map_intern(&world->names, text);
}

size_t kb_net_list(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *list)
{
    if (list != NULL && !json_is_array(list) && !json_is_null(list)) {
        kb_net_problem(r, at, "is no list");
    }
    return json_array_size(list);
}

struct kb_net_select *kb_net_read_select(struct kb_net_reader *r, const struct kb_net_at *at,
                                         const json_t *json)
{
    struct kb_net_world *world = r->world;
    struct kb_selector selector;
    struct kb_err err;
    if (kb_failed(kb_selector_from_json(json, &world->arena, &selector, &err))) {
        kb_net_problem(r, at, "%s; it selects nothing", err.msg);
        selector = (struct kb_selector){.nothing = true};
    }
    /* No selector's text begins with a space. */
    struct kb_str text = selector.nothing ? KB_STR(" ") : kb_selector_text(&selector, &world->arena);
    struct kb_map_entry *entry = kb_map_add(&world->selects, text, NULL);
    if (entry->value.ptr == NULL) {
        struct kb_net_select *select = KB_NEW(&world->arena, struct kb_net_select);
        select->selector = selector;
        select->number = world->selects.n - 1;
        entry->value.ptr = select;
    }
    return entry->value.ptr;
}

/* Without the zeros that lead a number: "010.0.0.1/08" is 10.0.0.1/8, as objects of old may have it. */
static struct kb_str plain_digits(struct kb_str text, char *out)
{
    size_t n = 0;
    bool in_number = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool digit = c >= '0' && c <= '9';
        bool more = i + 1 < text.n && text.p[i + 1] >= '0' && text.p[i + 1] <= '9';
        if (!(c == '0' && !in_number && more)) {
            out[n++] = c;
            in_number = digit;
        }
    }
    return (struct kb_str){out, n};
}

enum { BLOCK_MAX = 64 };

bool kb_net_read_block(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                       struct kb_cidr *out)
{
    struct kb_str text = kb_json_view(json);
    struct kb_cidr block;
    struct kb_err err;
    char plain[BLOCK_MAX];
    bool read = json_is_string(json) && !kb_failed(kb_cidr_parse(text, &block, &err));
    if (!read && json_is_string(json) && text.n < BLOCK_MAX &&
        kb_str_find(text, KB_STR(":"), 0) == SIZE_MAX) {
        read = !kb_failed(kb_cidr_parse(plain_digits(text, plain), &block, NULL));
    }
    if (!read) {
        kb_net_problem(r, at, "%s", json_is_string(json) ? err.msg : "a block of addresses is missing");
        return false;
    }
    *out = kb_cidr_masked(&block);
    kb_net_space_cut(&r->world->space, out);
    return true;
}

bool kb_net_read_protocol(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                          uint8_t *out)
{
    *out = KB_NET_TCP;
    if (json == NULL || json_is_null(json) || kb_net_protocol_find(kb_json_view(json), out)) {
        return true;
    }
    kb_net_problem(r, at, "the protocol is not TCP, UDP or SCTP");
    return false;
}

bool kb_net_read_number(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                        uint16_t *out)
{
    json_int_t number = json_is_integer(json) ? json_integer_value(json) : 0;
    if (number < 1 || number > KB_NET_PORT_MAX) {
        kb_net_problem(r, at, "a port is a number from 1 to 65535");
        return false;
    }
    *out = (uint16_t)number;
    return true;
}

/* Why the text is no port name; NULL where it is one. k8s.io/apimachinery IsValidPortName. */
static const char *port_name_fault(struct kb_str name)
{
    bool letter = false;
    if (name.n == 0 || name.n > 15) {
        return "the name of a port has 1 to 15 characters";
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool is_letter = c >= 'a' && c <= 'z';
        letter = letter || is_letter;
        if (!is_letter && !(c >= '0' && c <= '9') && c != '-') {
            return "the name of a port has lower-case letters, digits and '-' only";
        }
    }
    if (name.p[0] == '-' || name.p[name.n - 1] == '-' ||
        kb_str_find(name, KB_STR("--"), 0) != SIZE_MAX) {
        return "the name of a port has '-' between other characters only";
    }
    return letter ? NULL : "the name of a port has a letter";
}

bool kb_net_read_port_name(struct kb_net_reader *r, const struct kb_net_at *at, const json_t *json,
                           struct kb_str *out)
{
    const char *fault = json_is_string(json) ? port_name_fault(kb_json_view(json))
                                             : "a port is a number or a name";
    if (fault != NULL) {
        kb_net_problem(r, at, "%s", fault);
        return false;
    }
    *out = kb_net_intern(r->world, kb_json_view(json));
    return true;
}

/* Port sets: canonical lists of ranges, their algebra, and the numbers they go by. */
#include "network/ports.h"

typedef KB_VEC(struct kb_net_range) ranges;

const char *kb_net_protocol_name(enum kb_net_protocol protocol)
{
#define NAME(sym, text) [sym] = text,
    static const char *const names[] = {KB_NET_PROTOCOLS(NAME)};
#undef NAME
    return names[protocol];
}

bool kb_net_protocol_find(struct kb_str name, uint8_t *out)
{
    for (int i = 0; i < KB_NET_PROTOCOL_COUNT; i++) {
        if (kb_str_eq_c(name, kb_net_protocol_name((enum kb_net_protocol)i))) {
            *out = (uint8_t)i;
            return true;
        }
    }
    return false;
}

void kb_net_store_done(struct kb_net_store *store)
{
    kb_arena_done(&store->arena);
    KB_VEC_DONE(&store->sets);
    kb_map_done(&store->numbers);
    kb_map_done(&store->results);
}

/* The number of a canonical list; the bytes of its fields are the key, padding left out. */
static kb_net_ports intern(struct kb_net_store *store, const struct kb_net_range *at, size_t n)
{
    struct kb_buf key;
    bool is_new;
    kb_buf_init(&key, SIZE_MAX);
    for (size_t i = 0; i < n; i++) {
        kb_buf_add(&key, &at[i].protocol, sizeof at[i].protocol);
        kb_buf_add(&key, &at[i].first, sizeof at[i].first);
        kb_buf_add(&key, &at[i].last, sizeof at[i].last);
    }
    struct kb_map_entry *entry = kb_map_add(&store->numbers, kb_buf_view(&key), &is_new);
    kb_buf_done(&key);
    if (is_new) {
        struct kb_net_range *kept = KB_NEW_ARRAY(&store->arena, n, struct kb_net_range);
        for (size_t i = 0; i < n; i++) {
            kept[i] = at[i];
        }
        entry->value.u = store->sets.n;
        *KB_VEC_PUSH(&store->sets) = (struct kb_net_port_set){kept, n};
    }
    return (kb_net_ports)entry->value.u;
}

/* "All" and "none" have the numbers that their names say. */
static void begin(struct kb_net_store *store)
{
    struct kb_net_range all[KB_NET_PROTOCOL_COUNT];
    for (unsigned i = 0; i < KB_NET_PROTOCOL_COUNT; i++) {
        all[i] = (struct kb_net_range){(uint8_t)i, 1, KB_NET_PORT_MAX};
    }
    if (store->sets.n == 0) {
        (void)intern(store, all, KB_NET_PROTOCOL_COUNT);
        (void)intern(store, NULL, 0);
    }
}

struct kb_net_port_set kb_net_ports_get(struct kb_net_store *store, kb_net_ports ports)
{
    begin(store);
    return store->sets.at[ports];
}

static void append(ranges *to, uint8_t protocol, uint32_t first, uint32_t last)
{
    struct kb_net_range *end = to->n == 0 ? NULL : &to->at[to->n - 1];
    if (end != NULL && end->protocol == protocol && end->last + 1U >= first) {
        end->last = last > end->last ? (uint16_t)last : end->last;
        return;
    }
    *KB_VEC_PUSH(to) = (struct kb_net_range){protocol, (uint16_t)first, (uint16_t)last};
}

static int by_place(const struct kb_net_range *a, const struct kb_net_range *b)
{
    return a->protocol != b->protocol ? (int)a->protocol - (int)b->protocol
                                      : (int)a->first - (int)b->first;
}

kb_net_ports kb_net_ports_make(struct kb_net_store *store, const struct kb_net_range *at, size_t n)
{
    ranges sorted = {0};
    ranges merged = {0};
    begin(store);
    for (size_t i = 0; i < n; i++) {
        size_t to = sorted.n;
        (void)KB_VEC_PUSH(&sorted);
        for (; to > 0 && by_place(&sorted.at[to - 1], &at[i]) > 0; to--) {
            sorted.at[to] = sorted.at[to - 1];
        }
        sorted.at[to] = at[i];
    }
    for (size_t i = 0; i < sorted.n; i++) {
        append(&merged, sorted.at[i].protocol, sorted.at[i].first, sorted.at[i].last);
    }
    kb_net_ports ports = intern(store, merged.at, merged.n);
    KB_VEC_DONE(&sorted);
    KB_VEC_DONE(&merged);
    return ports;
}

enum operation { UNION, COMMON, WITHOUT };

static bool keeps(enum operation op, bool in_a, bool in_b)
{
    switch (op) {
    case UNION:
        return in_a || in_b;
    case COMMON:
        return in_a && in_b;
    case WITHOUT:
        break;
    }
    return in_a && !in_b;
}

/* A walk along one set: whether `port` is in it, and the last port for which that stays so. */
struct walk {
    struct kb_net_port_set set;
    size_t i;
};

static bool walk_to(struct walk *w, uint8_t protocol, uint32_t port, uint32_t *until)
{
    const struct kb_net_range *r = w->set.at;
    while (w->i < w->set.n &&
           (r[w->i].protocol < protocol || (r[w->i].protocol == protocol && r[w->i].last < port))) {
        w->i++;
    }
    if (w->i == w->set.n || r[w->i].protocol != protocol) {
        *until = KB_NET_PORT_MAX;
        return false;
    }
    bool inside = r[w->i].first <= port;
    *until = inside ? r[w->i].last : r[w->i].first - 1U;
    return inside;
}

static kb_net_ports compute(struct kb_net_store *store, enum operation op, kb_net_ports a,
                            kb_net_ports b)
{
    struct walk left = {store->sets.at[a], 0}, right = {store->sets.at[b], 0};
    ranges out = {0};
    for (unsigned i = 0; i < KB_NET_PROTOCOL_COUNT; i++) {
        uint8_t p = (uint8_t)i;
        for (uint32_t port = 1; port <= KB_NET_PORT_MAX;) {
            uint32_t a_end, b_end;
            bool in_a = walk_to(&left, p, port, &a_end), in_b = walk_to(&right, p, port, &b_end);
            uint32_t end = a_end < b_end ? a_end : b_end;
            if (keeps(op, in_a, in_b)) {
                append(&out, p, port, end);
            }
            port = end + 1;
        }
    }
    kb_net_ports ports = intern(store, out.at, out.n);
    KB_VEC_DONE(&out);
    return ports;
}

static kb_net_ports operate(struct kb_net_store *store, enum operation op, kb_net_ports a,
                            kb_net_ports b)
{
    /* Operation 0 is left out: zeroed memory is no result. */
    const uint32_t key[] = {(uint32_t)op + 1, a, b};
    struct kb_net_result *recent = &store->recent[(a * 31 + b * 7 + key[0]) % KB_NET_RECENT];
    bool is_new;
    if (memcmp(recent->key, key, sizeof key) == 0) {
        return recent->ports;
    }
    begin(store);
    struct kb_map_entry *entry =
        kb_map_add(&store->results, (struct kb_str){(const char *)key, sizeof key}, &is_new);
    if (is_new) {
        entry->value.u = compute(store, op, a, b);
    }
    memcpy(recent->key, key, sizeof key);
    recent->ports = (kb_net_ports)entry->value.u;
    return recent->ports;
}

kb_net_ports kb_net_ports_union(struct kb_net_store *store, kb_net_ports a, kb_net_ports b)
{
    if (a == KB_NET_ALL_PORTS || b == KB_NET_ALL_PORTS) {
        return KB_NET_ALL_PORTS;
    }
    if (a == b || b == KB_NET_NO_PORTS) {
        return a;
    }
    return a == KB_NET_NO_PORTS ? b : operate(store, UNION, a < b ? a : b, a < b ? b : a);
}

kb_net_ports kb_net_ports_common(struct kb_net_store *store, kb_net_ports a, kb_net_ports b)
{
    if (a == KB_NET_NO_PORTS || b == KB_NET_NO_PORTS) {
        return KB_NET_NO_PORTS;
    }
    if (a == b || b == KB_NET_ALL_PORTS) {
        return a;
    }
    return a == KB_NET_ALL_PORTS ? b : operate(store, COMMON, a < b ? a : b, a < b ? b : a);
}

kb_net_ports kb_net_ports_without(struct kb_net_store *store, kb_net_ports a, kb_net_ports b)
{
    if (a == b || b == KB_NET_ALL_PORTS) {
        return KB_NET_NO_PORTS;
    }
    return a == KB_NET_NO_PORTS || b == KB_NET_NO_PORTS ? a : operate(store, WITHOUT, a, b);
}

bool kb_net_ports_has(struct kb_net_store *store, kb_net_ports ports, enum kb_net_protocol protocol,
                      unsigned port)
{
    struct kb_net_port_set set = kb_net_ports_get(store, ports);
    for (size_t i = 0; i < set.n; i++) {
        const struct kb_net_range *r = &set.at[i];
        if (r->protocol == protocol && r->first <= port && port <= r->last) {
            return true;
        }
    }
    return false;
}

void kb_net_ports_text(struct kb_net_store *store, kb_net_ports ports, struct kb_buf *out)
{
    struct kb_net_port_set set = kb_net_ports_get(store, ports);
    if (ports == KB_NET_ALL_PORTS || ports == KB_NET_NO_PORTS) {
        kb_buf_c(out, ports == KB_NET_ALL_PORTS ? "all" : "none");
        return;
    }
    for (size_t i = 0; i < set.n; i++) {
        const struct kb_net_range *r = &set.at[i];
        kb_buf_c(out, i == 0 ? "" : ",");
        if (i == 0 || set.at[i - 1].protocol != r->protocol) {
            kb_buf_printf(out, "%s ", kb_net_protocol_name((enum kb_net_protocol)r->protocol));
        }
        kb_buf_printf(out, "%u", (unsigned)r->first);
        if (r->last > r->first) {
            kb_buf_printf(out, "-%u", (unsigned)r->last);
        }
    }
}

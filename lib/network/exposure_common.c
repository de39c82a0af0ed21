/* Names, annotations and ranges. */
#include "data/ip.h"
#include "network/exposure_internal.h"

#define KB_NAME(sym, text) [sym] = (text),
#define NAMES(function, type, LIST)                                                                \
    const char *function(enum type value)                                                          \
    {                                                                                              \
        static const char *const names[] = {LIST(KB_NAME)};                                        \
        return names[value];                                                                       \
    }
NAMES(kb_net_scheme_name, kb_net_scheme, KB_NET_SCHEMES)
NAMES(kb_net_controller_name, kb_net_controller, KB_NET_CONTROLLERS)
NAMES(kb_net_balancer_name, kb_net_balancer, KB_NET_BALANCERS)
NAMES(kb_net_target_name, kb_net_target, KB_NET_TARGETS)
NAMES(kb_net_tls_name, kb_net_tls, KB_NET_TLS_ENDS)
#undef NAMES
#undef KB_NAME

struct kb_str kb_net_annotation(const struct kb_net_labels *annotations, const char *key)
{
    struct kb_str value = KB_STR("");
    return kb_net_labels_get(annotations, kb_str_c(key), &value) ? kb_str_trim(value) : KB_STR("");
}

struct kb_net_texts kb_net_annotation_list(const struct kb_net_labels *annotations, const char *key,
                                           struct kb_arena *arena)
{
    struct kb_str rest = kb_net_annotation(annotations, key);
    size_t most = 1, n = 0;
    for (size_t i = 0; i < rest.n; i++) {
        most += rest.p[i] == ',';
    }
    struct kb_str *at = KB_NEW_ARRAY(arena, most, struct kb_str);
    while (rest.n > 0) {
        struct kb_str item = kb_str_trim(kb_str_split(rest, ',', &rest));
        if (item.n > 0) {
            at[n++] = item;
        }
    }
    return (struct kb_net_texts){at, n};
}

bool kb_net_annotation_says(const struct kb_net_labels *annotations, const char *key, bool *value)
{
    static const char *const words[2][6] = {{"0", "f", "F", "false", "FALSE", "False"},
                                            {"1", "t", "T", "true", "TRUE", "True"}};
    struct kb_str text = kb_net_annotation(annotations, key);
    for (size_t i = 0; i < 12; i++) {
        if (kb_str_eq_c(text, words[i / 6][i % 6])) {
            *value = i / 6 == 1;
            return true;
        }
    }
    return false;
}

/* Halves of the address space down to 1/256 of it: who leaves out less is open all the same. */
static bool covered(const struct kb_cidr *ranges, size_t n, struct kb_cidr part)
{
    enum { SMALLEST = 8 };
    for (size_t i = 0; i < n; i++) {
        if (kb_cidr_contains(&ranges[i], &part)) {
            return true;
        }
    }
    if (part.bits == SMALLEST) {
        return false;
    }
    struct kb_cidr high = part;
    high.ip.bytes[0] |= (uint8_t)(0x80U >> part.bits);
    part.bits++;
    high.bits = part.bits;
    return covered(ranges, n, part) && covered(ranges, n, high);
}

enum kb_net_answer kb_net_ranges_open(const struct kb_net_texts *ranges)
{
    struct kb_arena arena = {0};
    struct kb_cidr *read = KB_NEW_ARRAY(&arena, ranges->n, struct kb_cidr);
    size_t n = 0;
    for (size_t i = 0; i < ranges->n; i++) {
        if (!kb_failed(kb_cidr_parse(ranges->at[i], &read[n], NULL))) {
            n++;
        }
    }
    bool open = covered(read, n, (struct kb_cidr){.ip.family = 4}) ||
                covered(read, n, (struct kb_cidr){.ip.family = 6});
    bool all_read = n == ranges->n;
    kb_arena_done(&arena);
    return open ? KB_NET_YES : all_read ? KB_NET_NO : KB_NET_UNSURE;
}

bool kb_net_internal_name(const struct kb_net_texts *hostnames)
{
    for (size_t i = 0; i < hostnames->n; i++) {
        if (kb_str_starts(hostnames->at[i], KB_STR("internal-"))) {
            return true;
        }
    }
    return false;
}

enum kb_net_controller kb_net_ingress_controller(struct kb_str text)
{
    static const struct {
        const char *text;
        enum kb_net_controller controller;
    } rows[] = {
        {"ingress.k8s.aws/alb", KB_NET_BY_LBC},        {"alb", KB_NET_BY_LBC},
        {"eks.amazonaws.com/alb", KB_NET_BY_AUTO_MODE}, {"k8s.io/ingress-nginx", KB_NET_BY_NGINX},
        {"nginx", KB_NET_BY_NGINX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (kb_str_eq_c(text, rows[i].text)) {
            return rows[i].controller;
        }
    }
    return text.n == 0 ? KB_NET_BY_NOBODY : KB_NET_BY_OTHER;
}

/* IP addresses: text in and out, and their ranges. */
#include "data/ip.h"

#include <stdio.h>

enum { V4_BYTES = 4, V6_BYTES = 16, V6_GROUPS = 8, NO_GAP = 99, TEXT_MAX = 60 };

static kb_res invalid(struct kb_str text, const char *what, const char *why, struct kb_err *err)
{
    return kb_fail(err, KB_ERR_SYNTAX, "%s '%.*s': %s", what,
                   (int)(text.n < TEXT_MAX ? text.n : TEXT_MAX), text.p, why);
}

/* "a.b.c.d"; NULL, or why not. */
static const char *read_v4(struct kb_str s, uint8_t out[V4_BYTES])
{
    size_t field = 0;
    size_t digits = 0;
    unsigned value = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i == s.n || s.p[i] == '.') {
            if (digits == 0 || field == V4_BYTES) {
                return digits == 0 ? "an empty part" : "more than four parts";
            }
            out[field++] = (uint8_t)value;
            digits = 0;
            value = 0;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9') {
            return "not a digit";
        }
        if (digits == 1 && value == 0) {
            return "a leading zero";
        }
        value = value * 10 + (unsigned)(s.p[i] - '0');
        if (++digits > 3 || value > 255) {
            return "a part over 255";
        }
    }
    return field == V4_BYTES ? NULL : "fewer than four parts";
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Hexadecimal digits at the front of *s: how many. */
static size_t take_group(struct kb_str *s, unsigned *value)
{
    size_t n = 0;
    *value = 0;
    while (n < s->n && n < 5 && hex_value(s->p[n]) >= 0) {
        *value = *value << 4 | (unsigned)hex_value(s->p[n++]);
    }
    *s = kb_str_sub(*s, n, s->n);
    return n;
}

/* An address' 16 bytes as they are read. */
struct groups {
    uint8_t *out;
    size_t n;   /* bytes read */
    size_t gap; /* where "::" stood, or NO_GAP */
};

/* The ':' behind a group, or "::". */
static const char *read_colon(struct kb_str *s, struct groups *g)
{
    if (*s->p != ':' || s->n == 1) {
        return *s->p == '%' ? "zones are not allowed" : "a group does not end";
    }
    *s = kb_str_sub(*s, 1, s->n);
    if (*s->p == ':') {
        if (g->gap != NO_GAP) {
            return "more than one ::";
        }
        g->gap = g->n;
        *s = kb_str_sub(*s, 1, s->n);
    }
    return NULL;
}

static const char *read_v4_tail(struct kb_str s, struct groups *g)
{
    size_t last = V6_BYTES - V4_BYTES;
    if (g->n > last || (g->gap == NO_GAP && g->n != last)) {
        return "an IPv4 part at the wrong place";
    }
    g->n += V4_BYTES;
    return read_v4(s, g->out + g->n - V4_BYTES);
}

/* Groups up to the end; NULL, or why not. */
static const char *read_groups(struct kb_str s, struct groups *g)
{
    if (kb_str_starts(s, KB_STR("::"))) {
        g->gap = 0;
        s = kb_str_sub(s, 2, s.n);
    }
    while (s.n > 0 && g->n < V6_BYTES) {
        struct kb_str from = s;
        unsigned value = 0;
        size_t digits = take_group(&s, &value);
        if (digits == 0 || digits > 4) {
            return "a group must have one to four hexadecimal digits";
        }
        if (s.n > 0 && *s.p == '.') {
            return read_v4_tail(from, g);
        }
        g->out[g->n++] = (uint8_t)(value >> 8);
        g->out[g->n++] = (uint8_t)value;
        const char *why = s.n == 0 ? NULL : read_colon(&s, g);
        if (why != NULL) {
            return why;
        }
    }
    return s.n == 0 ? NULL : "too many groups";
}

static const char *read_v6(struct kb_str s, uint8_t out[V6_BYTES])
{
    struct groups g = {.out = out, .gap = NO_GAP};
    const char *why = read_groups(s, &g);
    if (why != NULL) {
        return why;
    }
    if (g.n == V6_BYTES) {
        return g.gap == NO_GAP ? NULL : ":: stands for no group";
    }
    if (g.gap == NO_GAP) {
        return "too few groups";
    }
    size_t behind = g.n - g.gap;
    memmove(out + V6_BYTES - behind, out + g.gap, behind);
    memset(out + g.gap, 0, V6_BYTES - g.n);
    return NULL;
}

static bool is_mapped_v4(const uint8_t bytes[V6_BYTES])
{
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return memcmp(bytes, prefix, sizeof prefix) == 0;
}

static const char *read_ip(struct kb_str text, struct kb_ip *out)
{
    *out = (struct kb_ip){0};
    if (text.n == 0 || text.n > TEXT_MAX) {
        return "not an address";
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.') {
            out->family = 4;
            return read_v4(text, out->bytes);
        }
        if (text.p[i] == ':') {
            out->family = 6;
            const char *why = read_v6(text, out->bytes);
            return why == NULL && is_mapped_v4(out->bytes)
                       ? "an IPv4-mapped IPv6 address is not allowed"
                       : why;
        }
    }
    return "not an address";
}

kb_res kb_ip_parse(struct kb_str text, struct kb_ip *out, struct kb_err *err)
{
    struct kb_ip ip;
    const char *why = read_ip(text, &ip);
    if (why != NULL) {
        return invalid(text, "IP address", why, err);
    }
    *out = ip;
    return KB_SUCCESS;
}

kb_res kb_cidr_parse(struct kb_str text, struct kb_cidr *out, struct kb_err *err)
{
    static const char what[] = "network";
    size_t slash = SIZE_MAX;
    for (size_t i = 0; i < text.n; i++) {
        slash = text.p[i] == '/' ? i : slash;
    }
    if (slash == SIZE_MAX) {
        return invalid(text, what, "no '/'", err);
    }
    struct kb_cidr cidr = {0};
    const char *why = read_ip(kb_str_sub(text, 0, slash), &cidr.ip);
    if (why != NULL) {
        return invalid(text, what, why, err);
    }
    struct kb_str bits = kb_str_sub(text, slash + 1, text.n);
    uint64_t n = 0;
    bool zero_led = bits.n > 1 && *bits.p == '0';
    if (bits.n > 3 || zero_led || !kb_str_u64(bits, &n) || n > (cidr.ip.family == 4 ? 32 : 128)) {
        return invalid(text, what, "bad prefix length", err);
    }
    cidr.bits = (uint8_t)n;
    *out = cidr;
    return KB_SUCCESS;
}

/* The longest run of zero groups, at least two: *from, *to (none: both 8). */
static void longest_zeros(const uint8_t *bytes, size_t *from, size_t *to)
{
    *from = *to = V6_GROUPS;
    for (size_t i = 0; i < V6_GROUPS; i++) {
        size_t j = i;
        while (j < V6_GROUPS && bytes[2 * j] == 0 && bytes[2 * j + 1] == 0) {
            j++;
        }
        if (j - i >= 2 && j - i > *to - *from) {
            *from = i;
            *to = j;
        }
        i = j > i ? j : i;
    }
}

void kb_ip_format(const struct kb_ip *ip, struct kb_buf *out)
{
    const uint8_t *b = ip->bytes;
    if (ip->family == 4) {
        kb_buf_printf(out, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
        return;
    }
    size_t from;
    size_t to;
    longest_zeros(b, &from, &to);
    for (size_t i = 0; i < V6_GROUPS; i++) {
        if (i == from) {
            kb_buf_c(out, "::");
            i = to - 1;
            continue;
        }
        kb_buf_printf(out, "%s%x", i == 0 || i == to ? "" : ":",
                      (unsigned)b[2 * i] << 8 | b[2 * i + 1]);
    }
}

void kb_cidr_format(const struct kb_cidr *cidr, struct kb_buf *out)
{
    kb_ip_format(&cidr->ip, out);
    kb_buf_printf(out, "/%d", cidr->bits);
}

bool kb_ip_equal(const struct kb_ip *a, const struct kb_ip *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool kb_ip_unspecified(const struct kb_ip *ip)
{
    static const uint8_t zero[V6_BYTES];
    return memcmp(ip->bytes, zero, sizeof zero) == 0;
}

bool kb_ip_loopback(const struct kb_ip *ip)
{
    static const uint8_t one[V6_BYTES] = {[15] = 1};
    return ip->family == 4 ? ip->bytes[0] == 127 : memcmp(ip->bytes, one, sizeof one) == 0;
}

bool kb_ip_link_local_unicast(const struct kb_ip *ip)
{
    if (ip->family == 4) {
        return ip->bytes[0] == 169 && ip->bytes[1] == 254;
    }
    return ip->bytes[0] == 0xFE && (ip->bytes[1] & 0xC0) == 0x80;
}

bool kb_ip_link_local_multicast(const struct kb_ip *ip)
{
    if (ip->family == 4) {
        return ip->bytes[0] == 224 && ip->bytes[1] == 0 && ip->bytes[2] == 0;
    }
    return ip->bytes[0] == 0xFF && (ip->bytes[1] & 0x0F) == 0x02;
}

bool kb_ip_global_unicast(const struct kb_ip *ip)
{
    static const struct kb_ip broadcast = {4, {255, 255, 255, 255}};
    bool multicast = ip->family == 4 ? (ip->bytes[0] & 0xF0) == 0xE0 : ip->bytes[0] == 0xFF;
    return !kb_ip_equal(ip, &broadcast) && !kb_ip_unspecified(ip) && !kb_ip_loopback(ip) &&
           !multicast && !kb_ip_link_local_unicast(ip);
}

struct kb_cidr kb_cidr_masked(const struct kb_cidr *cidr)
{
    struct kb_cidr out = *cidr;
    for (size_t i = 0; i < V6_BYTES; i++) {
        size_t first = i * 8;
        if (first >= cidr->bits) {
            out.ip.bytes[i] = 0;
        } else if (cidr->bits - first < 8) {
            out.ip.bytes[i] &= (uint8_t)(0xFF00U >> (cidr->bits - first));
        }
    }
    return out;
}

bool kb_cidr_contains_ip(const struct kb_cidr *cidr, const struct kb_ip *ip)
{
    struct kb_cidr left = kb_cidr_masked(cidr);
    struct kb_cidr right = kb_cidr_masked(&(struct kb_cidr){*ip, cidr->bits});
    return kb_ip_equal(&left.ip, &right.ip);
}

bool kb_cidr_contains(const struct kb_cidr *outer, const struct kb_cidr *inner)
{
    return inner->bits >= outer->bits && kb_cidr_contains_ip(outer, &inner->ip);
}

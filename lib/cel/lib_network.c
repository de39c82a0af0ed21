/*
 * IP addresses and prefixes (types net.IP and net.CIDR).
 * Definition: k8s.io/apiserver/pkg/cel/library, ip and cidr; cel-spec's network extension.
 */
#include "cel/lib.h"
#include "data/ip.h"

struct ip_object {
    struct kb_cel_object base;
    struct kb_ip ip;
};

struct cidr_object {
    struct kb_cel_object base;
    struct kb_cidr cidr;
};

static const struct kb_ip *ip_of(const struct kb_cel_object *object)
{
    return &((const struct ip_object *)object)->ip;
}

static const struct kb_cidr *cidr_of(const struct kb_cel_object *object)
{
    return &((const struct cidr_object *)object)->cidr;
}

static bool ip_equal(const struct kb_cel_object *a, const struct kb_cel_object *b)
{
    return kb_ip_equal(ip_of(a), ip_of(b));
}

static bool cidr_equal(const struct kb_cel_object *a, const struct kb_cel_object *b)
{
    return cidr_of(a)->bits == cidr_of(b)->bits && kb_ip_equal(&cidr_of(a)->ip, &cidr_of(b)->ip);
}

static struct kb_str ip_text(const struct kb_cel_object *object, struct kb_arena *arena)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_ip_format(ip_of(object), &out);
    return kb_arena_copy(arena, kb_buf_view(&out));
}

static struct kb_str cidr_text(const struct kb_cel_object *object, struct kb_arena *arena)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_cidr_format(cidr_of(object), &out);
    return kb_arena_copy(arena, kb_buf_view(&out));
}

static const struct kb_cel_object_type ip_type = {"net.IP", ip_equal, ip_text};
static const struct kb_cel_object_type cidr_type = {"net.CIDR", cidr_equal, cidr_text};

static struct kb_cel_val new_ip(struct kb_cel_call *call, const struct kb_ip *ip)
{
    struct ip_object *object = KB_NEW(call->arena, struct ip_object);
    *object = (struct ip_object){{&ip_type}, *ip};
    return kb_cel_lib_object_val(&object->base);
}

static struct kb_cel_val new_cidr(struct kb_cel_call *call, const struct kb_cidr *cidr)
{
    struct cidr_object *object = KB_NEW(call->arena, struct cidr_object);
    *object = (struct cidr_object){{&cidr_type}, *cidr};
    return kb_cel_lib_object_val(&object->base);
}

/* The address of an argument (an object or a text), or an error value in *bad. */
static bool take_ip(struct kb_cel_call *call, const struct kb_cel_val *v, struct kb_ip *out,
                    struct kb_cel_val *bad)
{
    const struct kb_cel_object *object = kb_cel_lib_object(v, &ip_type);
    struct kb_err err;
    if (object != NULL) {
        *out = *ip_of(object);
        return true;
    }
    if (v->kind != KB_CEL_STRING) {
        *bad = kb_cel_lib_no_overload();
        return false;
    }
    if (kb_failed(kb_ip_parse(v->s, out, &err))) {
        *bad = kb_cel_lib_failed(call, &err);
        return false;
    }
    return true;
}

static bool take_cidr(struct kb_cel_call *call, const struct kb_cel_val *v, struct kb_cidr *out,
                      struct kb_cel_val *bad)
{
    const struct kb_cel_object *object = kb_cel_lib_object(v, &cidr_type);
    struct kb_err err;
    if (object != NULL) {
        *out = *cidr_of(object);
        return true;
    }
    if (v->kind != KB_CEL_STRING) {
        *bad = kb_cel_lib_no_overload();
        return false;
    }
    if (kb_failed(kb_cidr_parse(v->s, out, &err))) {
        *bad = kb_cel_lib_failed(call, &err);
        return false;
    }
    return true;
}

static struct kb_cel_val ip(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_ip value;
    struct kb_cel_val bad;
    return take_ip(call, &args[0], &value, &bad) ? new_ip(call, &value) : bad;
}

static struct kb_cel_val cidr(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_cidr value;
    struct kb_cel_val bad;
    return take_cidr(call, &args[0], &value, &bad) ? new_cidr(call, &value) : bad;
}

static struct kb_cel_val is_ip(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    struct kb_ip value;
    return kb_cel_bool(!kb_failed(kb_ip_parse(args[0].s, &value, NULL)));
}

static struct kb_cel_val is_cidr(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    struct kb_cidr value;
    return kb_cel_bool(!kb_failed(kb_cidr_parse(args[0].s, &value, NULL)));
}

static struct kb_cel_val is_canonical(struct kb_cel_call *call, const struct kb_cel_val *args,
                                      size_t n)
{
    (void)n;
    struct kb_ip value;
    struct kb_cel_val bad;
    if (!take_ip(call, &args[0], &value, &bad)) {
        return bad;
    }
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 64};
    kb_ip_format(&value, &out);
    return kb_cel_bool(kb_str_eq(kb_buf_view(&out), args[0].s));
}

static struct kb_cel_val text(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    if (args[0].kind != KB_CEL_OBJECT) {
        return kb_cel_lib_no_overload();
    }
    return kb_cel_string(args[0].obj->type->text(args[0].obj, call->arena));
}

static struct kb_cel_val family(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &ip_type);
    return object == NULL ? kb_cel_lib_no_overload() : kb_cel_int(ip_of(object)->family);
}

/* A question about an address. */
static struct kb_cel_val ask(const struct kb_cel_val *v, bool (*question)(const struct kb_ip *ip))
{
    const struct kb_cel_object *object = kb_cel_lib_object(v, &ip_type);
    return object == NULL ? kb_cel_lib_no_overload() : kb_cel_bool(question(ip_of(object)));
}

#define QUESTION(name, question)                                                                   \
    static struct kb_cel_val name(struct kb_cel_call *call, const struct kb_cel_val *args,         \
                                  size_t n)                                                        \
    {                                                                                              \
        (void)call, (void)n;                                                                       \
        return ask(&args[0], question);                                                            \
    }

QUESTION(is_unspecified, kb_ip_unspecified)
QUESTION(is_loopback, kb_ip_loopback)
QUESTION(is_link_local_multicast, kb_ip_link_local_multicast)
QUESTION(is_link_local_unicast, kb_ip_link_local_unicast)
QUESTION(is_global_unicast, kb_ip_global_unicast)

static struct kb_cel_val contains_ip(struct kb_cel_call *call, const struct kb_cel_val *args,
                                     size_t n)
{
    (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &cidr_type);
    struct kb_ip inner;
    struct kb_cel_val bad;
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    return take_ip(call, &args[1], &inner, &bad)
               ? kb_cel_bool(kb_cidr_contains_ip(cidr_of(object), &inner))
               : bad;
}

static struct kb_cel_val contains_cidr(struct kb_cel_call *call, const struct kb_cel_val *args,
                                       size_t n)
{
    (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &cidr_type);
    struct kb_cidr inner;
    struct kb_cel_val bad;
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    return take_cidr(call, &args[1], &inner, &bad)
               ? kb_cel_bool(kb_cidr_contains(cidr_of(object), &inner))
               : bad;
}

static struct kb_cel_val cidr_ip(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &cidr_type);
    return object == NULL ? kb_cel_lib_no_overload() : new_ip(call, &cidr_of(object)->ip);
}

static struct kb_cel_val masked(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &cidr_type);
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    struct kb_cidr value = kb_cidr_masked(cidr_of(object));
    return new_cidr(call, &value);
}

static struct kb_cel_val prefix_length(struct kb_cel_call *call, const struct kb_cel_val *args,
                                       size_t n)
{
    (void)call, (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &cidr_type);
    return object == NULL ? kb_cel_lib_no_overload() : kb_cel_int(cidr_of(object)->bits);
}

static const struct kb_cel_func funcs[] = {
    {"ip", "(string) -> net.IP", ip, 0, "An IP address."},
    {"isIP", "(string) -> bool", is_ip, 0, "Is the text an IP address?"},
    {"ip.isCanonical", "(string) -> bool", is_canonical, 0,
     "Is the address in its canonical form?"},
    {"string", "(net.IP) -> string", text, 0, "The canonical text."},
    {"string", "(net.CIDR) -> string", text, 0, "The canonical text."},
    {"family", "(net.IP) -> int", family, KB_CEL_MEMBER, "4 or 6."},
    {"isUnspecified", "(net.IP) -> bool", is_unspecified, KB_CEL_MEMBER, "0.0.0.0 or ::?"},
    {"isLoopback", "(net.IP) -> bool", is_loopback, KB_CEL_MEMBER, "127.0.0.0/8 or ::1?"},
    {"isLinkLocalMulticast", "(net.IP) -> bool", is_link_local_multicast, KB_CEL_MEMBER,
     "224.0.0.0/24 or ff02::/16?"},
    {"isLinkLocalUnicast", "(net.IP) -> bool", is_link_local_unicast, KB_CEL_MEMBER,
     "169.254.0.0/16 or fe80::/10?"},
    {"isGlobalUnicast", "(net.IP) -> bool", is_global_unicast, KB_CEL_MEMBER,
     "None of the special kinds? (private addresses count as global)"},
    {"cidr", "(string) -> net.CIDR", cidr, 0, "A network, such as 10.0.0.0/8."},
    {"isCIDR", "(string) -> bool", is_cidr, 0, "Is the text a network?"},
    {"containsIP", "(net.CIDR, net.IP) -> bool", contains_ip, KB_CEL_MEMBER,
     "Is the address in the network?"},
    {"containsIP", "(net.CIDR, string) -> bool", contains_ip, KB_CEL_MEMBER,
     "Is the address in the network?"},
    {"containsCIDR", "(net.CIDR, net.CIDR) -> bool", contains_cidr, KB_CEL_MEMBER,
     "Is the other network within?"},
    {"containsCIDR", "(net.CIDR, string) -> bool", contains_cidr, KB_CEL_MEMBER,
     "Is the other network within?"},
    {"ip", "(net.CIDR) -> net.IP", cidr_ip, KB_CEL_MEMBER, "The address before the slash."},
    {"masked", "(net.CIDR) -> net.CIDR", masked, KB_CEL_MEMBER, "With the host bits cleared."},
    {"prefixLength", "(net.CIDR) -> int", prefix_length, KB_CEL_MEMBER,
     "The number after the slash."},
};

KB_CEL_LIBRARY(kb_cel_lib_network, "network");

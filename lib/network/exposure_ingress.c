/* The front that an ALB makes for Ingresses. */
#include "data/json.h"
#include "network/exposure_internal.h"

#define ALB "alb.ingress.kubernetes.io/"

struct kb_str kb_net_alb_group(const struct kb_net_ingress *ingress)
{
    if (ingress->params != NULL && ingress->params->group.n > 0) {
        return ingress->params->group;
    }
    return kb_net_annotation(&ingress->annotations, ALB "group.name");
}

/* model_build_load_balancer.go, buildLoadBalancerScheme: what is said explicitly must be one and the same in
 * the whole group; nothing said is internal. */
static enum kb_net_scheme alb_scheme(const struct kb_net_ingress *const *group, size_t n)
{
    enum kb_net_scheme scheme = KB_NET_SCHEME_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_class_params *params = group[i]->params;
        struct kb_str text = params != NULL && params->scheme.n > 0
                                 ? params->scheme
                                 : kb_net_annotation(&group[i]->annotations, ALB "scheme");
        enum kb_net_scheme own = text.n == 0                             ? KB_NET_SCHEME_NONE
                                 : kb_str_eq_c(text, "internet-facing") ? KB_NET_SCHEME_INTERNET
                                 : kb_str_eq_c(text, "internal")        ? KB_NET_SCHEME_INTERNAL
                                                                        : KB_NET_SCHEME_UNKNOWN;
        if (group[i]->params_unknown) {
            return KB_NET_SCHEME_UNKNOWN;
        }
        if (own != KB_NET_SCHEME_NONE) {
            scheme = scheme == KB_NET_SCHEME_NONE || scheme == own ? own : KB_NET_SCHEME_UNKNOWN;
        }
    }
    return scheme == KB_NET_SCHEME_NONE ? KB_NET_SCHEME_INTERNAL : scheme;
}

static bool has_certificate(const struct kb_net_ingress *ingress)
{
    return (ingress->params != NULL && ingress->params->certificate) ||
           kb_net_annotation(&ingress->annotations, ALB "certificate-arn").n > 0;
}

static bool names_acl(const struct kb_net_ingress *ingress)
{
    static const char *const keys[] = {ALB "wafv2-acl-arn", ALB "wafv2-acl-name",
                                       ALB "waf-acl-id", ALB "web-acl-id"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct kb_str text = kb_net_annotation(&ingress->annotations, keys[i]);
        if (text.n > 0 && !kb_str_eq_c(text, "none")) {
            return true;
        }
    }
    return ingress->params != NULL && ingress->params->waf;
}

static bool redirects(const struct kb_net_ingress *ingress)
{
    return (ingress->params != NULL && ingress->params->redirect) ||
           kb_net_annotation(&ingress->annotations, ALB "ssl-redirect").n > 0;
}

static bool add_listener(const char *protocol, const json_t *port, struct kb_net_listener *out)
{
    bool https = strcmp(protocol, "HTTPS") == 0;
    json_int_t number = json_integer_value(port);
    *out = (struct kb_net_listener){
        .protocol = https ? KB_STR("HTTPS") : KB_STR("HTTP"),
        .port = (uint16_t)number,
        .tls = https ? KB_NET_TLS_BALANCER : KB_NET_TLS_NOWHERE,
    };
    return (https || strcmp(protocol, "HTTP") == 0) && json_is_integer(port) && number > 0 &&
           number <= UINT16_MAX;
}

/* `[{"HTTP":80},{"HTTPS":443}]` */
static bool read_listeners(struct kb_str text, struct kb_arena *arena, struct kb_net_front *out)
{
    enum { MOST = 100 };
    KB_AUTO(kb_json_done) json_t *list = NULL;
    struct kb_net_listener *at = KB_NEW_ARRAY(arena, MOST, struct kb_net_listener);
    size_t n = 0, i;
    json_t *entry, *port;
    const char *protocol;
    if (kb_failed(kb_json_parse(NULL, text, 0, &list, NULL))) {
        return false;
    }
    json_array_foreach(list, i, entry) {
        json_object_foreach(entry, protocol, port) {
            if (n == MOST || !add_listener(protocol, port, &at[n])) {
                return false;
            }
            n++;
        }
    }
    out->listeners = at;
    out->listener_count = n;
    return n > 0;
}

static void put_listeners(const struct kb_net_ingress *ingress, bool redirect, struct kb_arena *arena,
                          struct kb_net_front *out)
{
    struct kb_str text = kb_net_annotation(&ingress->annotations, ALB "listen-ports");
    if (text.n == 0) {
        text = has_certificate(ingress) ? KB_STR("[{\"HTTPS\":443}]") : KB_STR("[{\"HTTP\":80}]");
    }
    out->listeners_unknown = !read_listeners(text, arena, out);
    struct kb_net_listener *at = (struct kb_net_listener *)(uintptr_t)out->listeners;
    for (size_t i = 0; i < out->listener_count; i++) {
        at[i].redirects = at[i].tls == KB_NET_TLS_NOWHERE && redirect;
    }
}

/* The ranges of the group, one after the other. */
static struct kb_net_texts group_ranges(const struct kb_net_ingress *const *group, size_t n,
                                        struct kb_arena *arena)
{
    KB_VEC(struct kb_str) all = {0};
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_class_params *params = group[i]->params;
        struct kb_net_texts own =
            params != NULL && params->ranges.n > 0
                ? params->ranges
                : kb_net_annotation_list(&group[i]->annotations, ALB "inbound-cidrs", arena);
        for (size_t k = 0; k < own.n; k++) {
            *KB_VEC_PUSH(&all) = own.at[k];
        }
    }
    struct kb_str *at = KB_NEW_ARRAY(arena, all.n, struct kb_str);
    struct kb_net_texts out = {at, all.n};
    for (size_t i = 0; i < all.n; i++) {
        at[i] = all.at[i];
    }
    KB_VEC_DONE(&all);
    return out;
}

static bool has_prefix_lists(const struct kb_net_ingress *ingress)
{
    return (ingress->params != NULL && ingress->params->prefix_lists) ||
           kb_net_annotation(&ingress->annotations, ALB "security-group-prefix-lists").n > 0;
}

static struct kb_net_shared shared_of(const struct kb_net_ingress *const *group, size_t n)
{
    struct kb_net_shared out = {0};
    for (size_t i = 0; i < n; i++) {
        out.redirect |= redirects(group[i]);
        out.prefix_lists |= has_prefix_lists(group[i]);
        out.params_unknown |= group[i]->params_unknown;
        out.waf |= names_acl(group[i]);
        out.own_groups |= kb_net_annotation(&group[i]->annotations, ALB "security-groups").n > 0;
    }
    return out;
}

enum kb_net_answer kb_net_alb_open(const struct kb_net_texts *ranges, const struct kb_net_shared *shared)
{
    enum kb_net_answer open = ranges->n > 0 ? kb_net_ranges_open(ranges) : KB_NET_YES;
    bool by_lists = shared->prefix_lists && (ranges->n == 0 || open == KB_NET_NO);
    return shared->own_groups || shared->params_unknown || by_lists ? KB_NET_UNSURE : open;
}

void kb_net_alb_front(const struct kb_net_ingress *const *group, size_t n, size_t which,
                      enum kb_net_controller controller, struct kb_arena *arena,
                      struct kb_net_front *out)
{
    const struct kb_net_ingress *own = group[which];
    struct kb_net_shared shared = shared_of(group, n);
    struct kb_str target = kb_net_annotation(&own->annotations, ALB "target-type");
    *out = (struct kb_net_front){
        .controller = controller,
        .balancer = KB_NET_ALB,
        .scheme = kb_net_internal_name(&own->hostnames) ? KB_NET_SCHEME_INTERNAL
                                                        : alb_scheme(group, n),
        .target = kb_str_eq_c(target, "ip")         ? KB_NET_TARGET_IP
                  : kb_str_eq_c(target, "instance") ? KB_NET_TARGET_INSTANCE
                                                    : KB_NET_TARGET_NOT_KNOWN,
        .ranges = group_ranges(group, n, arena),
        .own_groups = shared.own_groups,
        .waf = shared.waf,
    };
    out->open = kb_net_alb_open(&out->ranges, &shared);
    put_listeners(own, shared.redirect || own->action_redirects, arena, out);
    out->listeners_unknown = out->listeners_unknown || own->params_unknown;
}

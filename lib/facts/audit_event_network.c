/* audit.event: written services, ingresses, network policies and admission webhooks. */
#include "audit/body_netpol.h"
#include "data/json_str.h"
#include "facts/audit_event_body.h"

static const char *const services[] = {"/services", NULL};
static const char *const ingresses[] = {"networking.k8s.io/ingresses", "extensions/ingresses",
                                        NULL};
static const char *const policies[] = {"networking.k8s.io/networkpolicies",
                                       "extensions/networkpolicies", NULL};
#define ADMISSION "admissionregistration.k8s.io/"
static const char *const webhooks[] = {ADMISSION "validatingwebhookconfigurations",
                                       ADMISSION "mutatingwebhookconfigurations", NULL};

KB_AUDIT_GET(service_type)
{
    *out = kb_audit_body_text(data, arena, services, "spec/type", KB_COL_SERVICE_TYPE);
}

KB_AUDIT_GET(service_class)
{
    *out =
        kb_audit_body_text(data, arena, services, "spec/loadBalancerClass", KB_COL_SERVICE_CLASS);
}

KB_AUDIT_GET(service_external_ips)
{
    *out =
        kb_audit_body_list(data, arena, services, "spec/externalIPs", KB_COL_SERVICE_EXTERNAL_IPS);
}

KB_AUDIT_GET(service_ranges)
{
    *out = kb_audit_body_list(data, arena, services, "spec/loadBalancerSourceRanges",
                              KB_COL_SERVICE_RANGES);
}

static void add_one(const struct kb_span *item, const struct kb_audit_row *row,
                    struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    (void)item;
    (void)row;
    (void)whole;
    kb_values_add(out, arena, kb_cel_bool(true));
}

KB_AUDIT_GET(ingress_tls)
{
    struct kb_cel_val items =
        kb_audit_body_items(data, arena, ingresses, "spec/tls", add_one, KB_COL_INGRESS_TLS);
    *out = items.kind == KB_CEL_LIST ? kb_cel_bool(items.list->n > 0) : items;
}

static void add_host(const struct kb_span *item, const struct kb_audit_row *row,
                     struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    struct kb_span host;
    (void)row;
    *whole = kb_span_get(item, KB_STR("host"), &host) && *whole;
    if (host.kind == KB_SPAN_STRING) {
        kb_values_add(out, arena, kb_cel_string(kb_span_text(&host, arena)));
    }
}

KB_AUDIT_GET(ingress_hosts)
{
    *out =
        kb_audit_body_items(data, arena, ingresses, "spec/rules", add_host, KB_COL_INGRESS_HOSTS);
}

static void add_rules(const struct kb_span *item, const struct kb_audit_row *row,
                      struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    static const char *const keys[] = {"operations", "apiGroups", "apiVersions", "resources", NULL};
    struct kb_span rules;
    struct kb_span rule;
    (void)row;
    *whole = kb_span_get(item, KB_STR("rules"), &rules) && *whole;
    struct kb_scan_each each = kb_scan_each(&rules);
    while (kb_scan_next(&each, &rule)) {
        kb_values_add(out, arena, kb_value_lists_of(&rule, keys, arena, whole));
    }
    *whole = *whole && each.status == KB_SCAN_OK;
}

KB_AUDIT_GET(webhook_rules)
{
    *out = kb_audit_body_items(data, arena, webhooks, "webhooks", add_rules, KB_COL_WEBHOOK_RULES);
}

static void add_policy(const struct kb_span *item, const struct kb_audit_row *row,
                       struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    struct kb_span policy;
    (void)row;
    *whole = kb_span_get(item, KB_STR("failurePolicy"), &policy) && *whole;
    struct kb_str text = kb_span_text(&policy, arena);
    kb_values_add(out, arena, kb_cel_string(text.n > 0 ? text : KB_STR("Fail")));
}

KB_AUDIT_GET(webhook_policies)
{
    *out =
        kb_audit_body_items(data, arena, webhooks, "webhooks", add_policy, KB_COL_WEBHOOK_POLICIES);
}

static void add_url(const struct kb_span *item, const struct kb_audit_row *row,
                    struct kb_arena *arena, struct kb_values *out, bool *whole)
{
    struct kb_span url;
    (void)row;
    *whole = kb_span_dig(item, "clientConfig/url", &url) && *whole;
    if (url.kind == KB_SPAN_STRING) {
        kb_values_add(out, arena, kb_cel_string(kb_span_text(&url, arena)));
    }
}

KB_AUDIT_GET(webhook_urls)
{
    *out = kb_audit_body_items(data, arena, webhooks, "webhooks", add_url, KB_COL_WEBHOOK_URLS);
}

static struct kb_netpol_seen read_policy(const struct kb_body *body)
{
    struct kb_netpol_seen seen = {.whole = body->whole};
    for (size_t i = 0; i < body->n; i++) {
        kb_netpol_read(&body->docs[i], !body->whole, &seen);
    }
    return seen;
}

KB_AUDIT_GET(netpol_types)
{
    enum kb_find concerned = kb_audit_writes(data, policies);
    struct kb_values types = {0};
    if (concerned == KB_FIND_UNSEEN) {
        *out = kb_audit_unknown(arena, KB_COL_NETPOL_TYPES, KB_CUT_OFF);
        return;
    }
    struct kb_netpol_seen seen = {.whole = true};
    if (concerned == KB_FIND_YES) {
        seen = read_policy(kb_audit_body(data));
    }
    if (!seen.whole) {
        *out = kb_audit_not_shown(kb_audit_body(data), arena, KB_COL_NETPOL_TYPES);
        return;
    }
    if (seen.ingress) {
        kb_values_add(&types, arena, kb_cel_string(KB_STR("Ingress")));
    }
    if (seen.egress) {
        kb_values_add(&types, arena, kb_cel_string(KB_STR("Egress")));
    }
    *out = kb_values_list(&types, arena);
}

KB_AUDIT_GET(netpol_opens)
{
    enum kb_find concerned = kb_audit_writes(data, policies);
    if (concerned != KB_FIND_YES) {
        *out = concerned == KB_FIND_NO ? kb_cel_bool(false)
                                       : kb_audit_unknown(arena, KB_COL_NETPOL_OPENS, KB_CUT_OFF);
        return;
    }
    const struct kb_body *body = kb_audit_body(data);
    struct kb_netpol_seen seen = read_policy(body);
    *out = seen.opens || seen.whole ? kb_cel_bool(seen.opens)
                                    : kb_audit_not_shown(body, arena, KB_COL_NETPOL_OPENS);
}

/*
 * networking.k8s.io/v1 NetworkPolicy: a rule without peers admits all peers; policyTypes default to
 * Ingress, and to Egress too where there are egress rules.
 */
#include "audit/body_netpol.h"

#include "data/json_str.h"

/* 0.0.0.0/0 or ::/0 without exceptions. */
static bool block_is_open(const struct kb_span *block, bool *whole)
{
    struct kb_span cidr;
    struct kb_span except;
    struct kb_span item;
    *whole = kb_span_get(block, KB_STR("cidr"), &cidr) && *whole;
    *whole = kb_span_get(block, KB_STR("except"), &except) && *whole;
    if (!kb_span_is(&cidr, KB_STR("0.0.0.0/0")) && !kb_span_is(&cidr, KB_STR("::/0"))) {
        return false;
    }
    struct kb_scan_each each = kb_scan_each(&except);
    return !kb_scan_next(&each, &item) && *whole;
}

static bool peers_are_open(const struct kb_span *peers, bool *whole, bool none_is_all)
{
    struct kb_span peer;
    struct kb_span block;
    size_t n = 0;
    bool open = false;
    struct kb_scan_each each = kb_scan_each(peers);
    while (kb_scan_next(&each, &peer)) {
        n++;
        *whole = kb_span_get(&peer, KB_STR("ipBlock"), &block) && *whole;
        open |= block_is_open(&block, whole);
    }
    *whole = each.status == KB_SCAN_OK && *whole;
    return open || (n == 0 && *whole && none_is_all);
}

/* The rule is for names only: every port is 53. */
static bool dns_only(const struct kb_span *rule, bool *whole)
{
    struct kb_span ports;
    struct kb_span item;
    struct kb_span port;
    size_t n = 0;
    *whole = kb_span_get(rule, KB_STR("ports"), &ports) && *whole;
    struct kb_scan_each each = kb_scan_each(&ports);
    while (kb_scan_next(&each, &item)) {
        int64_t number = 0;
        struct kb_span end;
        *whole = kb_span_get(&item, KB_STR("port"), &port) && *whole;
        *whole = kb_span_get(&item, KB_STR("endPort"), &end) && *whole;
        if (!kb_span_int(&port, &number) || number != 53 || end.kind != KB_SPAN_NONE) {
            return false;
        }
        n++;
    }
    return n > 0;
}

/* Of a part of a rule, only {} is known to have no peers: the others may stand elsewhere. */
static bool rule_opens(const struct kb_span *rule, const char *peers_key, bool partial, bool *whole)
{
    struct kb_span peers;
    struct kb_span any;
    struct kb_scan_each each = kb_scan_each(rule);
    bool empty = !kb_scan_next(&each, &any) && each.status == KB_SCAN_OK;
    *whole = kb_span_get(rule, kb_str_c(peers_key), &peers) && *whole;
    return peers_are_open(&peers, whole, !partial || empty);
}

static bool rules_open(const struct kb_span *spec, bool egress, bool partial, bool *any,
                       bool *whole)
{
    struct kb_span rules;
    struct kb_span rule;
    bool open = false;
    *whole = kb_span_get(spec, egress ? KB_STR("egress") : KB_STR("ingress"), &rules) && *whole;
    struct kb_scan_each each = kb_scan_each(&rules);
    while (kb_scan_next(&each, &rule)) {
        bool rule_whole = true;
        bool names = egress && dns_only(&rule, &rule_whole);
        bool admits = rule_opens(&rule, egress ? "to" : "from", partial, &rule_whole);
        open |= admits && !names;
        *any = true;
        *whole = *whole && rule_whole;
    }
    *whole = *whole && each.status == KB_SCAN_OK;
    return open;
}

void kb_netpol_read(const struct kb_span *object, bool partial, struct kb_netpol_seen *out)
{
    struct kb_span spec;
    struct kb_span types;
    struct kb_span type;
    bool any_ingress = false;
    bool any_egress = false;
    size_t n = 0;
    out->whole = kb_span_get(object, KB_STR("spec"), &spec) && out->whole;
    out->whole = kb_span_get(&spec, KB_STR("policyTypes"), &types) && out->whole;
    struct kb_scan_each each = kb_scan_each(&types);
    while (kb_scan_next(&each, &type)) {
        out->ingress |= kb_span_is(&type, KB_STR("Ingress"));
        out->egress |= kb_span_is(&type, KB_STR("Egress"));
        n++;
    }
    bool in = rules_open(&spec, false, partial, &any_ingress, &out->whole);
    bool eg = rules_open(&spec, true, partial, &any_egress, &out->whole);
    if (n == 0) {
        out->ingress = true;
        out->egress |= any_egress;
    }
    out->opens |= (in && out->ingress) || (eg && out->egress);
}

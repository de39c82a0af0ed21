/* audit.event: what was asked. */
#include "data/json_str.h"
#include "audit/principal.h"
#include "facts/audit_event_get.h"

#define MEMBER(id, sym, member)                                                                    \
    KB_AUDIT_GET(id)                                                                               \
    {                                                                                              \
        *out = kb_audit_member(data, arena, member, KB_COL_##sym);                                 \
    }

MEMBER(audit_id, AUDIT_ID, KB_M_AUDIT_ID)
MEMBER(stage, STAGE, KB_M_STAGE)
MEMBER(level, LEVEL, KB_M_LEVEL)
MEMBER(verb, VERB, KB_M_VERB)
MEMBER(uri, URI, KB_M_REQUEST_URI)
MEMBER(user_agent, USER_AGENT, KB_M_USER_AGENT)
MEMBER(api_group, API_GROUP, KB_M_REF_GROUP)
MEMBER(api_version, API_VERSION, KB_M_REF_VERSION)
MEMBER(resource, RESOURCE, KB_M_REF_RESOURCE)
MEMBER(subresource, SUBRESOURCE, KB_M_REF_SUBRESOURCE)
MEMBER(name_space, NAMESPACE, KB_M_REF_NAMESPACE)

KB_AUDIT_GET(path)
{
    struct kb_str uri;
    struct kb_str path;
    if (!kb_audit_text(data, KB_COL_URI, &uri)) {
        *out = kb_audit_unknown(arena, KB_COL_PATH, KB_CUT_OFF);
        return;
    }
    (void)kb_request_uri_decode(kb_audit_uri(data).path, false, arena, &path);
    *out = kb_cel_string(path);
}

static bool add_parameter(struct kb_strs *names, struct kb_values *lists, struct kb_arena *arena,
                          const struct kb_query_param *param)
{
    size_t i = 0;
    while (i < names->n && !kb_str_eq(names->at[i], param->name)) {
        i++;
    }
    if (i == KB_ENTRIES_MAX) {
        return false;
    }
    if (i == names->n) {
        kb_strs_add(names, arena, param->name);
    }
    kb_values_add(&lists[i], arena, kb_cel_string(param->value));
    return true;
}

static struct kb_cel_val query_map(struct kb_str query, struct kb_arena *arena, bool *whole)
{
    struct kb_strs names = {0};
    struct kb_entries entries = {0};
    struct kb_query_param param;
    size_t room = 1;
    for (size_t i = 0; i < query.n && room < KB_ENTRIES_MAX; i++) {
        room += query.p[i] == '&' ? 1 : 0;
    }
    struct kb_values *lists = KB_NEW_ARRAY(arena, room, struct kb_values);
    while (*whole && kb_query_next(&query, arena, &param)) {
        *whole = add_parameter(&names, lists, arena, &param);
    }
    for (size_t i = 0; i < names.n; i++) {
        struct kb_cel_map_entry *entry = kb_entries_set(&entries, arena, names.at[i]);
        entry->value = kb_values_list(&lists[i], arena);
    }
    return kb_entries_map(&entries, arena);
}

KB_AUDIT_GET(query)
{
    struct kb_str uri;
    bool whole = true;
    if (!kb_audit_text(data, KB_COL_URI, &uri)) {
        *out = kb_audit_unknown(arena, KB_COL_QUERY, KB_CUT_OFF);
        return;
    }
    *out = query_map(kb_audit_uri(data).query, arena, &whole);
    if (!whole) {
        *out = kb_audit_unknown(arena, KB_COL_QUERY, "more parameters than are read");
    }
}

KB_AUDIT_GET(source_ips)
{
    const struct kb_audit_row *row = data;
    bool whole = !kb_event_unseen(row->event, KB_M_SOURCE_IPS);
    *out = kb_value_strings(&row->event->at[KB_M_SOURCE_IPS], arena, &whole);
    if (!whole) {
        *out = kb_audit_unknown(arena, KB_COL_SOURCE_IPS, KB_CUT_OFF);
    }
}

KB_AUDIT_GET(source_ip)
{
    const struct kb_cel_val *all = kb_audit_value(data, KB_COL_SOURCE_IPS);
    if (all->kind != KB_CEL_LIST) {
        *out = kb_audit_unknown(arena, KB_COL_SOURCE_IP, KB_CUT_OFF);
    } else {
        const struct kb_cel_list *list = all->list;
        *out = kb_cel_string(list->n == 0 ? KB_STR("") : list->items[list->n - 1].s);
    }
}

KB_AUDIT_GET(source_public)
{
    struct kb_str address;
    if (!kb_audit_text(data, KB_COL_SOURCE_IP, &address)) {
        *out = kb_audit_unknown(arena, KB_COL_SOURCE_PUBLIC, KB_CUT_OFF);
        return;
    }
    enum kb_address kind = kb_address_kind(address);
    *out = address.n > 0 && kind == KB_ADDRESS_BAD
               ? kb_audit_unknown(arena, KB_COL_SOURCE_PUBLIC, "the source is not an IP address")
               : kb_cel_bool(kind == KB_ADDRESS_PUBLIC);
}

static struct kb_cel_val timestamp(int64_t ns)
{
    if (ns == KB_EVENT_NO_TIME) {
        return kb_cel_absent();
    }
    int64_t s = ns / 1000000000;
    int64_t rest = ns % 1000000000;
    if (rest < 0) {
        s--;
        rest += 1000000000;
    }
    return kb_cel_timestamp(s, (int32_t)rest);
}

KB_AUDIT_GET(stage_time)
{
    const struct kb_audit_row *row = data;
    (void)arena;
    *out = timestamp(kb_event_time(row->event, KB_M_STAGE_TIME));
}

KB_AUDIT_GET(time)
{
    const struct kb_audit_row *row = data;
    const int64_t times[] = {kb_event_time(row->event, KB_M_RECEIVED_TIME),
                             kb_event_time(row->event, KB_M_STAGE_TIME), row->origin.timestamp_ns};
    (void)arena;
    *out = kb_cel_absent();
    for (size_t i = 0; i < sizeof times / sizeof times[0] && out->kind == KB_CEL_ABSENT; i++) {
        *out = timestamp(times[i]);
    }
}

/* generateName: objectRef has no name, the object that was made has. */
static struct kb_cel_val made_name(const struct kb_audit_row *row, struct kb_arena *arena)
{
    const struct kb_event *event = row->event;
    const struct kb_span *response = &event->at[KB_M_RESPONSE_OBJECT];
    struct kb_span name;
    struct kb_span kind;
    struct kb_str verb;
    struct kb_str subresource;
    if (!kb_audit_text(row, KB_COL_VERB, &verb) || !kb_str_eq(verb, KB_STR("create")) ||
        !kb_audit_text(row, KB_COL_SUBRESOURCE, &subresource) || subresource.n > 0) {
        return kb_cel_string(KB_STR(""));
    }
    bool whole = kb_span_dig(response, "metadata/name", &name);
    if (name.kind == KB_SPAN_STRING && !name.cut) {
        (void)kb_span_get(response, KB_STR("kind"), &kind);
        return kb_cel_string(kb_span_is(&kind, KB_STR("Status")) ? KB_STR("")
                                                                 : kb_span_text(&name, arena));
    }
    return whole && !kb_event_unseen(event, KB_M_RESPONSE_OBJECT)
               ? kb_cel_string(KB_STR(""))
               : kb_audit_unknown(arena, KB_COL_NAME, KB_CUT_OFF);
}

KB_AUDIT_GET(name)
{
    const struct kb_audit_row *row = data;
    *out = kb_audit_member(row, arena, KB_M_REF_NAME, KB_COL_NAME);
    if (out->kind == KB_CEL_STRING && out->s.n == 0) {
        *out = made_name(row, arena);
    }
}

KB_AUDIT_GET(object)
{
    struct kb_str resource;
    struct kb_str in;
    struct kb_str name;
    struct kb_str path;
    bool known = kb_audit_text(data, KB_COL_RESOURCE, &resource);
    known = kb_audit_text(data, KB_COL_NAMESPACE, &in) && known;
    known = kb_audit_text(data, KB_COL_NAME, &name) && known;
    (void)kb_audit_text(data, KB_COL_PATH, &path);
    if (!known) {
        *out = kb_audit_unknown(arena, KB_COL_OBJECT, KB_CUT_OFF);
    } else if (resource.n == 0) {
        *out = kb_cel_string(path);
    } else {
        const struct kb_str slash = KB_STR("/");
        const struct kb_str parts[] = {resource, in.n > 0 ? slash : in, in,
                                       name.n > 0 ? slash : name, name};
        *out = kb_cel_string(kb_value_concat(arena, parts, sizeof parts / sizeof parts[0]));
    }
}

KB_AUDIT_GET(truncated)
{
    const struct kb_audit_row *row = data;
    struct kb_str value;
    bool marked = kb_event_annotation(row->event, KB_STR("audit.k8s.io/truncated"), arena,
                                      &value) == KB_FIND_YES;
    *out = kb_cel_bool(row->event->truncated || (marked && kb_str_eq(value, KB_STR("true"))));
}

KB_AUDIT_GET(conflict)
{
    const struct kb_audit_row *row = data;
    (void)arena;
    *out = kb_cel_bool(row->conflict);
}

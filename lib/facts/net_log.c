/* Changes of network policies out of a log. */
#include "facts/net_log.h"

#include "base/limits.h"
#include "facts/audit_event.h"
#include "facts/world.h"

static const struct {
    const char *group, *resource, *kind;
} watched[] = {
    {"networking.k8s.io", "networkpolicies", "NetworkPolicy"},
    {"networking.k8s.aws", "applicationnetworkpolicies", "ApplicationNetworkPolicy"},
    {"networking.k8s.aws", "clusternetworkpolicies", "ClusterNetworkPolicy"},
    {"policy.networking.k8s.io", "adminnetworkpolicies", "AdminNetworkPolicy"},
    {"policy.networking.k8s.io", "baselineadminnetworkpolicies", "BaselineAdminNetworkPolicy"},
    {"policy.networking.k8s.io", "clusternetworkpolicies", "ClusterNetworkPolicy"},
    {"", "namespaces", KB_NET_NAMESPACE},
};
enum { KEYS_MAX = 16, KEY_MAX = 512 };

void kb_net_log_done(struct kb_net_log *log)
{
    kb_map_done(&log->names);
    kb_map_done(&log->index);
    KB_VEC_DONE(&log->policies);
}

static void column(const struct kb_row *row, const char *name, struct kb_arena *arena, struct kb_cel_val *out)
{
    int number = kb_table_column(row->table, kb_str_c(name));
    row->ops->get(row->data, (unsigned)number, arena, out);
}

static struct kb_str text_of(const struct kb_row *row, const char *name, struct kb_arena *arena)
{
    struct kb_cel_val value;
    column(row, name, arena, &value);
    return value.kind == KB_CEL_STRING ? value.s : KB_STR("");
}

static enum kb_tri flag_of(const struct kb_row *row, const char *name, struct kb_arena *arena)
{
    struct kb_cel_val value;
    column(row, name, arena, &value);
    return value.kind != KB_CEL_BOOL ? KB_NOT_KNOWN : value.b ? KB_YES : KB_NO;
}

/* Whether it was a change that was made. */
static enum kb_tri changes(const struct kb_row *row, struct kb_arena *arena)
{
    enum kb_tri writes = flag_of(row, "writes", arena), deletes = flag_of(row, "deletes", arena);
    enum kb_tri done = flag_of(row, "succeeded", arena);
    if (done == KB_NO || (writes == KB_NO && deletes == KB_NO)) {
        return KB_NO;
    }
    return done == KB_YES && (writes == KB_YES || deletes == KB_YES) ? KB_YES : KB_NOT_KNOWN;
}

static void keep(char *to, size_t room, struct kb_str text)
{
    size_t n = text.n < room - 1 ? text.n : room - 1;
    memcpy(to, text.p, n);
    to[n] = '\0';
}

static void note(struct kb_net_log *log, struct kb_net_logged *at, const struct kb_row *row, struct kb_arena *arena)
{
    struct kb_row_info info;
    row->ops->info(row->data, arena, &info);
    at->changes++;
    if (info.time_ns < at->time_ns) {
        return; /* a little out of order */
    }
    at->time_ns = info.time_ns;
    at->verb = kb_map_intern(&log->names, text_of(row, "verb", arena));
    at->user = kb_map_intern(&log->names, text_of(row, "user", arena));
    at->source = kb_map_intern(&log->names, info.evidence.source);
    at->opens = flag_of(row, "netpol.opens", arena) == KB_YES;
    keep(at->locator, sizeof at->locator, info.evidence.locator);
    keep(at->audit_id, sizeof at->audit_id, info.evidence.audit_id);
}

static bool has_line(struct kb_str lines, struct kb_str line)
{
    while (lines.n > 0) {
        if (kb_str_eq(kb_str_split(lines, '\n', &lines), line)) {
            return true;
        }
    }
    return false;
}

static size_t count_lines(struct kb_str lines)
{
    size_t n = 0;
    for (size_t i = 0; i < lines.n; i++) {
        n += lines.p[i] == '\n';
    }
    return n;
}

/* Labels that a request on a namespace sets or takes away; false where it does none. */
static bool note_labels(struct kb_net_log *log, struct kb_net_logged *at, const struct kb_cel_val *patched,
                        struct kb_arena *arena)
{
    if (patched->kind != KB_CEL_LIST) {
        at->keys_cut = true;
        return true;
    }
    for (size_t i = 0; i < patched->list->n; i++) {
        struct kb_str key = patched->list->items[i].s;
        bool fits = key.n <= KEY_MAX && count_lines(at->keys) < KEYS_MAX;
        at->keys_cut = at->keys_cut || !fits;
        if (fits && !has_line(at->keys, key)) {
            at->keys = kb_map_intern(&log->names, kb_arena_printf(arena, "%.*s%.*s\n", KB_FMT(at->keys), KB_FMT(key)));
        }
    }
    return patched->list->n > 0;
}

static struct kb_net_logged *find_logged(struct kb_net_log *log, const char *kind, struct kb_str space,
                                         struct kb_str name, struct kb_arena *arena)
{
    struct kb_str key = kb_arena_printf(arena, "%s/%.*s/%.*s", kind, KB_FMT(space), KB_FMT(name));
    struct kb_map_entry *entry = kb_map_find(&log->index, key);
    if (entry == NULL && log->policies.n >= KB_MAX_NET_CHANGES) {
        log->lost = true;
        return NULL;
    }
    if (entry == NULL) {
        entry = kb_map_add(&log->index, key, NULL);
        entry->value.u = log->policies.n;
        *KB_VEC_PUSH(&log->policies) = (struct kb_net_logged){.kind = kb_str_c(kind),
                                                              .name_space = kb_map_intern(&log->names, space),
                                                              .name = kb_map_intern(&log->names, name),
                                                              .keys = KB_STR(""),
                                                              .time_ns = INT64_MIN};
    }
    return &log->policies.at[entry->value.u];
}

/* Only what is written to a namespace that is there may move it to other policies. */
static void take_namespace(struct kb_net_log *log, const struct kb_row *row, struct kb_arena *arena)
{
    struct kb_cel_val patched;
    struct kb_str name = text_of(row, "name", arena), verb = text_of(row, "verb", arena);
    if (!kb_str_eq_c(verb, "patch") && !kb_str_eq_c(verb, "update")) {
        return;
    }
    column(row, "object_labels_patched", arena, &patched);
    if (patched.kind == KB_CEL_LIST && patched.list->n == 0) {
        return;
    }
    struct kb_net_logged *at = find_logged(log, KB_NET_NAMESPACE, name, name, arena);
    if (at != NULL && note_labels(log, at, &patched, arena)) {
        note(log, at, row, arena);
    }
}

static void take(struct kb_net_log *log, const char *kind, const struct kb_row *row, struct kb_arena *arena)
{
    struct kb_str space = text_of(row, "namespace", arena), name = text_of(row, "name", arena);
    struct kb_net_logged *at = find_logged(log, kind, space, name, arena);
    if (at != NULL) {
        note(log, at, row, arena);
    }
}

void kb_net_log_take(struct kb_net_log *log, struct kb_str group, struct kb_str resource, const struct kb_row *row)
{
    const char *kind = NULL;
    for (size_t i = 0; i < sizeof watched / sizeof watched[0] && kind == NULL; i++) {
        bool is = kb_str_eq_c(resource, watched[i].resource) && kb_str_eq_c(group, watched[i].group);
        kind = is ? watched[i].kind : NULL;
    }
    if (kind == NULL) {
        return;
    }
    struct kb_arena arena = {0};
    enum kb_tri changed = changes(row, &arena);
    log->cut += changed == KB_NOT_KNOWN;
    bool whole = changed == KB_YES && text_of(row, "subresource", &arena).n == 0;
    if (whole && strcmp(kind, KB_NET_NAMESPACE) == 0) {
        take_namespace(log, row, &arena);
    } else if (whole) {
        take(log, kind, row, &arena);
    }
    kb_arena_done(&arena);
}

void kb_net_log_close(struct kb_world *world, struct kb_str problem)
{
    struct kb_net_log *log = &world->net_log;
    log->read = true;
    log->problem = kb_arena_copy(&world->arena, problem);
    if (log->problem.n == 0 && log->lost) {
        log->problem = KB_STR("the log changes more policies than are kept");
    } else if (log->problem.n == 0 && log->cut > 0) {
        log->problem = KB_STR("requests of the log do not show whether they changed a policy");
    }
}

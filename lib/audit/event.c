/* The walk over one event. Nested objects of interest are walked in place, so each byte is seen
 * once. */
#include "audit/event.h"

#include "data/json_str.h"
#include "base/limits.h"

struct member {
    struct kb_str key;
    enum kb_event_in in;
};

#define MEMBER(sym, where, text) [sym] = {.key = KB_STR_INIT(text), .in = where},
static const struct member members[KB_MEMBER_COUNT] = {KB_EVENT_MEMBERS(MEMBER)};
#undef MEMBER

/* First member and number of members of each object; the table above keeps them together. */
static const struct {
    enum kb_member first, end, parent;
} groups[] = {
    [KB_IN_EVENT] = {KB_M_KIND, KB_M_USER_NAME, KB_MEMBER_COUNT},
    [KB_IN_USER] = {KB_M_USER_NAME, KB_M_IMP_NAME, KB_M_USER},
    [KB_IN_IMPERSONATED] = {KB_M_IMP_NAME, KB_M_REF_RESOURCE, KB_M_IMPERSONATED},
    [KB_IN_OBJECT_REF] = {KB_M_REF_RESOURCE, KB_M_STATUS_CODE, KB_M_OBJECT_REF},
    [KB_IN_RESPONSE_STATUS] = {KB_M_STATUS_CODE, KB_MEMBER_COUNT, KB_M_RESPONSE_STATUS},
};

enum kb_event_in kb_event_member_in(enum kb_member member)
{
    return members[member].in;
}

/* The member of that key, or KB_MEMBER_COUNT. `*hint`: the one that comes next in the
 * usual order. */
static enum kb_member find_member(enum kb_event_in in, const struct kb_span *key,
                                  enum kb_member *hint)
{
    const enum kb_member first = groups[in].first;
    const enum kb_member end = groups[in].end;
    const unsigned count = (unsigned)(end - first);
    for (unsigned i = 0; i < count; i++) {
        enum kb_member at = *hint + i < end ? *hint + i : *hint + i - count;
        const struct kb_str *name = &members[at].key;
        bool same = key->escaped ? kb_span_is(key, *name)
                                 : key->n == name->n && memcmp(key->p, name->p, name->n) == 0;
        if (same) {
            *hint = at + 1 < end ? at + 1 : first;
            return at;
        }
    }
    return KB_MEMBER_COUNT;
}

/* The object that member holds, where its own members are known too; else KB_IN_EVENT. */
static enum kb_event_in inner_of(enum kb_member member)
{
    switch ((int)member) {
    case KB_M_USER:
        return KB_IN_USER;
    case KB_M_IMPERSONATED:
        return KB_IN_IMPERSONATED;
    case KB_M_OBJECT_REF:
        return KB_IN_OBJECT_REF;
    case KB_M_RESPONSE_STATUS:
        return KB_IN_RESPONSE_STATUS;
    default:
        return KB_IN_EVENT;
    }
}

static void forget(struct kb_event *event, enum kb_event_in in)
{
    memset(&event->at[groups[in].first], 0,
           sizeof event->at[0] * (size_t)(groups[in].end - groups[in].first));
}

static enum kb_scan_status walk_inner(struct kb_event *event, struct kb_scan *at,
                                      enum kb_event_in in, struct kb_span *out)
{
    struct kb_scan_each each = kb_scan_each_at(*at);
    enum kb_member hint = groups[in].first;
    struct kb_span value;
    forget(event, in);
    while (kb_scan_next(&each, &value)) {
        enum kb_member member = find_member(in, &each.key, &hint);
        if (member != KB_MEMBER_COUNT) {
            event->at[member] = value;
        }
    }
    *out = (struct kb_span){.p = at->p,
                            .n = (uint32_t)(each.at.p - at->p),
                            .kind = KB_SPAN_OBJECT,
                            .cut = each.status == KB_SCAN_CUT};
    at->p = each.at.p;
    return each.status;
}

static enum kb_scan_status walk(struct kb_event *event, struct kb_scan *at)
{
    struct kb_scan_each each = kb_scan_each_at(*at);
    enum kb_member hint = KB_M_KIND;
    while (kb_scan_member(&each)) {
        enum kb_member member = find_member(KB_IN_EVENT, &each.key, &hint);
        enum kb_event_in inner = member == KB_MEMBER_COUNT ? KB_IN_EVENT : inner_of(member);
        struct kb_span value;
        if (inner != KB_IN_EVENT && kb_scan_space(&each.at) && *each.at.p == '{') {
            each.status = walk_inner(event, &each.at, inner, &value);
        } else {
            if (inner != KB_IN_EVENT) {
                forget(event, inner);
            }
            each.status = kb_scan_value(&each.at, &value);
        }
        if (member != KB_MEMBER_COUNT) {
            event->at[member] = value;
        }
    }
    *at = each.at;
    return each.status;
}

static struct kb_str without_mark(struct kb_str text, bool *truncated)
{
    const struct kb_str mark = KB_STR("[Truncated...]");
    text = kb_str_trim(text);
    if (!kb_str_ends(text, mark)) {
        return text;
    }
    *truncated = true;
    return kb_str_sub(text, 0, text.n - mark.n);
}

KB_RES kb_event_parse(struct kb_str text, bool truncated, struct kb_event *out, struct kb_err *err)
{
    KB_ENSURE(text.n <= KB_MAX_RECORD, err, KB_ERR_LIMIT,
              "an event of %zu bytes is over the limit of %d", text.n, KB_MAX_RECORD);
    struct kb_str body = without_mark(text, &truncated);
    memset(out, 0, sizeof *out);
    out->text = body;
    struct kb_scan at = {body.p, body.p + body.n};
    KB_ENSURE(body.n > 0 && *at.p == '{', err, KB_ERR_SYNTAX, "not a JSON object");
    enum kb_scan_status status = walk(out, &at);
    KB_ENSURE(status != KB_SCAN_BAD, err, KB_ERR_SYNTAX, "not JSON at byte %zu of the event",
              (size_t)(at.p - text.p));
    KB_ENSURE(status == KB_SCAN_CUT || !kb_scan_space(&at), err, KB_ERR_SYNTAX,
              "more text behind the event, at byte %zu", (size_t)(at.p - text.p));
    out->open = status == KB_SCAN_CUT;
    out->truncated = truncated || out->open;
    return KB_SUCCESS;
}

bool kb_event_is_audit(const struct kb_event *event)
{
    bool kind =
        kb_span_is(&event->at[KB_M_KIND], KB_STR("Event")) || kb_event_unseen(event, KB_M_KIND);
    struct kb_str version = kb_event_raw(event, KB_M_API_VERSION);
    return kind && (kb_str_starts(version, KB_STR("audit.k8s.io/")) ||
                    kb_event_unseen(event, KB_M_API_VERSION));
}

bool kb_event_unseen(const struct kb_event *event, enum kb_member member)
{
    const struct kb_span *span = &event->at[member];
    if (span->cut) {
        return true;
    }
    if (!event->open || span->kind != KB_SPAN_NONE) {
        return false;
    }
    enum kb_member parent = groups[members[member].in].parent;
    return parent == KB_MEMBER_COUNT || event->at[parent].kind == KB_SPAN_NONE ||
           event->at[parent].cut;
}

struct kb_str kb_event_str(const struct kb_event *event, enum kb_member member,
                           struct kb_arena *arena)
{
    return kb_span_text(&event->at[member], arena);
}

bool kb_event_int(const struct kb_event *event, enum kb_member member, int64_t *out)
{
    return kb_span_int(&event->at[member], out);
}

static const struct kb_str stages[] = {
    [KB_STAGE_RECEIVED] = KB_STR_INIT("RequestReceived"),
    [KB_STAGE_STARTED] = KB_STR_INIT("ResponseStarted"),
    [KB_STAGE_COMPLETE] = KB_STR_INIT("ResponseComplete"),
    [KB_STAGE_PANIC] = KB_STR_INIT("Panic"),
};

enum kb_event_stage kb_event_stage(const struct kb_event *event)
{
    for (unsigned i = KB_STAGE_RECEIVED; i <= KB_STAGE_PANIC; i++) {
        if (kb_span_is(&event->at[KB_M_STAGE], stages[i])) {
            return (enum kb_event_stage)i;
        }
    }
    return KB_STAGE_UNKNOWN;
}

static const struct kb_str levels[] = {
    [KB_EVENT_METADATA] = KB_STR_INIT("Metadata"),
    [KB_EVENT_REQUEST] = KB_STR_INIT("Request"),
    [KB_EVENT_REQUEST_RESPONSE] = KB_STR_INIT("RequestResponse"),
};

enum kb_event_level kb_event_level(const struct kb_event *event)
{
    for (unsigned i = KB_EVENT_METADATA; i <= KB_EVENT_REQUEST_RESPONSE; i++) {
        if (kb_span_is(&event->at[KB_M_LEVEL], levels[i])) {
            return (enum kb_event_level)i;
        }
    }
    return KB_EVENT_LEVEL_UNKNOWN;
}

enum kb_find kb_event_annotation(const struct kb_event *event, struct kb_str key,
                                 struct kb_arena *arena, struct kb_str *out)
{
    struct kb_span found;
    bool whole = kb_span_get(&event->at[KB_M_ANNOTATIONS], key, &found);
    if (found.kind == KB_SPAN_STRING && !found.cut) {
        *out = kb_span_text(&found, arena);
        return KB_FIND_YES;
    }
    return !whole || kb_event_unseen(event, KB_M_ANNOTATIONS) ? KB_FIND_UNSEEN : KB_FIND_NO;
}

/* Which part of an event shows the object, and how much of it. */
#include "audit/body.h"

#include "data/json_str.h"

static bool is_status(const struct kb_span *object)
{
    struct kb_span kind;
    (void)kb_span_get(object, KB_STR("kind"), &kind);
    return kb_span_is(&kind, KB_STR("Status"));
}

static const char *why_missing(const struct kb_event *event, struct kb_arena *arena)
{
    struct kb_str value;
    if (kb_event_level(event) == KB_EVENT_METADATA) {
        return "level Metadata carries no body";
    }
    if (kb_event_unseen(event, KB_M_REQUEST_OBJECT)) {
        return "cut off";
    }
    if (kb_event_annotation(event, KB_STR("audit.k8s.io/truncated"), arena, &value) ==
        KB_FIND_YES) {
        return "too large for the audit log, left out by the API server";
    }
    return kb_event_stage(event) == KB_STAGE_RECEIVED ? "stage RequestReceived carries no body"
                                                      : "the event carries no body";
}

void kb_body_patch(const struct kb_event *event, struct kb_arena *arena, struct kb_body *out)
{
    const struct kb_span *request = &event->at[KB_M_REQUEST_OBJECT];
    bool whole;
    *out = (struct kb_body){.why = "a patch shows only part of the object"};
    switch (request->kind) {
    case KB_SPAN_OBJECT:
        out->docs = request;
        out->n = 1;
        break;
    case KB_SPAN_ARRAY:
        out->n = kb_body_json_patch(request, arena, &out->docs, &whole);
        break;
    default:
        out->why = why_missing(event, arena);
    }
    if (request->cut) {
        out->why = "cut off";
    }
}

static void from_request(const struct kb_event *event, bool patch, struct kb_arena *arena,
                         struct kb_body *out)
{
    const struct kb_span *request = &event->at[KB_M_REQUEST_OBJECT];
    kb_body_patch(event, arena, out);
    if (!patch && request->kind == KB_SPAN_OBJECT && !request->cut) {
        out->whole = true;
        out->why = NULL;
    }
}

/* A response that the cut took, wholly or in part: what is there of it, and of the request. */
static void from_rest(const struct kb_event *event, struct kb_arena *arena, struct kb_body *out)
{
    const struct kb_span *response = &event->at[KB_M_RESPONSE_OBJECT];
    struct kb_body request;
    kb_body_patch(event, arena, &request);
    size_t own = response->kind == KB_SPAN_OBJECT ? 1 : 0;
    struct kb_span *docs = KB_NEW_ARRAY(arena, request.n + 1, struct kb_span);
    if (own > 0) {
        docs[0] = *response;
    }
    if (request.n > 0) {
        memcpy(docs + own, request.docs, request.n * sizeof *docs);
    }
    *out = (struct kb_body){.docs = docs, .n = request.n + own, .why = "cut off"};
}

void kb_body_written(const struct kb_event *event, bool patch, struct kb_arena *arena,
                     struct kb_body *out)
{
    const struct kb_span *response = &event->at[KB_M_RESPONSE_OBJECT];
    enum kb_event_level level = kb_event_level(event);
    bool may_come = level != KB_EVENT_METADATA && level != KB_EVENT_REQUEST;
    if (kb_event_unseen(event, KB_M_RESPONSE_OBJECT) && may_come) {
        from_rest(event, arena, out);
    } else if (response->kind == KB_SPAN_OBJECT && !is_status(response)) {
        *out = (struct kb_body){.docs = response, .n = 1, .whole = true};
    } else {
        from_request(event, patch, arena, out);
    }
}

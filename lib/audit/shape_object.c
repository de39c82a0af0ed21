/*
 * An object, member by member: an event, the wrapper of one, or the head of a page whose array is
 * streamed. Which members mean what stands in one table.
 */
#include "audit/shape.h"
#include "audit/unescape.h"

enum role {
    NOTHING,
    KIND,
    VERSION,
    AUDIT_ID,
    PAYLOAD,  /* a string that may be an event; the higher rank wins */
    ORIGINAL, /* the same, inside "event" only */
    PACKED,   /* base64 of something compressed */
    STREAM,
    GROUP,
    EVENT_ID,
    TIME,
    INGESTION,
    MESSAGE_TYPE,
    POINTER,
    /* what an object or array under the key means */
    DIVE,
    EACH, /* its elements are read one by one */
    ANNOTATIONS
};

enum { RANK_EVENT = 4 }; /* of an object that is an event itself */

struct key {
    struct kb_str name;
    enum role text;
    unsigned rank;
    enum role nested;
};

static const struct key KEYS[] = {
    {KB_STR_INIT("kind"), KIND, 0, NOTHING},
    {KB_STR_INIT("apiVersion"), VERSION, 0, NOTHING},
    {KB_STR_INIT("auditID"), AUDIT_ID, 0, NOTHING},
    {KB_STR_INIT("annotations"), NOTHING, 0, ANNOTATIONS},
    {KB_STR_INIT("original"), ORIGINAL, 6, NOTHING},
    {KB_STR_INIT("@message"), PAYLOAD, 5, DIVE},
    {KB_STR_INIT("message"), PAYLOAD, 3, DIVE},
    {KB_STR_INIT("log"), PAYLOAD, 3, DIVE},
    {KB_STR_INIT("event"), PAYLOAD, 3, DIVE},
    {KB_STR_INIT("_raw"), PAYLOAD, 3, NOTHING},
    {KB_STR_INIT("data"), PACKED, 3, NOTHING},
    {KB_STR_INIT("Data"), PACKED, 3, NOTHING},
    {KB_STR_INIT("properties"), PAYLOAD, 2, DIVE},
    {KB_STR_INIT("line"), PAYLOAD, 2, NOTHING},
    {KB_STR_INIT("awslogs"), NOTHING, 0, DIVE},
    {KB_STR_INIT("kinesis"), NOTHING, 0, DIVE},
    {KB_STR_INIT("_source"), NOTHING, 0, DIVE},
    {KB_STR_INIT("kubernetes"), NOTHING, 0, DIVE},
    {KB_STR_INIT("audit"), NOTHING, 0, DIVE},
    {KB_STR_INIT("result"), NOTHING, 0, DIVE},
    {KB_STR_INIT("events"), NOTHING, 0, EACH},
    {KB_STR_INIT("logEvents"), NOTHING, 0, EACH},
    {KB_STR_INIT("items"), NOTHING, 0, EACH},
    {KB_STR_INIT("hits"), NOTHING, 0, EACH},
    {KB_STR_INIT("results"), NOTHING, 0, EACH},
    {KB_STR_INIT("Records"), NOTHING, 0, EACH},
    {KB_STR_INIT("records"), NOTHING, 0, EACH},
    {KB_STR_INIT("logStreamName"), STREAM, 0, NOTHING},
    {KB_STR_INIT("logStream"), STREAM, 0, NOTHING},
    {KB_STR_INIT("@logStream"), STREAM, 0, NOTHING},
    {KB_STR_INIT("@log_stream"), STREAM, 0, NOTHING},
    {KB_STR_INIT("logGroupName"), GROUP, 0, NOTHING},
    {KB_STR_INIT("logGroup"), GROUP, 0, NOTHING},
    {KB_STR_INIT("@log_group"), GROUP, 0, NOTHING},
    {KB_STR_INIT("@log"), GROUP, 0, NOTHING},
    {KB_STR_INIT("eventId"), EVENT_ID, 0, NOTHING},
    {KB_STR_INIT("id"), EVENT_ID, 0, NOTHING},
    {KB_STR_INIT("@id"), EVENT_ID, 0, NOTHING},
    {KB_STR_INIT("_id"), EVENT_ID, 0, NOTHING},
    {KB_STR_INIT("timestamp"), TIME, 0, NOTHING},
    {KB_STR_INIT("@timestamp"), TIME, 0, NOTHING},
    {KB_STR_INIT("time"), TIME, 0, NOTHING},
    {KB_STR_INIT("ingestionTime"), INGESTION, 0, NOTHING},
    {KB_STR_INIT("@ingestionTime"), INGESTION, 0, NOTHING},
    {KB_STR_INIT("messageType"), MESSAGE_TYPE, 0, NOTHING},
    {KB_STR_INIT("@ptr"), POINTER, 0, NOTHING},
};

struct span {
    size_t at;
    size_t n;
};

/* What was found in the outermost object and those it wraps. Positions of the window. */
struct found {
    struct span payload;
    unsigned rank; /* 0: no payload */
    enum role how; /* KIND: an event in place; PAYLOAD, PACKED: a string */
    struct span annotations;
    struct span stream, group, id, time, ingestion;
    bool control;
    bool pointer;
    bool is_event; /* the outermost object said so */
    struct span cut; /* a payload whose string does not end */
};

/* One object on the way down. */
struct level {
    const struct level *up;
    const struct key *key; /* under which it stands; NULL at the top */
    unsigned depth;
    bool kind_event, other_kind, version_audit, has_id;
    struct span annotations;
};

struct walk {
    struct kb_records *r;
    struct found found;
    bool resumed;
    size_t end;
};

static const struct key *find_key(struct kb_str name)
{
    for (size_t i = 0; name.n > 0 && i < sizeof KEYS / sizeof *KEYS; i++) {
        if (KEYS[i].name.n == name.n && KEYS[i].name.p[0] == name.p[0] &&
            memcmp(KEYS[i].name.p, name.p, name.n) == 0) {
            return &KEYS[i];
        }
    }
    return NULL;
}

static bool says_event(const struct level *level)
{
    return (level->kind_event && level->version_audit) || (level->has_id && !level->other_kind);
}

static void note_payload(struct found *found, struct span span, unsigned rank, enum role how)
{
    if (rank > found->rank) {
        found->payload = span;
        found->rank = rank;
        found->how = how;
    }
}

static bool packs_something(struct kb_str s)
{
    static const struct kb_str heads[] = {KB_STR_INIT("H4sI"), KB_STR_INIT("KLUv/"),
                                          KB_STR_INIT("KLUv\\/"), KB_STR_INIT("eyJ"),
                                          KB_STR_INIT("ewog")};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (kb_str_starts(s, heads[i])) {
            return true;
        }
    }
    return false;
}

static void note_name(struct span *to, struct span span, const struct level *level,
                      const struct key *key)
{
    /* An event's own members are no delivery data, and the outermost wrapper knows best. */
    if (to->n == 0 && (!says_event(level) || key->name.p[0] == '@')) {
        *to = span;
    }
}

/* A string or scalar under a known key; a string's span is without its quotes. */
static void note_text(struct walk *walk, struct level *level, const struct key *key,
                      struct span span, bool quoted)
{
    struct found *found = &walk->found;
    struct kb_str text = kb_window_str(&walk->r->win, span.at, span.at + span.n);
    switch ((int)key->text) {
    case KIND:
        level->kind_event = kb_str_eq_c(text, "Event");
        level->other_kind = !level->kind_event;
        break;
    case VERSION: level->version_audit = kb_str_starts(text, KB_STR("audit.k8s.io/")); break;
    case AUDIT_ID: level->has_id = true; break;
    case ORIGINAL:
        if (quoted && level->key != NULL && kb_str_eq_c(level->key->name, "event")) {
            note_payload(found, span, key->rank, PAYLOAD);
        }
        break;
    case PAYLOAD:
        if (quoted) {
            note_payload(found, span, key->rank, PAYLOAD);
        }
        break;
    case PACKED:
        if (quoted && packs_something(text)) {
            note_payload(found, span, key->rank, PACKED);
        }
        break;
    case STREAM: note_name(&found->stream, span, level, key); break;
    case GROUP: note_name(&found->group, span, level, key); break;
    case EVENT_ID: note_name(&found->id, span, level, key); break;
    case TIME: note_name(&found->time, span, level, key); break;
    case INGESTION: note_name(&found->ingestion, span, level, key); break;
    case MESSAGE_TYPE: found->control = kb_str_eq_c(text, "CONTROL_MESSAGE"); break;
    case POINTER: found->pointer = true; break;
    default: break;
    }
    if (level->up == NULL) {
        found->is_event = says_event(level);
    }
}

static enum kb_value walk_members(struct walk *walk, struct level *level, size_t at);

static enum kb_value walk_nested(struct walk *walk, struct level *level, const struct key *key,
                                 size_t at)
{
    struct kb_records *r = walk->r;
    bool object = kb_window_peek(&r->win, at) == '{';
    enum role role = key == NULL ? NOTHING : key->nested;
    if (role == DIVE && object && level->depth < KB_MAX_WRAP_DEPTH) {
        struct level next = {.up = level, .key = key, .depth = level->depth + 1};
        return walk_members(walk, &next, at + 1);
    }
    bool room = r->n_frames + 2 <= KB_SHAPE_FRAMES;
    if (role == EACH && level->up == NULL && !says_event(level) && !walk->found.control && room) {
        walk->end = at;
        return KB_VALUE_STREAM;
    }
    enum kb_value res = kb_shape_value_end(r, at, &walk->end);
    if (role == ANNOTATIONS && res == KB_VALUE_OK) {
        level->annotations = (struct span){at, walk->end - at};
    }
    return res;
}

/* From a key to behind its value (walk->end). */
static enum kb_value walk_member(struct walk *walk, struct level *level, size_t at)
{
    struct kb_records *r = walk->r;
    size_t key_at = at + 1;
    enum kb_value res = kb_shape_value_end(r, at, &walk->end);
    size_t key_end = walk->end - 1;
    if (res == KB_VALUE_OK) {
        res = kb_shape_blank_end(r, walk->end, &walk->end);
    }
    if (res == KB_VALUE_OK && kb_window_peek(&r->win, walk->end) != ':') {
        res = KB_VALUE_BROKEN;
    }
    if (res == KB_VALUE_OK) {
        res = kb_shape_blank_end(r, walk->end + 1, &walk->end);
    }
    if (res != KB_VALUE_OK) {
        return res;
    }
    size_t from = walk->end;
    const struct key *key = find_key(kb_window_str(&r->win, key_at, key_end));
    int c = kb_window_peek(&r->win, from);
    if (c == '{' || c == '[') {
        return walk_nested(walk, level, key, from);
    }
    res = kb_shape_value_end(r, from, &walk->end);
    size_t quote = c == '"' ? 1 : 0;
    if (res == KB_VALUE_BROKEN && quote == 1 && key != NULL && key->text == PAYLOAD) {
        walk->found.cut = (struct span){from + 1, walk->end - from - 1};
    }
    if (res == KB_VALUE_OK && key != NULL) {
        struct span span = {from + quote, walk->end - from - 2 * quote};
        note_text(walk, level, key, span, quote == 1);
    }
    return res;
}

/* From behind the '{', or behind any member, to behind the '}'. */
static enum kb_value walk_members(struct walk *walk, struct level *level, size_t at)
{
    struct kb_records *r = walk->r;
    size_t begin = at - (walk->resumed ? 0 : 1);
    for (;;) {
        enum kb_value res = kb_shape_blank_end(r, at, &walk->end);
        if (res != KB_VALUE_OK) {
            return res;
        }
        at = walk->end;
        int c = kb_window_peek(&r->win, at);
        if (c == '}') {
            break;
        }
        if (c == ',') {
            at++;
            continue;
        }
        res = c == '"' ? walk_member(walk, level, at) : KB_VALUE_BROKEN;
        if (res != KB_VALUE_OK) {
            return res;
        }
        at = walk->end;
    }
    walk->end = at + 1;
    if (says_event(level)) {
        struct span span = {begin, walk->end - begin};
        if (walk->found.rank < RANK_EVENT) {
            walk->found.annotations = level->annotations;
        }
        note_payload(&walk->found, span, RANK_EVENT, KIND);
    }
    return KB_VALUE_OK;
}

/* A name of the present record, its escapes undone. */
static struct kb_str name_of(struct kb_records *r, struct span span)
{
    struct kb_str raw = kb_window_str(&r->win, span.at, span.at + span.n);
    if (span.n == 0 || memchr(raw.p, '\\', raw.n) == NULL) {
        return raw;
    }
    size_t from = r->names.n;
    if (raw.n > KB_SHAPE_NAME || !kb_unescape(raw, &r->names)) {
        return raw;
    }
    return (struct kb_str){r->names.p + from, r->names.n - from};
}

static int64_t time_of(const struct kb_records *r, struct span span)
{
    enum { SECONDS_BELOW = 100000000 }; /* times 1000: any number below is in seconds */
    struct kb_str s = kb_window_str(&r->win, span.at, span.at + span.n);
    struct kb_str rest;
    int64_t value = 0;
    if (span.n == 0 || kb_shape_date_ms(s, &value)) {
        return value;
    }
    if (!kb_str_i64(kb_str_split(s, '.', &rest), &value) || value < 0) {
        return 0;
    }
    return value < SECONDS_BELOW * 1000LL ? value * 1000 : value;
}

static void place(struct kb_records *r, const struct found *found, struct kb_record *out)
{
    kb_shape_place(r, out);
    kb_buf_clear(&r->names);
    (void)kb_buf_reserve(&r->names, 4096); /* so that it does not move under the names */
    if (found->stream.n > 0) {
        out->stream = name_of(r, found->stream);
    }
    if (found->group.n > 0) {
        out->log_group = name_of(r, found->group);
    }
    out->event_id = name_of(r, found->id);
    if (found->time.n > 0) {
        out->timestamp_ms = time_of(r, found->time);
    }
    out->ingestion_ms = time_of(r, found->ingestion);
}

static enum kb_step event_in_place(struct kb_records *r, const struct found *found,
                                   struct kb_record *out)
{
    struct span span = found->payload;
    struct kb_str event = kb_window_str(&r->win, span.at, span.at + span.n);
    struct span notes = found->annotations;
    struct kb_str annotations = kb_window_str(&r->win, notes.at, notes.at + notes.n);
    if (notes.n > 0 && kb_shape_keys_changed(annotations)) {
        kb_buf_clear(&r->text);
        if (!kb_shape_restore_keys(event, annotations, &r->text)) {
            return kb_shape_note(out, KB_RECORD_BAD, event, "longer than 4 MiB");
        }
        event = kb_buf_view(&r->text);
    }
    return kb_shape_event(out, event, false);
}

static enum kb_step payload(struct kb_records *r, const struct found *found, struct kb_record *out)
{
    struct span span = found->payload;
    struct kb_str raw = kb_window_str(&r->win, span.at, span.at + span.n);
    if (found->how == KIND) {
        return event_in_place(r, found, out);
    }
    bool plain = memchr(raw.p, '\\', raw.n) == NULL;
    kb_buf_clear(&r->text);
    if (!plain && (!kb_unescape(raw, &r->text) || r->text.n > KB_MAX_RECORD)) {
        return kb_shape_note(out, KB_RECORD_BAD, raw, "longer than 4 MiB");
    }
    struct kb_str text = plain ? raw : kb_buf_view(&r->text);
    return found->how == PACKED ? kb_shape_packed(r, out, text) : kb_shape_text(r, out, text);
}

/* A whole object was read. */
static enum kb_step judge(struct kb_records *r, const struct walk *walk, struct kb_record *out)
{
    const struct found *found = &walk->found;
    struct kb_str whole = kb_window_str(&r->win, 0, walk->end);
    r->consume = walk->end;
    place(r, found, out);
    if (found->control) {
        return kb_shape_note(out, KB_RECORD_OTHER, whole, "control message of the delivery");
    }
    if (found->rank > 0) {
        return payload(r, found, out);
    }
    if (found->pointer) {
        return kb_shape_fail(r, KB_ERR_UNSUPPORTED,
                             "Insights results without @message: add it to the query's fields");
    }
    return kb_shape_other(out, whole, "JSON that is no audit event");
}

static enum kb_step broken(struct kb_records *r, const struct walk *walk, struct kb_record *out)
{
    unsigned frames = r->n_frames;
    size_t end = kb_shape_resync(r, walk->end);
    r->n_frames = frames;
    place(r, &walk->found, out); /* only now: names point into the window */
    r->n_frames = 0;
    struct kb_str text = kb_window_str(&r->win, 0, end);
    if (walk->found.is_event && !walk->resumed) {
        return kb_shape_event(out, text, true);
    }
    if (walk->found.rank > 0 && walk->found.how == PAYLOAD) {
        return payload(r, &walk->found, out); /* only its wrapper is broken */
    }
    struct span cut = walk->found.cut;
    kb_buf_clear(&r->text);
    if (cut.n > 0 && kb_unescape(kb_window_str(&r->win, cut.at, cut.at + cut.n), &r->text) &&
        kb_shape_is_event(kb_buf_view(&r->text))) {
        return kb_shape_event(out, kb_buf_view(&r->text), true);
    }
    return kb_shape_note(out, KB_RECORD_BAD, text, "broken JSON");
}

/* The head of a page: remember what it says, then read its array. */
static enum kb_step descend(struct kb_records *r, const struct walk *walk)
{
    if (!walk->resumed) {
        r->frames[r->n_frames++] = (struct kb_frame){0};
    }
    struct kb_context *context = &r->frames[r->n_frames - 1].context;
    kb_buf_clear(&r->names);
    if (walk->found.stream.n > 0) {
        kb_shape_set_name(&context->stream, name_of(r, walk->found.stream));
    }
    if (walk->found.group.n > 0) {
        kb_shape_set_name(&context->log_group, name_of(r, walk->found.group));
    }
    kb_window_advance(&r->win, walk->end);
    (void)kb_shape_push(r);
    return KB_STEP_AGAIN;
}

enum kb_step kb_shape_object(struct kb_records *r, struct kb_record *out, bool resumed)
{
    struct walk walk = {.r = r, .resumed = resumed};
    struct level top = {0};
    r->line_start = false;
    switch (walk_members(&walk, &top, resumed ? 0 : 1)) {
    case KB_VALUE_STREAM: return descend(r, &walk);
    case KB_VALUE_BROKEN: return broken(r, &walk, out);
    case KB_VALUE_LONG:
        if (!resumed) {
            return kb_shape_drain(r, out, KB_RECORD_BAD, "longer than 4 MiB");
        }
        return broken(r, &walk, out);
    case KB_VALUE_OK:
    default: break;
    }
    if (resumed) {
        r->n_frames--;
        kb_window_advance(&r->win, walk.end);
        return KB_STEP_AGAIN;
    }
    return judge(r, &walk, out);
}

enum kb_step kb_shape_string(struct kb_records *r, struct kb_record *out)
{
    struct walk walk = {.r = r};
    r->line_start = false;
    enum kb_value res = kb_shape_value_end(r, 0, &walk.end);
    if (res != KB_VALUE_OK) {
        return broken(r, &walk, out);
    }
    walk.found.payload = (struct span){1, walk.end - 2};
    walk.found.rank = 1;
    walk.found.how = PAYLOAD;
    return judge(r, &walk, out);
}

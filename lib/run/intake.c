/* Joining and coverage are told what they need; verdicts are the caller's. */
#include "run/intake.h"

#include "audit/join.h"

struct input {
    struct kb_str source;
    struct kb_intake_counts counts;
};

struct kb_intake {
    struct kb_intake_options options;
    struct kb_cover *cover;
    struct kb_join *join;
    struct kb_arena arena; /* for one event */
    struct kb_arena names;
    KB_VEC(struct input) inputs;
    bool go_on;
};


/* What is kept beside the text of a request that was only received so far. */
struct held_place {
    uint64_t line, offset, sequence;
    int64_t timestamp_ms, ingestion_ms, time_ns;
    unsigned input, stream;
    bool truncated;
    size_t event_id_n;
};

static struct kb_str source_of(const struct kb_intake *intake, unsigned input)
{
    return intake->inputs.at[input].source;
}

static bool in_time(const struct kb_intake_options *options, int64_t at_ns)
{
    if (at_ns == KB_LOG_NO_TIME) {
        return true;
    }
    return (options->since_ns == KB_LOG_NO_TIME || at_ns >= options->since_ns) &&
           (options->until_ns == KB_LOG_NO_TIME || at_ns < options->until_ns);
}

static uint64_t combine(uint64_t a, uint64_t b)
{
    uint64_t pair[2] = {a, b};
    return kb_hash_bytes(pair, sizeof pair, kb_hash_seed());
}

static enum kb_join_stage join_stage(enum kb_event_stage stage)
{
    switch (stage) {
    case KB_STAGE_RECEIVED:
        return KB_JOIN_RECEIVED;
    case KB_STAGE_STARTED:
        return KB_JOIN_STARTED;
    case KB_STAGE_COMPLETE:
    case KB_STAGE_PANIC:
    case KB_STAGE_UNKNOWN:
        break;
    }
    return KB_JOIN_COMPLETE;
}

static struct kb_join_record join_record(const struct kb_intake *intake, const struct kb_event *event,
                                         unsigned stream)
{
    enum kb_event_stage stage = kb_event_stage(event);
    uint64_t id = kb_event_str_hash(event, KB_M_AUDIT_ID);
    uint64_t who = combine(kb_event_str_hash(event, KB_M_USER_NAME), kb_event_str_hash(event, KB_M_VERB));
    uint64_t what = combine(kb_event_str_hash(event, KB_M_REQUEST_URI),
                            (uint64_t)kb_event_time(event, KB_M_RECEIVED_TIME));
    return (struct kb_join_record){
        .stage = join_stage(stage),
        .audit_stage = combine(id, (uint64_t)stage),
        .audit_complete = combine(id, KB_STAGE_COMPLETE),
        .request = combine(id, combine(who, what)) | 1,
        .digest = intake->options.canonical
                      ? kb_event_digest(event)
                      : kb_hash_bytes(event->text.p, event->text.n, kb_hash_seed()),
        .stream = stream,
        .has_id = kb_event_has(event, KB_M_AUDIT_ID) && stage != KB_STAGE_UNKNOWN,
        .text = event->text,
    };
}

static void give_event(struct kb_intake *intake, const struct kb_read_event *event, unsigned stream)
{
    kb_cover_count(intake->cover, stream, KB_COUNT_REQUESTS);
    intake->inputs.at[event->input].counts.requests++;
    intake->go_on = intake->options.on_event(intake->options.ctx, event) && intake->go_on;
}

static void give_orphan(void *ctx, struct kb_str text, struct kb_str note)
{
    struct kb_intake *intake = ctx;
    struct held_place place;
    struct kb_event event;
    memcpy(&place, note.p, sizeof place);
    if (kb_failed(kb_event_parse(text, place.truncated, &event, NULL))) {
        return;
    }
    struct kb_record record = {
        .kind = KB_RECORD_EVENT,
        .text = text,
        .truncated = place.truncated,
        .line = place.line,
        .offset = place.offset,
        .stream = intake->cover->streams[place.stream].name,
        .event_id = {note.p + sizeof place, place.event_id_n},
        .timestamp_ms = place.timestamp_ms,
        .ingestion_ms = place.ingestion_ms,
    };
    give_event(intake,
               &(struct kb_read_event){.event = &event,
                                       .record = &record,
                                       .source = source_of(intake, place.input),
                                       .input = place.input,
                                       .sequence = place.sequence,
                                       .time_ns = place.time_ns},
               place.stream);
}

static struct kb_str note_of(struct kb_intake *intake, const struct kb_log_item *item, unsigned stream)
{
    const struct kb_record *record = item->record;
    struct held_place place = {
        .line = record->line,
        .offset = record->offset,
        .sequence = item->sequence,
        .timestamp_ms = record->timestamp_ms,
        .ingestion_ms = record->ingestion_ms,
        .time_ns = item->time_ns,
        .input = item->input,
        .stream = stream,
        .truncated = record->truncated,
        .event_id_n = record->event_id.n,
    };
    char *note = kb_arena_alloc(&intake->arena, sizeof place + record->event_id.n);
    memcpy(note, &place, sizeof place);
    if (record->event_id.n > 0) {
        memcpy(note + sizeof place, record->event_id.p, record->event_id.n);
    }
    return (struct kb_str){note, sizeof place + record->event_id.n};
}

static void cover_event(struct kb_intake *intake, const struct kb_log_item *item, unsigned stream)
{
    const struct kb_event *event = item->event;
    int64_t ingestion_ms = item->record->ingestion_ms;
    struct kb_event_seen seen = {
        .stream = stream,
        .time_ns = item->time_ns,
        .ingestion_ns = kb_record_ns(ingestion_ms),
        .level = kb_event_level(event),
        .api_group = kb_event_str(event, KB_M_REF_GROUP, &intake->arena),
        .resource = kb_event_str(event, KB_M_REF_RESOURCE, &intake->arena),
        .subresource = kb_event_str(event, KB_M_REF_SUBRESOURCE, &intake->arena),
        .verb = kb_event_str(event, KB_M_VERB, &intake->arena),
    };
    kb_cover_event(intake->cover, &seen);
    if (item->record->truncated) {
        kb_cover_count(intake->cover, stream, KB_COUNT_TRUNCATED);
    }
}

static void take_event(struct kb_intake *intake, const struct kb_log_item *item, unsigned stream)
{
    struct kb_cover *cover = intake->cover;
    struct kb_join_record record = join_record(intake, item->event, stream);
    if (record.stage == KB_JOIN_RECEIVED) {
        record.note = note_of(intake, item, stream);
    }
    enum kb_join_action action = kb_join_add(intake->join, &record);
    if (action == KB_JOIN_COPY) {
        kb_cover_count(cover, stream, KB_COUNT_DUPLICATES);
        intake->inputs.at[item->input].counts.duplicates++;
        return;
    }
    cover_event(intake, item, stream);
    if (action == KB_JOIN_CONFLICT) {
        kb_cover_count(cover, stream, KB_COUNT_CONFLICTS);
        intake->inputs.at[item->input].counts.conflicts++;
    }
    if (action == KB_JOIN_JUDGE || action == KB_JOIN_CONFLICT) {
        give_event(intake,
                   &(struct kb_read_event){.event = item->event,
                                           .record = item->record,
                                           .source = source_of(intake, item->input),
                                           .input = item->input,
                                           .sequence = item->sequence,
                                           .time_ns = item->time_ns,
                                           .conflict = action == KB_JOIN_CONFLICT},
                   stream);
    }
}

static void take_line(struct kb_intake *intake, const struct kb_log_item *item)
{
    if (intake->options.on_line != NULL) {
        struct kb_read_line line = {item->record, source_of(intake, item->input), item->input,
                                    item->sequence};
        intake->go_on = intake->options.on_line(intake->options.ctx, &line) && intake->go_on;
    }
}

static unsigned stream_of(struct kb_intake *intake, const struct kb_log_item *item)
{
    struct kb_str name = item->record->stream;
    return kb_cover_stream(intake->cover,
                           name.n > 0 ? name : source_of(intake, item->input));
}

static void take_item(struct kb_intake *intake, const struct kb_log_item *item)
{
    switch (item->record->kind) {
    case KB_RECORD_EVENT:
        if (in_time(&intake->options, item->time_ns)) {
            take_event(intake, item, stream_of(intake, item));
        }
        break;
    case KB_RECORD_AUTHENTICATOR:
        take_line(intake, item);
        break;
    case KB_RECORD_BAD:
        kb_cover_count(intake->cover, stream_of(intake, item), KB_COUNT_MALFORMED);
        break;
    case KB_RECORD_OTHER:
    case KB_RECORD_END:
        break;
    }
}

static void know_input(struct kb_intake *intake, unsigned input, struct kb_str source)
{
    while (intake->inputs.n <= input) {
        (void)KB_VEC_PUSH(&intake->inputs);
    }
    if (intake->inputs.at[input].source.n == 0) {
        intake->inputs.at[input].source = kb_arena_copy(&intake->names, source);
    }
}

bool kb_intake_add(struct kb_intake *intake, const struct kb_log_item *item, struct kb_str source)
{
    know_input(intake, item->input, source);
    take_item(intake, item);
    kb_arena_reset(&intake->arena);
    return intake->go_on;
}

void kb_intake_finish(struct kb_intake *intake)
{
    kb_join_finish(intake->join);
    kb_cover_finish(intake->cover);
}

struct kb_intake *kb_intake_new(const struct kb_intake_options *options, struct kb_cover *cover)
{
    struct kb_intake *intake = kb_alloc(sizeof *intake);
    intake->options = *options;
    intake->cover = cover;
    intake->join = kb_join_new(give_orphan, intake);
    intake->go_on = true;
    return intake;
}

void kb_intake_free(struct kb_intake *intake)
{
    if (intake == NULL) {
        return;
    }
    kb_join_free(intake->join);
    kb_arena_done(&intake->arena);
    kb_arena_done(&intake->names);
    KB_VEC_DONE(&intake->inputs);
    kb_free(intake);
}

struct kb_intake_counts kb_intake_counts(const struct kb_intake *intake, unsigned input)
{
    return input < intake->inputs.n ? intake->inputs.at[input].counts
                                    : (struct kb_intake_counts){0};
}

uint64_t kb_intake_orphans(const struct kb_intake *intake, unsigned stream)
{
    return kb_join_open_count(intake->join, stream);
}

uint64_t kb_intake_forgotten(const struct kb_intake *intake)
{
    return kb_join_forgotten(intake->join);
}

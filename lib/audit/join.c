/*
 * The request table. Two bounded tables: recent records (first in, first out), and requests that
 * have begun. Knows hashes only; what an event looks like is told by the caller.
 */
#include "audit/join.h"

#include <stdlib.h>
#include <string.h>

struct recent {
    uint64_t audit_stage;
    uint64_t request;
    uint64_t digest;
};

struct open_request {
    uint64_t request; /* 0: free */
    uint64_t age;     /* order of arrival */
    unsigned stream;
    bool judged;
    char *text; /* of a held record, else NULL */
    size_t text_n;
    size_t note_n; /* follows the text */
};

enum { RECENT_SLOTS = KB_JOIN_RECENT * 2, OPEN_SLOTS = KB_JOIN_OPEN * 2 };

struct kb_join {
    struct recent *ring;
    uint32_t *slots; /* ring index + 1 */
    size_t next;     /* ring place to be written next */
    size_t used;
    struct open_request *open; /* open addressing by request */
    size_t open_used;
    uint64_t age;
    uint64_t oldest; /* no open request is older than this */
    size_t held_bytes;
    uint64_t forgotten;
    uint64_t *open_by_stream;
    size_t stream_cap;
    kb_join_orphan_fn *orphan;
    void *ctx;
};

struct kb_join *kb_join_new(kb_join_orphan_fn *orphan, void *ctx)
{
    struct kb_join *join = kb_alloc(sizeof *join);
    join->ring = kb_alloc(sizeof *join->ring * KB_JOIN_RECENT);
    join->slots = kb_alloc(sizeof *join->slots * RECENT_SLOTS);
    join->open = kb_alloc(sizeof *join->open * OPEN_SLOTS);
    join->orphan = orphan;
    join->ctx = ctx;
    return join;
}

void kb_join_free(struct kb_join *join)
{
    if (join == NULL) {
        return;
    }
    for (size_t i = 0; join->held_bytes > 0 && i < OPEN_SLOTS; i++) {
        kb_free(join->open[i].text);
    }
    kb_free(join->ring);
    kb_free(join->slots);
    kb_free(join->open);
    kb_free(join->open_by_stream);
    kb_free(join);
}

/* Recent records --------------------------------------------------------------------------- */

static size_t recent_slot(const struct kb_join *join, uint64_t audit_stage)
{
    size_t slot = (size_t)audit_stage & (RECENT_SLOTS - 1);
    while (join->slots[slot] != 0 &&
           join->ring[join->slots[slot] - 1].audit_stage != audit_stage) {
        slot = (slot + 1) & (RECENT_SLOTS - 1);
    }
    return slot;
}

static const struct recent *recent_find(const struct kb_join *join, uint64_t audit_stage)
{
    uint32_t at = join->slots[recent_slot(join, audit_stage)];
    return at == 0 ? NULL : &join->ring[at - 1];
}

/* Linear probing without tombstones: what follows the hole and may move back does. */
static void recent_remove(struct kb_join *join, uint64_t audit_stage)
{
    const size_t mask = RECENT_SLOTS - 1;
    size_t hole = recent_slot(join, audit_stage);
    size_t at = hole;
    for (;;) {
        at = (at + 1) & mask;
        if (join->slots[at] == 0) {
            break;
        }
        size_t home = (size_t)join->ring[join->slots[at] - 1].audit_stage & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            join->slots[hole] = join->slots[at];
            hole = at;
        }
    }
    join->slots[hole] = 0;
}

/* Keep the newest content of an auditID and stage; the oldest record makes room. */
static void recent_add(struct kb_join *join, const struct kb_join_record *record)
{
    size_t slot = recent_slot(join, record->audit_stage);
    struct recent *entry;
    if (join->slots[slot] != 0) {
        entry = &join->ring[join->slots[slot] - 1];
    } else {
        if (join->used == KB_JOIN_RECENT) {
            recent_remove(join, join->ring[join->next].audit_stage);
            slot = recent_slot(join, record->audit_stage);
        } else {
            join->used++;
        }
        entry = &join->ring[join->next];
        join->slots[slot] = (uint32_t)join->next + 1;
        join->next = (join->next + 1) % KB_JOIN_RECENT;
    }
    *entry = (struct recent){record->audit_stage, record->request, record->digest};
}

/* Begun requests --------------------------------------------------------------------------- */

static struct open_request *open_slot(const struct kb_join *join, uint64_t request)
{
    size_t slot = (size_t)request & (OPEN_SLOTS - 1);
    while (join->open[slot].request != 0 && join->open[slot].request != request) {
        slot = (slot + 1) & (OPEN_SLOTS - 1);
    }
    return &join->open[slot];
}

static uint64_t *stream_open(struct kb_join *join, unsigned stream)
{
    if (stream >= join->stream_cap) {
        join->open_by_stream =
            kb_vec_grow(join->open_by_stream, &join->stream_cap, (size_t)stream + 1,
                        sizeof *join->open_by_stream);
    }
    return &join->open_by_stream[stream];
}

static void drop_text(struct kb_join *join, struct open_request *request)
{
    join->held_bytes -= request->text_n + request->note_n;
    kb_free(request->text);
    request->text = NULL;
    request->text_n = 0;
    request->note_n = 0;
}

static void open_remove(struct kb_join *join, struct open_request *request)
{
    const size_t mask = OPEN_SLOTS - 1;
    size_t hole = (size_t)(request - join->open);
    size_t at = hole;
    drop_text(join, request);
    (*stream_open(join, request->stream))--;
    join->open_used--;
    for (;;) {
        at = (at + 1) & mask;
        if (join->open[at].request == 0) {
            break;
        }
        size_t home = (size_t)join->open[at].request & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            join->open[hole] = join->open[at];
            hole = at;
        }
    }
    join->open[hole] = (struct open_request){0};
}

static void give_orphan(struct kb_join *join, const struct open_request *request)
{
    struct kb_str text = {request->text, request->text_n};
    struct kb_str note = {request->text + request->text_n, request->note_n};
    join->orphan(join->ctx, text, note);
}

static int by_age(const void *a, const void *b)
{
    const struct open_request *const *x = a;
    const struct open_request *const *y = b;
    return (*x)->age < (*y)->age ? -1 : (*x)->age > (*y)->age;
}

/* Judge the oldest held requests as they are, until at most `keep` bytes are held. */
static void release_held(struct kb_join *join, size_t keep)
{
    KB_VEC(struct open_request *) held = {0};
    for (size_t i = 0; join->held_bytes > keep && i < OPEN_SLOTS; i++) {
        if (join->open[i].request != 0 && join->open[i].text != NULL) {
            struct open_request **at = KB_VEC_PUSH(&held);
            *at = &join->open[i];
        }
    }
    if (held.n > 0) {
        qsort(held.at, held.n, sizeof *held.at, by_age);
    }
    for (size_t i = 0; i < held.n && join->held_bytes > keep; i++) {
        give_orphan(join, held.at[i]);
        drop_text(join, held.at[i]);
        held.at[i]->judged = true;
    }
    KB_VEC_DONE(&held);
}

/* A quarter of the table goes at once, so that scanning for the oldest stays rare. */
static void forget_oldest(struct kb_join *join)
{
    uint64_t limit = join->oldest + (join->age - join->oldest) / 4;
    join->oldest = limit;
    for (size_t i = 0; i < OPEN_SLOTS; i++) {
        while (join->open[i].request != 0 && join->open[i].age <= limit) {
            if (join->open[i].text != NULL) {
                give_orphan(join, &join->open[i]);
            }
            join->forgotten++;
            open_remove(join, &join->open[i]);
        }
    }
}

static struct open_request *open_add(struct kb_join *join, const struct kb_join_record *record)
{
    while (join->open_used >= KB_JOIN_OPEN) {
        forget_oldest(join);
    }
    struct open_request *request = open_slot(join, record->request);
    *request = (struct open_request){
        .request = record->request, .age = ++join->age, .stream = record->stream};
    join->open_used++;
    (*stream_open(join, record->stream))++;
    return request;
}

static enum kb_join_action hold(struct kb_join *join, const struct kb_join_record *record)
{
    size_t n = record->text.n + record->note.n;
    if (join->held_bytes + n > KB_JOIN_HELD_BYTES) {
        release_held(join, KB_JOIN_HELD_BYTES / 4 * 3);
    }
    struct open_request *request = open_add(join, record);
    if (n > KB_JOIN_HELD_BYTES / 8) {
        request->judged = true;
        return KB_JOIN_JUDGE;
    }
    request->text = kb_alloc(n);
    memcpy(request->text, record->text.p, record->text.n);
    if (record->note.n > 0) {
        memcpy(request->text + record->text.n, record->note.p, record->note.n);
    }
    request->text_n = record->text.n;
    request->note_n = record->note.n;
    join->held_bytes += n;
    return KB_JOIN_HOLD;
}

static bool ended_before(const struct kb_join *join, const struct kb_join_record *record)
{
    const struct recent *end = recent_find(join, record->audit_complete);
    return end != NULL && end->request == record->request;
}

static enum kb_join_action start(struct kb_join *join, const struct kb_join_record *record)
{
    if (ended_before(join, record)) {
        return KB_JOIN_STAGE;
    }
    struct open_request *request = open_slot(join, record->request);
    if (request->request == 0) {
        if (record->stage == KB_JOIN_RECEIVED) {
            return hold(join, record);
        }
        request = open_add(join, record);
    }
    bool judged = request->judged || record->stage == KB_JOIN_RECEIVED;
    request->judged = true;
    drop_text(join, request);
    return judged ? KB_JOIN_STAGE : KB_JOIN_JUDGE;
}

static enum kb_join_action complete(struct kb_join *join, const struct kb_join_record *record)
{
    struct open_request *request = open_slot(join, record->request);
    if (request->request == 0) {
        return KB_JOIN_JUDGE;
    }
    bool judged = request->judged;
    open_remove(join, request);
    return judged ? KB_JOIN_STAGE : KB_JOIN_JUDGE;
}

enum kb_join_action kb_join_add(struct kb_join *join, const struct kb_join_record *record)
{
    if (!record->has_id) {
        return KB_JOIN_JUDGE;
    }
    const struct recent *same = recent_find(join, record->audit_stage);
    bool conflict = same != NULL && same->digest != record->digest;
    if (same != NULL && !conflict) {
        return KB_JOIN_COPY;
    }
    recent_add(join, record);
    if (conflict) {
        return KB_JOIN_CONFLICT;
    }
    return record->stage == KB_JOIN_COMPLETE ? complete(join, record) : start(join, record);
}

void kb_join_finish(struct kb_join *join)
{
    release_held(join, 0);
}

uint64_t kb_join_open_count(const struct kb_join *join, unsigned stream)
{
    return stream < join->stream_cap ? join->open_by_stream[stream] : 0;
}

uint64_t kb_join_forgotten(const struct kb_join *join)
{
    return join->forgotten;
}

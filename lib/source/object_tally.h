/*
 * The account of what came of each kind, and the guard against an object that is given twice.
 */
#ifndef KB_SOURCE_OBJECT_TALLY_H
#define KB_SOURCE_OBJECT_TALLY_H

#include "base/map.h"
#include "data/object.h"

struct kb_kind_tally {
    bool listed;          /* came in a list */
    bool in_file;         /* came in the file being read */
    uint64_t items, files;
    struct kb_str source; /* the first file */
    struct kb_str problem; /* why a list is not whole; empty */
    struct kb_str resource_version;
};

struct kb_object_tally {
    const struct kb_object_sink *sink;
    struct kb_arena arena;
    struct kb_kind_tally kind[KB_KIND_COUNT];
    struct kb_map seen;   /* "Kind/namespace/name" → hash of uid and resourceVersion */
    struct kb_map others; /* "apiVersion kind" → number of objects */
};

void kb_object_tally_init(struct kb_object_tally *tally, const struct kb_object_sink *sink);
void kb_object_tally_done(struct kb_object_tally *tally);

void kb_object_tally_begin_file(struct kb_object_tally *tally);
/* Pass an object on, once: a copy is dropped; another object of the same name is rejected, and its kind
 * is not whole. */
void kb_object_tally_object(struct kb_object_tally *tally, const struct kb_object *object);
/* The kind came in a list of this file. */
void kb_object_tally_list(struct kb_object_tally *tally, const struct kb_kind *kind,
                          struct kb_str source, struct kb_str resource_version);
void kb_object_tally_other(struct kb_object_tally *tally, const json_t *json);
/* The kind is not whole, and why; NULL: every kind of the file being read. */
void kb_object_tally_problem(struct kb_object_tally *tally, const struct kb_kind *kind,
                             struct kb_str why);
/* Give the sink its reports. */
void kb_object_tally_report(const struct kb_object_tally *tally);

#endif

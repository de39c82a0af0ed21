/*
 * A Kubernetes object on its way from a source to what judges: a view of its metadata over its
 * JSON tree, and what the source says of the list that it came from.
 *
 * Sources (API server, files, snapshot) push objects into a sink, one by one, and close each kind
 * with a report. Nothing may keep a pointer into an object after the call.
 */
#ifndef KB_DATA_OBJECT_H
#define KB_DATA_OBJECT_H

#include "data/json.h"
#include "data/kind.h"

struct kb_object {
    const struct kb_kind *kind;
    struct kb_str name_space; /* empty for cluster scope */
    struct kb_str name;
    struct kb_str uid, resource_version; /* empty where the object (a manifest) has none */
    int64_t created_ns;                  /* since 1970; KB_OBJECT_NO_TIME */
    const json_t *json;                  /* the whole object, borrowed */
    struct kb_str source;                /* display name of the file, or the URL's path */
    struct kb_str locator;               /* where in it: "document 3, item 12"; may be empty */
};

#define KB_OBJECT_NO_TIME INT64_MIN

/*
 * View of `json`. `kind` NULL: told from apiVersion and kind. Fails with KB_ERR_UNSUPPORTED where the
 * kind is not one of kb_kinds, and with KB_ERR_INVALID where it is no object of Kubernetes (no kind, no
 * metadata.name, or one of another type than text). Texts are borrowed from `json`.
 */
KB_RES kb_object_view(const struct kb_kind *kind, const json_t *json, struct kb_object *out,
                      struct kb_err *err);

/* "Kind/namespace/name" or "Kind/name". */
struct kb_str kb_object_name(struct kb_arena *arena, const struct kb_object *object);

/* Whether it is a list whose elements are written as null, as Go writes a list without any. */
bool kb_object_is_empty_list(const json_t *json);

/* metadata.labels and metadata.annotations; NULL where there are none. Borrowed. */
const json_t *kb_object_labels(const struct kb_object *object);
const json_t *kb_object_annotations(const struct kb_object *object);

/* What became of one kind in one source. From better to worse: the worst of several sources counts. */
#define KB_LIST_STATES(X)                                                                          \
    X(KB_LIST_COMPLETE, "complete")                                                                \
    X(KB_LIST_ABSENT, "not installed")   /* the API is not served here: nothing can be there */    \
    X(KB_LIST_PARTIAL, "incomplete")     /* some were read: the rest was cut, damaged, or not given */ \
    X(KB_LIST_FORBIDDEN, "forbidden")                                                              \
    X(KB_LIST_FAILED, "failed")          /* the call failed */                                     \
    X(KB_LIST_NOT_READ, "not read")      /* nobody asked for it */
#define KB_FIRST(sym, id) sym,
enum kb_list_state { KB_LIST_STATES(KB_FIRST) KB_LIST_STATE_COUNT };
#undef KB_FIRST
const char *kb_list_state_name(enum kb_list_state state);

struct kb_list_report {
    const struct kb_kind *kind;
    enum kb_list_state state;
    uint64_t items, pages, bytes;
    struct kb_str source;           /* as in the objects */
    struct kb_str resource_version; /* of the list; empty where there is none */
    struct kb_str reason;           /* why it is not complete, for people, with what would mend it; empty */
};

struct kb_object_sink {
    void *ctx;
    void (*object)(void *ctx, const struct kb_object *object);
    /* After the last object of the kind in this source, or instead of any. */
    void (*list)(void *ctx, const struct kb_list_report *report);
    /* An item that is no readable object, and why. */
    void (*rejected)(void *ctx, struct kb_str source, struct kb_str locator, const struct kb_err *why);
    /* So many readable objects of a kind that is not read ("Event", "v1"), at the end of a source. */
    void (*other)(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count);
};

#endif

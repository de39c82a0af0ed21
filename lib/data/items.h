/*
 * Lists of Kubernetes objects, sliced out of a byte stream item by item.
 *
 * Bytes are pushed in pieces of any size; each element of a top-level `items` array (or of a top-level
 * array) is given as its own JSON text when it has ended, so that a list of any length needs the room
 * of its largest item. A document that is no list is given whole. What is not wanted never gets into
 * memory: managedFields, the last-applied annotation, and the data of Secrets and ConfigMaps (but for
 * the keys of aws-auth, the switch of network policies, and texts of Velero's resource policies) are replaced by null on the way. The slicer looks at structure only: whether
 * the text is JSON is for the parser of each piece to say.
 */
#ifndef KB_DATA_ITEMS_H
#define KB_DATA_ITEMS_H

#include "base/err.h"
#include "base/mem.h"

struct kb_items_sink {
    void *ctx;
    /* One element of a list; `document` and `index` count from 1. The text is valid during the call. */
    void (*item)(void *ctx, struct kb_str text, uint64_t document, uint64_t index);
    /* The end of a document: a list with `items` elements, without them, or a whole object. */
    void (*document)(void *ctx, struct kb_str text, bool list, uint64_t document, uint64_t items);
    /* An element, or a document (index 0), over KB_MAX_RECORD bytes: passed over. */
    void (*too_large)(void *ctx, uint64_t document, uint64_t index);
};

struct kb_items;

struct kb_items *kb_items_new(const struct kb_items_sink *sink);
void kb_items_free(struct kb_items *items);

/* Take the next bytes. KB_ERR_SYNTAX, with the offset, where a document begins with something that is
 * neither object nor array; nothing more is taken then. */
KB_RES kb_items_feed(struct kb_items *items, struct kb_str bytes, struct kb_err *err);
/* The end of the stream: KB_ERR_CORRUPT where it is within a document. */
KB_RES kb_items_finish(struct kb_items *items, struct kb_err *err);

/* kind and apiVersion of the document so far; empty where they have not come yet. */
struct kb_str kb_items_kind(const struct kb_items *items);
struct kb_str kb_items_api_version(const struct kb_items *items);

#endif

/*
 * YAML files of objects, document by document, so that a file may hold any number of them.
 */
#ifndef KB_SOURCE_OBJECT_YAML_H
#define KB_SOURCE_OBJECT_YAML_H

#include "data/bytes.h"
#include "data/json.h"

struct kb_object_yaml_sink {
    void *ctx;
    /* One document that is a map; it is freed after the call. `line` is where it begins. */
    void (*document)(void *ctx, json_t *json, uint64_t line);
    /* A document that could not be read. */
    void (*damaged)(void *ctx, const struct kb_err *why);
};

/* Read `head`, then `in`. A document that is no map (a log's text) is passed over. KB_ERR_LIMIT where
 * one is larger than KB_MAX_YAML_BYTES. */
KB_RES kb_object_yaml_read(struct kb_bytes in, struct kb_str head,
                           const struct kb_object_yaml_sink *sink, struct kb_err *err);

#endif

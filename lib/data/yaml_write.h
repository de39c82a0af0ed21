/* JSON as YAML, as kubectl writes it: two spaces, lists as deep as their key, quotes where they are needed. */
#ifndef KB_DATA_YAML_WRITE_H
#define KB_DATA_YAML_WRITE_H

#include "data/json.h"

/* A document without "---"; keys in their order. Texts that another reader might take for something else than a text,
 * and those with anything but plain characters, are in double quotes. */
void kb_yaml_write(const json_t *value, struct kb_buf *out);

#endif

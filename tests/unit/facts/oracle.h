/*
 * What columns of audit.event must be, read from a jansson tree in the plainest way.
 */
#ifndef KB_TESTS_UNIT_FACTS_ORACLE_H
#define KB_TESTS_UNIT_FACTS_ORACLE_H

#include <jansson.h>

#include "base/mem.h"

struct oracle_column {
    const char *name; /* of the column */
    const char *path; /* "user/username"; for the body: below the written object */
    enum { ORACLE_STRING, ORACLE_STRINGS, ORACLE_MAP, ORACLE_LISTS, ORACLE_INT } type;
    bool body; /* of the object that was written, where it is whole; else the column is not compared
                */
};

extern const struct oracle_column oracle_columns[];
extern const size_t oracle_column_count;

/* The column's text as show_value writes it. False where the oracle has no opinion. */
bool oracle_show(const json_t *event, const struct oracle_column *column, struct kb_buf *out);

/* Of all containers of the written object, "privileged" and the images; -1 and false where there is
 * no opinion. */
int oracle_privileged(const json_t *event);
bool oracle_images(const json_t *event, struct kb_buf *out);

#endif

/* A table that a command prints: for people, as JSON, or as CSV. */
#ifndef KB_CMD_LISTING_H
#define KB_CMD_LISTING_H

#include "kube-baseline/app.h"

enum { KB_LISTING_COLUMNS = 12 };

struct kb_listing {
    const char *const *columns; /* keys in JSON; in capitals the heads of the table */
    size_t column_count;
    struct kb_arena arena;
    KB_VEC(const struct kb_str *) rows;
};

/* `columns` is NULL-terminated, at most KB_LISTING_COLUMNS, and outlives the listing. */
void kb_listing_init(struct kb_listing *listing, const char *const *columns);
void kb_listing_done(struct kb_listing *listing);
/* One row; the cells are copied. Foreign text is fine: it is escaped where it is printed. */
void kb_listing_add(struct kb_listing *listing, const struct kb_str *cells);
/* To standard output, as -o says: text (nothing but `none` where there are no rows), json or csv. By `status`, the
 * exit status so far, `none` is said of all there is, or of what was read. */
void kb_listing_print(struct kb_app *app, const struct kb_listing *listing, int status, const char *none);

#endif

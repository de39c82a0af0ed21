/*
 * Fact tables: rows of one kind with typed columns, built in C, which controls judge.
 *
 * One table is one file in this folder and one line in registry.c. The same column rows feed the
 * expression checker, `baseline columns`, the documentation and the printing of evidence.
 */
#ifndef KB_FACTS_TABLE_H
#define KB_FACTS_TABLE_H

#include "cel/cel.h"

enum kb_presence {
    KB_ALWAYS,  /* has a value in every row (Kubernetes' default where the record has none), or is unknown */
    KB_OPTIONAL /* may be absent; expressions must ask has(column) first */
};

struct kb_column {
    const char *name; /* "user", "workload.privileged" */
    const char *type; /* CEL type text: "string", "list(string)", "timestamp" … */
    enum kb_presence presence;
    /* Value of the column in a native row; may be KB_CEL_UNKNOWN, or KB_CEL_ABSENT where optional. Texts
     * live in the row or in `arena` (one row's lifetime). NULL where a table's rows are computed whole. */
    void (*get)(const void *row, struct kb_arena *arena, struct kb_cel_val *out);
    const char *doc; /* one or two sentences */
};

/* Where a row came from: one line of evidence. */
struct kb_evidence {
    struct kb_str source;  /* display name of the file, or the log group */
    struct kb_str locator; /* "line 812, byte 1204411", "stream …, event …" */
    struct kb_str audit_id; /* empty where there is none */
};

/* What the engine needs to know of a row beside its columns. All texts live as long as the row. */
struct kb_row_info {
    struct kb_str object;     /* Kind/namespace/name, Kind/name, or an ARN */
    struct kb_str name_space; /* for ownership; empty for cluster scope */
    struct kb_str subject;    /* who acted, for ownership */
    struct kb_evidence evidence;
    int64_t time_ns;          /* event time, since 1970; INT64_MIN where the row has none */
    struct kb_str order;      /* breaks ties of time: unique in one reading (input, offset) */
};

struct kb_row_ops {
    void (*get)(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out);
    void (*info)(const void *data, struct kb_arena *arena, struct kb_row_info *out);
};

struct kb_table;
struct kb_row {
    const struct kb_table *table;
    const struct kb_row_ops *ops;
    const void *data;
};

struct kb_table {
    const char *name; /* "audit.event" */
    const char *doc;
    const struct kb_column *columns;
    size_t n;
    const char *index_column; /* a string column by which controls are pre-selected, or NULL ("resource") */
};

/* All tables there are, in the order of `baseline columns`. */
extern const struct kb_table *const kb_tables[];
extern const size_t kb_table_count;

/* By name, or NULL. */
const struct kb_table *kb_table_find(struct kb_str name);
/* Number of a column, or -1. */
int kb_table_column(const struct kb_table *table, struct kb_str name);
/* The table name most like `name`, for "did you mean"; NULL where none is near. */
const char *kb_table_suggest(struct kb_str name);
/* The same for a column's name. */
const char *kb_table_suggest_column(const struct kb_table *table, struct kb_str name);
/* The value a column has where a case or a JSON row does not mention it: "" 0 false [] {} for columns
 * that are always there (timestamps: 1970-01-01T00:00:00Z), absent for optional ones. */
void kb_column_default(const struct kb_column *column, struct kb_cel_val *out);

#endif

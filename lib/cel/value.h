/*
 * CEL values and types.
 *
 * A value is 24 bytes, by value; what it points to lives in an arena or in the caller's row and
 * stays valid for one evaluation. Errors and unknowns are values: they travel through operators by
 * CEL's rules (google/cel-spec, doc/langdef.md, "Runtime Errors", "Partial State").
 */
#ifndef KB_CEL_VALUE_H
#define KB_CEL_VALUE_H

#include "base/mem.h"

enum kb_cel_kind {
    KB_CEL_NULL,
    KB_CEL_BOOL,
    KB_CEL_INT,
    KB_CEL_UINT,
    KB_CEL_DOUBLE,
    KB_CEL_STRING,
    KB_CEL_BYTES,
    KB_CEL_LIST,
    KB_CEL_MAP,
    KB_CEL_TIMESTAMP, /* time */
    KB_CEL_DURATION,  /* i: nanoseconds */
    KB_CEL_TYPE,      /* s: the type's name */
    KB_CEL_OPTIONAL,  /* opt: NULL = optional.none() */
    KB_CEL_OBJECT,  /* obj: an opaque value of an extension (quantity, ip, cidr, url, semver …) */
    KB_CEL_ERROR,   /* s: the message */
    KB_CEL_UNKNOWN, /* unknown: why */
    KB_CEL_ABSENT   /* only from kb_cel_activation.get: an optional variable without a value */
};

struct kb_cel_val;

struct kb_cel_list {
    const struct kb_cel_val *items;
    size_t n;
};

struct kb_cel_map_entry;
struct kb_cel_map {
    const struct kb_cel_map_entry *entries; /* in order of insertion; keys are distinct */
    size_t n;
};

/* One attribute whose value is not known, such as `workload.privileged`. */
struct kb_cel_unknown {
    struct kb_str attribute;
    struct kb_str reason; /* "level Metadata carries no body", "truncated", "forbidden" … */
    const struct kb_cel_unknown *next;
};

struct kb_cel_object_type;
struct kb_cel_object {
    const struct kb_cel_object_type *type;
};

struct kb_cel_val {
    uint8_t kind;  /* enum kb_cel_kind */
    int16_t zone;  /* TIMESTAMP: minutes east of UTC in which it was written; for its text only */
    int32_t nanos; /* TIMESTAMP: 0 … 999,999,999 */
    union {
        bool b;
        int64_t i; /* INT; DURATION: nanoseconds; TIMESTAMP: seconds since 1970 */
        uint64_t u;
        double d;
        struct kb_str s; /* STRING, BYTES, TYPE, ERROR */
        const struct kb_cel_list *list;
        const struct kb_cel_map *map;
        const struct kb_cel_val *opt;
        const struct kb_cel_object *obj;
        const struct kb_cel_unknown *unknown;
    };
};

struct kb_cel_map_entry {
    struct kb_cel_val key;
    struct kb_cel_val value;
};

/* An extension's opaque type: how its values compare and print. */
struct kb_cel_object_type {
    const char *name; /* as type(x) prints it, such as "net.IP" */
    bool (*equal)(const struct kb_cel_object *a, const struct kb_cel_object *b);
    struct kb_str (*text)(const struct kb_cel_object *object, struct kb_arena *arena);
};

static inline struct kb_cel_val kb_cel_null(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_NULL};
}
static inline struct kb_cel_val kb_cel_bool(bool b)
{
    return (struct kb_cel_val){.kind = KB_CEL_BOOL, .b = b};
}
static inline struct kb_cel_val kb_cel_int(int64_t i)
{
    return (struct kb_cel_val){.kind = KB_CEL_INT, .i = i};
}
static inline struct kb_cel_val kb_cel_uint(uint64_t u)
{
    return (struct kb_cel_val){.kind = KB_CEL_UINT, .u = u};
}
static inline struct kb_cel_val kb_cel_double(double d)
{
    return (struct kb_cel_val){.kind = KB_CEL_DOUBLE, .d = d};
}
static inline struct kb_cel_val kb_cel_string(struct kb_str s)
{
    return (struct kb_cel_val){.kind = KB_CEL_STRING, .s = s};
}
static inline struct kb_cel_val kb_cel_bytes(struct kb_str s)
{
    return (struct kb_cel_val){.kind = KB_CEL_BYTES, .s = s};
}
static inline struct kb_cel_val kb_cel_duration(int64_t ns)
{
    return (struct kb_cel_val){.kind = KB_CEL_DURATION, .i = ns};
}
static inline struct kb_cel_val kb_cel_timestamp(int64_t seconds, int32_t nanos)
{
    return (struct kb_cel_val){.kind = KB_CEL_TIMESTAMP, .nanos = nanos, .i = seconds};
}
static inline struct kb_cel_val kb_cel_list(const struct kb_cel_list *list)
{
    return (struct kb_cel_val){.kind = KB_CEL_LIST, .list = list};
}
static inline struct kb_cel_val kb_cel_map(const struct kb_cel_map *map)
{
    return (struct kb_cel_val){.kind = KB_CEL_MAP, .map = map};
}
static inline struct kb_cel_val kb_cel_absent(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_ABSENT};
}

/* An error value; the message is copied into the arena. */
struct kb_cel_val kb_cel_error(struct kb_arena *arena, const char *fmt, ...) KB_PRINTF(2, 3);
/* An unknown value of one attribute. The texts must outlive the evaluation. */
struct kb_cel_val kb_cel_unknown(struct kb_arena *arena, struct kb_str attribute,
                                 struct kb_str reason);

/* Both unknowns' attributes, each once. */
struct kb_cel_val kb_cel_merge_unknown(struct kb_arena *arena, struct kb_cel_val a,
                                       struct kb_cel_val b);

enum { KB_CEL_UNORDERED = 2 };
/* Order of two numbers of any kinds: -1, 0, 1; KB_CEL_UNORDERED with a NaN. */
int kb_cel_order_numbers(const struct kb_cel_val *a, const struct kb_cel_val *b);
/* CEL equality (heterogeneous numbers, lists, maps); never an error. */
bool kb_cel_equal(const struct kb_cel_val *a, const struct kb_cel_val *b);
/* The same with a bound: *left falls by one for each value compared; where it is 0 at the end, the
 * answer is not known. */
bool kb_cel_equal_within(const struct kb_cel_val *a, const struct kb_cel_val *b, uint64_t *left);
/* Name of the value's type as type() gives it: "int", "list", "google.protobuf.Timestamp", … */
struct kb_str kb_cel_type_name(const struct kb_cel_val *v);
/* A map's value for a key, or NULL. */
const struct kb_cel_val *kb_cel_map_find(const struct kb_cel_map *map,
                                         const struct kb_cel_val *key);
/* The value as text for people and reports: strings bare at the top, lists as ["a", "b"],
 * times in RFC 3339, durations as Go prints them. */
void kb_cel_print(const struct kb_cel_val *v, struct kb_buf *out);

/* Static types, interned in the environment that made them: equal types, equal pointers. */
enum kb_cel_type_kind {
    KB_CEL_T_DYN,
    KB_CEL_T_NULL,
    KB_CEL_T_BOOL,
    KB_CEL_T_INT,
    KB_CEL_T_UINT,
    KB_CEL_T_DOUBLE,
    KB_CEL_T_STRING,
    KB_CEL_T_BYTES,
    KB_CEL_T_TIMESTAMP,
    KB_CEL_T_DURATION,
    KB_CEL_T_LIST,     /* param[0] */
    KB_CEL_T_MAP,      /* param[0], param[1] */
    KB_CEL_T_TYPE,     /* param[0]; NULL: of any type */
    KB_CEL_T_OPTIONAL, /* param[0] */
    KB_CEL_T_OBJECT,   /* name, and up to two params */
    KB_CEL_T_PARAM,    /* name: a type variable of a function's signature, such as A */
    KB_CEL_T_ERROR
};

struct kb_cel_type {
    enum kb_cel_type_kind kind;
    struct kb_str name;
    const struct kb_cel_type *param[2];
    uint32_t var;  /* PARAM: its number while one expression is checked; 0 in signatures */
    uint32_t size; /* nodes, to bound types that grow by doubling */
    bool open;     /* has type variables */
};

#endif

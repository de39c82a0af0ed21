/*
 * Members of AWS's answers. The CLI writes some services in camelCase and some in PascalCase, and the
 * wire is not always as the CLI: a key counts with its first letter in either case.
 */
#ifndef KB_FACTS_AWS_JSON_H
#define KB_FACTS_AWS_JSON_H

#include "cel/value.h"
#include "data/json.h"

/* NULL where there is no such member. Borrowed. */
json_t *kb_aws_get(const json_t *object, const char *key);
/* Member of a member: "health.issues". NULL where the way ends. */
json_t *kb_aws_dig(const json_t *object, const char *way);
/* Empty where the member is no text. Borrowed. */
struct kb_str kb_aws_text(const json_t *object, const char *key);
bool kb_aws_is(const json_t *object, const char *key, const char *text);
/* Whether the member is true. */
bool kb_aws_true(const json_t *object, const char *key);
int64_t kb_aws_int(const json_t *object, const char *key, int64_t none);
/* Whether the array holds this text. */
bool kb_aws_has(const json_t *array, struct kb_str text);

/* A moment as ISO text or, as some services write it, in seconds since 1970; false where it is neither. */
bool kb_aws_moment(const json_t *object, const char *key, int64_t *seconds);

/* Column values: unknown where the member is not of the type. */
struct kb_cel_val kb_aws_bool_or_unknown(const json_t *object, const char *key);
struct kb_cel_val kb_aws_int_or_unknown(const json_t *object, const char *key);
struct kb_cel_val kb_aws_text_or_unknown(const json_t *object, const char *key);

/* The texts of an array, or the text `key` of each of its objects; what is neither is left out. */
struct kb_cel_val kb_aws_list(struct kb_arena *arena, const json_t *array, const char *key);
/* Texts to which more come: zeroed memory is none. Given out as a list that lives in the arena. */
struct kb_aws_names {
    struct kb_str *at;
    size_t n, cap;
};
/* Each text counts once; kept up to 4096. */
void kb_aws_names_add(struct kb_aws_names *names, struct kb_arena *arena, struct kb_str text);
bool kb_aws_names_have(const struct kb_aws_names *names, struct kb_str text);
/* In order of bytes. */
struct kb_cel_val kb_aws_names_list(struct kb_aws_names *names, struct kb_arena *arena);

static inline struct kb_cel_val kb_aws_unknown(void)
{
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

#endif

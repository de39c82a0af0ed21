/*
 * Lines of aws-iam-authenticator: logrus text, key=value with values quoted as Go does where
 * needed.
 *
 *     time="2026-01-15T09:59:58Z" level=info msg="access granted" arn="arn:…"
 * client="127.0.0.1:50100" groups="[ops]" …
 */
#ifndef KB_AUDIT_AUTHENTICATOR_H
#define KB_AUDIT_AUTHENTICATOR_H

#include "audit/strs.h"

/* symbol, key */
#define KB_AUTHN_KEYS(X)                                                                           \
    X(KB_AUTHN_TIME, "time")                                                                       \
    X(KB_AUTHN_LEVEL, "level")                                                                     \
    X(KB_AUTHN_MESSAGE, "msg")                                                                     \
    X(KB_AUTHN_ARN, "arn")                                                                         \
    X(KB_AUTHN_USERNAME, "username")                                                               \
    X(KB_AUTHN_UID, "uid")                                                                         \
    X(KB_AUTHN_USERID, "userid")                                                                   \
    X(KB_AUTHN_GROUPS, "groups")                                                                   \
    X(KB_AUTHN_CLIENT, "client")                                                                   \
    X(KB_AUTHN_ERROR, "error")                                                                     \
    X(KB_AUTHN_ACCOUNT, "accountid")                                                               \
    X(KB_AUTHN_SESSION, "session")                                                                 \
    X(KB_AUTHN_ACCESS_KEY, "accesskeyid")                                                          \
    X(KB_AUTHN_PATH, "path")                                                                       \
    X(KB_AUTHN_METHOD, "method")
#define KB_AUTHN_FIRST(sym, key) sym,
enum kb_authn_key { KB_AUTHN_KEYS(KB_AUTHN_FIRST) KB_AUTHN_KEY_COUNT };
#undef KB_AUTHN_FIRST

/* The values as written, with their quotes; p is NULL where a key is missing. Borrows the line. */
struct kb_authn_line {
    struct kb_str raw[KB_AUTHN_KEY_COUNT];
};

/* Of a key that stands twice the first one counts; text that is no key=value is passed over. */
void kb_authn_parse(struct kb_str line, struct kb_authn_line *out);
/* A value without quotes; empty where the key is missing. In the line or in `arena`. */
struct kb_str kb_authn_value(const struct kb_authn_line *line, enum kb_authn_key key,
                             struct kb_arena *arena);
/* The words of groups="[a b]". */
struct kb_strs kb_authn_groups(const struct kb_authn_line *line, struct kb_arena *arena);

enum kb_authn_outcome {
    KB_AUTHN_GRANTED,
    KB_AUTHN_DENIED,
    KB_AUTHN_STS,
    KB_AUTHN_MAPPING,
    KB_AUTHN_OTHER
};
/* What a message tells: access granted or denied, the answer of STS, or a change of the identity
 * mapping. */
enum kb_authn_outcome kb_authn_outcome(struct kb_str message);
struct kb_str kb_authn_outcome_name(enum kb_authn_outcome outcome);

#endif

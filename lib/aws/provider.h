/* The places of the credential chain, one function each. Private to lib/aws. */
#ifndef KB_AWS_PROVIDER_H
#define KB_AWS_PROVIDER_H

#include "aws/credential.h"

/* Whether a place is configured at all, and gave what it promises. */
enum kb_aws_found { KB_AWS_ABSENT, KB_AWS_FOUND };

enum { KB_AWS_CHAIN_MAX = 8, KB_AWS_TOKEN_FILE_MAX = 64 << 10, KB_AWS_DOCUMENT_MAX = 1 << 20 };

/* What a provider works with. */
struct kb_aws_search {
    struct kb_aws_sender *sender;
    const struct kb_aws_settings *settings;
    struct kb_arena arena; /* of the search; what is secret in it is wiped by who put it there */
    struct kb_str chain[KB_AWS_CHAIN_MAX]; /* profiles on the way of a role */
    size_t chain_count;
};

/* KB_AWS_ABSENT where it is not configured. A failure is one of the place itself. */
typedef kb_res kb_aws_provider(struct kb_aws_search *search, struct kb_aws_credential *out,
                               enum kb_aws_found *found, struct kb_err *err);

kb_aws_provider kb_aws_from_environment;
kb_aws_provider kb_aws_from_web_identity; /* AWS_WEB_IDENTITY_TOKEN_FILE */
kb_aws_provider kb_aws_from_profile;
kb_aws_provider kb_aws_from_container;
kb_aws_provider kb_aws_from_instance; /* without an instance: absent, and `err` says why */

/* The parts of a profile's ways, by the name of the profile. */
KB_RES kb_aws_profile_keys(struct kb_aws_search *search, struct kb_str profile,
                           struct kb_aws_credential *out, enum kb_aws_found *found,
                           struct kb_err *err);
KB_RES kb_aws_profile_process(struct kb_aws_search *search, struct kb_str profile,
                              struct kb_aws_credential *out, enum kb_aws_found *found,
                              struct kb_err *err);
KB_RES kb_aws_profile_sso(struct kb_aws_search *search, struct kb_str profile,
                          struct kb_aws_credential *out, enum kb_aws_found *found,
                          struct kb_err *err);

/* A role by the token of a file, which is read now. `session` may be empty. */
struct kb_aws_role {
    struct kb_str arn, session, external_id, token_file;
    int64_t duration_s; /* 0: as STS has it */
};
KB_RES kb_aws_assume_by_token(struct kb_aws_search *search, const struct kb_aws_role *role,
                              struct kb_aws_credential *out, struct kb_err *err);
/* A role by the credentials of another. */
KB_RES kb_aws_assume(struct kb_aws_search *search, const struct kb_aws_role *role,
                     const struct kb_aws_credential *by, struct kb_aws_credential *out,
                     struct kb_err *err);

/* Names of the members of an object that holds credentials. */
struct kb_aws_key_names {
    const char *id, *secret, *token, *expires;
};
/* Take them over. `expires` may be missing, RFC 3339, seconds, or milliseconds (over 10^11). */
KB_RES kb_aws_credential_read(const json_t *object, const struct kb_aws_key_names *names,
                              const char *from, struct kb_aws_credential *out, struct kb_err *err);
KB_RES kb_aws_credential_set(struct kb_aws_credential *out, struct kb_str id, struct kb_str secret,
                             struct kb_str token, const char *from, struct kb_err *err);

/* One small document over HTTP, from a place that gives credentials: no proxy for plain http. */
struct kb_aws_fetch {
    const char *method;
    struct kb_str origin, target;
    const struct kb_str *headers;
    size_t header_count;
    int64_t timeout_ms;
    unsigned attempts;
    int64_t pause_ms; /* between them */
};
/* The body goes to `out`, which the caller wipes. KB_ERR_IO where no whole answer came; *status is that of
 * the last answer, which may be any. */
KB_RES kb_aws_fetch(const struct kb_aws_search *search, const struct kb_aws_fetch *fetch,
                    struct kb_buf *out, unsigned *status, struct kb_err *err);

/* The keys in a document of a container's or an instance's endpoint. */
KB_RES kb_aws_document_read(struct kb_str body, unsigned status, const char *from,
                            struct kb_aws_credential *out, struct kb_err *err);

#endif

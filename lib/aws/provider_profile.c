/* The ways of a profile: its role, its session, its keys, its program. */
#include <stdio.h>

#include "aws/provider.h"

static struct kb_str of(const struct kb_aws_search *search, struct kb_str profile, const char *key)
{
    return kb_aws_profile_get(&search->settings->profiles, profile, key);
}

static KB_RES read_role(struct kb_aws_search *search, struct kb_str profile, struct kb_aws_role *out,
                        struct kb_err *err)
{
    struct kb_str duration = of(search, profile, "duration_seconds");
    *out = (struct kb_aws_role){.arn = of(search, profile, "role_arn"),
                                .session = of(search, profile, "role_session_name"),
                                .external_id = of(search, profile, "external_id"),
                                .token_file = of(search, profile, "web_identity_token_file")};
    KB_ENSURE(duration.n == 0 || (kb_str_i64(duration, &out->duration_s) && out->duration_s > 0), err,
              KB_ERR_INVALID, "profile %.*s: duration_seconds is \"%.*s\", not a number",
              KB_FMT(profile), KB_FMT(duration));
    KB_ENSURE(of(search, profile, "mfa_serial").n == 0 || out->token_file.n > 0, err,
              KB_ERR_UNSUPPORTED,
              "profile %.*s: its role wants a code of an MFA device (mfa_serial), which is not asked for "
              "here", KB_FMT(profile));
    return KB_SUCCESS;
}

/* Remember that `profile` is on the way; one that is there already never ends. */
static KB_RES enter(struct kb_aws_search *search, struct kb_str profile, struct kb_err *err)
{
    for (size_t i = 0; i < search->chain_count; i++) {
        KB_ENSURE(!kb_str_eq(search->chain[i], profile), err, KB_ERR_INVALID,
                  "profile %.*s: its source_profile leads back to itself", KB_FMT(profile));
    }
    KB_ENSURE(search->chain_count < KB_AWS_CHAIN_MAX, err, KB_ERR_LIMIT,
              "profile %.*s: more than %d profiles stand behind its role", KB_FMT(search->chain[0]),
              KB_AWS_CHAIN_MAX);
    search->chain[search->chain_count++] = profile;
    return KB_SUCCESS;
}

static KB_RES resolve(struct kb_aws_search *search, struct kb_str profile,
                      struct kb_aws_credential *out, enum kb_aws_found *found, struct kb_err *err);

static KB_RES by_source_profile(struct kb_aws_search *search, struct kb_str profile,
                                struct kb_str source, struct kb_aws_credential *out,
                                struct kb_err *err)
{
    enum kb_aws_found found = KB_AWS_ABSENT;
    KB_ENSURE(kb_aws_profile_exists(&search->settings->profiles, source), err, KB_ERR_NOT_FOUND,
              "profile %.*s: there is no profile \"%.*s\", which is its source_profile",
              KB_FMT(profile), KB_FMT(source));
    if (kb_str_eq(source, profile)) { /* its own keys, for its own role */
        KB_TRY(kb_aws_profile_keys(search, profile, out, &found, err));
        KB_ENSURE(found == KB_AWS_FOUND, err, KB_ERR_INVALID,
                  "profile %.*s: its source_profile leads back to itself", KB_FMT(profile));
        return KB_SUCCESS;
    }
    KB_TRY(resolve(search, source, out, &found, err));
    KB_ENSURE(found == KB_AWS_FOUND, err, KB_ERR_INVALID,
              "profile %.*s: its source_profile \"%.*s\" names no credentials", KB_FMT(profile),
              KB_FMT(source));
    return KB_SUCCESS;
}

static KB_RES by_credential_source(struct kb_aws_search *search, struct kb_str profile,
                                   struct kb_str source, struct kb_aws_credential *out,
                                   struct kb_err *err)
{
    static const struct {
        const char *name;
        kb_aws_provider *provider;
    } sources[] = {{"Environment", kb_aws_from_environment},
                   {"EcsContainer", kb_aws_from_container},
                   {"Ec2InstanceMetadata", kb_aws_from_instance}};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        enum kb_aws_found found = KB_AWS_ABSENT;
        if (kb_str_eq_c(source, sources[i].name)) {
            struct kb_err why = {0};
            kb_res res = sources[i].provider(search, out, &found, &why);
            KB_ENSURE(!kb_failed(res) && found == KB_AWS_FOUND, err, KB_ERR_INVALID,
                      "profile %.*s: credential_source %s has none%s%s", KB_FMT(profile),
                      sources[i].name, why.msg[0] != '\0' ? ": " : "", why.msg);
            return KB_SUCCESS;
        }
    }
    return kb_fail(err, KB_ERR_INVALID,
                   "profile %.*s: credential_source is \"%.*s\", not Environment, EcsContainer or "
                   "Ec2InstanceMetadata", KB_FMT(profile), KB_FMT(source));
}

static KB_RES by_role(struct kb_aws_search *search, struct kb_str profile,
                      struct kb_aws_credential *out, enum kb_aws_found *found, struct kb_err *err)
{
    struct kb_aws_role role;
    struct kb_aws_credential by = {0};
    struct kb_str source = of(search, profile, "source_profile");
    struct kb_str elsewhere = of(search, profile, "credential_source");
    *found = of(search, profile, "role_arn").n > 0 ? KB_AWS_FOUND : KB_AWS_ABSENT;
    if (*found == KB_AWS_ABSENT) {
        return KB_SUCCESS;
    }
    KB_TRY(read_role(search, profile, &role, err));
    KB_ENSURE(source.n == 0 || elsewhere.n == 0, err, KB_ERR_INVALID,
              "profile %.*s has both source_profile and credential_source", KB_FMT(profile));
    if (role.token_file.n > 0 && source.n == 0 && elsewhere.n == 0) {
        return kb_aws_assume_by_token(search, &role, out, err);
    }
    KB_ENSURE(source.n > 0 || elsewhere.n > 0, err, KB_ERR_INVALID,
              "profile %.*s has role_arn, but neither source_profile, credential_source nor "
              "web_identity_token_file", KB_FMT(profile));
    kb_res res = source.n > 0 ? by_source_profile(search, profile, source, &by, err)
                              : by_credential_source(search, profile, elsewhere, &by, err);
    if (!kb_failed(res)) {
        res = kb_aws_assume(search, &role, &by, out, err);
    }
    kb_aws_credential_done(&by);
    return res;
}

static KB_RES resolve(struct kb_aws_search *search, struct kb_str profile,
                      struct kb_aws_credential *out, enum kb_aws_found *found, struct kb_err *err)
{
    static kb_res (*const ways[])(struct kb_aws_search *, struct kb_str,
                                  struct kb_aws_credential *, enum kb_aws_found *,
                                  struct kb_err *) = {by_role, kb_aws_profile_sso,
                                                      kb_aws_profile_keys, kb_aws_profile_process};
    KB_TRY(enter(search, profile, err));
    *found = KB_AWS_ABSENT;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && *found == KB_AWS_ABSENT; i++) {
        KB_TRY(ways[i](search, profile, out, found, err));
    }
    return KB_SUCCESS;
}

KB_RES kb_aws_from_profile(struct kb_aws_search *search, struct kb_aws_credential *out,
                           enum kb_aws_found *found, struct kb_err *err)
{
    return resolve(search, search->settings->profile, out, found, err);
}

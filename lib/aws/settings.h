/*
 * How AWS is reached: profile, region, endpoints, trust, attempts; from flags, environment and profile.
 *
 * Rules: "AWS SDKs and Tools Reference Guide"; botocore configprovider.py. The region also comes from
 * AWS_REGION, as in all SDKs but botocore.
 */
#ifndef KB_AWS_SETTINGS_H
#define KB_AWS_SETTINGS_H

#include "aws/profile.h"
#include "aws/service.h"

enum { KB_AWS_URL_MAX = 1024, KB_AWS_ATTEMPTS = 3, KB_AWS_ATTEMPTS_MAX = 100 };

/* The user's flags; empty where not given. */
struct kb_aws_flags {
    struct kb_str profile, region;
    struct kb_str endpoint_url; /* of every service */
    struct kb_str role_arn, role_session; /* a role to take over by what the chain finds */
    struct kb_str user_agent;
};

struct kb_aws_settings {
    struct kb_aws_env env;
    struct kb_aws_profiles profiles;
    struct kb_str profile; /* its name; "default" where none is chosen */
    bool profile_flag;     /* chosen by flag: the environment's keys do not count */
    struct kb_str region;  /* empty: nothing names one */
    struct kb_str ca_pem;  /* AWS_CA_BUNDLE; empty: the system's */
    struct kb_str user_agent;
    struct kb_str role_arn, role_session; /* the flags */
    struct kb_str endpoint_url; /* the flag; empty: variables and the profile tell */
    bool fips, dualstack;
    bool ignore_endpoints;
    unsigned max_attempts;
};

/* KB_ERR_NOT_FOUND where a profile was chosen that is in neither file; KB_ERR_INVALID where a setting has
 * no meaning. `out` is to be freed in both cases. */
KB_RES kb_aws_settings_load(const struct kb_aws_flags *flags, const struct kb_aws_env *env,
                            struct kb_aws_settings *out, struct kb_err *err);
void kb_aws_settings_done(struct kb_aws_settings *settings);

/* A setting by its variable and its key of the profile; empty where neither has it. */
struct kb_str kb_aws_setting(const struct kb_aws_settings *settings, const char *variable,
                             const char *key);

/*
 * Where a service is called: "https://eks.eu-central-1.amazonaws.com", without a slash at its end. *custom
 * tells that a setting names it. Order: the flag, AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's
 * `services`, its endpoint_url, AWS's own name for the place.
 */
KB_RES kb_aws_endpoint(const struct kb_aws_settings *settings, const struct kb_aws_service *service,
                       struct kb_str region, char out[KB_AWS_URL_MAX], bool *custom,
                       struct kb_err *err);

#endif

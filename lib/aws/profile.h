/*
 * Profiles of ~/.aws/config and ~/.aws/credentials.
 *
 * Rules: botocore configloader.py and session.py. Both files make one set of profiles; where both have a
 * key of one profile, that of the credentials file counts.
 */
#ifndef KB_AWS_PROFILE_H
#define KB_AWS_PROFILE_H

#include "aws/env.h"
#include "aws/ini.h"

struct kb_aws_profiles {
    struct kb_arena arena;
    struct kb_aws_ini config, credentials;
    struct kb_str config_file, credentials_file; /* paths, there or not */
    struct kb_str texts[2];                       /* of both files; wiped in the end */
    struct kb_str home;
};

/* Read both; a missing file is an empty one. `out` is to be freed in both cases. */
KB_RES kb_aws_profiles_load(const struct kb_aws_env *env, struct kb_aws_profiles *out,
                            struct kb_err *err);
void kb_aws_profiles_done(struct kb_aws_profiles *profiles);

bool kb_aws_profile_exists(const struct kb_aws_profiles *profiles, struct kb_str name);
/* A key of a profile, lower case; empty where it has none. Borrowed. */
struct kb_str kb_aws_profile_get(const struct kb_aws_profiles *profiles, struct kb_str name,
                                 const char *key);
/* A key of `[KIND NAME]` in the config file: kind "sso-session" or "services". */
struct kb_str kb_aws_section_get(const struct kb_aws_profiles *profiles, const char *kind,
                                 struct kb_str name, const char *key);

/* "~/x" as a path of the user's home. */
struct kb_str kb_aws_expand_home(struct kb_aws_profiles *profiles, struct kb_str path);

#endif

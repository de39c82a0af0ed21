/* Credentials that need no network: environment, files, a program. */
#include <stdio.h>
#include <unistd.h>

#include "aws/provider.h"
#include "aws/shape.h"
#include "net/child.h"

enum { PROCESS_TIMEOUT_MS = 60000 };

KB_RES kb_aws_from_environment(struct kb_aws_search *search, struct kb_aws_credential *out,
                               enum kb_aws_found *found, struct kb_err *err)
{
    const struct kb_aws_env *env = &search->settings->env;
    struct kb_str id = kb_aws_env_get(env, "AWS_ACCESS_KEY_ID");
    struct kb_str secret = kb_aws_env_get(env, "AWS_SECRET_ACCESS_KEY");
    struct kb_str token = kb_aws_env_get(env, "AWS_SESSION_TOKEN");
    *found = id.n > 0 || secret.n > 0 ? KB_AWS_FOUND : KB_AWS_ABSENT;
    if (*found == KB_AWS_ABSENT) {
        return KB_SUCCESS;
    }
    KB_ENSURE(id.n > 0 && secret.n > 0, err, KB_ERR_INVALID,
              "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set");
    token = token.n > 0 ? token : kb_aws_env_get(env, "AWS_SECURITY_TOKEN");
    return kb_aws_credential_set(out, id, secret, token, "the environment", err);
}

KB_RES kb_aws_profile_keys(struct kb_aws_search *search, struct kb_str profile,
                           struct kb_aws_credential *out, enum kb_aws_found *found,
                           struct kb_err *err)
{
    const struct kb_aws_profiles *profiles = &search->settings->profiles;
    struct kb_str id = kb_aws_profile_get(profiles, profile, "aws_access_key_id");
    struct kb_str secret = kb_aws_profile_get(profiles, profile, "aws_secret_access_key");
    struct kb_str token = kb_aws_profile_get(profiles, profile, "aws_session_token");
    struct kb_str from = kb_arena_printf(&search->arena, "profile %.*s", KB_FMT(profile));
    *found = id.n > 0 || secret.n > 0 ? KB_AWS_FOUND : KB_AWS_ABSENT;
    if (*found == KB_AWS_ABSENT) {
        return KB_SUCCESS;
    }
    token = token.n > 0 ? token : kb_aws_profile_get(profiles, profile, "aws_security_token");
    return kb_aws_credential_set(out, id, secret, token, from.p, err);
}

static KB_RES read_process(struct kb_str text, const char *from, struct kb_aws_credential *out,
                           struct kb_err *err)
{
    static const struct kb_aws_key_names names = {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                                  "Expiration"};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    int64_t version = 0;
    KB_ENSURE(!kb_failed(kb_json_parse(NULL, text, 0, &json, NULL)), err, KB_ERR_INVALID,
              "%s did not print JSON", from);
    (void)kb_json_i64(json, "Version", &version);
    kb_res res = version == 1 ? kb_aws_credential_read(json, &names, from, out, err)
                              : kb_fail(err, KB_ERR_UNSUPPORTED, "%s: Version is not 1", from);
    kb_aws_json_wipe(json);
    return res;
}

KB_RES kb_aws_profile_process(struct kb_aws_search *search, struct kb_str profile,
                              struct kb_aws_credential *out, enum kb_aws_found *found,
                              struct kb_err *err)
{
    struct kb_str line =
        kb_aws_profile_get(&search->settings->profiles, profile, "credential_process");
    struct kb_str from =
        kb_arena_printf(&search->arena, "credential_process of profile %.*s", KB_FMT(profile));
    struct kb_child child = {.env = (const char *const *)environ, .timeout_ms = PROCESS_TIMEOUT_MS};
    struct kb_buf text;
    const char **argv;
    size_t n;
    *found = line.n > 0 ? KB_AWS_FOUND : KB_AWS_ABSENT;
    if (*found == KB_AWS_ABSENT) {
        return KB_SUCCESS;
    }
    KB_TRY_CTX(err, kb_aws_split_words(line, &search->arena, &argv, &n, err), "%s", from.p);
    KB_ENSURE(n > 0, err, KB_ERR_INVALID, "%s is empty", from.p);
    child.argv = argv;
    kb_buf_init(&text, KB_CHILD_OUTPUT_MAX);
    kb_res res = kb_child_run(&child, &text, err);
    if (kb_failed(res)) {
        kb_err_context(err, "%s", from.p);
    } else {
        res = read_process(kb_buf_view(&text), from.p, out, err);
    }
    kb_aws_wipe_buf(&text);
    return res;
}

/* Roles: taken over by another's credentials, or by a token of web identity. */
#include <stdio.h>

#include "aws/provider.h"
#include "aws/shape.h"

static const struct kb_aws_key_names sts_names = {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                                  "Expiration"};

static struct kb_str session_of(const struct kb_aws_role *role)
{
    return role->session.n > 0 ? role->session : KB_STR("kube-baseline");
}

static json_t *role_params(const struct kb_aws_role *role)
{
    struct kb_str session = session_of(role);
    json_t *params = json_object();
    (void)json_object_set_new(params, "RoleArn", json_stringn(role->arn.p, role->arn.n));
    (void)json_object_set_new(params, "RoleSessionName", json_stringn(session.p, session.n));
    if (role->duration_s > 0) {
        (void)json_object_set_new(params, "DurationSeconds", json_integer(role->duration_s));
    }
    return params;
}

/* Call STS and take over what it gives. `params` is taken and wiped. */
static KB_RES call_sts(struct kb_aws_search *search, const char *operation, json_t *params,
                       const struct kb_aws_signer *signer, const char *from,
                       struct kb_aws_credential *out, struct kb_err *err)
{
    struct kb_aws_status status;
    json_t *answer = NULL;
    struct kb_aws_tree tree = {kb_aws_operation_find(KB_STR("sts"), kb_str_c(operation)), &answer};
    const struct kb_aws_taker taker = kb_aws_tree_taker(&tree);
    kb_res res = kb_aws_send(search->sender, tree.operation, params, KB_STR(""), signer, &taker,
                             &status, err);
    if (kb_failed(res)) {
        kb_err_context(err, "%s", from);
    } else {
        res = kb_aws_credential_read(kb_json_object(answer, "Credentials"), &sts_names, from, out,
                                     err);
    }
    kb_aws_json_wipe(params);
    kb_aws_json_wipe(answer);
    json_decref(params);
    json_decref(answer);
    return res;
}

KB_RES kb_aws_assume_by_token(struct kb_aws_search *search, const struct kb_aws_role *role,
                              struct kb_aws_credential *out, struct kb_err *err)
{
    struct kb_str token;
    struct kb_str from =
        kb_arena_printf(&search->arena, "role %.*s by web identity", KB_FMT(role->arn));
    KB_TRY_CTX(err, kb_aws_read_file(&search->arena, role->token_file, KB_AWS_TOKEN_FILE_MAX, &token,
                                     err), "%s", from.p);
    json_t *params = role_params(role);
    struct kb_str trimmed = kb_str_trim(token);
    (void)json_object_set_new(params, "WebIdentityToken", json_stringn(trimmed.p, trimmed.n));
    kb_aws_wipe(token);
    if (trimmed.n == 0) {
        json_decref(params);
        return kb_fail(err, KB_ERR_INVALID, "%s: %.*s is empty", from.p, KB_FMT(role->token_file));
    }
    return call_sts(search, "AssumeRoleWithWebIdentity", params, NULL, from.p, out, err);
}

/* A key that is held while one call is made. */
static kb_res held_key(void *ctx, int64_t now_s, bool expired, const struct kb_sigv4_key **out,
                       struct kb_err *err)
{
    struct kb_sigv4_key *key = ctx;
    (void)now_s;
    KB_ENSURE(!expired, err, KB_ERR_INVALID, "the credentials it is taken over with have expired");
    *out = key;
    return KB_SUCCESS;
}

KB_RES kb_aws_assume(struct kb_aws_search *search, const struct kb_aws_role *role,
                     const struct kb_aws_credential *by, struct kb_aws_credential *out,
                     struct kb_err *err)
{
    struct kb_sigv4_key key = by->key; /* borrows the secrets */
    const struct kb_aws_signer signer = {held_key, &key};
    struct kb_str from = kb_arena_printf(&search->arena, "role %.*s through %s", KB_FMT(role->arn),
                                         by->source);
    json_t *params = role_params(role);
    key.access_key_id = kb_str_c(by->id);
    if (role->external_id.n > 0) {
        (void)json_object_set_new(params, "ExternalId",
                                  json_stringn(role->external_id.p, role->external_id.n));
    }
    return call_sts(search, "AssumeRole", params, &signer, from.p, out, err);
}

KB_RES kb_aws_from_web_identity(struct kb_aws_search *search, struct kb_aws_credential *out,
                                enum kb_aws_found *found, struct kb_err *err)
{
    const struct kb_aws_env *env = &search->settings->env;
    const struct kb_aws_role role = {.arn = kb_aws_env_get(env, "AWS_ROLE_ARN"),
                                     .session = kb_aws_env_get(env, "AWS_ROLE_SESSION_NAME"),
                                     .token_file = kb_aws_env_get(env, "AWS_WEB_IDENTITY_TOKEN_FILE")};
    *found = role.token_file.n > 0 ? KB_AWS_FOUND : KB_AWS_ABSENT;
    if (*found == KB_AWS_ABSENT) {
        return KB_SUCCESS;
    }
    KB_ENSURE(role.arn.n > 0, err, KB_ERR_INVALID,
              "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not");
    return kb_aws_assume_by_token(search, &role, out, err);
}

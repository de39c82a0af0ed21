/* The role of an SSO session that the AWS CLI has opened. */
#include <openssl/evp.h>
#include <stdio.h>

#include "aws/canonical.h"
#include "aws/provider.h"
#include "aws/shape.h"
#include "data/time.h"

enum { CACHE_FILE_MAX = 1 << 20, PORTAL_TIMEOUT_MS = 10000, HASH_MAX = 64 };

/* What a profile says about its session. */
struct sso {
    struct kb_str profile, session, start_url, region, account, role;
};

static KB_RES read_settings(const struct kb_aws_search *search, struct kb_str profile,
                            struct sso *out, struct kb_err *err)
{
    const struct kb_aws_profiles *all = &search->settings->profiles;
    struct kb_str session = kb_aws_profile_get(all, profile, "sso_session");
    bool named = session.n > 0;
    *out = (struct sso){
        .profile = profile,
        .session = session,
        .start_url = named ? kb_aws_section_get(all, "sso-session", session, "sso_start_url")
                           : kb_aws_profile_get(all, profile, "sso_start_url"),
        .region = named ? kb_aws_section_get(all, "sso-session", session, "sso_region")
                        : kb_aws_profile_get(all, profile, "sso_region"),
        .account = kb_aws_profile_get(all, profile, "sso_account_id"),
        .role = kb_aws_profile_get(all, profile, "sso_role_name")};
    KB_ENSURE(out->start_url.n > 0 && out->region.n > 0 && out->account.n > 0 && out->role.n > 0, err,
              KB_ERR_INVALID,
              "profile %.*s: SSO needs sso_start_url, sso_region, sso_account_id and sso_role_name",
              KB_FMT(profile));
    return KB_SUCCESS;
}

/* The CLI names the file by the SHA-1 of the session's name, or of the URL where it has none. */
static KB_RES cache_path(struct kb_aws_search *search, const struct sso *sso, struct kb_str *out,
                         struct kb_err *err)
{
    unsigned char digest[HASH_MAX];
    char hex[41];
    unsigned n = 0;
    struct kb_str name = sso->session.n > 0 ? sso->session : sso->start_url;
    KB_ENSURE(EVP_Digest(name.p, name.n, digest, &n, EVP_sha1(), NULL) == 1 && n == 20, err,
              KB_ERR_UNSUPPORTED, "OpenSSL gives no SHA-1, by which SSO's cache is named");
    for (unsigned i = 0; i < n; i++) {
        (void)snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
    }
    *out = kb_arena_printf(&search->arena, "%.*s/.aws/sso/cache/%s.json",
                           KB_FMT(search->settings->profiles.home), hex);
    return KB_SUCCESS;
}

static KB_RES login_first(const struct sso *sso, const char *why, struct kb_err *err)
{
    return kb_fail(err, KB_ERR_INVALID, "profile %.*s: %s: run \"aws sso login --profile %.*s\"",
                   KB_FMT(sso->profile), why, KB_FMT(sso->profile));
}

static KB_RES check_token(const struct sso *sso, const json_t *json, int64_t now_s,
                          struct kb_str *token, struct kb_err *err)
{
    struct kb_str expires = {0};
    struct kb_time at;
    if (!kb_json_str(json, "accessToken", token) || !kb_json_str(json, "expiresAt", &expires)) {
        return login_first(sso, "the SSO session has no token", err);
    }
    if (kb_failed(kb_time_parse(expires, KB_TIME_META, &at, NULL)) || at.s <= now_s) {
        return login_first(sso, "the SSO session has expired", err);
    }
    return KB_SUCCESS;
}

static KB_RES ask_portal(struct kb_aws_search *search, const struct sso *sso, struct kb_str token,
                         struct kb_buf *body, struct kb_err *err)
{
    char origin[KB_AWS_URL_MAX];
    bool custom;
    unsigned status = 0;
    struct kb_buf target;
    KB_TRY(kb_aws_endpoint(search->settings, kb_aws_service_find(KB_STR("sso")), sso->region, origin,
                           &custom, err));
    kb_buf_init(&target, 4096);
    kb_buf_c(&target, "/federation/credentials?role_name=");
    kb_sigv4_encode(sso->role, false, &target);
    kb_buf_c(&target, "&account_id=");
    kb_sigv4_encode(sso->account, false, &target);
    const struct kb_str header =
        kb_arena_printf(&search->arena, "x-amz-sso_bearer_token: %.*s", KB_FMT(token));
    const struct kb_aws_fetch fetch = {.method = "GET", .origin = kb_str_c(origin),
                                       .target = kb_buf_view(&target), .headers = &header,
                                       .header_count = 1, .timeout_ms = PORTAL_TIMEOUT_MS,
                                       .attempts = 3, .pause_ms = 500};
    kb_res res = kb_aws_fetch(search, &fetch, body, &status, err);
    kb_aws_wipe(header);
    kb_buf_done(&target);
    KB_TRY(res);
    if (status == 401) {
        return login_first(sso, "the SSO session is not accepted any more", err);
    }
    KB_ENSURE(status == 200, err, KB_ERR_INVALID,
              "profile %.*s: SSO gives no credentials of role %.*s in account %.*s: HTTP status %u",
              KB_FMT(sso->profile), KB_FMT(sso->role), KB_FMT(sso->account), status);
    return KB_SUCCESS;
}

static KB_RES read_role(const struct sso *sso, struct kb_str body, const char *from,
                        struct kb_aws_credential *out, struct kb_err *err)
{
    static const struct kb_aws_key_names names = {"accessKeyId", "secretAccessKey", "sessionToken",
                                                  "expiration"};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    KB_TRY_CTX(err, kb_json_parse(NULL, body, 0, &json, err), "profile %.*s: SSO",
               KB_FMT(sso->profile));
    kb_res res = kb_aws_credential_read(kb_json_object(json, "roleCredentials"), &names, from, out,
                                        err);
    kb_aws_json_wipe(json);
    return res;
}

static KB_RES with_token(struct kb_aws_search *search, const struct sso *sso, const json_t *cache,
                         struct kb_aws_credential *out, struct kb_err *err)
{
    struct kb_str token;
    struct kb_buf body;
    KB_TRY(check_token(sso, cache, kb_aws_now_s(search->sender), &token, err));
    kb_buf_init(&body, CACHE_FILE_MAX);
    kb_res res = ask_portal(search, sso, token, &body, err);
    if (!kb_failed(res)) {
        struct kb_str from = kb_arena_printf(&search->arena, "SSO role %.*s of profile %.*s",
                                             KB_FMT(sso->role), KB_FMT(sso->profile));
        res = read_role(sso, kb_buf_view(&body), from.p, out, err);
    }
    kb_aws_wipe_buf(&body);
    return res;
}

KB_RES kb_aws_profile_sso(struct kb_aws_search *search, struct kb_str profile,
                          struct kb_aws_credential *out, enum kb_aws_found *found,
                          struct kb_err *err)
{
    const struct kb_aws_profiles *all = &search->settings->profiles;
    struct sso sso;
    struct kb_str path, text;
    KB_AUTO(kb_json_done) json_t *cache = NULL;
    bool configured = kb_aws_profile_get(all, profile, "sso_session").n > 0 ||
                      kb_aws_profile_get(all, profile, "sso_start_url").n > 0;
    *found = configured ? KB_AWS_FOUND : KB_AWS_ABSENT;
    if (!configured) {
        return KB_SUCCESS;
    }
    KB_TRY(read_settings(search, profile, &sso, err));
    KB_TRY(cache_path(search, &sso, &path, err));
    if (kb_failed(kb_aws_read_file(&search->arena, path, CACHE_FILE_MAX, &text, NULL))) {
        return login_first(&sso, "there is no SSO session", err);
    }
    kb_res res = kb_json_parse(path.p, text, 0, &cache, err);
    kb_aws_wipe(text);
    KB_TRY(res);
    res = with_token(search, &sso, cache, out, err);
    kb_aws_json_wipe(cache);
    return res;
}

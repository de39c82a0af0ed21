/* The chain, and keeping what it found. */
#include "aws/credential.h"

#include <stdio.h>

#include "aws/provider.h"
#include "data/time.h"

void kb_aws_credential_done(struct kb_aws_credential *credential)
{
    kb_aws_secret_done(&credential->key.secret);
    kb_aws_secret_done(&credential->key.token);
    *credential = (struct kb_aws_credential){0};
}

/* Nothing that cannot stand in a header. */
static bool printable(struct kb_str text)
{
    bool ok = true;
    for (size_t i = 0; i < text.n && ok; i++) {
        ok = text.p[i] > ' ' && text.p[i] <= '~';
    }
    return ok;
}

KB_RES kb_aws_credential_set(struct kb_aws_credential *out, struct kb_str id, struct kb_str secret,
                             struct kb_str token, const char *from, struct kb_err *err)
{
    KB_ENSURE(id.n > 0 && secret.n > 0, err, KB_ERR_INVALID,
              "%s gave no access key id, or one without its secret", from);
    KB_ENSURE(id.n < sizeof out->id && printable(id) && printable(secret) && printable(token), err,
              KB_ERR_INVALID, "%s gave keys with characters that no key has", from);
    kb_aws_credential_done(out);
    (void)snprintf(out->id, sizeof out->id, "%.*s", KB_FMT(id));
    (void)snprintf(out->source, sizeof out->source, "%s", from);
    kb_aws_secret_set(&out->key.secret, secret);
    kb_aws_secret_set(&out->key.token, token);
    return KB_SUCCESS;
}

static KB_RES read_expiry(const json_t *value, const char *from, int64_t *out, struct kb_err *err)
{
    struct kb_time at = {0};
    double number = json_number_value(value);
    *out = 0;
    if (json_is_number(value)) {
        *out = (int64_t)(number > 1e11 ? number / 1000 : number);
    } else if (json_is_string(value) && json_string_length(value) > 0) {
        KB_TRY_CTX(err, kb_time_parse(kb_json_view(value), KB_TIME_META, &at, err),
                   "%s: when the credentials expire", from);
        *out = at.s;
    }
    return KB_SUCCESS;
}

KB_RES kb_aws_credential_read(const json_t *object, const struct kb_aws_key_names *names,
                              const char *from, struct kb_aws_credential *out, struct kb_err *err)
{
    struct kb_str id = {0}, secret = {0}, token = {0};
    int64_t expires_s;
    (void)kb_json_str(object, names->id, &id);
    (void)kb_json_str(object, names->secret, &secret);
    (void)kb_json_str(object, names->token, &token);
    KB_TRY(read_expiry(json_object_get(object, names->expires), from, &expires_s, err));
    KB_TRY(kb_aws_credential_set(out, id, secret, token, from, err));
    out->expires_s = expires_s;
    return KB_SUCCESS;
}

static KB_RES search_all(struct kb_aws_search *search, struct kb_aws_credential *out,
                         struct kb_err *err)
{
    static const struct {
        kb_aws_provider *provider;
        bool of_profile;
    } places[] = {
        {kb_aws_from_environment, false}, {kb_aws_from_web_identity, false},
        {kb_aws_from_profile, true},      {kb_aws_from_container, false},
        {kb_aws_from_instance, false},
    };
    const struct kb_aws_settings *settings = search->settings;
    struct kb_err instance = {0};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        bool last = places[i].provider == kb_aws_from_instance;
        enum kb_aws_found found = KB_AWS_ABSENT;
        if (settings->profile_flag && !places[i].of_profile) {
            continue;
        }
        kb_res res = places[i].provider(search, out, &found, last ? &instance : err);
        if (kb_failed(res) && last) {
            return kb_fail(err, res.code, "%s", instance.msg);
        }
        KB_TRY(res);
        if (found == KB_AWS_FOUND) {
            return KB_SUCCESS;
        }
    }
    KB_ENSURE(!settings->profile_flag, err, KB_ERR_NOT_FOUND,
              "AWS profile \"%.*s\" names no credentials", KB_FMT(settings->profile));
    return kb_fail(err, KB_ERR_NOT_FOUND,
                   "no AWS credentials: not in the environment, not in profile \"%.*s\", no container's "
                   "endpoint, and no instance's (%s)",
                   KB_FMT(settings->profile), instance.msg);
}

/* The role of a flag, by what was found. */
static KB_RES take_role(struct kb_aws_search *search, struct kb_aws_credential *out,
                        struct kb_err *err)
{
    const struct kb_aws_role role = {.arn = search->settings->role_arn,
                                     .session = search->settings->role_session};
    struct kb_aws_credential assumed = {0};
    kb_res res = kb_aws_assume(search, &role, out, &assumed, err);
    kb_aws_credential_done(out);
    *out = assumed;
    return res;
}

KB_RES kb_aws_credential_find(struct kb_aws_sender *sender, struct kb_aws_credential *out,
                              struct kb_err *err)
{
    struct kb_aws_search search = {.sender = sender, .settings = sender->settings};
    *out = (struct kb_aws_credential){0};
    kb_res res = search_all(&search, out, err);
    if (!kb_failed(res) && search.settings->role_arn.n > 0) {
        res = take_role(&search, out, err);
    }
    kb_arena_done(&search.arena);
    return res;
}

/* Whether they are to be got again, and whether that must succeed. */
static bool stale(const struct kb_aws_keeper *keeper, int64_t now_s, bool *must)
{
    const struct kb_aws_credential *c = &keeper->now;
    bool none = c->key.secret.n == 0;
    int64_t left = c->expires_s == 0 ? INT64_MAX : c->expires_s - now_s;
    *must = none || left <= 0;
    return *must || (left < KB_AWS_RENEW_EARLY_S && now_s >= keeper->next_try_s);
}

static kb_res keeper_key(void *ctx, int64_t now_s, bool expired, const struct kb_sigv4_key **out,
                         struct kb_err *err)
{
    struct kb_aws_keeper *keeper = ctx;
    struct kb_aws_credential fresh;
    bool must;
    if (stale(keeper, now_s, &must) || expired) {
        must = must || expired;
        keeper->next_try_s = now_s + KB_AWS_RENEW_AGAIN_S;
        kb_res res = kb_aws_credential_find(keeper->sender, &fresh, must ? err : NULL);
        if (kb_failed(res)) {
            kb_aws_credential_done(&fresh);
            if (must) {
                return res;
            }
        } else {
            kb_aws_credential_done(&keeper->now);
            keeper->now = fresh;
        }
    }
    keeper->now.key.access_key_id = kb_str_c(keeper->now.id);
    *out = &keeper->now.key;
    return KB_SUCCESS;
}

struct kb_aws_signer kb_aws_keeper_signer(struct kb_aws_keeper *keeper)
{
    return (struct kb_aws_signer){keeper_key, keeper};
}

void kb_aws_keeper_done(struct kb_aws_keeper *keeper)
{
    kb_aws_credential_done(&keeper->now);
}

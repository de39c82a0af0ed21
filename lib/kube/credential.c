/* Tokens, passwords and plugins. */
#include "kube/credential.h"

#include "data/base64.h"

enum { HEADER_MAX = 256 << 10 };

static void wipe(struct kb_str text)
{
    if (text.n > 0) {
        explicit_bzero((void *)(uintptr_t)text.p, text.n);
    }
}

void kb_kube_credential_done(struct kb_kube_credential *credential)
{
    wipe(credential->authorization);
    wipe(credential->exec.token);
    wipe(credential->exec.key_pem);
    kb_arena_done(&credential->arena);
    *credential = (struct kb_kube_credential){0};
}

void kb_kube_credential_copy(struct kb_kube_credential *to, const struct kb_kube_credential *from)
{
    to->authorization = kb_arena_copy(&to->arena, from->authorization);
    to->exec.token = kb_arena_copy(&to->arena, from->exec.token);
    to->exec.cert_pem = kb_arena_copy(&to->arena, from->exec.cert_pem);
    to->exec.key_pem = kb_arena_copy(&to->arena, from->exec.key_pem);
    to->exec.expires_s = from->exec.expires_s;
    to->renew_s = from->renew_s;
}

bool kb_kube_credential_renewable(const struct kb_kube_target *target)
{
    return target->user.token_file.n > 0 || target->user.exec != NULL;
}

static bool printable(struct kb_str token)
{
    bool ok = token.n > 0 && token.n <= HEADER_MAX;
    for (size_t i = 0; i < token.n && ok; i++) {
        ok = token.p[i] > ' ' && token.p[i] <= '~';
    }
    return ok;
}

static KB_RES bearer(struct kb_kube_credential *credential, struct kb_str token, const char *from,
                     struct kb_err *err)
{
    KB_ENSURE(printable(token), err, KB_ERR_INVALID,
              "%s is no bearer token: it is empty, too long, or holds a character that cannot be sent",
              from);
    credential->authorization =
        kb_arena_printf(&credential->arena, "Authorization: Bearer %.*s", KB_FMT(token));
    return KB_SUCCESS;
}

static KB_RES from_file(struct kb_kube_credential *credential, const struct kb_kube_user *user,
                        int64_t now_s, struct kb_err *err)
{
    struct kb_str text;
    KB_TRY_CTX(err, kb_kube_read_file(&credential->arena, user->token_file, &text, err),
               "user %.*s: token file", KB_FMT(user->name));
    credential->renew_s = now_s + KB_KUBE_TOKEN_FILE_S;
    kb_res res = bearer(credential, kb_str_trim(text), kb_arena_copy(&credential->arena,
                                                                     user->token_file).p, err);
    wipe(text);
    return res;
}

/* By the caller's own way, where it has one for this plugin; else by running it. Where neither works, the
 * plugin's error tells, or, where there is no such program, the own way's. */
static KB_RES ask_plugin(struct kb_kube_credential *credential, const struct kb_kube_target *target,
                         struct kb_err *err)
{
    const struct kb_exec_native *native = &target->native;
    struct kb_exec_credential *got = &credential->exec;
    struct kb_err why = {0};
    bool served = false;
    kb_res own = KB_SUCCESS;
    if (native->credential != NULL) {
        own = native->credential(native->ctx, target->user.exec, &credential->arena, got, &served, &why);
    }
    if (served && !kb_failed(own)) {
        return KB_SUCCESS;
    }
    kb_res res = kb_exec_plugin_run(target->user.exec, &target->cluster, target->peer.ca_pem,
                                    target->terminal, &credential->arena, got, err);
    return res.code == KB_ERR_NOT_FOUND && served ? kb_fail(err, own.code, "%s", why.msg) : res;
}

static KB_RES from_plugin(struct kb_kube_credential *credential, const struct kb_kube_target *target,
                          struct kb_err *err)
{
    struct kb_exec_credential *got = &credential->exec;
    KB_TRY_CTX(err, ask_plugin(credential, target, err), "user %.*s", KB_FMT(target->user.name));
    credential->renew_s = got->expires_s;
    return got->token.n > 0 ? bearer(credential, got->token, "what the plugin gave", err)
                            : KB_SUCCESS;
}

static void basic(struct kb_kube_credential *credential, const struct kb_kube_user *user)
{
    struct kb_arena arena = {0};
    struct kb_buf text;
    struct kb_str pair =
        kb_arena_printf(&arena, "%.*s:%.*s", KB_FMT(user->username), KB_FMT(user->password));
    kb_buf_init(&text, HEADER_MAX);
    kb_base64_encode(pair, 0, &text);
    credential->authorization = kb_arena_printf(&credential->arena, "Authorization: Basic %.*s",
                                                KB_FMT(kb_buf_view(&text)));
    wipe(pair);
    wipe(kb_buf_view(&text));
    kb_buf_done(&text);
    kb_arena_done(&arena);
}

KB_RES kb_kube_credential_renew(struct kb_kube_credential *credential,
                                const struct kb_kube_target *target, int64_t now_s, bool force,
                                bool *certificate, struct kb_err *err)
{
    const struct kb_kube_user *user = &target->user;
    *certificate = false;
    if (credential->renew_s > now_s && !force) {
        return KB_SUCCESS;
    }
    kb_kube_credential_done(credential);
    credential->renew_s = INT64_MAX;
    if (user->token_file.n > 0) {
        return from_file(credential, user, now_s, err);
    }
    if (user->token.n > 0) {
        return bearer(credential, user->token, "the token", err);
    }
    if (user->exec != NULL) {
        KB_TRY(from_plugin(credential, target, err));
        *certificate = credential->exec.cert_pem.n > 0;
    } else if (user->username.n > 0) {
        basic(credential, user);
    }
    return KB_SUCCESS;
}

/* From the canonical request to the signature. */
#include "aws/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#include "data/time.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

enum { HASH = 32, DAY = 8, SECRET_MAX = 1024 };

static void to_hex(const unsigned char *bytes, char out[2 * HASH + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < HASH; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * HASH] = '\0';
}

static KB_RES hash_hex(struct kb_str text, char out[2 * HASH + 1], struct kb_err *err)
{
    unsigned char digest[HASH];
    KB_ENSURE(EVP_Digest(text.p, text.n, digest, NULL, EVP_sha256(), NULL) == 1, err,
              KB_ERR_UNSUPPORTED, "OpenSSL gives no SHA-256");
    to_hex(digest, out);
    return KB_SUCCESS;
}

static KB_RES hmac(const unsigned char *key, size_t n, struct kb_str text, unsigned char out[HASH],
                   struct kb_err *err)
{
    const unsigned char *bytes = (const unsigned char *)text.p;
    KB_ENSURE(HMAC(EVP_sha256(), key, (int)n, bytes, text.n, out, NULL) != NULL, err,
              KB_ERR_UNSUPPORTED, "OpenSSL gives no HMAC with SHA-256");
    return KB_SUCCESS;
}

void kb_sigv4_cache_done(struct kb_sigv4_cache *cache)
{
    OPENSSL_cleanse(cache, sizeof *cache);
}

void kb_sigv4_signed_done(struct kb_sigv4_signed *out)
{
    kb_aws_wipe_buf(&out->names);
    kb_aws_wipe_buf(&out->canonical);
    kb_aws_wipe_buf(&out->to_sign);
    kb_aws_wipe_buf(&out->authorization);
    kb_aws_wipe_buf(&out->query);
    OPENSSL_cleanse(out, sizeof *out);
}

static KB_RES begin(const struct kb_sigv4_params *params, struct kb_sigv4_signed *out,
                    struct kb_err *err)
{
    struct kb_civil c = kb_time_civil(params->time_s);
    *out = (struct kb_sigv4_signed){0};
    kb_buf_init(&out->names, KB_SIGV4_CANONICAL_MAX);
    kb_buf_init(&out->canonical, KB_SIGV4_CANONICAL_MAX);
    kb_buf_init(&out->to_sign, KB_SIGV4_CANONICAL_MAX);
    kb_buf_init(&out->authorization, KB_SIGV4_CANONICAL_MAX);
    kb_buf_init(&out->query, KB_SIGV4_CANONICAL_MAX);
    KB_ENSURE(c.year >= 1970 && c.year <= 9999, err, KB_ERR_INVALID, "no time to sign with");
    (void)snprintf(out->date, sizeof out->date, "%04d%02d%02dT%02d%02d%02dZ", (int)c.year, c.month,
                   c.day, c.hour, c.minute, c.second);
    int n = snprintf(out->scope, sizeof out->scope, "%.*s/%.*s/%.*s/aws4_request", DAY, out->date,
                     KB_FMT(params->region), KB_FMT(params->service));
    KB_ENSURE(n > 0 && (size_t)n < sizeof out->scope, err, KB_ERR_LIMIT,
              "the names of region and service are too long");
    return KB_SUCCESS;
}

static KB_RES payload_of(const struct kb_sigv4_request *request,
                         const struct kb_sigv4_params *params, struct kb_sigv4_signed *out,
                         struct kb_err *err)
{
    if (params->payload == KB_SIGV4_PAYLOAD_UNSIGNED) {
        (void)snprintf(out->payload, sizeof out->payload, "UNSIGNED-PAYLOAD");
        return KB_SUCCESS;
    }
    return hash_hex(request->body, out->payload, err);
}

/* HMAC upon HMAC: day, region, service, "aws4_request". */
static KB_RES derive(const struct kb_sigv4_params *params, const struct kb_sigv4_key *key,
                     const char *date, unsigned char out[HASH], struct kb_err *err)
{
    unsigned char start[SECRET_MAX + 4] = "AWS4";
    const struct kb_str parts[] = {{date, DAY}, params->region, params->service,
                                   KB_STR("aws4_request")};
    KB_ENSURE(key->secret.n > 0 && key->secret.n <= SECRET_MAX, err, KB_ERR_INVALID,
              "the secret access key is empty or too long");
    memcpy(start + 4, key->secret.bytes, key->secret.n);
    kb_res res = hmac(start, key->secret.n + 4, parts[0], out, err);
    OPENSSL_cleanse(start, sizeof start);
    for (size_t i = 1; i < sizeof parts / sizeof parts[0] && !kb_failed(res); i++) {
        unsigned char next[HASH];
        res = hmac(out, HASH, parts[i], next, err);
        memcpy(out, next, HASH);
        OPENSSL_cleanse(next, sizeof next);
    }
    return res;
}

static KB_RES derived_key(const struct kb_sigv4_params *params, const struct kb_sigv4_key *key,
                          const struct kb_sigv4_signed *out, struct kb_sigv4_cache *cache,
                          struct kb_err *err)
{
    char scope[sizeof cache->scope];
    int n = snprintf(scope, sizeof scope, "%.*s/%s", KB_FMT(key->access_key_id), out->scope);
    KB_ENSURE(n > 0 && (size_t)n < sizeof scope, err, KB_ERR_LIMIT,
              "the access key id is too long");
    if (strcmp(cache->scope, scope) == 0) {
        return KB_SUCCESS;
    }
    kb_sigv4_cache_done(cache);
    KB_TRY(derive(params, key, out->date, cache->key, err));
    memcpy(cache->scope, scope, sizeof scope);
    return KB_SUCCESS;
}

/* `query` is the canonical one; the header block is in `block`. */
static KB_RES compose(const struct kb_sigv4_request *request, const struct kb_sigv4_params *params,
                      struct kb_str query, struct kb_str block, struct kb_sigv4_signed *out,
                      struct kb_err *err)
{
    char hash[2 * HASH + 1];
    kb_buf_str(&out->canonical, request->method);
    kb_buf_char(&out->canonical, '\n');
    kb_sigv4_canonical_path(request->path, params->path, &out->canonical);
    kb_buf_char(&out->canonical, '\n');
    kb_sigv4_canonical_query(query, &out->canonical);
    kb_buf_char(&out->canonical, '\n');
    kb_buf_str(&out->canonical, block);
    kb_buf_char(&out->canonical, '\n');
    kb_buf_str(&out->canonical, kb_buf_view(&out->names));
    kb_buf_char(&out->canonical, '\n');
    kb_buf_c(&out->canonical, out->payload);
    KB_ENSURE(!out->canonical.full && !out->names.full && !out->query.full, err, KB_ERR_LIMIT,
              "a request of more than %d bytes is not signed", KB_SIGV4_CANONICAL_MAX);
    KB_TRY(hash_hex(kb_buf_view(&out->canonical), hash, err));
    kb_buf_printf(&out->to_sign, ALGORITHM "\n%s\n%s\n%s", out->date, out->scope, hash);
    return KB_SUCCESS;
}

static KB_RES finish(const struct kb_sigv4_params *params, const struct kb_sigv4_key *key,
                     struct kb_sigv4_cache *cache, struct kb_sigv4_signed *out, struct kb_err *err)
{
    unsigned char digest[HASH];
    struct kb_sigv4_cache own = {0};
    struct kb_sigv4_cache *used = cache != NULL ? cache : &own;
    kb_res res = derived_key(params, key, out, used, err);
    if (!kb_failed(res)) {
        res = hmac(used->key, HASH, kb_buf_view(&out->to_sign), digest, err);
    }
    if (!kb_failed(res)) {
        to_hex(digest, out->signature);
    }
    kb_sigv4_cache_done(&own);
    return res;
}

static void add(struct kb_sigv4_signed *out, struct kb_str name, struct kb_str value)
{
    out->added[out->added_count++] = (struct kb_sigv4_field){name, value};
}

/* The canonical headers of the request's own and those that were added. */
static KB_RES headers_of(const struct kb_sigv4_request *request, struct kb_sigv4_signed *out,
                         struct kb_buf *block, struct kb_err *err)
{
    struct kb_sigv4_field all[KB_SIGV4_HEADERS_MAX + KB_SIGV4_ADDED_MAX];
    size_t n = request->header_count;
    KB_ENSURE(n <= KB_SIGV4_HEADERS_MAX - KB_SIGV4_ADDED_MAX, err, KB_ERR_LIMIT,
              "too many headers to sign");
    if (n > 0) {
        memcpy(all, request->headers, n * sizeof *all);
    }
    memcpy(all + n, out->added, out->added_count * sizeof *all);
    return kb_sigv4_canonical_headers(all, n + out->added_count, block, &out->names, err);
}

KB_RES kb_sigv4_sign(const struct kb_sigv4_request *request, const struct kb_sigv4_params *params,
                     const struct kb_sigv4_key *key, struct kb_sigv4_cache *cache,
                     struct kb_sigv4_signed *out, struct kb_err *err)
{
    static const char credential[] = ALGORITHM " Credential=%.*s/%s, SignedHeaders=%.*s, Signature=%s";
    struct kb_buf block;
    KB_TRY(begin(params, out, err));
    KB_TRY(payload_of(request, params, out, err));
    add(out, KB_STR("X-Amz-Date"), kb_str_c(out->date));
    if (key->token.n > 0 && !params->token_later) {
        add(out, KB_STR("X-Amz-Security-Token"), kb_aws_secret_reveal(&key->token));
    }
    if (params->payload != KB_SIGV4_PAYLOAD_HASHED) {
        add(out, KB_STR("X-Amz-Content-SHA256"), kb_str_c(out->payload));
    }
    kb_buf_init(&block, KB_SIGV4_CANONICAL_MAX);
    kb_res res = headers_of(request, out, &block, err);
    if (!kb_failed(res)) {
        res = compose(request, params, request->query, kb_buf_view(&block), out, err);
    }
    kb_aws_wipe_buf(&block);
    KB_TRY(res);
    KB_TRY(finish(params, key, cache, out, err));
    kb_buf_printf(&out->authorization, credential, KB_FMT(key->access_key_id), out->scope,
                  KB_FMT(kb_buf_view(&out->names)), out->signature);
    if (key->token.n > 0 && params->token_later) {
        add(out, KB_STR("X-Amz-Security-Token"), kb_aws_secret_reveal(&key->token));
    }
    add(out, KB_STR("Authorization"), kb_buf_view(&out->authorization));
    return KB_SUCCESS;
}

static void add_param(struct kb_buf *query, const char *name, struct kb_str value)
{
    kb_buf_printf(query, "%s%s=", query->n > 0 ? "&" : "", name);
    kb_sigv4_encode(value, false, query);
}

/* The query as botocore orders it, up to the signature. */
static void write_query(const struct kb_sigv4_request *request,
                        const struct kb_sigv4_params *params, const struct kb_sigv4_key *key,
                        struct kb_sigv4_signed *out)
{
    struct kb_buf *query = &out->query;
    kb_buf_str(query, request->query);
    kb_buf_printf(query, "%sX-Amz-Algorithm=" ALGORITHM "&X-Amz-Credential=",
                  query->n > 0 ? "&" : "");
    kb_sigv4_encode(key->access_key_id, false, query);
    kb_buf_c(query, "%2F");
    kb_sigv4_encode(kb_str_c(out->scope), false, query);
    kb_buf_printf(query, "&X-Amz-Date=%s&X-Amz-Expires=%lld", out->date,
                  (long long)params->expires_s);
    add_param(query, "X-Amz-SignedHeaders", kb_buf_view(&out->names));
    if (key->token.n > 0 && !params->token_later) {
        add_param(query, "X-Amz-Security-Token", kb_aws_secret_reveal(&key->token));
    }
}

KB_RES kb_sigv4_presign(const struct kb_sigv4_request *request, const struct kb_sigv4_params *params,
                        const struct kb_sigv4_key *key, struct kb_sigv4_cache *cache,
                        struct kb_sigv4_signed *out, struct kb_err *err)
{
    struct kb_buf block;
    KB_TRY(begin(params, out, err));
    KB_TRY(payload_of(request, params, out, err));
    kb_buf_init(&block, KB_SIGV4_CANONICAL_MAX);
    kb_res res = headers_of(request, out, &block, err);
    if (!kb_failed(res)) {
        write_query(request, params, key, out);
        res = compose(request, params, kb_buf_view(&out->query), kb_buf_view(&block), out, err);
    }
    kb_aws_wipe_buf(&block);
    KB_TRY(res);
    KB_TRY(finish(params, key, cache, out, err));
    if (key->token.n > 0 && params->token_later) {
        add_param(&out->query, "X-Amz-Security-Token", kb_aws_secret_reveal(&key->token));
    }
    add_param(&out->query, "X-Amz-Signature", kb_str_c(out->signature));
    KB_ENSURE(!out->query.full, err, KB_ERR_LIMIT, "the presigned query is too long");
    return KB_SUCCESS;
}

/* A presigned URL in base 64. */
#include "aws/eks_token.h"

#include "data/base64.h"

static KB_RES encode(const struct kb_eks_token_request *request, struct kb_str query,
                     struct kb_aws_secret *out, struct kb_err *err)
{
    struct kb_buf url, token;
    kb_buf_init(&url, KB_SIGV4_CANONICAL_MAX);
    kb_buf_init(&token, KB_SIGV4_CANONICAL_MAX);
    kb_buf_printf(&url, "https://%.*s/?%.*s", KB_FMT(request->host), KB_FMT(query));
    kb_buf_c(&token, "k8s-aws-v1.");
    kb_base64_encode(kb_buf_view(&url), KB_BASE64_URL | KB_BASE64_UNPADDED, &token);
    size_t n = token.n;
    bool fits = n <= KB_EKS_TOKEN_MAX;
    if (fits) {
        kb_aws_secret_set(out, kb_buf_view(&token));
    }
    kb_aws_wipe_buf(&url);
    kb_aws_wipe_buf(&token);
    KB_ENSURE(fits, err, KB_ERR_LIMIT,
              "the token of cluster %.*s has %zu bytes, and clusters take at most %d: the session token "
              "of these credentials is too long",
              KB_FMT(request->cluster), n, KB_EKS_TOKEN_MAX);
    return KB_SUCCESS;
}

KB_RES kb_eks_token(const struct kb_eks_token_request *request, const struct kb_sigv4_key *key,
                    struct kb_aws_secret *out, struct kb_err *err)
{
    const struct kb_sigv4_field headers[] = {{KB_STR("Host"), request->host},
                                             {KB_STR("x-k8s-aws-id"), request->cluster}};
    const struct kb_sigv4_request get = {.method = KB_STR("GET"),
                                         .path = KB_STR("/"),
                                         .query = KB_STR("Action=GetCallerIdentity&Version=2011-06-15"),
                                         .headers = headers,
                                         .header_count = sizeof headers / sizeof headers[0]};
    int64_t expires_s = request->expires_s == 0 ? KB_EKS_TOKEN_EXPIRES_S : request->expires_s;
    const struct kb_sigv4_params params = {.region = request->region,
                                           .service = KB_STR("sts"),
                                           .time_s = request->time_s,
                                           .expires_s = expires_s};
    struct kb_sigv4_signed signature;
    KB_ENSURE(request->cluster.n > 0 && request->host.n > 0, err, KB_ERR_INVALID,
              "a token needs the cluster's name and the host of STS");
    KB_ENSURE(expires_s > 0 && expires_s <= KB_EKS_TOKEN_EXPIRES_MAX_S, err, KB_ERR_INVALID,
              "a token lives for 1 to %d s", KB_EKS_TOKEN_EXPIRES_MAX_S);
    kb_res res = kb_sigv4_presign(&get, &params, key, NULL, &signature, err);
    if (!kb_failed(res)) {
        res = encode(request, kb_buf_view(&signature.query), out, err);
    }
    kb_sigv4_signed_done(&signature);
    return res;
}

/*
 * Calls to AWS: settings, credentials, connections and pages behind one handle.
 *
 *     struct kb_aws_client *aws;
 *     KB_TRY(kb_aws_client_new(&flags, &env, &aws, err));
 *     json_t *params = json_pack("{s:s}", "name", "prod");
 *     kb_res res = kb_aws_call(aws, "eks", "DescribeCluster", params, region, &answer, &status, err);
 */
#ifndef KB_AWS_CALL_H
#define KB_AWS_CALL_H

#include "aws/credential.h"
#include "aws/eks_token.h"

enum { KB_AWS_PAGES_MAX = 100000 };

struct kb_aws_client;

/* Reads environment and files; credentials are looked for with the first call. It must not be used by two
 * threads at once. *out is to be freed in both cases. */
KB_RES kb_aws_client_new(const struct kb_aws_flags *flags, const struct kb_aws_env *env,
                         struct kb_aws_client **out, struct kb_err *err);
void kb_aws_client_free(struct kb_aws_client *client);

/* One page of an operation of the table (aws/operation.h); KB_ERR_USAGE where it is not in there. `region`
 * is empty for that of the settings. *out is a new reference. Errors as kb_aws_send; where there are no
 * credentials, status->http is 0. */
KB_RES kb_aws_call(struct kb_aws_client *client, const char *service, const char *operation,
                   const json_t *params, struct kb_str region, json_t **out,
                   struct kb_aws_status *status, struct kb_err *err);

/* The same, its body read by `taker`. */
KB_RES kb_aws_call_to(struct kb_aws_client *client, const struct kb_aws_operation *operation,
                      const json_t *params, struct kb_str region, const struct kb_aws_taker *taker,
                      struct kb_aws_status *status, struct kb_err *err);

/* Gets each page (borrowed); false ends the call, which is a success then. */
typedef bool kb_aws_page(void *ctx, const json_t *page, const struct kb_aws_status *status);

/*
 * Page by page, to the end. An empty page with a token is not the end. KB_ERR_CORRUPT where a page gives the
 * token it was asked with (but for operations whose end that is): what follows would never come.
 */
KB_RES kb_aws_call_pages(struct kb_aws_client *client, const char *service, const char *operation,
                         const json_t *params, struct kb_str region, kb_aws_page *page, void *ctx,
                         struct kb_aws_status *status, struct kb_err *err);

/* All pages as one answer, their lists joined; the token is not in it. Over KB_AWS_ANSWER_MAX bytes it is
 * KB_ERR_LIMIT. */
KB_RES kb_aws_call_all(struct kb_aws_client *client, const char *service, const char *operation,
                       const json_t *params, struct kb_str region, json_t **out,
                       struct kb_aws_status *status, struct kb_err *err);

/* The region of the settings, or of the instance where they name none; empty where neither does. */
struct kb_str kb_aws_client_region(struct kb_aws_client *client);
/* Where the credentials come from: "role … by web identity". Empty before the first call. */
struct kb_str kb_aws_client_source(const struct kb_aws_client *client);
/* Seconds by which AWS's clock is ahead of this machine's, as the last answer showed, to the
 * second or two; 0 before the first. */
int64_t kb_aws_client_clock_ahead_s(const struct kb_aws_client *client);
/* A bearer token for an EKS cluster in `region` (empty: that of the client); usable for
 * KB_EKS_TOKEN_USABLE_S. */
KB_RES kb_aws_client_eks_token(struct kb_aws_client *client, struct kb_str cluster,
                               struct kb_str region, struct kb_aws_secret *out, struct kb_err *err);

#endif

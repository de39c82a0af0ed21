/* The handle, and pages. */
#include "aws/call.h"

#include <stdio.h>

struct kb_aws_client {
    struct kb_aws_settings settings;
    struct kb_aws_sender sender;
    struct kb_aws_keeper keeper;
    bool region_asked; /* the instance was asked for it */
    char region[64];
};

KB_RES kb_aws_client_new(const struct kb_aws_flags *flags, const struct kb_aws_env *env,
                         struct kb_aws_client **out, struct kb_err *err)
{
    struct kb_aws_client *client = kb_alloc(sizeof *client);
    *out = client;
    kb_res res = kb_aws_settings_load(flags, env, &client->settings, err);
    kb_aws_sender_init(&client->sender, &client->settings);
    client->keeper.sender = &client->sender;
    return res;
}

void kb_aws_client_free(struct kb_aws_client *client)
{
    if (client != NULL) {
        kb_aws_keeper_done(&client->keeper);
        kb_aws_sender_done(&client->sender);
        kb_aws_settings_done(&client->settings);
        kb_free(client);
    }
}

struct kb_str kb_aws_client_region(struct kb_aws_client *client)
{
    if (client->settings.region.n == 0 && !client->region_asked) {
        client->region_asked = true;
        kb_aws_instance_region(&client->sender, client->region);
        client->settings.region = kb_str_c(client->region);
    }
    return client->settings.region;
}

struct kb_str kb_aws_client_source(const struct kb_aws_client *client)
{
    return kb_str_c(client->keeper.now.source);
}

int64_t kb_aws_client_clock_ahead_s(const struct kb_aws_client *client)
{
    return client->sender.ahead_s;
}

KB_RES kb_aws_call_to(struct kb_aws_client *client, const struct kb_aws_operation *operation,
                      const json_t *params, struct kb_str region, const struct kb_aws_taker *taker,
                      struct kb_aws_status *status, struct kb_err *err)
{
    const struct kb_aws_signer signer = kb_aws_keeper_signer(&client->keeper);
    if (region.n == 0 && strcmp(operation->service, "sts") != 0) {
        region = kb_aws_client_region(client);
    }
    return kb_aws_send(&client->sender, operation, params, region, &signer, taker, status, err);
}

KB_RES kb_aws_call(struct kb_aws_client *client, const char *service, const char *operation,
                   const json_t *params, struct kb_str region, json_t **out,
                   struct kb_aws_status *status, struct kb_err *err)
{
    struct kb_aws_tree tree = {kb_aws_operation_find(kb_str_c(service), kb_str_c(operation)), out};
    const struct kb_aws_taker taker = kb_aws_tree_taker(&tree);
    *status = (struct kb_aws_status){0};
    KB_ENSURE(tree.operation != NULL, err, KB_ERR_USAGE,
              "%s:%s is not an operation that is called here", service, operation);
    return kb_aws_call_to(client, tree.operation, params, region, &taker, status, err);
}

/* The token for the page after this one; empty at the end. */
static KB_RES next_token(const struct kb_aws_operation *operation, const json_t *page,
                         struct kb_str sent, struct kb_str *out, struct kb_err *err)
{
    struct kb_str token = {0};
    const json_t *told = operation->token_out == NULL ? NULL : json_object_get(page, operation->token_out);
    KB_ENSURE(told == NULL || json_is_null(told) || json_is_string(told), err, KB_ERR_CORRUPT,
              "%s:%s: the next page's token is no text", operation->service, operation->name);
    if (operation->token_out != NULL) {
        (void)kb_json_str(page, operation->token_out, &token);
    }
    bool same = token.n > 0 && kb_str_eq(token, sent);
    KB_ENSURE(!same || operation->token_repeats, err, KB_ERR_CORRUPT,
              "%s:%s: a page asks for itself again; what follows it cannot be read",
              operation->service, operation->name);
    *out = same ? KB_STR("") : token;
    return KB_SUCCESS;
}

KB_RES kb_aws_call_pages(struct kb_aws_client *client, const char *service, const char *operation,
                         const json_t *params, struct kb_str region, kb_aws_page *page, void *ctx,
                         struct kb_aws_status *status, struct kb_err *err)
{
    const struct kb_aws_operation *found =
        kb_aws_operation_find(kb_str_c(service), kb_str_c(operation));
    KB_AUTO(kb_json_done) json_t *asked = params == NULL ? json_object()
                                                         : json_copy((json_t *)(uintptr_t)params);
    for (size_t i = 0; i < KB_AWS_PAGES_MAX; i++) {
        KB_AUTO(kb_json_done) json_t *answer = NULL;
        struct kb_str sent = {0}, token = {0};
        KB_TRY(kb_aws_call(client, service, operation, asked, region, &answer, status, err));
        if (found->token_in != NULL) {
            (void)kb_json_str(asked, found->token_in, &sent);
        }
        KB_TRY(next_token(found, answer, sent, &token, err));
        if (!page(ctx, answer, status) || token.n == 0) {
            return KB_SUCCESS;
        }
        (void)json_object_set_new(asked, found->token_in, json_stringn(token.p, token.n));
    }
    return kb_fail(err, KB_ERR_LIMIT, "%s:%s: more than %d pages", service, operation,
                   KB_AWS_PAGES_MAX);
}

/* Pages on their way into one answer. */
struct joining {
    const struct kb_aws_operation *operation;
    json_t *all;
    uint64_t bytes;
};

static bool join(void *ctx, const json_t *page, const struct kb_aws_status *status)
{
    struct joining *j = ctx;
    j->bytes += status->bytes;
    if (j->all == NULL) {
        j->all = json_copy((json_t *)(uintptr_t)page);
    } else if (j->operation->result != NULL) {
        json_t *list = json_object_get(j->all, j->operation->result);
        (void)json_array_extend(list, json_object_get(page, j->operation->result));
    }
    return j->bytes <= KB_AWS_ANSWER_MAX;
}

KB_RES kb_aws_call_all(struct kb_aws_client *client, const char *service, const char *operation,
                       const json_t *params, struct kb_str region, json_t **out,
                       struct kb_aws_status *status, struct kb_err *err)
{
    struct joining j = {.operation = kb_aws_operation_find(kb_str_c(service), kb_str_c(operation))};
    kb_res res = kb_aws_call_pages(client, service, operation, params, region, join, &j, status, err);
    if (!kb_failed(res) && j.bytes > KB_AWS_ANSWER_MAX) {
        res = kb_fail(err, KB_ERR_LIMIT, "%s:%s: more than %d bytes", service, operation,
                      KB_AWS_ANSWER_MAX);
    }
    if (kb_failed(res)) {
        json_decref(j.all);
        return res;
    }
    if (j.operation->token_out != NULL) {
        (void)json_object_del(j.all, j.operation->token_out);
    }
    *out = j.all;
    return KB_SUCCESS;
}

KB_RES kb_aws_client_eks_token(struct kb_aws_client *client, struct kb_str cluster,
                               struct kb_str region, struct kb_aws_secret *out, struct kb_err *err)
{
    const struct kb_aws_signer signer = kb_aws_keeper_signer(&client->keeper);
    const struct kb_sigv4_key *key;
    char host[KB_AWS_HOST_MAX];
    int64_t now_s = kb_aws_now_s(&client->sender);
    /* Verifiers know the hosts of IPv4 only. */
    const struct kb_aws_place place = {region.n > 0 ? region : kb_aws_client_region(client),
                                       client->settings.fips, false};
    KB_ENSURE(place.region.n > 0, err, KB_ERR_INVALID,
              "no AWS region is known for the token of cluster %.*s", KB_FMT(cluster));
    KB_TRY(kb_aws_host(kb_aws_service_find(KB_STR("sts")), &place, host, err));
    KB_TRY(signer.key(signer.ctx, now_s, false, &key, err));
    const struct kb_eks_token_request request = {
        .cluster = cluster, .host = kb_str_c(host), .region = place.region, .time_s = now_s};
    return kb_eks_token(&request, key, out, err);
}

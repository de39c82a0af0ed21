/* Small documents over HTTP, and the keys in them. */
#include <time.h>

#include "aws/fault.h"
#include "aws/provider.h"
#include "aws/shape.h"

static bool on_bytes(void *ctx, struct kb_str bytes)
{
    struct kb_buf *body = ctx;
    kb_buf_str(body, bytes);
    return !body->full;
}

static KB_RES fetch_once(struct kb_http *http, const struct kb_aws_fetch *fetch, struct kb_buf *out,
                         unsigned *status, struct kb_err *err)
{
    struct kb_http_answer answer;
    const struct kb_http_request request = {.method = fetch->method, .target = fetch->target,
                                            .headers = fetch->headers,
                                            .header_count = fetch->header_count,
                                            .take = on_bytes, .ctx = out};
    kb_buf_clear(out);
    kb_res res = kb_http_send(http, &request, &answer, err);
    *status = answer.status;
    kb_buf_str(out, kb_buf_view(&answer.error));
    kb_http_answer_done(&answer);
    return res;
}

KB_RES kb_aws_fetch(const struct kb_aws_search *search, const struct kb_aws_fetch *fetch,
                    struct kb_buf *out, unsigned *status, struct kb_err *err)
{
    const struct timespec pause = {fetch->pause_ms / 1000, fetch->pause_ms % 1000 * 1000000};
    bool tls = kb_str_starts(fetch->origin, KB_STR("https://"));
    const struct kb_http_peer peer = {.url = fetch->origin,
                                      .ca_pem = search->settings->ca_pem,
                                      .user_agent = search->settings->user_agent,
                                      .direct = !tls,
                                      .connect_timeout_ms = fetch->timeout_ms,
                                      .timeout_ms = fetch->timeout_ms};
    struct kb_http *http;
    kb_res res = kb_http_new(&peer, &http, err);
    for (unsigned i = 0; i < fetch->attempts; i++) {
        if (i > 0) {
            (void)nanosleep(&pause, NULL);
        }
        res = fetch_once(http, fetch, out, status, err);
        if (!kb_failed(res) && *status < 500) {
            break;
        }
    }
    kb_http_free(http);
    return res;
}

KB_RES kb_aws_document_read(struct kb_str body, unsigned status, const char *from,
                            struct kb_aws_credential *out, struct kb_err *err)
{
    static const struct kb_aws_key_names names = {"AccessKeyId", "SecretAccessKey", "Token",
                                                  "Expiration"};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    struct kb_str code = KB_STR("Success");
    if (status != 200) {
        struct kb_aws_fault fault;
        kb_aws_fault_read(status, KB_STR(""), KB_STR(""), body, &fault);
        return kb_fail(err, KB_ERR_INVALID, "%s: HTTP status %u%s%s%s%s", from, status,
                       fault.code[0] != '\0' ? ", " : "", fault.code,
                       fault.message[0] != '\0' ? ": " : "", fault.message);
    }
    KB_ENSURE(!kb_failed(kb_json_parse(NULL, body, 0, &json, NULL)), err, KB_ERR_CORRUPT,
              "%s did not answer with JSON", from);
    (void)kb_json_str(json, "Code", &code);
    kb_res res = kb_str_eq_c(code, "Success")
                     ? kb_aws_credential_read(json, &names, from, out, err)
                     : kb_fail(err, KB_ERR_INVALID, "%s says %.*s", from, KB_FMT(code));
    kb_aws_json_wipe(json);
    return res;
}

/*
 * One call to AWS, told as JSON: aws_call [--profile NAME] [--all] SERVICE OPERATION [PARAMS]
 *                                aws_call [--profile NAME] token CLUSTER
 * Never prints a secret, but for the token that is asked for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "aws/call.h"

static void tell(json_t *out)
{
    json_dumpf(out, stdout, JSON_INDENT(1));
    printf("\n");
    json_decref(out);
}

static json_t *text(struct kb_str s)
{
    return json_stringn(s.p == NULL ? "" : s.p, s.n);
}

static int call(struct kb_aws_client *client, bool all, const char *service, const char *operation,
                const char *params_text)
{
    struct kb_err err = {0};
    struct kb_aws_status status = {0};
    json_t *answer = NULL, *params = json_loads(params_text, 0, NULL);
    kb_res res = (all ? kb_aws_call_all : kb_aws_call)(client, service, operation, params,
                                                       KB_STR(""), &answer, &status, &err);
    json_t *out = json_pack("{s:s,s:s,s:i,s:i,s:s,s:s,s:i}", "result", kb_code_name(res.code),
                            "error", kb_failed(res) ? err.msg : "", "http", (int)status.http,
                            "attempts", (int)status.attempts, "code", status.fault.code,
                            "request_id", status.request_id, "kind", (int)status.fault.kind);
    (void)json_object_set_new(out, "source", text(kb_aws_client_source(client)));
    if (!kb_failed(res)) {
        (void)json_object_set(out, "answer", answer);
    }
    tell(out);
    json_decref(answer);
    json_decref(params);
    return kb_failed(res) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int token(struct kb_aws_client *client, const char *cluster)
{
    struct kb_err err = {0};
    struct kb_aws_secret secret = {0};
    kb_res res = kb_aws_client_eks_token(client, kb_str_c(cluster), KB_STR(""), &secret, &err);
    tell(json_pack("{s:s,s:s,s:o}", "result", kb_code_name(res.code), "error",
                   kb_failed(res) ? err.msg : "", "token", text(kb_aws_secret_reveal(&secret))));
    kb_aws_secret_done(&secret);
    return kb_failed(res) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct kb_aws_flags flags = {.user_agent = KB_STR("kube-baseline/test")};
    struct kb_aws_env env = kb_aws_env_process();
    struct kb_aws_client *client = NULL;
    struct kb_err err = {0};
    bool all = false;
    int status, i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "--all") == 0) {
            all = true;
        } else if (strcmp(argv[i], "--profile") == 0 && i + 1 < argc) {
            flags.profile = kb_str_c(argv[++i]);
        }
    }
    kb_res res = kb_aws_client_new(&flags, &env, &client, &err);
    if (kb_failed(res) || argc - i < 2) {
        tell(json_pack("{s:s,s:s,s:s,s:i}", "result", kb_code_name(res.code), "error", err.msg, "file",
                       err.file, "line", (int)err.line));
        status = EXIT_FAILURE;
    } else if (strcmp(argv[i], "token") == 0) {
        status = token(client, argv[i + 1]);
    } else {
        status = call(client, all, argv[i], argv[i + 1], argc - i > 2 ? argv[i + 2] : "{}");
    }
    kb_aws_client_free(client);
    return status;
}

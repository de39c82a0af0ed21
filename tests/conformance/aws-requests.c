/* Operations and parameters as botocore writes them on the wire. */
#include "aws/request.h"
#include "rows.h"

static bool same(const json_t *row, const char *member, struct kb_str got)
{
    struct kb_str wanted = kb_rows_str(row, member);
    return kb_str_eq(got, wanted) ||
           kb_rows_differs(row, "%s is %.*s, wanted %.*s", member, KB_FMT(got), KB_FMT(wanted));
}

/* JSON is the same whatever its white space. */
static bool same_body(const json_t *row, struct kb_str got)
{
    KB_AUTO(kb_json_done) json_t *a = NULL, *b = NULL;
    struct kb_str wanted = kb_rows_str(row, "body");
    bool json = kb_str_starts(wanted, KB_STR("{"));
    bool equal = json && !kb_failed(kb_json_parse(NULL, got, 0, &a, NULL)) &&
                 !kb_failed(kb_json_parse(NULL, wanted, 0, &b, NULL)) && json_equal(a, b);
    return equal || same(row, "body", got);
}

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    struct kb_aws_request request;
    struct kb_err err = {0};
    struct kb_str service = kb_rows_str(row, "service");
    const struct kb_aws_operation *operation =
        kb_aws_operation_find(service, kb_rows_str(row, "operation"));
    if (operation == NULL) {
        return kb_rows_differs(row, "no such operation");
    }
    bool ok = !kb_failed(kb_aws_request_build(kb_aws_service_find(service), operation,
                                              json_object_get(row, "params"), KB_STR(""), false,
                                              &request, &err)) ||
              kb_rows_differs(row, "%s", err.msg);
    ok = ok && same(row, "method", request.method) && same(row, "path", kb_buf_view(&request.path)) &&
         same(row, "query", kb_buf_view(&request.query)) &&
         same_body(row, kb_buf_view(&request.body)) && same(row, "target", kb_str_c(request.target)) &&
         same(row, "content_type", kb_str_c(request.content_type));
    kb_aws_request_done(&request);
    return ok;
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}

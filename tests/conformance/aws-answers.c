/* Answers of AWS's services as the AWS CLI prints them: the same tree that botocore makes of them. */
#include <stdlib.h>

#include "aws/shape.h"
#include "rows.h"

static bool run(const json_t *row, void *ctx)
{
    (void)ctx;
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *got = NULL;
    const struct kb_aws_operation *operation =
        kb_aws_operation_find(kb_rows_str(row, "service"), kb_rows_str(row, "operation"));
    const json_t *wanted = json_object_get(row, "answer");
    if (operation == NULL) {
        return kb_rows_differs(row, "no such operation");
    }
    if (kb_failed(kb_aws_answer_read(kb_aws_service_find(kb_rows_str(row, "service")), operation,
                                     kb_rows_str(row, "body"), &got, &err))) {
        return kb_rows_differs(row, "%s", err.msg);
    }
    if (!json_equal(got, wanted)) {
        char *a = json_dumps(got, JSON_INDENT(1) | JSON_SORT_KEYS);
        char *b = json_dumps(wanted, JSON_INDENT(1) | JSON_SORT_KEYS);
        (void)kb_rows_differs(row, "%s\nwanted\n%s", a, b);
        free(a);
        free(b);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    return kb_rows_main(argc, argv, run, NULL);
}

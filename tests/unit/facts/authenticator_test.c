#include "facts/authenticator_event.h"

#include "show.h"
#include "test.h"

static void check(const char *line, const char *column, const char *want, int at)
{
    const struct kb_audit_origin origin = {.source = KB_STR("a.log"), .line = 7, .timestamp_ns = 5};
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    KB_AUTO(kb_buf_done) struct kb_buf text = {.max = 4096};
    struct kb_authenticator_row row;
    struct kb_cel_val value;
    kb_authenticator_row_init(&row, kb_str_c(line), &origin);
    struct kb_row view = kb_authenticator_row_view(&row);
    int number = kb_table_column(view.table, kb_str_c(column));
    if (CHECK(number >= 0)) {
        view.ops->get(view.data, (unsigned)number, &arena, &value);
        show_value(&value, &text);
        kb_test_str(kb_buf_view(&text), kb_str_c(want), __FILE__, at);
    }
}
#define AUTHN(line, column, want) check((line), (column), (want), __LINE__)

KB_TEST(authenticator, lines_of_every_kind)
{
    const char *sts =
        "time=\"2026-01-15T09:59:58Z\" level=info msg=\"STS response\" "
        "accesskeyid=ASIAEXAMPLEKEY000001 accountid=111122223333 "
        "arn=\"arn:aws:sts::111122223333:assumed-role/ops/alice\" client=\"127.0.0.1:50100\" "
        "method=POST path=/authenticate "
        "session=alice stsendpoint=sts.eu-central-1.amazonaws.com userid=AROAEXAMPLEID00000001\n";
    AUTHN(sts, "time", "1768471198.000000000");
    AUTHN(sts, "outcome", "sts");
    AUTHN(sts, "access_key_id", "ASIAEXAMPLEKEY000001");
    AUTHN(sts, "account", "111122223333");
    AUTHN(sts, "session", "alice");
    AUTHN(sts, "uid", "AROAEXAMPLEID00000001");
    AUTHN(sts, "client", "127.0.0.1:50100");
    AUTHN(sts, "method", "POST");
    AUTHN(sts, "groups", "[]");
    const char *granted = "time=\"2026-01-15T09:59:58Z\" level=info msg=\"access granted\" "
                          "arn=\"arn:aws:iam::111122223333:role/ops\" "
                          "groups=\"[ops system:masters]\" path=/authenticate "
                          "uid=\"aws-iam-authenticator:111122223333:AROA\" username=\"a\\\"b c\"";
    AUTHN(granted, "outcome", "granted");
    AUTHN(granted, "groups", "[ops, system:masters]");
    AUTHN(granted, "username", "a\"b c");
    AUTHN(granted, "account", "111122223333");
    AUTHN(granted, "log_level", "info");
    const char *denied = "time=\"2026-01-15T10:01:00Z\" level=warning msg=\"access denied\" "
                         "error=\"identity is not mapped\"";
    AUTHN(denied, "outcome", "denied");
    AUTHN(denied, "error", "identity is not mapped");
    AUTHN(denied, "arn", "");
    AUTHN("time=\"x\" level=info msg=\"Received aws-auth watch event\"", "outcome", "mapping");
    AUTHN("time=\"x\" level=info msg=\"listening\"", "outcome", "other");
    AUTHN("time=\"x\" level=info msg=\"listening\"", "time", "0.000000005");
}

KB_TEST(authenticator, values_are_not_read_out_of_quoted_texts)
{
    const char *line =
        "level=info msg=\"access denied arn=x msg=\\\"access granted\\\"\" arn=y arn=z open=\"";
    AUTHN(line, "outcome", "other");
    AUTHN(line, "arn", "y");
    AUTHN(line, "message", "access denied arn=x msg=\"access granted\"");
}

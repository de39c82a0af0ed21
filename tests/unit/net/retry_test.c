#include "net/http.h"
#include "net/retry.h"
#include "test.h"

static int64_t wait_of(unsigned number, unsigned status, int64_t retry_after_ms)
{
    return kb_retry_wait_ms(&(struct kb_attempt){number, status, retry_after_ms});
}

KB_TEST(retry, answers_that_are_final)
{
    EQ_INT(wait_of(1, 200, -1), -1);
    EQ_INT(wait_of(1, 404, 1000), -1);
    EQ_INT(wait_of(1, 410, -1), -1);
}

KB_TEST(retry, waits_as_long_as_the_server_asks)
{
    EQ_INT(wait_of(1, 429, 1000), 1000);
    EQ_INT(wait_of(9, 503, 0), 0);
    EQ_INT(wait_of(KB_RETRY_MAX, 429, 1000), -1);
    EQ_INT(wait_of(1, 429, KB_RETRY_AFTER_MAX_MS + 1), -1);
}

KB_TEST(retry, broken_connections_double_the_wait)
{
    CHECK(wait_of(1, 0, -1) > 0);
    EQ_INT(wait_of(2, 0, -1), 2 * wait_of(1, 0, -1));
    EQ_INT(wait_of(KB_RETRY_BROKEN_MAX, 0, -1), -1);
    EQ_INT(wait_of(KB_RETRY_BROKEN_MAX, 500, -1), -1);
}

KB_TEST(retry, reads_retry_after)
{
    EQ_INT(kb_http_retry_after_ms(KB_STR("120"), 0), 120000);
    EQ_INT(kb_http_retry_after_ms(KB_STR("0"), 0), 0);
    EQ_INT(kb_http_retry_after_ms(KB_STR("99999999999999999999"), 0), -1);
    EQ_INT(kb_http_retry_after_ms(KB_STR("soon"), 0), -1);
    EQ_INT(kb_http_retry_after_ms(KB_STR(""), 0), -1);
    EQ_INT(kb_http_retry_after_ms(KB_STR("Thu, 01 Jan 1970 00:01:40 GMT"), 40), 60000);
    EQ_INT(kb_http_retry_after_ms(KB_STR("Thu, 01 Jan 1970 00:01:40 GMT"), 400), 0);
}

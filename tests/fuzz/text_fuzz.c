/* Small notations: what is parsed and printed parses again, to the same. */
#include "data/duration.h"
#include "data/ip.h"
#include "data/quantity.h"
#include "data/quote.h"
#include "data/time.h"
#include "fuzz.h"

static void durations(struct kb_str text, struct kb_buf *out)
{
    struct kb_err err = {0};
    int64_t ns = 0;
    int64_t again = 0;
    if (!kb_failed(kb_duration_parse(text, &ns, &err))) {
        kb_duration_format(ns, out);
        KB_HOLDS(!kb_failed(kb_duration_parse(kb_buf_view(out), &again, &err)) && again == ns);
    }
}

static void quantities(struct kb_str text, struct kb_buf *out)
{
    struct kb_err err = {0};
    struct kb_quantity quantity;
    if (!kb_failed(kb_quantity_parse(text, &quantity, &err))) {
        kb_quantity_canonical(&quantity, out);
        KB_HOLDS(!kb_failed(kb_quantity_parse(kb_buf_view(out), &quantity, &err)));
    }
}

static void addresses(struct kb_str text, struct kb_buf *out)
{
    struct kb_err err = {0};
    struct kb_ip ip;
    struct kb_ip again;
    struct kb_cidr cidr;
    if (!kb_failed(kb_ip_parse(text, &ip, &err))) {
        kb_ip_format(&ip, out);
        KB_HOLDS(!kb_failed(kb_ip_parse(kb_buf_view(out), &again, &err)));
        KB_HOLDS(kb_ip_equal(&ip, &again));
    }
    if (!kb_failed(kb_cidr_parse(text, &cidr, &err))) {
        struct kb_cidr masked = kb_cidr_masked(&cidr);
        KB_HOLDS(kb_cidr_contains(&masked, &cidr));
    }
}

static void times(struct kb_str text)
{
    struct kb_err err = {0};
    struct kb_time time;
    struct kb_time now = {0};
    (void)kb_time_parse_audit(text, &time);
    (void)!kb_failed(kb_time_word(text, now, &time, &err));
}

static void quotes(struct kb_str text, struct kb_buf *out)
{
    struct kb_buf back;
    kb_buf_init(&back, 1 << 20);
    (void)kb_unquote(text, &back);
    kb_buf_clear(&back);
    kb_quote_bytes(text, out);
    KB_HOLDS(kb_unquote(kb_buf_view(out), &back));
    KB_HOLDS(kb_str_eq(kb_buf_view(&back), text));
    kb_buf_done(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_str text = kb_fuzz_text(data, size < 4096 ? size : 4096);
    struct kb_buf out;
    kb_buf_init(&out, 1 << 20);
    durations(text, &out);
    kb_buf_clear(&out);
    quantities(text, &out);
    kb_buf_clear(&out);
    addresses(text, &out);
    kb_buf_clear(&out);
    quotes(text, &out);
    kb_buf_done(&out);
    times(text);
    return 0;
}

#include "data/quantity.h"

#include "test.h"

static bool refused(const char *text, enum kb_code code)
{
    struct kb_quantity q;
    struct kb_err err;
    kb_res res = kb_quantity_parse(kb_str_c(text), &q, &err);
    return FAILS(res, code);
}

static struct kb_quantity of(const char *text)
{
    struct kb_quantity q = {0};
    struct kb_err err;
    OK(kb_quantity_parse(kb_str_c(text), &q, &err), &err);
    return q;
}

KB_TEST(quantity, hostile_sizes_are_limits)
{
    char digits[KB_QUANTITY_TEXT_MAX + 8];
    refused("1e301", KB_ERR_LIMIT);
    refused("1e1215752187", KB_ERR_LIMIT);
    refused("1e-2147483648", KB_ERR_LIMIT);
    refused("1e99999999999", KB_ERR_LIMIT);
    refused("1e99999999999999999999999", KB_ERR_SYNTAX);
    memset(digits, '9', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    refused(digits, KB_ERR_LIMIT);
    digits[KB_QUANTITY_TEXT_MAX - 3] = '\0'; /* as long as allowed, with the widest suffix */
    struct kb_quantity q = of(digits);
    EQ_INT(kb_quantity_sign(&q), 1);
    memcpy(digits + KB_QUANTITY_TEXT_MAX - 5, "e300", 5);
    refused(digits, KB_ERR_LIMIT);
}

KB_TEST(quantity, integers_are_those_kept_in_64_bits)
{
    int64_t i = 0;
    struct kb_quantity q = of("5k");
    CHECK(kb_quantity_integer(&q, &i) && i == 5000);
    q = of("5.0");
    CHECK(!kb_quantity_integer(&q, &i));
    q = of("1Ei");
    CHECK(!kb_quantity_integer(&q, &i));
}

KB_TEST(quantity, sums)
{
    struct kb_quantity a = of("9223372036854775807");
    struct kb_quantity b = of("1m");
    struct kb_quantity sum;
    CHECK(kb_quantity_add(&a, &b, &sum) && kb_quantity_cmp(&sum, &a) > 0);
    CHECK(kb_quantity_sub(&sum, &a, &sum) && kb_quantity_cmp(&sum, &b) == 0);
    a = of("1e300");
    b = of("1n");
    CHECK(kb_quantity_add(&a, &b, &sum) && kb_quantity_cmp(&sum, &a) > 0);
    a = of("-1Ki");
    b = of("1Ki");
    CHECK(kb_quantity_add(&a, &b, &sum) && kb_quantity_sign(&sum) == 0);
}

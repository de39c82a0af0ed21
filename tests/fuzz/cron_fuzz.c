/* Cron expressions: any text is read or refused, and what fires does so at times that fit the fields. */
#include "backup/cron.h"
#include "fuzz.h"

static bool fits(const struct kb_cron *cron, struct kb_time t)
{
    struct kb_civil civil = kb_time_civil(t.s);
    return cron->every_s > 0 || ((cron->bits[KB_CRON_SECOND] >> civil.second & 1) != 0 &&
                                 (cron->bits[KB_CRON_MINUTE] >> civil.minute & 1) != 0 &&
                                 (cron->bits[KB_CRON_HOUR] >> civil.hour & 1) != 0 &&
                                 (cron->bits[KB_CRON_MONTH] >> civil.month & 1) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_str text = kb_fuzz_text(data, size < 512 ? size : 512);
    for (int dialect = 0; dialect < KB_CRON_DIALECTS; dialect++) {
        struct kb_cron cron;
        struct kb_err err = {0};
        struct kb_time from = {.s = 1767225600};
        if (kb_failed(kb_cron_parse((enum kb_cron_dialect)dialect, text, &cron, &err))) {
            continue;
        }
        for (int i = 0; i < 3; i++) {
            struct kb_time next;
            if (!kb_cron_next(&cron, NULL, from, &next)) {
                break;
            }
            KB_HOLDS(cron.zone != NULL || (next.s > from.s && fits(&cron, next)));
            from = next;
        }
        struct kb_time until = {.s = from.s + 86400};
        KB_HOLDS(kb_cron_count(&cron, NULL, from, until, 500).count <= 500);
    }
    return 0;
}

/* Fires and gaps. */
#include "backup/schedule.h"

#include <stdio.h>

static const int64_t DAY_S = 86400;

/* The time that the clocks of the zone pass over, [from, to) as local time; false where nothing is passed
 * over between the two instants. */
static bool passed_over(const struct kb_tz *zone, int64_t s, int64_t step, int64_t *from, int64_t *to)
{
    int64_t before = kb_tz_offset(zone, s), after = kb_tz_offset(zone, s + step);
    if (after <= before) {
        return false;
    }
    int64_t low = s, high = s + step;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        *(kb_tz_offset(zone, middle) == before ? &low : &high) = middle;
    }
    *from = high + before;
    *to = high + after;
    return true;
}

/* Whether some fire falls into local time that does not exist. */
static bool has_swallowed(const struct kb_cron *cron, int64_t now_s)
{
    struct kb_cron local = *cron;
    bool found = false;
    local.zone = NULL;
    for (int64_t day = 0; day < KB_SCHEDULE_DAYS && !found; day++) {
        int64_t from, to;
        struct kb_time next;
        found = passed_over(cron->zone, now_s + day * DAY_S, DAY_S, &from, &to) &&
                kb_cron_next(&local, NULL, (struct kb_time){from - 1, 0}, &next) && next.s < to;
    }
    return found;
}

static int64_t longest_gap(const struct kb_cron *cron, int64_t now_s)
{
    struct kb_cron_span span = kb_cron_count(
        cron, NULL, (struct kb_time){now_s, 0},
        (struct kb_time){now_s + KB_SCHEDULE_DAYS * DAY_S, 0}, KB_SCHEDULE_FIRES_MAX);
    return span.max_gap_s >= 0 ? span.max_gap_s : KB_SCHEDULE_DAYS * DAY_S;
}

void kb_schedule_times(enum kb_cron_dialect dialect, struct kb_str text, int64_t now_s,
                       struct kb_schedule_times *out)
{
    struct kb_err err = {0};
    struct kb_time next;
    *out = (struct kb_schedule_times){.valid = false};
    if (kb_failed(kb_cron_parse(dialect, text, &out->cron, &err))) {
        (void)snprintf(out->error, sizeof out->error, "%.*s", (int)sizeof out->error - 1, err.msg);
        return;
    }
    out->valid = true;
    out->fires = kb_cron_next(&out->cron, NULL, (struct kb_time){now_s, 0}, &next);
    if (out->fires) {
        out->next_s = next.s;
        out->gap_s = longest_gap(&out->cron, now_s);
    }
    if (out->fires && out->cron.zone != NULL && out->cron.every_s == 0 &&
        has_swallowed(&out->cron, now_s)) {
        struct kb_cron plain = out->cron;
        plain.zone = NULL;
        out->dst_gap = out->gap_s > longest_gap(&plain, now_s);
    }
}

bool kb_schedule_due(const struct kb_schedule_times *times, int64_t from_s, int64_t *out_s)
{
    struct kb_time next;
    if (!times->valid || !kb_cron_next(&times->cron, NULL, (struct kb_time){from_s, 0}, &next)) {
        return false;
    }
    *out_s = next.s;
    return true;
}

struct kb_str kb_schedule_zone(struct kb_str text)
{
    struct kb_str rest = kb_str_trim(text);
    for (size_t i = 0; i < 2; i++) {
        struct kb_str prefix = i == 0 ? KB_STR("TZ=") : KB_STR("CRON_TZ=");
        if (kb_str_starts(rest, prefix)) {
            struct kb_str after;
            return kb_str_split(kb_str_sub(rest, prefix.n, rest.n), ' ', &after);
        }
    }
    return KB_STR("");
}

unsigned kb_schedule_fields(struct kb_str text)
{
    struct kb_str rest = kb_str_trim(text);
    unsigned n = 0;
    if (kb_schedule_zone(rest).n > 0) {
        struct kb_str prefix = kb_str_split(rest, ' ', &rest);
        (void)prefix;
    }
    if (kb_str_starts(kb_str_trim(rest), KB_STR("@"))) {
        return 0;
    }
    while (rest.n > 0) {
        n += kb_str_trim(kb_str_split(rest, ' ', &rest)).n > 0;
    }
    return n;
}

/*
 * When an expression fires. The search moves a clock of seconds forward, field by field, in the way of the
 * library, because its answers on the days on which clocks change are the answers of that way.
 */
#include "backup/cron.h"
#include "backup/cron_aws.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400, YEARS = 5 };

static const struct kb_tz *zone_of(const struct kb_cron *cron, const struct kb_tz *local)
{
    return cron->zone != NULL ? cron->zone : local;
}

static int32_t offset_at(const struct kb_tz *zone, int64_t s)
{
    return zone == NULL ? 0 : kb_tz_offset(zone, s);
}

/* Go's time.Date: month and day may be beyond their ranges. A clock time that comes twice or never is
 * read with the offset that holds at the time that its own offset gives. */
static int64_t go_date(const struct kb_tz *zone, int64_t year, int month, int day, int64_t of_day)
{
    struct kb_civil first = {.year = year + (month - 1) / 12, .month = (month - 1) % 12 + 1, .day = 1};
    int64_t clock = kb_time_from_civil(&first) + (int64_t)(day - 1) * DAY_S + of_day;
    int64_t guess = clock - offset_at(zone, clock);
    return clock - offset_at(zone, guess);
}

static int64_t seconds_of_day(const struct kb_civil *civil)
{
    return civil->hour * HOUR_S + civil->minute * MINUTE_S + civil->second;
}

/* The state of a search. */
struct search {
    const struct kb_cron *cron;
    const struct kb_tz *zone;
    int64_t now;
    struct kb_civil civil; /* of `now` in the zone */
    bool moved;            /* a field was incremented, so those below it begin at their start */
};

static void go_to(struct search *search, int64_t now)
{
    search->now = now;
    search->civil = kb_time_civil(now + offset_at(search->zone, now));
}

static bool has(const struct search *search, enum kb_cron_field field, int value)
{
    return (search->cron->bits[field] >> value & 1) != 0;
}

static bool day_matches(const struct search *search)
{
    bool day = has(search, KB_CRON_DAY, search->civil.day);
    bool weekday = has(search, KB_CRON_WEEKDAY, search->civil.weekday);
    uint64_t star =
        (search->cron->bits[KB_CRON_DAY] | search->cron->bits[KB_CRON_WEEKDAY]) & KB_CRON_STAR;
    return star != 0 ? day && weekday : day || weekday;
}

/* Each of these moves on to the next value that its field may have; false where that went past the end
 * of the field above, which then must be looked at again. */

static bool find_month(struct search *search)
{
    while (!has(search, KB_CRON_MONTH, search->civil.month)) {
        const struct kb_civil *c = &search->civil;
        if (!search->moved) {
            search->moved = true;
            go_to(search, go_date(search->zone, c->year, c->month, 1, 0));
        }
        go_to(search, go_date(search->zone, c->year, c->month + 1, c->day, seconds_of_day(c)));
        if (search->civil.month == 1) {
            return false;
        }
    }
    return true;
}

static bool find_day(struct search *search)
{
    while (!day_matches(search)) {
        const struct kb_civil *c = &search->civil;
        if (!search->moved) {
            search->moved = true;
            go_to(search, go_date(search->zone, c->year, c->month, c->day, 0));
        }
        go_to(search, go_date(search->zone, c->year, c->month, c->day + 1, seconds_of_day(c)));
        if (c->hour != 0 && search->cron->midnight) {
            go_to(search, search->now + (c->hour > 12 ? 24 - c->hour : -c->hour) * HOUR_S);
        }
        if (search->civil.day == 1) {
            return false;
        }
    }
    return true;
}

static bool find_hour(struct search *search)
{
    while (!has(search, KB_CRON_HOUR, search->civil.hour)) {
        const struct kb_civil *c = &search->civil;
        if (!search->moved) {
            search->moved = true;
            go_to(search,
                  go_date(search->zone, c->year, c->month, c->day, (int64_t)c->hour * HOUR_S));
        }
        go_to(search, search->now + HOUR_S);
        if (search->civil.hour == 0) {
            return false;
        }
    }
    return true;
}

static bool find_minute(struct search *search)
{
    while (!has(search, KB_CRON_MINUTE, search->civil.minute)) {
        if (!search->moved) {
            search->moved = true;
            search->now -= (search->now % MINUTE_S + MINUTE_S) % MINUTE_S;
        }
        go_to(search, search->now + MINUTE_S);
        if (search->civil.minute == 0) {
            return false;
        }
    }
    return true;
}

static bool find_second(struct search *search)
{
    while (!has(search, KB_CRON_SECOND, search->civil.second)) {
        search->moved = true;
        go_to(search, search->now + 1);
        if (search->civil.second == 0) {
            return false;
        }
    }
    return true;
}

bool kb_cron_next(const struct kb_cron *cron, const struct kb_tz *local, struct kb_time from,
                  struct kb_time *out)
{
    if (cron->every_s > 0) {
        *out = (struct kb_time){.s = from.s + cron->every_s};
        return true;
    }
    if (cron->aws.used) {
        return kb_cron_next_aws(cron, zone_of(cron, local), from, out);
    }
    for (size_t i = KB_CRON_SECOND; i <= KB_CRON_HOUR; i++) {
        if ((cron->bits[i] & ~KB_CRON_STAR) == 0) {
            return false; /* "," is a list of nothing: no need to look at all seconds of five years */
        }
    }
    struct search search = {.cron = cron, .zone = zone_of(cron, local)};
    go_to(&search, from.s + 1);
    int64_t last_year = search.civil.year + YEARS;
    while (search.civil.year <= last_year) {
        if (find_month(&search) && find_day(&search) && find_hour(&search) &&
            find_minute(&search) && find_second(&search)) {
            *out = (struct kb_time){.s = search.now};
            return true;
        }
    }
    return false;
}

/* Counting. */

struct tally {
    struct kb_cron_span span;
    int64_t last; /* the fire counted last */
    int64_t until;
    uint64_t max;
};

/* False where nothing more is to be counted. */
static bool add(struct tally *tally, int64_t s)
{
    struct kb_cron_span *span = &tally->span;
    if (s > tally->until || span->count >= tally->max) {
        return false;
    }
    if (span->count > 0 && s - tally->last > span->max_gap_s) {
        span->max_gap_s = s - tally->last;
    }
    span->count++;
    span->capped = span->count >= tally->max;
    tally->last = s;
    return !span->capped;
}

/* The fires that follow `s` within its hour, where the clock does not change in that hour: what a search
 * from each to the next would find. False where nothing more is to be counted. */
static bool rest_of_hour(const struct kb_cron *cron, const struct kb_tz *zone, int64_t s,
                         struct tally *tally)
{
    struct search at = {.cron = cron, .zone = zone};
    go_to(&at, s);
    int32_t offset = offset_at(zone, s);
    struct kb_civil civil = at.civil;
    int64_t hour = s - civil.minute * MINUTE_S - civil.second;
    bool same = offset % MINUTE_S == 0 && offset_at(zone, hour + HOUR_S - 1) == offset;
    if (!same || !has(&at, KB_CRON_MONTH, civil.month) || !day_matches(&at) ||
        !has(&at, KB_CRON_HOUR, civil.hour)) {
        return true; /* a fire that stands beside its day leads to no others */
    }
    for (int minute = civil.minute; minute < 60; minute++) {
        if ((cron->bits[KB_CRON_MINUTE] >> minute & 1) == 0) {
            continue;
        }
        for (int second = minute == civil.minute ? civil.second + 1 : 0; second < 60; second++) {
            if ((cron->bits[KB_CRON_SECOND] >> second & 1) != 0 &&
                !add(tally, hour + minute * MINUTE_S + second)) {
                return false;
            }
        }
    }
    return true;
}

/* The fires of a day that matches, in seconds from its midnight. */
struct day_pattern {
    int64_t first, last, gap; /* gap: the longest between two of them; 0 with one */
    uint64_t count;
};

static struct day_pattern pattern_of(const struct kb_cron *cron)
{
    struct day_pattern out = {.first = -1};
    for (int64_t minute = 0; minute < DAY_S / MINUTE_S; minute++) {
        bool fires = (cron->bits[KB_CRON_HOUR] >> (minute / 60) & 1) != 0 &&
                     (cron->bits[KB_CRON_MINUTE] >> (minute % 60) & 1) != 0;
        for (int second = 0; fires && second < 60; second++) {
            int64_t at = minute * MINUTE_S + second;
            if ((cron->bits[KB_CRON_SECOND] >> second & 1) == 0) {
                continue;
            }
            out.gap = out.count > 0 && at - out.last > out.gap ? at - out.last : out.gap;
            out.first = out.count == 0 ? at : out.first;
            out.last = at;
            out.count++;
        }
    }
    return out;
}

/* Whether the clock stands still from a day before the day until a day after it. */
static bool is_quiet(const struct kb_tz *zone, int64_t midnight, int32_t offset)
{
    bool quiet = offset % MINUTE_S == 0;
    for (int64_t day = -1; day <= 2 && quiet; day++) {
        quiet = offset_at(zone, midnight + day * DAY_S) == offset;
    }
    return quiet;
}

/* After the last fire of a day: the days that follow whole, up to one near which the clock changes. There a search
 * from each fire to the next finds the same ones in every day that matches. */
static void rest_of_days(const struct kb_cron *cron, const struct kb_tz *zone,
                         const struct day_pattern *pattern, struct tally *tally)
{
    struct kb_cron_span *span = &tally->span;
    struct search at = {.cron = cron, .zone = zone};
    int32_t offset = offset_at(zone, tally->last);
    int64_t midnight = tally->last - pattern->last;
    go_to(&at, tally->last);
    if (seconds_of_day(&at.civil) != pattern->last || !is_quiet(zone, midnight, offset)) {
        return;
    }
    for (midnight += DAY_S; midnight + pattern->last <= tally->until &&
                            span->count + pattern->count < tally->max && is_quiet(zone, midnight, offset);
         midnight += DAY_S) {
        go_to(&at, midnight);
        if (has(&at, KB_CRON_MONTH, at.civil.month) && day_matches(&at)) {
            int64_t gap = midnight + pattern->first - tally->last;
            gap = pattern->gap > gap ? pattern->gap : gap;
            span->max_gap_s = gap > span->max_gap_s ? gap : span->max_gap_s;
            span->count += pattern->count;
            tally->last = midnight + pattern->last;
        }
    }
}

/* "@every" fires at its own distance. */
static struct kb_cron_span count_every(int64_t every_s, int64_t s, uint64_t max)
{
    uint64_t fires = s > 0 ? (uint64_t)(s / every_s) : 0;
    uint64_t count = fires < max ? fires : max;
    return (struct kb_cron_span){.count = count,
                                 .capped = max > 0 && count >= max,
                                 .max_gap_s = count > 1 ? every_s : -1};
}

struct kb_cron_span kb_cron_count(const struct kb_cron *cron, const struct kb_tz *local,
                                  struct kb_time from, struct kb_time until, uint64_t max)
{
    struct tally tally = {.span = {.max_gap_s = -1}, .until = until.s, .max = max};
    const struct kb_tz *zone = zone_of(cron, local);
    bool by_hours = !cron->aws.used;
    int64_t length;
    if (cron->every_s > 0 && !__builtin_sub_overflow(until.s, from.s, &length)) {
        return count_every(cron->every_s, length, max);
    }
    struct day_pattern pattern = by_hours ? pattern_of(cron) : (struct day_pattern){.count = 0};
    struct kb_time next;
    while (kb_cron_next(cron, local, from, &next)) {
        if (next.s <= from.s) {
            from.s++;
            continue;
        }
        if (!add(&tally, next.s) || (by_hours && !rest_of_hour(cron, zone, next.s, &tally))) {
            break;
        }
        if (by_hours) {
            rest_of_days(cron, zone, &pattern, &tally);
        }
        from = (struct kb_time){.s = tally.last};
    }
    return tally.span;
}

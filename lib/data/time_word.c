/* Points in time as people name them on the command line. */
#include "data/duration.h"
#include "data/time.h"

enum { DAY_S = 86400, DAYS_MAX = 100000 };

static int64_t midnight(int64_t s)
{
    return s - (s % DAY_S + DAY_S) % DAY_S;
}

static int64_t word_now(struct kb_time now)
{
    return now.s;
}

static int64_t word_today(struct kb_time now)
{
    return midnight(now.s);
}

static int64_t word_yesterday(struct kb_time now)
{
    return midnight(now.s) - DAY_S;
}

static int64_t word_this_week(struct kb_time now)
{
    int since_monday = (kb_time_civil(now.s).weekday + 6) % 7;
    return midnight(now.s) - (int64_t)since_monday * DAY_S;
}

static int64_t word_week_ago(struct kb_time now)
{
    return now.s - 7 * (int64_t)DAY_S;
}

static int64_t word_this_month(struct kb_time now)
{
    return midnight(now.s) - (int64_t)(kb_time_civil(now.s).day - 1) * DAY_S;
}

static const struct {
    const char *name;
    int64_t (*start)(struct kb_time now);
    bool keeps_ns;
} words[] = {
    {"now", word_now, true},
    {"today", word_today, false},
    {"yesterday", word_yesterday, false},
    {"this-week", word_this_week, false},
    {"week-ago", word_week_ago, true},
    {"this-month", word_this_month, false},
};

/* Bring "2026-01-15", "2026-01-15T10:00Z" and "2026-01-15 10:00:00" to RFC 3339 in line[0, 40). */
static struct kb_str complete(struct kb_str text, char line[40])
{
    if (text.n < 10 || text.n > 36) {
        return text;
    }
    memcpy(line, text.p, text.n);
    size_t n = text.n;
    if (n == 10) {
        memcpy(line + n, "T00:00:00Z", 10);
        return (struct kb_str){line, 20};
    }
    bool spaced = line[10] == ' ';
    line[10] = spaced ? 'T' : line[10];
    if (n >= 16 && (n == 16 || line[16] != ':')) { /* no seconds */
        memmove(line + 19, line + 16, n - 16);
        memcpy(line + 16, ":00", 3);
        n += 3;
    }
    if (n == 19) {
        line[n++] = 'Z';
    }
    return (struct kb_str){line, n};
}

/* "-24h" and whatever else is a duration; "-7d", which is none. */
static bool before_now(struct kb_str text, struct kb_time now, struct kb_time *out)
{
    int64_t ns = 0, days = 0;
    if (!kb_failed(kb_duration_parse(text, &ns, NULL))) {
        return kb_time_add(now, ns, out);
    }
    bool in_days = kb_str_ends(text, KB_STR("d")) && kb_str_i64(kb_str_sub(text, 0, text.n - 1), &days) &&
                   days <= 0 && days >= -DAYS_MAX;
    return in_days && kb_time_add(now, days * DAY_S * 1000000000, out);
}

kb_res kb_time_word(struct kb_str text, struct kb_time now, struct kb_time *out, struct kb_err *err)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (kb_str_eq_c(text, words[i].name)) {
            *out = (struct kb_time){words[i].start(now), words[i].keeps_ns ? now.ns : 0};
            return KB_SUCCESS;
        }
    }
    char line[40];
    if (text.n > 0 && *text.p == '-') {
        if (before_now(text, now, out)) {
            return KB_SUCCESS;
        }
    } else if (!kb_failed(kb_time_parse(complete(text, line), KB_TIME_STRICT, out, NULL))) {
        return KB_SUCCESS;
    }
    return kb_fail(err, KB_ERR_USAGE,
                   "'%.*s' is no point in time; write 2026-01-15T10:00:00Z, 2026-01-15, "
                   "2026-01-15T10:00Z, '2026-01-15 10:00:00', -24h, -7d (before now), now, today, "
                   "yesterday, this-week, week-ago or this-month (all UTC)",
                   (int)(text.n < 80 ? text.n : 80), text.p);
}

/* Times and counts of the command line. */
#include "kube-baseline/values.h"

#include <time.h>

#include "data/time.h"
#include "run/run.h"

enum { NS = 1000000000 };
/* Times in nanoseconds reach from 1677 to 2262. */
static const int64_t max_s = INT64_MAX / NS;

static struct kb_time system_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (struct kb_time){t.tv_sec, (int32_t)t.tv_nsec};
}

static KB_RES parse(const char *option, const char *text, struct kb_time now, int64_t *out_ns,
                    struct kb_err *err)
{
    struct kb_time t;
    KB_TRY_CTX(err, kb_time_word(kb_str_c(text), now, &t, err), "--%s", option);
    KB_ENSURE(t.s > -max_s && t.s < max_s, err, KB_ERR_USAGE, "--%s is too far away", option);
    *out_ns = t.s * NS + t.ns;
    return KB_SUCCESS;
}

KB_RES kb_value_now(const struct kb_app *app, int64_t *out_ns, bool *given, struct kb_err *err)
{
    struct kb_time now = system_clock();
    if (given != NULL) {
        *given = app->args.now != NULL;
    }
    if (app->args.now != NULL) {
        return parse("now", app->args.now, now, out_ns, err);
    }
    *out_ns = now.s * NS + now.ns;
    return KB_SUCCESS;
}

KB_RES kb_value_span(const struct kb_app *app, int64_t now_ns, int64_t *since_ns, int64_t *until_ns,
                     struct kb_err *err)
{
    int64_t s = now_ns / NS - (now_ns % NS < 0);
    struct kb_time now = {s, (int32_t)(now_ns - s * NS)};
    *since_ns = *until_ns = KB_TIME_NONE;
    if (app->args.since != NULL) {
        KB_TRY(parse("since", app->args.since, now, since_ns, err));
    }
    if (app->args.until != NULL) {
        KB_TRY(parse("until", app->args.until, now, until_ns, err));
    }
    KB_ENSURE(*since_ns == KB_TIME_NONE || *until_ns == KB_TIME_NONE || *since_ns < *until_ns, err,
              KB_ERR_USAGE, "--since %s is not before --until %s", app->args.since,
              app->args.until);
    return KB_SUCCESS;
}

KB_RES kb_value_count(const char *option, const char *text, uint64_t min, uint64_t fallback,
                      uint64_t *out, struct kb_err *err)
{
    uint64_t n = fallback;
    KB_ENSURE(text == NULL || (kb_str_u64(kb_str_c(text), &n) && n >= min), err, KB_ERR_USAGE,
              "--%s takes a number from %llu, not '%s'", option, (unsigned long long)min, text);
    *out = n;
    return KB_SUCCESS;
}

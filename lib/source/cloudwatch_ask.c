/* Asking CloudWatch Logs: within the quota, and patiently. */
#include <stdio.h>
#include <time.h>

#include "base/map.h"
#include "source/cloudwatch_ask.h"

enum {
    ROUNDS = 8,          /* of attempts, each as many as the client's settings say */
    FIRST_WAIT_MS = 1000,
    LONGEST_WAIT_MS = 20000,
    SLOWEST_MS = 5000    /* between calls, however often they were refused */
};

/* Calls a second of an account, as published. Those listed differ from the first, which is for all other
 * regions. None can be raised. */
static const struct quota {
    const char *region;
    int filter, get;
} quotas[] = {
    {"", 10, 25},
    {"ap-northeast-3", 5, 10}, {"ap-southeast-3", 5, 10}, {"ca-west-1", 5, 10},
    {"eu-central-1", 5, 10},   {"il-central-1", 5, 10},   {"eu-west-1", 10, 10},
    {"eu-west-3", 10, 30},     {"us-east-1", 25, 25},     {"us-west-2", 10, 10},
};
enum { DESCRIBE = 10, INSIGHTS = 10, SLOW_QUOTA = 5 };

/* Half of it: the account's other readers have the same quota. */
static struct kb_cw_pace pace_of(int per_second)
{
    int64_t every_ms = 2000 / per_second;
    return (struct kb_cw_pace){.every_ms = every_ms, .slow_ms = every_ms};
}

void kb_cw_asker_init(struct kb_cw_asker *asker, struct kb_aws_client *client, struct kb_str region)
{
    const struct quota *found = &quotas[0];
    for (size_t i = 1; i < sizeof quotas / sizeof quotas[0]; i++) {
        found = kb_str_eq_c(region, quotas[i].region) ? &quotas[i] : found;
    }
    *asker = (struct kb_cw_asker){.client = client};
    for (int call = 0; call < KB_CW_CALLS; call++) {
        asker->pace[call] = pace_of(call == KB_CW_FILTER  ? found->filter
                                    : call == KB_CW_GET   ? found->get
                                    : call >= KB_CW_QUERY ? INSIGHTS
                                                          : DESCRIBE);
    }
}

bool kb_cw_get_is_better(const struct kb_cw_asker *asker)
{
    int64_t filter_ms = asker->pace[KB_CW_FILTER].every_ms;
    return filter_ms >= 2000 / SLOW_QUOTA && asker->pace[KB_CW_GET].every_ms < filter_ms;
}

static int64_t monotonic_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void kb_cw_wait_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (ms > 0 && nanosleep(&t, &t) != 0) {
    }
}

/* Refusals make calls rarer, successes bring them back. */
static void take_turn(struct kb_cw_pace *pace)
{
    int64_t now = monotonic_ms();
    kb_cw_wait_ms(pace->next_ms - now);
    now = now < pace->next_ms ? pace->next_ms : now;
    pace->next_ms = now + pace->slow_ms;
}

static void learn(struct kb_cw_pace *pace, bool throttled)
{
    pace->slow_ms = throttled ? 2 * pace->slow_ms : pace->slow_ms - pace->slow_ms / 10;
    pace->slow_ms = pace->slow_ms > SLOWEST_MS ? SLOWEST_MS : pace->slow_ms;
    pace->slow_ms = pace->slow_ms < pace->every_ms ? pace->every_ms : pace->slow_ms;
}

/* Whether the same call may succeed later. Nothing else is ever taken for the end of a log. */
static bool passes(kb_res res, const struct kb_aws_status *status)
{
    enum kb_aws_fault_kind kind = status->fault.kind;
    bool connection = status->http == 0 && res.code == KB_ERR_IO;
    bool cut = res.code == KB_ERR_CORRUPT || (res.code == KB_ERR_IO && status->http >= 200 && status->http <= 299);
    return connection || cut || kind == KB_AWS_FAULT_THROTTLED || kind == KB_AWS_FAULT_TRANSIENT;
}

/* Full jitter. */
static int64_t pause_of(int round)
{
    static uint64_t turn;
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    uint64_t seed[2] = {(uint64_t)t.tv_nsec, ++turn};
    int64_t longest = FIRST_WAIT_MS;
    for (int i = 0; i < round && longest < LONGEST_WAIT_MS; i++) {
        longest *= 2;
    }
    longest = longest < LONGEST_WAIT_MS ? longest : LONGEST_WAIT_MS;
    return (int64_t)(kb_hash_bytes(seed, sizeof seed, kb_hash_seed()) % (uint64_t)longest);
}

const struct kb_aws_operation *kb_cw_operation(enum kb_cw_call call)
{
    static const char *const names[KB_CW_CALLS] = {[KB_CW_FILTER] = "FilterLogEvents",
                                                   [KB_CW_GET] = "GetLogEvents",
                                                   [KB_CW_GROUPS] = "DescribeLogGroups",
                                                   [KB_CW_STREAMS] = "DescribeLogStreams",
                                                   [KB_CW_QUERY] = "StartQuery",
                                                   [KB_CW_RESULTS] = "GetQueryResults"};
    return kb_aws_operation_find(KB_STR("logs"), kb_str_c(names[call]));
}

KB_RES kb_cw_ask(struct kb_cw_asker *asker, enum kb_cw_call call, const json_t *params,
                 const struct kb_aws_taker *taker, struct kb_aws_status *status,
                 uint64_t *waited_ms, struct kb_err *err)
{
    int64_t started = monotonic_ms();
    struct kb_cw_pace *pace = &asker->pace[call];
    kb_res res = KB_SUCCESS;
    for (int round = 0; round < (asker->reached ? ROUNDS : 1); round++) {
        if (round > 0) {
            kb_cw_wait_ms(pause_of(round - 1));
        }
        take_turn(pace);
        res = kb_aws_call_to(asker->client, kb_cw_operation(call), params, KB_STR(""), taker, status, err);
        asker->reached = asker->reached || status->http != 0;
        bool again = kb_failed(res) && passes(res, status);
        learn(pace, again && status->fault.kind == KB_AWS_FAULT_THROTTLED);
        if (!again) {
            break;
        }
    }
    *waited_ms += (uint64_t)(monotonic_ms() - started);
    if (kb_failed(res) && err != NULL && status->request_id[0] != '\0') {
        size_t n = strlen(err->msg);
        (void)snprintf(err->msg + n, sizeof err->msg - n, " (request %s)", status->request_id);
    }
    return res;
}

KB_RES kb_cw_ask_tree(struct kb_cw_asker *asker, enum kb_cw_call call, const json_t *params,
                      json_t **out, struct kb_aws_status *status, uint64_t *waited_ms,
                      struct kb_err *err)
{
    struct kb_aws_tree tree = {kb_cw_operation(call), out};
    const struct kb_aws_taker taker = kb_aws_tree_taker(&tree);
    return kb_cw_ask(asker, call, params, &taker, status, waited_ms, err);
}

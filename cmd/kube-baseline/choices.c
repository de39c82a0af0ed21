/* From the words of the command line to values. */
#include "kube-baseline/choices.h"

#include <time.h>

#include "data/time.h"
#include "report/report.h"
#include "run/run.h"

static struct kb_time time_of(int64_t ns)
{
    int64_t s = ns / 1000000000 - (ns % 1000000000 < 0 ? 1 : 0);
    return (struct kb_time){.s = s, .ns = (int32_t)(ns - s * 1000000000)};
}

static struct kb_time clock_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (struct kb_time){.s = now.tv_sec, .ns = (int32_t)now.tv_nsec};
}

KB_RES kb_choice_time(const char *option, const char *text, int64_t now_ns, int64_t *out,
                      struct kb_err *err)
{
    struct kb_time time;
    *out = KB_TIME_NONE;
    if (text == NULL) {
        return KB_SUCCESS;
    }
    struct kb_time now = now_ns == KB_TIME_NONE ? clock_now() : time_of(now_ns);
    KB_TRY_CTX(err, kb_time_word(kb_str_c(text), now, &time, err), "%s", option);
    KB_ENSURE(!__builtin_mul_overflow(time.s, INT64_C(1000000000), out) &&
                  !__builtin_add_overflow(*out, (int64_t)time.ns, out),
              err, KB_ERR_USAGE, "%s: '%s' is too far away", option, text);
    return KB_SUCCESS;
}

KB_RES kb_choice_fail_on(const char *text, int *out, struct kb_err *err)
{
    const char *wanted = text == NULL ? "low" : text;
    *out = KB_FAIL_ON_NEVER;
    if (strcmp(wanted, "never") == 0) {
        return KB_SUCCESS;
    }
    for (int i = 0; i < KB_SEVERITY_COUNT; i++) {
        if (strcmp(wanted, kb_severity_name((enum kb_severity)i)) == 0) {
            *out = i;
            return KB_SUCCESS;
        }
    }
    return kb_fail(err, KB_ERR_USAGE, "--fail-on: '%s' is no severity", wanted);
}

KB_RES kb_choice_count(const char *option, const char *text, size_t *out, struct kb_err *err)
{
    uint64_t n = 0;
    KB_ENSURE(text == NULL || (kb_str_u64(kb_str_c(text), &n) && n > 0 && n <= INT32_MAX), err,
              KB_ERR_USAGE, "%s: '%s' is no number from 1 on", option, text);
    *out = (size_t)n;
    return KB_SUCCESS;
}

KB_RES kb_choice_output(struct kb_str text, struct kb_output *out, struct kb_err *err)
{
    *out = (struct kb_output){.file = KB_STR("")};
    out->format = kb_str_split(text, '=', &out->file);
    KB_ENSURE(out->file.p == NULL || out->file.n > 0, err, KB_ERR_USAGE,
              "-o %.*s: there is no file behind '='", KB_FMT(text));
    if (kb_report_find(out->format) != NULL) {
        return KB_SUCCESS;
    }
    struct kb_buf names;
    kb_buf_init(&names, 1024);
    for (size_t i = 0; i < kb_report_format_count; i++) {
        kb_buf_printf(&names, "%s%s", i == 0 ? "" : ", ", kb_report_formats[i].name);
    }
    kb_res res = kb_fail(err, KB_ERR_USAGE, "-o: there is no format '%.*s' (there are: %.*s)",
                         KB_FMT(out->format), KB_FMT(kb_buf_view(&names)));
    kb_buf_done(&names);
    return res;
}

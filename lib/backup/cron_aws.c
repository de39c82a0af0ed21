/* Reading AWS' schedule expressions. AWS publishes no parser: what its guides do not allow is refused. */
#include "backup/cron_aws.h"

#include <inttypes.h>

enum { FIELDS = 6, DAY = 2, WEEKDAY = 4, YEAR = 5, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

/* Names stand in the order of their numbers, three letters each. */
static const struct field {
    const char *name;
    uint64_t min, max;
    const char *names;
    enum kb_cron_field bits; /* not of the year */
} fields[FIELDS] = {
    {"minute", 0, 59, "", KB_CRON_MINUTE},
    {"hour", 0, 23, "", KB_CRON_HOUR},
    {"day of month", 1, 31, "", KB_CRON_DAY},
    {"month", 1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", KB_CRON_MONTH},
    {"day of week", 1, 7, "SUNMONTUEWEDTHUFRISAT", KB_CRON_WEEKDAY},
    {"year", KB_CRON_YEAR_MIN, KB_CRON_YEAR_MAX, "", KB_CRON_FIELDS},
};

static kb_res bad(const struct field *field, struct kb_str item, struct kb_err *err)
{
    return kb_fail(err, KB_ERR_SYNTAX, "%s: %.*s is not allowed", field->name, KB_FMT(item));
}

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* A number or a name within the field's bounds. */
static bool value_of(const struct field *field, struct kb_str s, uint64_t *out)
{
    for (size_t i = 0; s.n == 3 && field->names[i] != '\0'; i += 3) {
        const char *name = field->names + i;
        if (upper(s.p[0]) == name[0] && upper(s.p[1]) == name[1] && upper(s.p[2]) == name[2]) {
            *out = i / 3 + 1;
            return true;
        }
    }
    return kb_str_u64(s, out) && *out >= field->min && *out <= field->max;
}

/* Where the values of a field are set. */
static void set_value(const struct field *field, uint64_t value, struct kb_cron *out)
{
    if (field->bits == KB_CRON_FIELDS) {
        uint64_t n = value - KB_CRON_YEAR_MIN;
        out->aws.years[n / 64] |= UINT64_C(1) << (n % 64);
    } else if (field->bits == KB_CRON_WEEKDAY) {
        out->bits[KB_CRON_WEEKDAY] |= UINT64_C(1) << (value - 1); /* Sunday is 1 here */
    } else {
        out->bits[field->bits] |= UINT64_C(1) << value;
    }
}

/* "*", "5", "1-5"; with a step behind it "5" goes on to the end. */
static bool read_ends(const struct field *field, struct kb_str text, bool step, uint64_t *start,
                      uint64_t *end)
{
    struct kb_str high;
    struct kb_str low = kb_str_split(text, '-', &high);
    if (kb_str_eq_c(text, "*")) {
        return true;
    }
    if (!value_of(field, low, start)) {
        return false;
    }
    if (high.p != NULL) {
        return value_of(field, high, end) && *start <= *end;
    }
    *end = step ? *end : *start;
    return true;
}

static kb_res read_range(const struct field *field, struct kb_str item, struct kb_cron *out,
                         struct kb_err *err)
{
    struct kb_str step_text;
    struct kb_str ends = kb_str_split(item, '/', &step_text);
    uint64_t start = field->min, end = field->max, step = 1;
    bool has_step = step_text.p != NULL;
    if (!read_ends(field, ends, has_step, &start, &end) ||
        (has_step && (!kb_str_u64(step_text, &step) || step == 0))) {
        return bad(field, item, err);
    }
    for (uint64_t i = start; i <= end && i >= start; i += step) {
        set_value(field, i, out);
    }
    return KB_SUCCESS;
}

/* "L", "LW", "15W". False where the item is none of these. */
static bool read_day_word(struct kb_str item, struct kb_cron *out)
{
    uint64_t near;
    if (kb_str_eq_c(item, "L") || kb_str_eq_c(item, "LW")) {
        out->aws.last_day = item.n == 1;
        out->aws.last_workday = item.n == 2;
        return true;
    }
    if (!kb_str_ends(item, KB_STR("W")) ||
        !value_of(&fields[DAY], kb_str_sub(item, 0, item.n - 1), &near)) {
        return false;
    }
    out->aws.near = (int)near;
    return true;
}

/* "L", "5L", "3#2". False where the item is none of these. */
static bool read_weekday_word(struct kb_str item, struct kb_cron *out)
{
    const struct field *field = &fields[WEEKDAY];
    struct kb_str nth_text;
    struct kb_str day_text = kb_str_split(item, '#', &nth_text);
    uint64_t day, nth;
    if (kb_str_eq_c(item, "L")) {
        set_value(field, field->max, out); /* the week ends on Saturday */
        return true;
    }
    if (nth_text.p != NULL) {
        if (!value_of(field, day_text, &day) || !kb_str_u64(nth_text, &nth) || nth < 1 || nth > 5) {
            return false;
        }
        out->aws.nth = (int)nth;
    } else if (kb_str_ends(item, KB_STR("L")) &&
               value_of(field, kb_str_sub(item, 0, item.n - 1), &day)) {
        out->aws.last_weekday = true;
    } else {
        return false;
    }
    set_value(field, day, out);
    return true;
}

static kb_res read_field(size_t i, struct kb_str text, struct kb_cron *out, struct kb_err *err)
{
    if (kb_str_eq_c(text, "?") && (i == DAY || i == WEEKDAY)) {
        *(i == DAY ? &out->aws.any_day : &out->aws.any_weekday) = true;
        return KB_SUCCESS;
    }
    if ((i == DAY && read_day_word(text, out)) || (i == WEEKDAY && read_weekday_word(text, out))) {
        return KB_SUCCESS;
    }
    struct kb_str rest = text;
    do {
        KB_TRY(read_range(&fields[i], kb_str_split(rest, ',', &rest), out, err));
    } while (rest.p != NULL);
    return KB_SUCCESS;
}

static kb_res read_cron(struct kb_str text, struct kb_cron *out, struct kb_err *err)
{
    size_t n = 0;
    for (struct kb_str rest = kb_str_trim(text); rest.n > 0; rest = kb_str_trim(rest), n++) {
        struct kb_str field = kb_str_split(rest, ' ', &rest);
        KB_ENSURE(n < FIELDS, err, KB_ERR_SYNTAX, "cron() has six fields, not more");
        KB_TRY(read_field(n, field, out, err));
    }
    KB_ENSURE(n == FIELDS, err, KB_ERR_SYNTAX, "cron() has six fields, not %zu", n);
    KB_ENSURE(out->aws.any_day != out->aws.any_weekday, err, KB_ERR_SYNTAX,
              "one of day of month and day of week must be ?, the other not");
    out->aws.used = true;
    out->bits[KB_CRON_SECOND] = 1;
    return KB_SUCCESS;
}

/* "1 hour", "5 minutes": the unit is in the plural for more than one. */
static kb_res read_rate(struct kb_str text, struct kb_cron *out, struct kb_err *err)
{
    static const struct {
        const char *one, *many;
        int64_t seconds;
    } units[] = {{"minute", "minutes", MINUTE_S}, {"hour", "hours", HOUR_S}, {"day", "days", DAY_S}};
    struct kb_str unit;
    struct kb_str number = kb_str_split(kb_str_trim(text), ' ', &unit);
    uint64_t value = 0;
    if (kb_str_u64(number, &value) && value > 0 && value <= INT32_MAX) {
        for (size_t i = 0; i < 3; i++) {
            if (kb_str_eq_c(kb_str_trim(unit), value == 1 ? units[i].one : units[i].many)) {
                out->every_s = (int64_t)value * units[i].seconds;
                return KB_SUCCESS;
            }
        }
    }
    return kb_fail(err, KB_ERR_SYNTAX, "rate() takes a positive number and minute(s), hour(s) or day(s)");
}

kb_res kb_cron_parse_aws(struct kb_str text, struct kb_cron *out, struct kb_err *err)
{
    struct kb_cron cron = {0};
    struct kb_str inner;
    struct kb_str word = kb_str_split(text, '(', &inner);
    bool is_cron = kb_str_eq_c(word, "cron");
    if (!kb_str_ends(inner, KB_STR(")")) || (!is_cron && !kb_str_eq_c(word, "rate"))) {
        return kb_fail(err, KB_ERR_SYNTAX, "neither cron(…) nor rate(…)");
    }
    inner = kb_str_sub(inner, 0, inner.n - 1);
    KB_TRY(is_cron ? read_cron(inner, &cron, err) : read_rate(inner, &cron, err));
    *out = cron;
    return KB_SUCCESS;
}

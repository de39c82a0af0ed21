/* Zones by name, and Go's words for those that cannot be had. */
#include "backup/cron_zone.h"

/* Folders of the zone database: reading one of them as a zone fails in its own way. */
static const char *const folders[] = {
    "Africa", "America", "America/Argentina", "America/Indiana", "America/Kentucky",
    "America/North_Dakota", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil",
    "Canada", "Chile", "Etc", "Europe", "Indian", "Mexico", "Pacific", "US", "posix", "right"};

static bool is_folder(struct kb_str name)
{
    while (name.n > 0 && name.p[name.n - 1] == '/') {
        name.n--;
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (kb_str_eq_c(name, folders[i])) {
            return true;
        }
    }
    return false;
}

/* A name that goes on behind a zone's own, such as "Europe/London/". */
static bool beyond_zone(struct kb_str name)
{
    const struct kb_tz *zone = NULL;
    for (size_t i = 1; i < name.n; i++) {
        if (name.p[i] == '/' && !kb_failed(kb_tz_find(kb_str_sub(name, 0, i), &zone, NULL))) {
            return true;
        }
    }
    return false;
}

static bool outside(struct kb_str name)
{
    return name.p[0] == '/' || name.p[0] == '\\' || kb_str_find(name, KB_STR(".."), 0) != SIZE_MAX;
}

kb_res kb_cron_zone(struct kb_str name, const struct kb_tz **out, struct kb_err *err)
{
    if (kb_str_eq_c(name, "Local")) {
        *out = NULL;
        return KB_SUCCESS;
    }
    if (name.n > 0 && outside(name)) {
        return kb_fail(err, KB_ERR_SYNTAX, "time: invalid location name");
    }
    kb_res res = kb_tz_find(name, out, NULL);
    if (!kb_failed(res)) {
        return res;
    }
    if (res.code == KB_ERR_CORRUPT) {
        return kb_fail(err, KB_ERR_SYNTAX, "malformed time zone information");
    }
    if (is_folder(name)) {
        return kb_fail(err, KB_ERR_SYNTAX, "is a directory");
    }
    if (beyond_zone(name)) {
        return kb_fail(err, KB_ERR_SYNTAX, "not a directory");
    }
    return kb_fail(err, KB_ERR_SYNTAX, "unknown time zone %.*s", KB_FMT(name));
}

/*
 * Time zones from the system's TZif files.
 * Definitions: RFC 9636 (TZif) and POSIX' TZ rules, which stand in the footer for the time after
 * the last transition. Files are looked for in $TZDIR, then /usr/share/zoneinfo.
 */
#ifndef KB_DATA_TZ_H
#define KB_DATA_TZ_H

#include "base/err.h"
#include "base/mem.h"

struct kb_tz;

/* A zone by its name ("Europe/Berlin"; "" and "UTC" are UTC). Zones are read once in a process and
 * kept; the answer is never freed. Names are letters, digits and "_+-/" without "..". Thread-safe.
 * KB_ERR_INVALID: not a zone's name; KB_ERR_NOT_FOUND; KB_ERR_CORRUPT. */
KB_RES kb_tz_find(struct kb_str name, const struct kb_tz **out, struct kb_err *err);

/* Seconds east of UTC at `s` seconds since 1970. */
int32_t kb_tz_offset(const struct kb_tz *tz, int64_t s);

/* A zone from the bytes of a TZif file, freed with kb_tz_free. KB_ERR_CORRUPT where they are not
 * one. */
KB_RES kb_tz_parse(struct kb_str bytes, struct kb_tz **out, struct kb_err *err);
void kb_tz_free(struct kb_tz *tz);

#endif

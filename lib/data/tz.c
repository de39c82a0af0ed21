/* TZif files: reading them within bounds, and the process' zones. */
#include "data/tz.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "data/tz_rule.h"

enum { HEADER = 44, FILE_MAX = 1 << 20, NAME_MAX_BYTES = 64 };

struct kb_tz {
    size_t n; /* transitions */
    int64_t *at;
    int32_t *offset; /* offset[i] from at[i] on */
    int32_t first;   /* before the first transition */
    bool has_rule;   /* after the last one */
    struct kb_tz_rule rule;
};

/* Counts of a TZif header, in their order in the file. */
struct counts {
    uint64_t ut;
    uint64_t std;
    uint64_t leap;
    uint64_t time;
    uint64_t type;
    uint64_t chars;
};

static uint64_t big_endian(const char *p, size_t n)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++) {
        value = value << 8 | (unsigned char)p[i];
    }
    return value;
}

static bool read_header(struct kb_str s, struct counts *out)
{
    if (s.n < HEADER || memcmp(s.p, "TZif", 4) != 0) {
        return false;
    }
    uint64_t *fields[] = {&out->ut, &out->std, &out->leap, &out->time, &out->type, &out->chars};
    for (size_t i = 0; i < 6; i++) {
        *fields[i] = big_endian(s.p + 20 + 4 * i, 4);
        if (*fields[i] > FILE_MAX) {
            return false;
        }
    }
    return out->type > 0 && out->type <= 256;
}

static uint64_t body_size(const struct counts *c, uint64_t time_size)
{
    return c->time * (time_size + 1) + c->type * 6 + c->chars + c->leap * (time_size + 4) + c->std +
           c->ut;
}

/* Types without daylight saving are the usual time before the first transition. */
static size_t first_type(const char *types, const struct counts *c)
{
    for (size_t i = 0; i < c->type; i++) {
        if (types[i * 6 + 4] == 0) {
            return i;
        }
    }
    return 0;
}

static bool read_body(struct kb_str s, const struct counts *c, size_t time_size, struct kb_tz *tz)
{
    const char *times = s.p;
    const char *indexes = times + c->time * time_size;
    const char *types = indexes + c->time;
    tz->n = (size_t)c->time;
    tz->at = kb_alloc((tz->n + 1) * sizeof *tz->at);
    tz->offset = kb_alloc((tz->n + 1) * sizeof *tz->offset);
    for (size_t i = 0; i < tz->n; i++) {
        uint64_t raw = big_endian(times + i * time_size, time_size);
        tz->at[i] = time_size == 8 ? (int64_t)raw : (int32_t)(uint32_t)raw;
        size_t type = (unsigned char)indexes[i];
        if (type >= c->type || (i > 0 && tz->at[i] <= tz->at[i - 1])) {
            return false;
        }
        tz->offset[i] = (int32_t)(uint32_t)big_endian(types + type * 6, 4);
    }
    tz->first = (int32_t)(uint32_t)big_endian(types + first_type(types, c) * 6, 4);
    return true;
}

/* The newline-enclosed rule behind a version 2 body. */
static bool read_footer(struct kb_str s, struct kb_tz *tz)
{
    if (s.n < 2 || s.p[0] != '\n') {
        return false;
    }
    struct kb_str rest;
    struct kb_str text = kb_str_split(kb_str_sub(s, 1, s.n), '\n', &rest);
    tz->has_rule = text.n > 0;
    return text.n == 0 || kb_tz_rule_parse(text, &tz->rule);
}

static bool read_file(struct kb_str s, struct kb_tz *tz)
{
    struct counts c;
    if (!read_header(s, &c)) {
        return false;
    }
    size_t time_size = 4;
    if (s.p[4] >= '2') { /* a second block with 64-bit times follows the first */
        uint64_t skip = HEADER + body_size(&c, 4);
        if (skip > s.n) {
            return false;
        }
        s = kb_str_sub(s, (size_t)skip, s.n);
        time_size = 8;
        if (!read_header(s, &c)) {
            return false;
        }
    }
    uint64_t size = body_size(&c, time_size);
    s = kb_str_sub(s, HEADER, s.n);
    if (size > s.n || !read_body(s, &c, time_size, tz)) {
        return false;
    }
    return time_size == 4 || read_footer(kb_str_sub(s, (size_t)size, s.n), tz);
}

kb_res kb_tz_parse(struct kb_str bytes, struct kb_tz **out, struct kb_err *err)
{
    struct kb_tz *tz = kb_alloc(sizeof *tz);
    if (!read_file(bytes, tz)) {
        kb_tz_free(tz);
        return kb_fail(err, KB_ERR_CORRUPT, "not a time zone file");
    }
    *out = tz;
    return KB_SUCCESS;
}

void kb_tz_free(struct kb_tz *tz)
{
    if (tz != NULL) {
        kb_free(tz->at);
        kb_free(tz->offset);
        kb_free(tz);
    }
}

int32_t kb_tz_offset(const struct kb_tz *tz, int64_t s)
{
    if (tz->n == 0 || s < tz->at[0]) {
        return tz->n == 0 && tz->has_rule ? kb_tz_rule_offset(&tz->rule, s) : tz->first;
    }
    if (tz->has_rule && s >= tz->at[tz->n - 1]) {
        return kb_tz_rule_offset(&tz->rule, s);
    }
    size_t low = 0;
    size_t high = tz->n;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (tz->at[mid] <= s) {
            low = mid;
        } else {
            high = mid;
        }
    }
    return tz->offset[low];
}

static bool name_ok(struct kb_str name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    if (name.n > NAME_MAX_BYTES || name.p[0] == '/') {
        return false; /* dots are not allowed at all, so no "..", either */
    }
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '\0' || strchr(allowed, name.p[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static void close_file(const int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
}

/* All bytes of folder/name; false where there is no such regular file of a zone's size. */
static bool slurp(const char *folder, struct kb_str name, struct kb_buf *out)
{
    char path[512];
    int n = snprintf(path, sizeof path, "%s/%.*s", folder, KB_FMT(name));
    if (n < 0 || (size_t)n >= sizeof path) {
        return false;
    }
    KB_AUTO(close_file) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return false;
    }
    char chunk[4096];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0 && !out->full) {
        kb_buf_add(out, chunk, (size_t)got);
    }
    return got == 0 && !out->full;
}

static kb_res load(struct kb_str name, struct kb_tz **out, struct kb_err *err)
{
    const char *folders[] = {getenv("TZDIR"), "/usr/share/zoneinfo"};
    kb_res res = kb_fail(err, KB_ERR_NOT_FOUND, "unknown time zone %.*s", KB_FMT(name));
    for (size_t i = 0; i < 2 && res.code == KB_ERR_NOT_FOUND; i++) {
        KB_AUTO(kb_buf_done) struct kb_buf bytes = {.max = FILE_MAX};
        if (folders[i] != NULL && slurp(folders[i], name, &bytes)) {
            res = kb_tz_parse(kb_buf_view(&bytes), out, err);
        }
    }
    return res;
}

kb_res kb_tz_find(struct kb_str name, const struct kb_tz **out, struct kb_err *err)
{
    static const struct kb_tz utc;
    static struct kb_map zones; /* only zones that exist, so as many as the system has */
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    if (name.n == 0 || kb_str_eq_c(name, "UTC")) {
        *out = &utc;
        return KB_SUCCESS;
    }
    KB_ENSURE(name_ok(name), err, KB_ERR_INVALID, "unknown time zone %.*s",
              (int)(name.n < NAME_MAX_BYTES ? name.n : NAME_MAX_BYTES), name.p);
    pthread_mutex_lock(&lock);
    struct kb_tz *tz = kb_map_get(&zones, name);
    kb_res res = tz != NULL ? KB_SUCCESS : load(name, &tz, err);
    if (!kb_failed(res)) {
        kb_map_set(&zones, name, tz);
        *out = tz;
    }
    pthread_mutex_unlock(&lock);
    return res;
}

/* Results and errors: formatting only; no global state. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *kb_code_name(enum kb_code code)
{
#define KB_CODE_NAME(sym, id) [sym] = id,
    static const char *const names[KB_CODE_COUNT] = {KB_CODES(KB_CODE_NAME)};
#undef KB_CODE_NAME
    return (unsigned)code < KB_CODE_COUNT ? names[code] : "unknown";
}

static void set_file(struct kb_err *err, const char *file)
{
    err->file[0] = '\0';
    if (file != NULL) {
        (void)snprintf(err->file, sizeof err->file, "%s", file);
    }
}

kb_res kb_fail(struct kb_err *err, enum kb_code code, const char *fmt, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, fmt);
        (void)vsnprintf(err->msg, sizeof err->msg, fmt, args);
        va_end(args);
        err->code = code;
        err->line = 0;
        err->col = 0;
        set_file(err, NULL);
    }
    return (kb_res){code};
}

kb_res kb_fail_at(struct kb_err *err, enum kb_code code, const char *file, unsigned line,
                  unsigned col, const char *fmt, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, fmt);
        (void)vsnprintf(err->msg, sizeof err->msg, fmt, args);
        va_end(args);
        err->code = code;
        err->line = line;
        err->col = col;
        set_file(err, file);
    }
    return (kb_res){code};
}

void kb_err_context(struct kb_err *err, const char *fmt, ...)
{
    if (err == NULL) {
        return;
    }
    char old[KB_ERR_MSG_MAX];
    memcpy(old, err->msg, sizeof old);
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(err->msg, sizeof err->msg, fmt, args);
    va_end(args);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (used >= sizeof err->msg) {
        used = sizeof err->msg - 1;
    }
    (void)snprintf(err->msg + used, sizeof err->msg - used, ": %s", old);
}

void kb_err_format(const struct kb_err *err, char *out, size_t out_size)
{
    const char *file = err->file[0] != '\0' ? err->file : NULL;
    if (file != NULL && err->line != 0 && err->col != 0) {
        (void)snprintf(out, out_size, "%s:%u:%u: %s", file, err->line, err->col, err->msg);
    } else if (file != NULL && err->line != 0) {
        (void)snprintf(out, out_size, "%s:%u: %s", file, err->line, err->msg);
    } else if (file != NULL) {
        (void)snprintf(out, out_size, "%s: %s", file, err->msg);
    } else if (err->line != 0) {
        (void)snprintf(out, out_size, "line %u, column %u: %s", err->line, err->col, err->msg);
    } else {
        (void)snprintf(out, out_size, "%s", err->msg);
    }
}

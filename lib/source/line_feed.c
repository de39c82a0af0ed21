/* Giving lines piece by piece. */
#include "source/line_feed.h"

void kb_line_feed_clear(struct kb_line_feed *lines)
{
    kb_buf_clear(&lines->line);
    lines->at = 0;
}

KB_RES kb_line_feed_give(struct kb_line_feed *lines, kb_res (*next)(void *ctx, struct kb_err *err),
                         void *ctx, void *buf, size_t n, size_t *got, struct kb_err *err)
{
    *got = 0;
    if (!kb_failed(lines->res)) {
        lines->res = next(ctx, &lines->err);
    }
    if (kb_failed(lines->res)) {
        return kb_fail(err, lines->res.code, "%s", lines->err.msg);
    }
    size_t left = lines->line.n - lines->at;
    *got = left < n ? left : n;
    if (*got > 0) {
        memcpy(buf, lines->line.p + lines->at, *got);
        lines->at += *got;
    }
    return KB_SUCCESS;
}

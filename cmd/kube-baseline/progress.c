/* One line, written over itself: how much was read, how fast, how long it takes yet. */
#include "kube-baseline/progress.h"

#include <time.h>
#include <unistd.h>

#include "report/layout.h"

enum { NS = 1000000000, EVERY_NS = NS / 5, LINE_MAX_BYTES = 256 };
static const double SURE_SHARE = 0.002; /* before, what is left cannot be told */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS + t.tv_nsec;
}

static void put(struct kb_buf *text)
{
    (void)!write(STDERR_FILENO, text->p, text->n);
    kb_buf_done(text);
}

void kb_progress_init(struct kb_progress_line *line, const struct kb_app *app)
{
    *line = (struct kb_progress_line){
        .on = app->err_is_tty && !app->args.quiet,
        .started_ns = now_ns(),
    };
    line->last_ns = line->started_ns;
}

static void describe(struct kb_buf *text, const struct kb_progress *p, int64_t elapsed_ns)
{
    uint64_t per_second =
        elapsed_ns > 0 ? (uint64_t)((double)p->bytes_done / (double)elapsed_ns * NS) : 0;
    double share = p->bytes_total > 0 ? (double)p->bytes_done / (double)p->bytes_total : p->share;
    if (share > 0) {
        kb_buf_printf(text, "%3.0f%%  ", share * 100);
    }
    kb_add_bytes(text, p->bytes_done);
    kb_buf_c(text, " read, ");
    kb_add_bytes(text, per_second);
    kb_buf_c(text, "/s, ");
    kb_add_count(text, p->events);
    kb_buf_c(text, " events");
    if (share > SURE_SHARE && share < 1) {
        double seconds = (double)elapsed_ns / NS * (1 - share) / share + 1;
        kb_buf_c(text, ", ");
        kb_add_span(text, (int64_t)(seconds < 1000000 ? seconds : 1000000) * NS);
        kb_buf_c(text, " left");
    }
}

void kb_progress_show(void *ctx, const struct kb_progress *progress)
{
    struct kb_progress_line *line = ctx;
    int64_t now = line->on ? now_ns() : 0;
    if (!line->on || now - line->last_ns < EVERY_NS) {
        return;
    }
    struct kb_buf text = {.max = LINE_MAX_BYTES};
    kb_buf_c(&text, "\r");
    describe(&text, progress, now - line->started_ns);
    kb_buf_c(&text, "\x1b[K");
    put(&text);
    line->last_ns = now;
    line->shown = true;
}

void kb_progress_done(struct kb_progress_line *line)
{
    if (line->shown) {
        struct kb_buf text = {.max = LINE_MAX_BYTES};
        kb_buf_c(&text, "\r\x1b[K");
        put(&text);
    }
    line->shown = false;
}

/*
 * Sinks that reports go to. Every write can fail (a closed pipe, a full disk) and every failure is
 * noticed: a report is whole, or the run says that it is not.
 */
#ifndef KB_REPORT_SINK_H
#define KB_REPORT_SINK_H

#include "data/bytes.h"

/* A file descriptor, buffered. */
struct kb_fd_sink {
    struct kb_sink sink;
    int fd;
    const char *name; /* in messages */
    struct kb_buf buf;
};
/* `out` must not move afterwards. The descriptor stays the caller's. */
void kb_fd_sink_init(struct kb_fd_sink *out, int fd, const char *name);
/* Write out what is buffered. */
KB_RES kb_fd_sink_flush(struct kb_fd_sink *out, struct kb_err *err);
void kb_fd_sink_done(struct kb_fd_sink *out);

/*
 * A file that appears under its name only when it is whole: written beside it under a temporary
 * name, synced, then renamed. What is there and no regular file (a pipe, a device) is written to
 * directly.
 */
struct kb_file_sink {
    struct kb_fd_sink fd;
    struct kb_str path; /* the caller's, terminated */
    char *temp;         /* NULL: committed, or written directly */
};
KB_RES kb_file_sink_open(struct kb_file_sink *out, struct kb_str path, struct kb_err *err);
KB_RES kb_file_sink_commit(struct kb_file_sink *out, struct kb_err *err);
/* Removes the temporary file unless it was committed. May be called twice, and on zeroed memory. */
void kb_file_sink_done(struct kb_file_sink *out);

#endif

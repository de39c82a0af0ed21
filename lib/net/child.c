/* posix_spawnp with a pipe. */
#include "net/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static KB_RES spawn(const struct kb_child *child, int out_fd, pid_t *pid, struct kb_err *err)
{
    posix_spawn_file_actions_t actions;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    if (!child->interactive) {
        (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    int failed = posix_spawnp(pid, child->argv[0], &actions, NULL,
                              (char *const *)(uintptr_t)child->argv,
                              (char *const *)(uintptr_t)child->env);
    (void)posix_spawn_file_actions_destroy(&actions);
    KB_ENSURE(failed == 0, err, failed == ENOENT ? KB_ERR_NOT_FOUND : KB_ERR_IO, "%s: %s",
              child->argv[0], strerror(failed));
    return KB_SUCCESS;
}

/* Until the pipe ends, the time is over, or there is too much. */
static KB_RES read_output(const struct kb_child *child, int fd, struct kb_buf *out,
                          struct kb_err *err)
{
    int64_t end = now_ms() + child->timeout_ms;
    for (;;) {
        char chunk[4096];
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int64_t left = end - now_ms();
        int ready = left > 0 ? poll(&poll_fd, 1, (int)left) : 0;
        KB_ENSURE(ready != 0, err, KB_ERR_LIMIT, "%s did not end within %lld s and was killed",
                  child->argv[0], (long long)(child->timeout_ms / 1000));
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        ssize_t n = read(fd, chunk, sizeof chunk);
        KB_ENSURE(n >= 0, err, KB_ERR_IO, "%s: %s", child->argv[0], strerror(errno));
        if (n == 0) {
            return KB_SUCCESS;
        }
        kb_buf_add(out, chunk, (size_t)n);
        KB_ENSURE(!out->full, err, KB_ERR_LIMIT, "%s printed more than %d bytes and was killed",
                  child->argv[0], KB_CHILD_OUTPUT_MAX);
    }
}

static KB_RES wait_for(const struct kb_child *child, pid_t pid, struct kb_err *err)
{
    int status = 0;
    pid_t got;
    do {
        got = waitpid(pid, &status, 0);
    } while (got < 0 && errno == EINTR);
    KB_ENSURE(got == pid, err, KB_ERR_IO, "%s: %s", child->argv[0], strerror(errno));
    KB_ENSURE(!WIFSIGNALED(status), err, KB_ERR_IO, "%s was ended by signal %d", child->argv[0],
              WTERMSIG(status));
    KB_ENSURE(WEXITSTATUS(status) == 0, err, KB_ERR_IO, "%s ended with status %d", child->argv[0],
              WEXITSTATUS(status));
    return KB_SUCCESS;
}

KB_RES kb_child_run(const struct kb_child *child, struct kb_buf *out, struct kb_err *err)
{
    int fds[2];
    pid_t pid = 0;
    KB_ENSURE(pipe2(fds, O_CLOEXEC) == 0, err, KB_ERR_IO, "pipe: %s", strerror(errno));
    kb_res res = spawn(child, fds[1], &pid, err);
    (void)close(fds[1]);
    if (!kb_failed(res)) {
        res = read_output(child, fds[0], out, err);
        if (kb_failed(res)) {
            (void)kill(pid, SIGKILL);
        }
        kb_res ended = wait_for(child, pid, kb_failed(res) ? NULL : err);
        res = kb_failed(res) ? res : ended;
    }
    (void)close(fds[0]);
    return res;
}

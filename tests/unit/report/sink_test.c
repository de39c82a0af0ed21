/* Sinks notice every failed write, and files are whole or not there. */
#include "report/sink.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static unsigned files_in(const char *dir)
{
    unsigned n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        n += e->d_name[0] != '.';
    }
    if (d != NULL) {
        closedir(d);
    }
    return n;
}

KB_TEST(sink, notices_a_full_disk)
{
    struct kb_err err = {0};
    struct kb_fd_sink out;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    kb_fd_sink_init(&out, fd, "standard output");
    OK(kb_sink_write(out.sink, KB_STR("text"), &err), &err);
    FAILS(kb_fd_sink_flush(&out, &err), KB_ERR_IO);
    EQ_C(err.msg, "cannot write to standard output: No space left on device");
    kb_fd_sink_done(&out);
    close(fd);
}

KB_TEST(sink, file_appears_when_whole)
{
    struct kb_err err = {0};
    struct kb_file_sink out = {0};
    char dir[] = "/tmp/sink-XXXXXX";
    char path[64];
    CHECK(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/report.json", dir);

    OK(kb_file_sink_open(&out, kb_str_c(path), &err), &err);
    OK(kb_sink_write(out.fd.sink, KB_STR("half"), &err), &err);
    CHECK(access(path, F_OK) != 0);
    kb_file_sink_done(&out);
    EQ_UINT(files_in(dir), 0);

    OK(kb_file_sink_open(&out, kb_str_c(path), &err), &err);
    OK(kb_sink_write(out.fd.sink, KB_STR("whole"), &err), &err);
    OK(kb_file_sink_commit(&out, &err), &err);
    kb_file_sink_done(&out);
    kb_file_sink_done(&out);
    struct stat st;
    CHECK(stat(path, &st) == 0 && st.st_size == 5);
    EQ_UINT(files_in(dir), 1);
    unlink(path);
    rmdir(dir);
}

KB_TEST(sink, file_in_a_missing_folder_fails)
{
    struct kb_err err = {0};
    struct kb_file_sink out = {0};
    FAILS(kb_file_sink_open(&out, KB_STR("/nonexistent/r.json"), &err), KB_ERR_IO);
    EQ_C(err.msg, "cannot write /nonexistent/r.json: No such file or directory");
    kb_file_sink_done(&out);
}

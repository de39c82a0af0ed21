/*
 * Where baselines come from: the files compiled into the executable, or a folder.
 *
 * A library is texts only; control.h makes controls of them and profile.h profiles.
 */
#ifndef KB_BASELINE_LIBRARY_H
#define KB_BASELINE_LIBRARY_H

#include "base/mem.h"

struct kb_library_file {
    struct kb_str path; /* relative to the folder, with '/': "audit/pod-exec.yaml"; terminated */
    struct kb_str name; /* as shown in messages: "baselines/audit/pod-exec.yaml"; terminated */
    struct kb_str text;
};

struct kb_library {
    struct kb_arena arena;
    const struct kb_library_file *files; /* by path, in byte order */
    size_t n;
};

/* The baselines of this executable. Static; never freed. */
const struct kb_library *kb_library_builtin(void);

/* All `*.yaml` under `dir`. Hidden files and folders are left out; over the limits of
 * base/limits.h is KB_ERR_LIMIT. *library is written on success only; freed with
 * kb_library_done. */
KB_RES kb_library_load(struct kb_library *library, const char *dir, struct kb_err *err);
void kb_library_done(struct kb_library *library);

/* A whole file, at most KB_MAX_YAML_BYTES. */
KB_RES kb_library_read_file(const char *path, struct kb_arena *arena, struct kb_str *out,
                            struct kb_err *err);

/* The file at `path`, or NULL. */
const struct kb_library_file *kb_library_find(const struct kb_library *library, struct kb_str path);

/* Write every file under `dir` (made where missing). Existing files are not overwritten:
 * KB_ERR_INVALID. */
KB_RES kb_library_export(const struct kb_library *library, const char *dir, struct kb_err *err);

/* 64 hex digits: SHA-256 over the paths and texts of all that judges (cases do not). */
void kb_library_digest(const struct kb_library *library, char out[65]);

#endif

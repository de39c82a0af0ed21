/*
 * Inputs of logs. Log files named on the command line: files, folders, standard input; as one sorted list, each
 * opened only while it is read, decompressed on the way.
 */
#ifndef KB_SOURCE_INPUT_H
#define KB_SOURCE_INPUT_H

#include "base/mem.h"
#include "data/bytes.h"

/* What a feed tells of its reading. Texts are the feed's. */
struct kb_feed_report {
    uint64_t pages;
    uint64_t doubled; /* records that came before, and were left out */
    uint64_t late;    /* records of a time that an earlier run had read, which came after it */
    uint64_t waited_ms; /* for quotas and after refusals */
    double share;       /* of it that was read, 0 to 1 */
    double weight;      /* how long it takes, beside others of its kind; 0: not known */
    struct kb_str first_request, last_request; /* the server's ids of the first and last answer */
};

/* An input that is no file: records that are asked for while they are read. */
struct kb_feed {
    void *ctx;
    /* Begin. What is read from *out ends with an error where it is not, or not provably, whole. */
    kb_res (*open)(void *ctx, struct kb_bytes *out, struct kb_err *err);
    void (*close)(void *ctx); /* after `open`, also where that failed */
    void (*tell)(const void *ctx, struct kb_feed_report *out);
    int64_t first_ns; /* no record is older */
};

struct kb_input_entry {
    struct kb_str path; /* terminated; "-" is standard input */
    struct kb_str name; /* for display; terminated */
    uint64_t size;      /* bytes as stored, for progress; 0 for a pipe */
    const struct kb_feed *feed; /* NULL: a file; else it outlives the input, and `path` does not count */
};

struct kb_inputs {
    const struct kb_input_entry *at; /* in the arena */
    size_t n;
    uint64_t size;  /* of all */
    size_t skipped; /* devices, sockets, pipes and dangling links inside folders */
};

/*
 * Find the files under `paths`. A folder is walked (KB_MAX_DIR_DEPTH, KB_MAX_INPUT_FILES), names
 * that begin with a dot are left out; each folder and each file is taken once, however links go
 * round and however often it is named. Sorted by path below each path named; those keep their
 * order. "-" is standard input. KB_ERR_NOT_FOUND for a path that is missing and for a folder
 * without files, KB_ERR_INVALID for a device or socket by name, KB_ERR_IO for what may not be read.
 */
KB_RES kb_inputs_find(struct kb_arena *arena, const char *const *paths, size_t n,
                      struct kb_inputs *out, struct kb_err *err);

struct kb_input;

/* Open one. `digest`: also compute SHA-256 of the stored bytes. */
KB_RES kb_input_open(const struct kb_input_entry *entry, bool digest, struct kb_input **out,
                     struct kb_err *err);
/* Its plain bytes. An error names the file. */
struct kb_bytes kb_input_bytes(struct kb_input *input);

struct kb_input_stats {
    uint64_t stored;  /* bytes read so far, compressed where it is */
    uint64_t plain;   /* bytes delivered */
    const char *kind; /* "plain", "gzip", "zstd"; "" before the first byte */
    bool trailing;    /* foreign bytes after the compressed data were left out */
    bool has_sha256;  /* after kb_input_finish */
    char sha256[65];  /* of all stored bytes, hexadecimal; else empty */
};
struct kb_input_stats kb_input_stats(const struct kb_input *input);
/* Read what is left of the stored bytes into the digest. Nothing to do without one. */
KB_RES kb_input_finish(struct kb_input *input, struct kb_err *err);
void kb_input_close(struct kb_input *input); /* NULL allowed */

#endif

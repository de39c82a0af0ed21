/*
 * Snapshots: everything that was gathered of a cluster, in one file, to be judged later or elsewhere.
 *
 * JSON lines: a header; one line an object, an AWS answer, a rejected item, a count of other kinds; one
 * line of coverage for each list; the cluster; at the end the SHA-256 of all lines before. Compressed as
 * one gzip member or zstd frame. Values of Secrets are not in it.
 */
#ifndef KB_SOURCE_SNAPSHOT_H
#define KB_SOURCE_SNAPSHOT_H

#include "data/answer.h"
#include "data/object.h"
#include "source/cluster.h"

#define KB_SNAPSHOT_SCHEMA "kube-baseline.snapshot/1"

struct kb_snapshot_writer;

/* `out` gets plain lines and must outlive the writer. `now_ns`: when it is made. */
struct kb_snapshot_writer *kb_snapshot_writer_new(struct kb_sink out, int64_t now_ns);
void kb_snapshot_writer_free(struct kb_snapshot_writer *writer);
struct kb_object_sink kb_snapshot_objects(struct kb_snapshot_writer *writer);
struct kb_aws_sink kb_snapshot_aws(struct kb_snapshot_writer *writer);
/* The cluster (empty texts: none was asked), and the digest. The first failure of all writing. */
KB_RES kb_snapshot_finish(struct kb_snapshot_writer *writer,
                          const struct kb_cluster_identity *cluster, struct kb_err *err);

/* What a snapshot says of itself. */
struct kb_snapshot_info {
    struct kb_str time, tool, sha256; /* in the caller's arena */
    uint64_t lines, bytes;            /* plain */
    struct kb_cluster_identity cluster;
};

/* Give what the file ("-": standard input) holds to the sinks, as it came from its sources. KB_ERR_CORRUPT
 * where it is damaged, cut, or does not match its digest: what was given is void then. */
KB_RES kb_snapshot_read(struct kb_str path, const struct kb_object_sink *objects,
                        const struct kb_aws_sink *aws, struct kb_arena *arena,
                        struct kb_snapshot_info *out, struct kb_err *err);

#endif

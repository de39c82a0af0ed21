/*
 * Gathering: everything but logs that was named is read into sinks, with a coverage statement.
 *
 * The same for judging (the sinks fill a world), for `collect` (they write a snapshot) and for the
 * commands that only ask.
 */
#ifndef KB_RUN_GATHER_H
#define KB_RUN_GATHER_H

#include "baseline/result.h"
#include "data/answer.h"
#include "data/object.h"
#include "source/aws_live.h"
#include "source/snapshot.h"

/* What was named. Texts and arrays are the caller's. */
struct kb_sources {
    const struct kb_str *objects; /* files and folders of cluster objects; "-" is standard input */
    size_t object_count;
    const struct kb_str *aws; /* files and folders of AWS CLI output */
    size_t aws_count;
    struct kb_str snapshot; /* a file that `collect` wrote; empty */
    bool live; /* a cluster's API server, as `cluster` names it */
    struct kb_cluster_options cluster;
    struct kb_aws_live_options aws_live; /* AWS itself; objects name further buckets */
};

/* Whether anything is to be judged beside logs. */
bool kb_sources_named(const struct kb_sources *sources);

/* What came of it. */
struct kb_gathered {
    struct kb_arena arena;
    KB_VEC(struct kb_coverage) coverage; /* texts in `arena` */
    uint64_t rejected;                   /* items that were no readable object */
    struct kb_cluster_identity cluster;  /* where one was talked to; texts in `arena` */
    struct kb_str aws_identity;          /* as whom AWS was asked; empty */
    KB_VEC(struct kb_str) buckets;       /* of backups, as objects name them; in `arena` */
};
void kb_gathered_done(struct kb_gathered *gathered);
/* Its coverage.n entries, copied with their texts. */
void kb_gathered_copy(const struct kb_gathered *gathered, struct kb_arena *arena,
                      struct kb_coverage *out);

/* As whom AWS is asked, alone. */
KB_RES kb_gather_identity(const struct kb_sources *sources, struct kb_gathered *out, struct kb_err *err);

/* Read. Fails where a source named does not exist or cannot be opened; what is wrong inside one is in
 * the coverage and in the reports that the sinks get. `out` is to be freed also after a failure. */
KB_RES kb_gather(const struct kb_sources *sources, const struct kb_object_sink *objects,
                 const struct kb_aws_sink *aws, struct kb_gathered *out, struct kb_err *err);

#endif

/* From sources to a snapshot. */
#include "run/collect.h"

KB_RES kb_run_collect(const struct kb_sources *sources, enum kb_inflate_kind kind, int64_t now_ns,
                      struct kb_sink out, struct kb_gathered *gathered, struct kb_err *err)
{
    struct kb_deflate *deflate = kb_deflate_new(kind, out);
    struct kb_snapshot_writer *writer = kb_snapshot_writer_new(kb_deflate_sink(deflate), now_ns);
    struct kb_object_sink objects = kb_snapshot_objects(writer);
    struct kb_aws_sink aws = kb_snapshot_aws(writer);
    kb_res res = kb_gather(sources, &objects, &aws, gathered, err);
    if (!kb_failed(res)) {
        res = kb_snapshot_finish(writer, &gathered->cluster, err);
    }
    if (!kb_failed(res)) {
        res = kb_deflate_finish(deflate, err);
    }
    kb_snapshot_writer_free(writer);
    kb_deflate_free(deflate);
    return res;
}

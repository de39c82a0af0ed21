/* Volumes and snapshots of EBS. */
#include "facts/aws_ebs.h"

#include "facts/aws_json.h"
#include "facts/aws_model.h"

struct kb_str kb_ebs_volume(const struct kb_backup_pv *pv)
{
    bool ebs = kb_str_eq_c(pv->driver, "ebs.csi.aws.com") ||
               kb_str_eq_c(pv->driver, "ebs.csi.eks.amazonaws.com") ||
               kb_str_eq_c(pv->type, "awsElasticBlockStore");
    const char *slash = pv->handle.n == 0 ? NULL : memrchr(pv->handle.p, '/', pv->handle.n);
    struct kb_str id = slash == NULL ? pv->handle
                                     : kb_str_sub(pv->handle, (size_t)(slash - pv->handle.p) + 1,
                                                  pv->handle.n);
    return ebs && kb_str_starts(id, KB_STR("vol-")) ? id : KB_STR("");
}

struct kb_ebs_snapshot kb_ebs_newest_snapshot(const struct kb_world *world, struct kb_str volume)
{
    static const int64_t second = 1000000000;
    struct kb_ebs_snapshot newest = {.found = KB_NO, .encrypted = KB_NO};
    if (volume.n == 0 || !kb_aws_read(world, "ec2 describe-snapshots")) {
        return (struct kb_ebs_snapshot){.found = KB_NOT_KNOWN, .encrypted = KB_NOT_KNOWN};
    }
    KB_AWS_EACH(it, world, "ec2 describe-snapshots", "Snapshots") {
        int64_t at;
        bool counts = kb_str_eq(kb_aws_text(it.item, "VolumeId"), volume) &&
                      kb_aws_is(it.item, "State", "completed") &&
                      kb_aws_moment(it.item, "StartTime", &at);
        if (counts && (newest.found != KB_YES || at * second > newest.started_ns)) {
            const json_t *encrypted = kb_aws_get(it.item, "Encrypted");
            newest = (struct kb_ebs_snapshot){
                KB_YES, at * second,
                !json_is_boolean(encrypted) ? KB_NOT_KNOWN : json_is_true(encrypted) ? KB_YES : KB_NO};
        }
    }
    return newest;
}

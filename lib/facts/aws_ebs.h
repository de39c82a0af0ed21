/* EBS volumes of PersistentVolumes, and what EC2 says of them. */
#ifndef KB_FACTS_AWS_EBS_H
#define KB_FACTS_AWS_EBS_H

#include "facts/backup_objects.h"
#include "facts/world.h"

/* "vol-…" of a PersistentVolume on EBS; empty where it is none. */
struct kb_str kb_ebs_volume(const struct kb_backup_pv *pv);

struct kb_ebs_snapshot {
    enum kb_tri found;     /* whether a completed one was told of; KB_NOT_KNOWN: snapshots were not read whole */
    int64_t started_ns;    /* of the newest */
    enum kb_tri encrypted; /* it */
};
/* The newest completed snapshot of a volume, by ec2 describe-snapshots. */
struct kb_ebs_snapshot kb_ebs_newest_snapshot(const struct kb_world *world, struct kb_str volume);

#endif

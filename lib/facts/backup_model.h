/*
 * Backups of a cluster, as the objects of Velero and of its storage tell them.
 *
 * Takers keep what the tables need; kb_backup_model_close joins it: which schedule is usable and what it
 * selects, which runs are its own, and by which way each claim is saved.
 */
#ifndef KB_FACTS_BACKUP_MODEL_H
#define KB_FACTS_BACKUP_MODEL_H

#include "data/answer.h"
#include "facts/backup_objects.h"

struct kb_world;

enum { KB_BACKUP_OBJECTS_MAX = 1000000 }; /* kept in all; what is beyond makes the tables incomplete */

struct kb_backup_model {
    struct kb_tiers tiers;
    KB_VEC(struct kb_backup_schedule *) schedules;
    KB_VEC(struct kb_backup_run *) runs;
    KB_VEC(struct kb_backup_location *) locations;
    KB_VEC(struct kb_backup_restore *) restores;
    KB_VEC(struct kb_backup_volume_run *) volume_runs;
    KB_VEC(struct kb_backup_repository *) repositories;
    KB_VEC(struct kb_backup_pod *) pods;
    KB_VEC(struct kb_backup_claim *) claims;
    KB_VEC(struct kb_backup_pv *) volumes;
    KB_VEC(struct kb_backup_class *) classes;
    KB_VEC(struct kb_backup_snapshot_class *) snapshot_classes;
    KB_VEC(struct kb_backup_snapshot *) snapshots;
    KB_VEC(struct kb_backup_server *) servers;
    KB_VEC(struct kb_backup_agent *) agents;
    KB_VEC(struct kb_backup_database *) databases;
    KB_VEC(struct kb_backup_job *) jobs;
    KB_VEC(struct kb_backup_deletion *) deletions;
    KB_VEC(struct kb_backup_namespace *) namespaces;
    KB_VEC(struct kb_backup_policy_map *) policies;
    KB_VEC(struct kb_backup_bucket *) buckets;
    KB_VEC(struct kb_str) crds; /* "backups.velero.io" */
    KB_VEC(struct kb_named *) snapshot_locations;
    KB_VEC(json_t *) owned;
    struct kb_map lists; /* of texts, each once */
    struct kb_map volume_index, claim_index, run_index, schedule_index, namespace_index;
    uint64_t dropped;             /* objects over KB_BACKUP_OBJECTS_MAX */
    enum kb_tri ebs_encrypted;    /* the account's default */
    struct kb_velero_names pod_identities; /* "namespace/account" */
    bool pod_identities_read;
    const struct kb_backup_server *server; /* after closing; NULL: none was found */
    bool server_unread; /* there may be one */
    enum kb_tri node_agent;
    struct kb_str name_space; /* Velero's */
    struct kb_str region;     /* of the cluster; empty: not known */
};

void kb_backup_model_take(struct kb_world *world, const struct kb_object *object);
void kb_backup_model_answer(struct kb_world *world, const struct kb_aws_answer *answer);
void kb_backup_model_close(struct kb_world *world);
void kb_backup_model_done(struct kb_backup_model *model);

/* Parts of closing, in their order. */
void kb_backup_close_schedules(struct kb_world *world);
void kb_backup_close_runs(struct kb_world *world);
void kb_backup_close_claims(struct kb_world *world);
void kb_backup_close_namespaces(struct kb_world *world);
void kb_backup_close_restores(struct kb_world *world);
void kb_backup_close_storage(struct kb_world *world);

/* Readers of the parts of an object; texts go to the world's arena. */
void kb_backup_read_spec(struct kb_world *world, const json_t *spec, struct kb_backup_spec *out);
struct kb_velero_names kb_backup_texts(struct kb_world *world, const json_t *list);
struct kb_str kb_backup_text(struct kb_world *world, const json_t *object, const char *key);
/* ns since 1970 of an RFC 3339 text; KB_BACKUP_NO_TIME. */
int64_t kb_backup_time(const json_t *object, const char *key);
/* ns of a duration of Go; `otherwise` where there is none. */
int64_t kb_backup_duration(const json_t *object, const char *key, int64_t otherwise);
struct kb_named kb_backup_named(struct kb_world *world, const struct kb_object *object);
const json_t *kb_backup_own(struct kb_world *world, const json_t *json);
/* Take one of the objects that are no Velero objects: storage, pods, other tools. */
bool kb_backup_take_storage(struct kb_world *world, const struct kb_object *object);
bool kb_backup_take_pod(struct kb_world *world, const struct kb_object *object);
bool kb_backup_take_other(struct kb_world *world, const struct kb_object *object);
/* Whether the label velero.io/exclude-from-backup is "true": no other value counts. */
bool kb_backup_excluded(const struct kb_object *object);

/* When a run began, as far as it is known; whether it has ended; whether it is on its way (a phase that is not
 * known is neither). */
int64_t kb_backup_run_start(const struct kb_backup_run *run);
bool kb_backup_run_ended(const struct kb_backup_run *run);
bool kb_backup_run_unfinished(const struct kb_backup_run *run);

const struct kb_backup_claim *kb_backup_claim_of(const struct kb_world *world,
                                                 struct kb_str name_space, struct kb_str name);
const struct kb_backup_pv *kb_backup_volume_of(const struct kb_world *world,
                                               const struct kb_backup_claim *claim);
const struct kb_backup_namespace *kb_backup_namespace_of(const struct kb_world *world,
                                                         struct kb_str name);
/* Names of the active namespaces. */
struct kb_velero_names kb_backup_active(const struct kb_world *world, struct kb_arena *arena);
/* What the server's version makes of a spec, and the active namespaces that it selects; false where the backup
 * fails, or a defect of the version empties it. *effective comes from kb_velero_prepare; lists are made in `arena`. */
bool kb_backup_expand(const struct kb_world *world, const struct kb_backup_spec *spec,
                      struct kb_velero_spec *effective, struct kb_velero_namespaces *out,
                      struct kb_velero_names *covers, struct kb_arena *arena);
/* Does the schedule's backup include the namespace? Not known where namespaces, or the version that tells what
 * its patterns mean, were not read. */
enum kb_tri kb_backup_covers(const struct kb_backup_schedule *schedule, struct kb_str name_space);
/* Whether data of the location lies in another region than the cluster. */
enum kb_tri kb_backup_offsite(const struct kb_world *world,
                              const struct kb_backup_location *location);
/* Whether some usable schedule writes the namespace there. */
enum kb_tri kb_backup_namespace_offsite(const struct kb_world *world, struct kb_str name_space);

#endif

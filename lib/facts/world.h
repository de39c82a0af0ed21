/*
 * The world: all that was read of one cluster, as the models from which fact tables are built.
 *
 * Objects come in one by one through kb_world_sink, each is taken apart by the reader of its kind and
 * dropped; kb_world_close then joins what belongs together. Only names that repeat are kept once.
 * Judgement never sees a clock or a host: `now_ns` and the settings are given.
 */
#ifndef KB_FACTS_WORLD_H
#define KB_FACTS_WORLD_H

#include "base/map.h"
#include "cluster/cluster.h"
#include "data/answer.h"
#include "data/object.h"
#include "facts/aws_model.h"
#include "facts/backup_model.h"
#include "facts/eks_model.h"
#include "facts/net_exposure.h"
#include "facts/net_log.h"
#include "facts/net_model.h"
#include "facts/rbac_model.h"
#include "facts/table.h"
#include "facts/usage_model.h"

/* A setting of the profile by name, as `settings.NAME` in expressions; KB_CEL_NULL: there is none. */
typedef struct kb_cel_val kb_world_setting_fn(const void *ctx, const char *name);

struct kb_world {
    struct kb_arena arena; /* everything below, until kb_world_done */
    struct kb_map names;   /* interned: kinds, namespaces, names, labels, rules */
    int64_t now_ns;        /* the clock that judges */
    kb_world_setting_fn *setting;
    const void *setting_ctx;
    struct kb_list_report lists[KB_KIND_COUNT]; /* the worst of all sources; texts in `arena` */
    bool objects_read;     /* a source of cluster objects was named at all */
    bool aws_read;         /* a source of AWS settings was named at all */
    uint64_t rejected;     /* items that were no readable object */
    struct kb_rbac_model rbac;
    struct kb_eks_model eks;
    struct kb_aws_model aws;
    struct kb_cluster cluster;
    struct kb_usage_model usage;
    struct kb_exposure_model exposure;
    struct kb_net_model *network; /* its own: answers put new sets of ports into its store */
    struct kb_net_log net_log;
    struct kb_backup_model backup;
};

void kb_world_init(struct kb_world *world, int64_t now_ns, kb_world_setting_fn *setting,
                   const void *setting_ctx);
void kb_world_done(struct kb_world *world);

/* Where sources push objects and reports, and AWS answers. */
struct kb_object_sink kb_world_sink(struct kb_world *world);
struct kb_aws_sink kb_world_aws_sink(struct kb_world *world);

/* What the API server tells of its version: "v1.34.2-eks-abc". */
void kb_world_told_version(struct kb_world *world, struct kb_str version);

/* Nothing more comes: join bindings with roles, pods with their owners. Called once. */
void kb_world_close(struct kb_world *world);

/* Whether the kind was read to its end, or cannot exist here. */
bool kb_world_whole(const struct kb_world *world, enum kb_kind_id kind);

/* The same of all kinds that run pods. */
bool kb_world_workloads_whole(const struct kb_world *world);

/* Where an object's row came from: "uid …, resourceVersion …" as locator. */
struct kb_world_place {
    struct kb_str source, uid, resource_version; /* interned */
};
struct kb_world_place kb_world_place(struct kb_world *world, const struct kb_object *object);
/* The value of a namespace's label; empty where there is none. */
struct kb_str kb_world_namespace_label(const struct kb_world *world, struct kb_str name_space,
                                       struct kb_str label);
struct kb_evidence kb_world_evidence(const struct kb_world_place *place, struct kb_arena *arena);

typedef void kb_row_fn(void *ctx, const struct kb_row *row);

/* How a table's rows are made from a world. One row of kb_fact_sources a table. */
struct kb_fact_source {
    const struct kb_table *table;
    /* Kinds without which the table is not whole: no pass while one of them was not read to its end. */
    const enum kb_kind_id *needs;
    size_t need_count;
    bool aws; /* stands on AWS settings, not on cluster objects */
    /* Give every row to `fn`, in a fixed order (namespace, name): the same for every order of input.
     * A row is valid during the call. */
    void (*rows)(const struct kb_world *world, kb_row_fn *fn, void *ctx);
    /* Whether the table stands on something else that was not read whole, and why (in `arena`); empty: no.
     * May be NULL. */
    struct kb_str (*missing)(const struct kb_world *world, struct kb_arena *arena);
    /* Why the table has nothing to speak about in this world, so that its controls do not apply; NULL: it
     * has. May be NULL itself. */
    const char *(*absent)(const struct kb_world *world);
};

extern const struct kb_fact_source *const kb_fact_sources[];
extern const size_t kb_fact_source_count;

/* Why the table is not whole in this world: kinds, states, and what would mend it; empty where it is. */
struct kb_str kb_world_missing(const struct kb_world *world, const struct kb_fact_source *source,
                               struct kb_arena *arena);

#endif

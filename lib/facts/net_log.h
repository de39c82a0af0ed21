/*
 * What a log shows of changes to network policies, and to labels of namespaces, by which policies choose; to be
 * set beside what the cluster has now.
 *
 * Of each policy the last change is kept; a log of any length takes the memory of KB_MAX_NET_CHANGES of them.
 */
#ifndef KB_FACTS_NET_LOG_H
#define KB_FACTS_NET_LOG_H

#include "base/map.h"
#include "facts/table.h"

struct kb_world;

enum { KB_NET_LOCATOR = 128, KB_NET_AUDIT_ID = 48 };
#define KB_NET_NAMESPACE "Namespace" /* kind of what is no policy */

/* One policy, or namespace, that was changed. */
struct kb_net_logged {
    struct kb_str kind, name_space, name; /* name empty: all of the namespace at once (deletecollection) */
    struct kb_str verb, user;             /* of the last change */
    struct kb_str source;
    int64_t time_ns;
    uint64_t changes;
    struct kb_str keys;                   /* of a namespace: labels that patches set or took away, a line each */
    bool keys_cut;                        /* there may be more of them */
    bool opens;                           /* what was written last admits everything; of a NetworkPolicy */
    char locator[KB_NET_LOCATOR], audit_id[KB_NET_AUDIT_ID];
};

struct kb_net_log {
    struct kb_map names, index; /* interned; "Kind/namespace/name" to its place in `policies` */
    KB_VEC(struct kb_net_logged) policies;
    bool read, lost;            /* a log was read; more policies changed than are kept */
    uint64_t cut;               /* changes whose text does not show which policy it was */
    struct kb_str problem;      /* why a change may be missing; empty: none is */
};

/* Take a request of the log, a row of audit.event, whose resource and API group are told beforehand. */
void kb_net_log_take(struct kb_net_log *log, struct kb_str group, struct kb_str resource, const struct kb_row *row);
/* The log has ended, with what is wrong with it (empty: nothing). */
void kb_net_log_close(struct kb_world *world, struct kb_str problem);
void kb_net_log_done(struct kb_net_log *log);

#endif

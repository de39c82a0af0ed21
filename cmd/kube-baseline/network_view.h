/* What the `network` commands share: a cluster's network, read and evaluated, with changes tried out. */
#ifndef KB_CMD_NETWORK_VIEW_H
#define KB_CMD_NETWORK_VIEW_H

#include "baseline/profile.h"
#include "facts/net_tables.h"
#include "kube-baseline/sources.h"

struct kb_network_view {
    struct kb_app *app;
    struct kb_world world;
    struct kb_net_world *net; /* the evaluated policies in it */
    struct kb_gathered gathered, added;
    struct kb_named_sources named;
    struct kb_map skipped; /* "Kind/namespace/name" that are left out, or replaced */
    struct kb_arena arena; /* for what a command makes */
    const struct kb_profile *profile; /* whose settings count; NULL: none */
};

/* Read what the options name, files or a live cluster, without what --without names and with what --with
 * holds instead. Exit status; freed with kb_network_view_done also after a failure. */
int kb_network_view_open(struct kb_network_view *view, struct kb_app *app);
/* The same with the settings of a profile, which must outlive the view, and with all that the controls of the
 * network look at. */
int kb_network_view_open_judged(struct kb_network_view *view, struct kb_app *app,
                                const struct kb_profile *profile);
/* The same of one path: a folder or file of objects, or a snapshot. */
int kb_network_view_open_path(struct kb_network_view *view, struct kb_app *app, struct kb_str path);
void kb_network_view_done(struct kb_network_view *view);
/* Whether all was read that decides who reaches whom. */
bool kb_network_view_whole(struct kb_network_view *view);
/* Tell on standard error what was not read whole, and how policies were taken. Exit status: `status`, or
 * KUBE_BASELINE_UNKNOWN. */
int kb_network_view_end(struct kb_network_view *view, int status);

/* One end of a question. */
struct kb_network_end {
    const struct kb_net_group *group; /* a workload, or the one of a pod; NULL: an address */
    struct kb_net_end end;            /* its first pod, or the pod, or the address */
    struct kb_str text;
};
/* "Kind/namespace/name", "namespace/name", "Pod/namespace/name" or an address. */
KB_RES kb_network_end_find(struct kb_network_view *view, struct kb_str name, struct kb_network_end *out,
                           struct kb_err *err);
/* "8080", "8080/TCP", "53/UDP". */
KB_RES kb_network_port_read(struct kb_str text, struct kb_net_range *out, struct kb_err *err);
/* "10.0.0.0/8", or "10.0.0.5-10.0.0.9" where it is no block. In view->arena. */
struct kb_str kb_network_range_text(struct kb_network_view *view, const struct kb_ip *first,
                                    const struct kb_ip *last);
/* "all", or "TCP 80,443"; "none". In view->arena. */
struct kb_str kb_network_ports_text(struct kb_network_view *view, kb_net_ports ports);
/* Whether the workload is meant by -n and a glob of names (NULL: any). */
bool kb_network_is_meant(const struct kb_network_view *view, const struct kb_net_group *group,
                         const char *glob);

#endif

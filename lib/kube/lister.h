/*
 * Listing one kind from an API server, page by page, into a sink of objects.
 *
 * Pages are sliced while they arrive: the memory needed is that of one object, and of the names that
 * came. Rules: kubernetes staging/src/k8s.io/apiserver (storage/continue.go), client-go tools/pager: an
 * expired list is begun again once; if it expires again, the server's inconsistent token goes on.
 */
#ifndef KB_KUBE_LISTER_H
#define KB_KUBE_LISTER_H

#include "data/object.h"
#include "kube/server.h"

enum { KB_KUBE_PAGE = 500 };

/* List the kind in all namespaces, and report what came of it. Every failure is in the report. */
void kb_kube_list(struct kb_kube_client *client, const struct kb_kube_server *server,
                  const struct kb_kind *kind, unsigned page, const struct kb_object_sink *sink);

/* Read the objects that are not listed: the known ConfigMaps, by name; reported together as their kind. */
void kb_kube_read_config_maps(struct kb_kube_client *client, const struct kb_object_sink *sink);

/* Read the ConfigMap that a schedule of Velero names as its resource policy. Where it cannot be read nothing is
 * given: what it decides is then not known. */
void kb_kube_read_policy(struct kb_kube_client *client, struct kb_str name_space, struct kb_str name,
                         const struct kb_object_sink *sink);

#endif

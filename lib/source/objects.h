/*
 * Cluster objects from files: what `kubectl get -o json|yaml`, `kubectl cluster-info dump` and
 * manifests hold; told by content, compressed or not.
 *
 * How whole a kind is: one that came in a list (`List`, `PodList`) counts as complete, unless the list
 * says that it goes on, or its file was cut or held an item that could not be read. Objects given one
 * by one make their kind incomplete: there may be more. An empty `List` names no kind: then its file's
 * name tells, where it is that of a resource ("roles.rbac.authorization.k8s.io.json").
 */
#ifndef KB_SOURCE_OBJECTS_H
#define KB_SOURCE_OBJECTS_H

#include "data/object.h"

/* Read everything under `paths` ("-" is standard input) into the sink: objects file by file, then one
 * report for each kind that came. Fails where a path does not exist or nothing can be opened; what is
 * wrong inside a file is told to the sink, and the rest is read. */
KB_RES kb_objects_read(const struct kb_str *paths, size_t n, const struct kb_object_sink *sink,
                       struct kb_err *err);

#endif

/*
 * What a pod, or the template of a workload, asks for: over containers, init containers and
 * ephemeral containers.
 */
#ifndef KB_AUDIT_BODY_POD_H
#define KB_AUDIT_BODY_POD_H

#include "data/scan.h"
#include "audit/strs.h"

struct kb_pod_seen {
    bool privileged, host_network, host_pid, host_ipc;
    /* A container runs as root by what is written: runAsUser 0, or runAsNonRoot false without a
     * runAsUser; its own value before the pod's. */
    bool run_as_root;
    bool has_service_account;
    struct kb_str service_account;
    struct kb_strs host_paths;   /* cleaned: no "//", "/./", no slash at the end */
    struct kb_strs capabilities; /* added; upper case */
    struct kb_strs images;
    struct kb_strs names;  /* of containers */
    struct kb_strs placed; /* names of containers that have an image here */
    bool whole;            /* all of it could be read */
};

/* Add what one object shows. `spec`: path to the pod's spec ("spec", "spec/template/spec", …).
 * `partial`: the object is a part, so a container's own values may be missing, and the pod's values
 * alone say nothing of containers. */
void kb_pod_read(const struct kb_span *object, const char *spec, bool partial,
                 struct kb_arena *arena, struct kb_pod_seen *out);

#endif

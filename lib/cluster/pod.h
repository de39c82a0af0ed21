/*
 * What a pod, or the template of one, may do: its security settings with Kubernetes' defaults applied.
 *
 * Rules: kubernetes core/v1 PodSpec and Container; settings of a container win over those of the pod
 * (pkg/securitycontext DetermineEffectiveSecurityContext); names of the Pod Security Standards.
 */
#ifndef KB_CLUSTER_POD_H
#define KB_CLUSTER_POD_H

#include "base/tri.h"
#include "data/json.h"

struct kb_texts {
    const struct kb_str *at; /* sorted, without repeats */
    size_t n;
};

struct kb_podspec {
    bool host_network, host_pid, host_ipc;
    bool privileged;        /* some container, init and ephemeral ones included */
    bool may_escalate;      /* some container does not set allowPrivilegeEscalation to false */
    bool may_run_as_root;   /* some container runs as uid 0, or nothing keeps it from that */
    bool keeps_net_raw;     /* some container drops neither NET_RAW nor ALL */
    bool secret_env;        /* some container has a Secret in its environment */
    enum kb_tri automount;  /* automountServiceAccountToken of the pod; KB_NOT_KNOWN: not set */
    struct kb_texts host_ports, host_paths, capabilities /* added */, images;
    struct kb_str service_account; /* "default" where none is named */
    bool malformed;         /* a field is of another type than its own: nothing above counts then */
};

/* Read a PodSpec. Texts go to `arena`. */
void kb_podspec_read(const json_t *spec, struct kb_arena *arena, struct kb_podspec *out);

/* Whether an image is named by digest, or by a tag other than latest. */
bool kb_image_pinned(struct kb_str image);

#endif

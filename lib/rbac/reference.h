/* The default RBAC objects of Kubernetes by minor version, as they are embedded. */
#ifndef KB_RBAC_REFERENCE_H
#define KB_RBAC_REFERENCE_H

#include "base/str.h"

struct kb_rbac_reference {
    unsigned minor;
    struct kb_str packed; /* gzip of a JSON array of objects */
};

/* By minor, oldest first. */
extern const struct kb_rbac_reference kb_rbac_references[];
extern const size_t kb_rbac_reference_count;

#endif

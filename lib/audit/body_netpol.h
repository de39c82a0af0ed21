/* Network policies: directions, and whether a rule admits everything. */
#ifndef KB_AUDIT_BODY_NETPOL_H
#define KB_AUDIT_BODY_NETPOL_H

#include "data/scan.h"

struct kb_netpol_seen {
    bool ingress, egress; /* policyTypes, with their default where they are not written */
    bool opens;           /* some rule admits every peer; egress to port 53 alone does not count */
    bool whole;           /* all of it could be read */
};

/* Add what one object shows; `partial`: it is a part. Begin with `whole` true and the rest zero. */
void kb_netpol_read(const struct kb_span *object, bool partial, struct kb_netpol_seen *out);

#endif

/* One kubeconfig file, taken apart. */
#ifndef KB_KUBE_KUBECONFIG_READ_H
#define KB_KUBE_KUBECONFIG_READ_H

#include "kube/kubeconfig.h"

/* Add what the document holds to `config`, whose entries win over equal names. Texts are in the arena
 * that `root` was parsed into. */
KB_RES kb_kubeconfig_read(const struct kb_yaml_node *root, struct kb_kubeconfig *config,
                          struct kb_err *err);

#endif

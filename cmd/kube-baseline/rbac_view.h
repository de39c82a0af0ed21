/* What the `rbac` commands share: the RBAC objects of a cluster, read and joined. */
#ifndef KB_CMD_RBAC_VIEW_H
#define KB_CMD_RBAC_VIEW_H

#include "facts/world.h"
#include "kube-baseline/sources.h"
#include "rbac/authorize.h"

struct kb_rbac_view {
    struct kb_app *app;
    struct kb_world world;
    struct kb_gathered gathered;
    struct kb_named_sources named;
    struct kb_arena arena; /* for what a command makes */
    unsigned how;          /* kb_rbac_view_how */
};

/* How to read: --as is no impersonation but the question; also what attack paths need beside RBAC. */
enum kb_rbac_view_how { KB_RBAC_VIEW_ABOUT_AS = 1, KB_RBAC_VIEW_SCENE = 2,
                        KB_RBAC_VIEW_NAMED = 4 /* no cluster is read unless an option names it */ };

/* Read what the options name: files, or a live cluster. Exit status; freed with kb_rbac_view_done also
 * after a failure. */
int kb_rbac_view_open(struct kb_rbac_view *view, struct kb_app *app, unsigned how);
void kb_rbac_view_done(struct kb_rbac_view *view);

/* Tell on standard error what was not read whole, so that an answer may lack something. Exit status:
 * `status`, or KUBE_BASELINE_UNKNOWN. */
int kb_rbac_view_end(struct kb_rbac_view *view, int status);

/* Namespace that is meant where none is named: -n, that of the kubeconfig, or "default". */
struct kb_str kb_rbac_view_namespace(const struct kb_rbac_view *view);

/* "ClusterRoleBinding/x of ClusterRole/y". In view->arena. */
struct kb_str kb_rbac_through(struct kb_rbac_view *view, const struct kb_rbac_binding *binding);
/* "all namespaces", "namespace x", for a binding and what it grants. */
struct kb_str kb_rbac_scope(struct kb_rbac_view *view, const struct kb_rbac_binding *binding);
/* The rule that grants: "get,list secrets". */
struct kb_str kb_rbac_rule_text(struct kb_rbac_view *view, const struct kb_rbac_rule *rule);
/* IAM principals that are this user, or are in this group, by access entries and aws-auth; empty: none is
 * known. */
struct kb_str kb_rbac_known_as(struct kb_rbac_view *view, const struct kb_rbac_subject *subject);

/* "all namespaces", "namespaces a b*", for an access policy of an entry; and what of the catalogue of
 * sensitive permissions it holds. */
struct kb_str kb_rbac_policy_scope(struct kb_rbac_view *view, const struct kb_access_policy *policy);
struct kb_str kb_rbac_policy_danger(struct kb_rbac_view *view, const struct kb_access_policy *policy);

#endif

/* Columns of other written objects. */
#include "show.h"
#include "test.h"

#define WRITE(verb, group, resource, sub, object)                                                  \
    "{\"level\":\"RequestResponse\",\"stage\":\"ResponseComplete\",\"verb\":\"" verb               \
    "\",\"objectRef\":{\"resource\":\"" resource "\",\"apiGroup\":\"" group                        \
    "\",\"subresource\":\"" sub "\",\"namespace\":\"shop\"},\"responseObject\":" object "}"
#define RBAC "rbac.authorization.k8s.io"

KB_TEST(body, metadata)
{
    const char *e =
        WRITE("update", "", "namespaces", "",
              "{\"metadata\":{\"labels\":{\"a\":\"1\",\"b\":\"\"},\"annotations\":{\"x\":\"y\"},"
              "\"ownerReferences\":[{\"kind\":\"Node\"},{\"kind\":\"Job\",\"controller\":true}]}}");
    COLUMN(e, "object_labels", "{a: 1, b: }");
    COLUMN(e, "object_annotations", "{x: y}");
    COLUMN(e, "owner_kind", "Job");
    COLUMN(WRITE("get", "", "namespaces", "", "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}"),
           "object_labels", "{}");
    COLUMN("{\"level\":\"Metadata\",\"verb\":\"create\",\"objectRef\":{\"resource\":\"pods\","
           "\"subresource\":\"exec\"}}",
           "object_labels", "{}");
    COLUMN("{\"level\":\"Metadata\",\"verb\":\"update\",\"objectRef\":{\"resource\":\"secrets\"}}",
           "object_labels", "unknown: level Metadata carries no body");
}

KB_TEST(body, roles_and_bindings)
{
    const char *role =
        WRITE("create", RBAC, "clusterroles", "",
              "{\"rules\":[{\"verbs\":[\"get\",\"*\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]"
              "},{\"nonResourceURLs\":[\"/x\"],\"verbs\":[\"get\"]}]}");
    COLUMN(
        role, "role.rules",
        "[{verbs: [get, *], apiGroups: [], resources: [pods], resourceNames: [], nonResourceURLs: "
        "[]}, "
        "{verbs: [get], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [/x]}]");
    const char *binding = WRITE("create", RBAC, "rolebindings", "",
                                "{\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"edit\"},"
                                "\"subjects\":[{\"kind\":\"User\",\"name\":\"bob\"},"
                                "{\"kind\":\"Group\",\"name\":\"system:masters\"},{\"kind\":"
                                "\"ServiceAccount\",\"name\":\"b\",\"namespace\":\"ci\"},"
                                "{\"kind\":\"ServiceAccount\",\"name\":\"c\"}]}");
    COLUMN(binding, "binding.role_kind", "ClusterRole");
    COLUMN(binding, "binding.role", "edit");
    COLUMN(binding, "binding.subjects",
           "[User/bob, Group/system:masters, ServiceAccount/ci/b, ServiceAccount/shop/c]");
    COLUMN(role, "binding.subjects", "[]");
    COLUMN(binding, "role.rules", "[]");
    COLUMN(WRITE("create", "", "pods", "binding", "{\"roleRef\":{\"name\":\"x\"}}"), "binding.role",
           "");
}

KB_TEST(body, services_and_ingresses)
{
    const char *service =
        WRITE("patch", "", "services", "",
              "{\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerClass\":\"c\",\"externalIPs\":["
              "\"1.2.3.4\"],\"loadBalancerSourceRanges\":[\"10.0.0.0/8\"]}}");
    COLUMN(service, "service.type", "LoadBalancer");
    COLUMN(service, "service.load_balancer_class", "c");
    COLUMN(service, "service.external_ips", "[1.2.3.4]");
    COLUMN(service, "service.source_ranges", "[10.0.0.0/8]");
    COLUMN(WRITE("update", "", "services", "status", "{\"spec\":{\"type\":\"NodePort\"}}"),
           "service.type", "");
    COLUMN("{\"level\":\"Request\",\"verb\":\"patch\",\"objectRef\":{\"resource\":\"services\"},"
           "\"requestObject\":{\"spec\":{\"type\":\"NodePort\"}}}",
           "service.type", "NodePort");
    const char *ingress =
        WRITE("create", "networking.k8s.io", "ingresses", "",
              "{\"spec\":{\"tls\":[{}],\"rules\":[{\"host\":\"a.example\"},{\"http\":{}}]}}");
    COLUMN(ingress, "ingress.has_tls", "true");
    COLUMN(ingress, "ingress.hosts", "[a.example]");
    COLUMN(WRITE("create", "networking.k8s.io", "ingresses", "", "{\"spec\":{\"tls\":[]}}"),
           "ingress.has_tls", "false");
}

KB_TEST(body, webhooks_and_requests)
{
    const char *hook =
        WRITE("create", "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "",
              "{\"webhooks\":[{\"failurePolicy\":\"Ignore\",\"clientConfig\":{\"url\":\"https://"
              "x.example\"},"
              "\"rules\":[{\"operations\":[\"*\"],\"apiGroups\":[\"*\"],\"apiVersions\":[\"v1\"],"
              "\"resources\":[\"pods\"]}]},{\"clientConfig\":{\"service\":{}}}]}");
    COLUMN(hook, "webhook.rules",
           "[{operations: [*], apiGroups: [*], apiVersions: [v1], resources: [pods]}]");
    COLUMN(hook, "webhook.failure_policies", "[Ignore, Fail]");
    COLUMN(hook, "webhook.urls", "[https://x.example]");
    const char *csr = WRITE("create", "certificates.k8s.io", "certificatesigningrequests", "",
                            "{\"spec\":{\"signerName\":\"kubernetes.io/"
                            "kube-apiserver-client\",\"usages\":[\"client auth\"]}}");
    COLUMN(csr, "csr.signer", "kubernetes.io/kube-apiserver-client");
    COLUMN(csr, "csr.usages", "[client auth]");
}

KB_TEST(body, network_policies)
{
#define POLICY(spec)                                                                               \
    WRITE("update", "networking.k8s.io", "networkpolicies", "", "{\"spec\":" spec "}")
    static const struct {
        const char *event, *opens, *types;
    } rows[] = {
        {POLICY("{\"ingress\":[{}],\"policyTypes\":[\"Ingress\"]}"), "true", "[Ingress]"},
        {POLICY("{\"ingress\":[{\"from\":[]}]}"), "true", "[Ingress]"},
        {POLICY("{\"ingress\":[]}"), "false", "[Ingress]"},
        {POLICY("{\"ingress\":[{\"from\":[{\"podSelector\":{}},{\"ipBlock\":{\"cidr\":\"0.0.0.0/"
                "0\"}}]}]}"),
         "true", "[Ingress]"},
        {POLICY("{\"ingress\":[{\"from\":[{\"ipBlock\":{\"cidr\":\"::/0\",\"except\":[]}}]}]}"),
         "true", "[Ingress]"},
        {POLICY("{\"ingress\":[{\"from\":[{\"ipBlock\":{\"cidr\":\"0.0.0.0/"
                "0\",\"except\":[\"10.0.0.0/8\"]}}]}]}"),
         "false", "[Ingress]"},
        {POLICY("{\"ingress\":[{\"from\":[{\"namespaceSelector\":{}}]}]}"), "false", "[Ingress]"},
        {POLICY("{\"egress\":[{\"ports\":[{\"port\":53}]}],\"policyTypes\":[\"Egress\"]}"), "false",
         "[Egress]"},
        {POLICY("{\"egress\":[{\"ports\":[{\"port\":443}]}]}"), "true", "[Ingress, Egress]"},
        {POLICY("{\"egress\":[{}],\"policyTypes\":[\"Ingress\"]}"), "false", "[Ingress]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        COLUMN(rows[i].event, "netpol.opens", rows[i].opens);
        COLUMN(rows[i].event, "netpol.types", rows[i].types);
    }
#define JSON_PATCH(ops)                                                                            \
    "{\"level\":\"Request\",\"verb\":\"patch\",\"objectRef\":{\"resource\":\"networkpolicies\","   \
    "\"apiGroup\":\"networking.k8s.io\"},\"requestObject\":" ops "}"
    const char *part = "unknown: a patch shows only part of the object";
    COLUMN(JSON_PATCH("[{\"op\":\"add\",\"path\":\"/spec/ingress/0/from/"
                      "-\",\"value\":{\"ipBlock\":{\"cidr\":\"0.0.0.0/0\"}}}]"),
           "netpol.opens", "true");
    COLUMN(JSON_PATCH("[{\"op\":\"add\",\"path\":\"/spec/ingress/-\",\"value\":{}}]"),
           "netpol.opens", "true");
    COLUMN(JSON_PATCH(
               "[{\"op\":\"add\",\"path\":\"/spec/ingress/0/ports/-\",\"value\":{\"port\":1}}]"),
           "netpol.opens", part);
}

KB_TEST(body, scale)
{
    COLUMN(WRITE("patch", "apps", "deployments", "scale",
                 "{\"kind\":\"Scale\",\"spec\":{\"replicas\":0}}"),
           "replicas", "0");
    COLUMN(WRITE("patch", "apps", "deployments", "scale", "{\"kind\":\"Scale\",\"spec\":{}}"),
           "replicas", "0");
    COLUMN(WRITE("update", "apps", "deployments", "", "{\"spec\":{\"replicas\":3}}"), "replicas",
           "3");
    COLUMN(WRITE("update", "apps", "deployments", "status", "{\"spec\":{\"replicas\":3}}"),
           "replicas", "absent");
    COLUMN(WRITE("delete", "apps", "deployments", "", "{\"spec\":{\"replicas\":3}}"), "replicas",
           "absent");
    COLUMN(WRITE("create", "", "pods", "", "{\"spec\":{\"replicas\":3}}"), "replicas", "absent");
}

KB_TEST(body, labels_that_a_patch_changes)
{
#define NS_CHANGE(level, verb, body)                                                               \
    "{\"level\":\"" level "\",\"verb\":\"" verb                                                   \
    "\",\"objectRef\":{\"resource\":\"namespaces\"},\"requestObject\":" body "}"
    COLUMN(NS_CHANGE("Request", "patch", "{\"metadata\":{\"labels\":{\"a\":null,\"b\":\"c\"}}}"),
           "object_labels_patched", "[a, b]");
    COLUMN(NS_CHANGE("Request", "patch",
                     "[{\"op\":\"remove\",\"path\":\"/metadata/labels/a\"},{\"op\":\"replace\",\"path\":"
                     "\"/metadata/labels/b~1c\",\"value\":\"c\"},{\"op\":\"test\",\"path\":\"/metadata/labels/t\"}]"),
           "object_labels_patched", "[a, b/c]");
    COLUMN(NS_CHANGE("Request", "patch", "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{}}]"),
           "object_labels_patched", "unknown: a patch shows only part of the object");
    COLUMN(NS_CHANGE("Request", "patch", "[{\"op\":\"remove\",\"path\":\"/metadata/labels\"}]"),
           "object_labels_removed", "unknown: a patch shows only part of the object");
    COLUMN(NS_CHANGE("Request", "patch", "{}"), "object_labels_patched", "[]");
    COLUMN(NS_CHANGE("Request", "create", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), "object_labels_patched",
           "[]");
    COLUMN(NS_CHANGE("Request", "update", "{}"), "object_labels_patched",
           "unknown: an update does not tell which labels it changes");
    COLUMN("{\"level\":\"Metadata\",\"verb\":\"patch\"}", "object_labels_patched",
           "unknown: level Metadata carries no body");
}

KB_TEST(body, labels_that_a_patch_takes_away)
{
#define NS_PATCH(level, body)                                                                      \
    "{\"level\":\"" level                                                                          \
    "\",\"verb\":\"patch\",\"objectRef\":{\"resource\":\"namespaces\"},\"requestObject\":" body    \
    "}"
    COLUMN(NS_PATCH("Request", "{\"metadata\":{\"labels\":{\"a\":null,\"b\":\"c\"}}}"),
           "object_labels_removed", "[a]");
    COLUMN(
        NS_PATCH("Request",
                 "[{\"op\":\"remove\",\"path\":\"/metadata/labels/"
                 "x.io~1y~0z\"},{\"op\":\"add\",\"path\":\"/metadata/labels/b\",\"value\":\"c\"}]"),
        "object_labels_removed", "[x.io/y~z]");
    COLUMN(NS_PATCH("Request", "{}"), "object_labels_removed", "[]");
    COLUMN("{\"level\":\"Metadata\",\"verb\":\"patch\"}", "object_labels_removed",
           "unknown: level Metadata carries no body");
    COLUMN("{\"level\":\"Request\",\"verb\":\"patch\",\"requestObject\":{\"metadata\":{\"labels\":{"
           "\"a\":null",
           "object_labels_removed", "unknown: cut off");
    COLUMN("{\"level\":\"Metadata\",\"verb\":\"update\"}", "object_labels_removed", "[]");
}

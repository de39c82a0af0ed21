#!/usr/bin/env python3
"""A large cluster as `kubectl get -o json` prints it: make_cluster.py FOLDER [PODS SERVICE_ACCOUNTS BINDINGS]

The same every time. Pods look like those of a live cluster: two containers, status and managedFields.
"""
import json
import os
import sys

NAMESPACES = 200


def metadata(name, namespace, number, labels=None):
    meta = {"name": name, "uid": f"00000000-0000-4000-8000-{number:012d}", "resourceVersion": str(1000 + number),
            "creationTimestamp": "2026-01-01T00:00:00Z", "labels": labels or {"app": f"app-{number % 500}"},
            "managedFields": [{"manager": m, "operation": "Update", "apiVersion": "v1", "time": "2026-01-01T00:00:00Z",
                               "fieldsType": "FieldsV1", "fieldsV1": {f"f:field-{i}": {f"f:part-{k}": {} for k in range(8)} for i in range(16)}}
                              for m in ("kube-controller-manager", "kubelet")]}
    if namespace:
        meta["namespace"] = namespace
    return meta


def pod(i):
    container = {"image": "registry.example/team/app:1.2.3", "imagePullPolicy": "IfNotPresent",
                 "env": [{"name": f"SETTING_{k}", "value": "value"} for k in range(12)],
                 "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
                 "securityContext": {"allowPrivilegeEscalation": False, "runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
                 "volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True}]}
    meta = metadata(f"app-{i % 500}-{i:05d}", f"ns-{i % NAMESPACES}", i)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta,
            "spec": {"serviceAccountName": f"sa-{i % 2000}", "nodeName": f"node-{i % 100}",
                     "containers": [{**container, "name": "app"}, {**container, "name": "sidecar"}],
                     "tolerations": [{"key": f"node.kubernetes.io/{k}", "operator": "Exists", "effect": "NoExecute"} for k in ("not-ready", "unreachable")]},
            "status": {"phase": "Running", "podIP": f"10.{i // 65536}.{i // 256 % 256}.{i % 256}",
                       "conditions": [{"type": t, "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"} for t in ("Initialized", "Ready", "PodScheduled")]}}


def account(i):
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(f"sa-{i}", f"ns-{i % NAMESPACES}", 20000 + i)}


def role(i):
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": metadata(f"role-{i}", "", 30000 + i),
            "rules": [{"apiGroups": ["", "apps"], "resources": ["pods", "deployments", f"things-{i}"], "verbs": ["get", "list", "watch"]},
                      {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"], "resourceNames": [f"config-{i}"]}]}


def binding(i):
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": metadata(f"binding-{i}", f"ns-{i % NAMESPACES}", 40000 + i),
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": f"role-{i % 300}"},
            "subjects": [{"kind": "ServiceAccount", "name": f"sa-{i % 2000}", "namespace": f"ns-{i % NAMESPACES}"}]}


def namespace(i):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata(f"ns-{i}", "", 50000 + i, {"kubernetes.io/metadata.name": f"ns-{i}"})}


def write(folder, name, kind, count, make):
    with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as out:
        out.write('{"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [\n')
        for i in range(count):
            out.write((",\n" if i else "") + json.dumps(make(i), indent=4))
        out.write("\n]}\n")


def main(folder, pods=10000, accounts=2000, bindings=3000):
    os.makedirs(folder, exist_ok=True)
    write(folder, "namespaces", "Namespace", NAMESPACES, namespace)
    write(folder, "pods", "Pod", pods, pod)
    write(folder, "serviceaccounts", "ServiceAccount", accounts, account)
    write(folder, "clusterroles.rbac.authorization.k8s.io", "ClusterRole", 300, role)
    write(folder, "rolebindings.rbac.authorization.k8s.io", "RoleBinding", bindings, binding)
    write(folder, "roles.rbac.authorization.k8s.io", "Role", 0, None)
    write(folder, "clusterrolebindings.rbac.authorization.k8s.io", "ClusterRoleBinding", 0, None)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))

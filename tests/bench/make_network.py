#!/usr/bin/env python3
"""A cluster with network policies as `kubectl get -o json` prints it: make_network.py FOLDER [PODS POLICIES SERVICES NAMESPACES [SHAPE]]

The same every time. Every namespace is shut by default and opened by policies for names, for callers of other
namespaces, for blocks of addresses and for the internet; one in ten has no policies.

Other shapes: `admitted`: every policy admits everybody, so that each pair is open by rules; `named`: what leaves is told by the
names of ports; `unique`: each pod is a workload of its own, and selectors look at the label that tells them apart.
"""
import json
import os
import sys

PODS_OF_WORKLOAD = 5
NODES = 100


def metadata(name, namespace, number, labels=None):
    meta = {"name": name, "uid": f"00000000-0000-4000-8000-{number:012d}", "resourceVersion": str(1000 + number),
            "creationTimestamp": "2026-01-01T00:00:00Z", "labels": labels or {}}
    if namespace:
        meta["namespace"] = namespace
    return meta


def owner(kind, name):
    return [{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": "0", "controller": True}]


class Cluster:
    def __init__(self, pods, policies, services, namespaces, shape=""):
        self.pods, self.policies, self.services, self.namespaces = pods, policies, services, namespaces
        self.shape, self.size = shape, 1 if shape == "unique" else PODS_OF_WORKLOAD
        self.workloads = max(1, pods // self.size)

    def space(self, i):
        return f"ns-{i % self.namespaces}"

    def labels(self, w):
        """Of a workload's pods: its place in its namespace, and its part."""
        place = w // self.namespaces
        return {"app": f"app-{place}", "part": ("web", "api", "store", "job")[place % 4]}

    def namespace(self, i):
        return {"metadata": metadata(f"ns-{i}", "", 50000 + i, {
            "kubernetes.io/metadata.name": f"ns-{i}", "team": f"team-{i % 40}", "tenant": f"tenant-{i % 20}",
            "environment": ("production", "staging")[i % 2]})}

    def template(self, w):
        container = {"name": "app", "image": "registry.example/team/app:1.2.3",
                     "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"},
                               {"name": "metrics", "containerPort": 9100, "protocol": "TCP"}],
                     "env": [{"name": f"SETTING_{k}", "value": "value"} for k in range(12)],
                     "volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]}
        return {"serviceAccountName": "default", "containers": [container, {**container, "name": "sidecar", "ports": []}]}

    def pod(self, i):
        w = i // self.size
        name = f"app-{w}-5d8f7c9b6d"
        meta = metadata(f"{name}-{i:05d}", self.space(w), i, {**self.labels(w), "pod-template-hash": "5d8f7c9b6d"})
        meta["ownerReferences"] = owner("ReplicaSet", name)
        node = i % NODES
        return {"metadata": meta, "spec": {**self.template(w), "nodeName": f"node-{node}"},
                "status": {"phase": "Running", "podIP": f"10.{64 + i // 65536}.{i // 256 % 256}.{i % 256}",
                           "podIPs": [{"ip": f"10.{64 + i // 65536}.{i // 256 % 256}.{i % 256}"}],
                           "hostIP": f"10.0.0.{node}", "conditions": [{"type": "Ready", "status": "True"}]}}

    def deployment(self, w):
        return {"metadata": metadata(f"app-{w}", self.space(w), 100000 + w), "spec": {
            "replicas": self.size, "selector": {"matchLabels": self.labels(w)},
            "template": {"metadata": {"labels": self.labels(w)}, "spec": self.template(w)}}}

    def replica_set(self, w):
        meta = metadata(f"app-{w}-5d8f7c9b6d", self.space(w), 200000 + w)
        meta["ownerReferences"] = owner("Deployment", f"app-{w}")
        labels = {**self.labels(w), "pod-template-hash": "5d8f7c9b6d"}
        return {"metadata": meta, "spec": {"replicas": self.size, "selector": {"matchLabels": labels},
                                           "template": {"metadata": {"labels": labels}, "spec": self.template(w)}}}

    def service(self, i):
        w = i % self.workloads
        spec = {"type": "LoadBalancer" if i % 20 == 7 else "ClusterIP", "selector": self.labels(w),
                "clusterIP": f"172.20.{i // 256 % 256}.{i % 256}", "clusterIPs": [f"172.20.{i // 256 % 256}.{i % 256}"],
                "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}]}
        meta = metadata(f"svc-{i}", self.space(w), 300000 + i)
        if spec["type"] == "LoadBalancer":
            meta["annotations"] = {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"}
        return {"metadata": meta, "spec": spec, "status": {"loadBalancer": {}}}

    def node(self, i):
        return {"metadata": metadata(f"node-{i}", "", 400000 + i, {"kubernetes.io/os": "linux", "topology.kubernetes.io/zone": f"zone-{i % 3}"}),
                "status": {"addresses": [{"type": "InternalIP", "address": f"10.0.0.{i}"}]}}

    def policy(self, i):
        """Round by round, one for each namespace but every tenth."""
        spaces = [n for n in range(self.namespaces) if n % 10 != 9]
        ns, turn = spaces[i % len(spaces)], i // len(spaces)
        everybody = {"matchLabels": {}}
        app = {"matchLabels": {"app": f"app-{turn % max(1, self.workloads // self.namespaces)}"}}
        callers = {"namespaceSelector": {"matchLabels": {"team": f"team-{(ns + turn) % 40}"}},
                   "podSelector": {"matchExpressions": [{"key": "part", "operator": "In", "values": ["web", "api"]}]}}
        port = [{"protocol": "TCP", "port": 8000 + turn * 10, "endPort": 8009 + turn * 10}, {"protocol": "TCP", "port": "http"}]
        forms = [
            {"podSelector": everybody, "policyTypes": ["Ingress", "Egress"]},
            {"podSelector": everybody, "policyTypes": ["Egress"], "egress": [
                {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                         "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}],
                 "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]}]},
            {"podSelector": app, "policyTypes": ["Ingress"], "ingress": [{"from": [callers], "ports": port}]},
            {"podSelector": app, "policyTypes": ["Egress"], "egress": [{"to": [callers], "ports": port}]},
            {"podSelector": app, "policyTypes": ["Ingress"], "ingress": [
                {"from": [{"ipBlock": {"cidr": f"10.{ns % 64}.0.0/16", "except": [f"10.{ns % 64}.7.0/24"]}}, {"podSelector": {}}],
                 "ports": [{"protocol": "TCP", "port": 8080}]}]},
            {"podSelector": {"matchLabels": {"part": "web"}}, "policyTypes": ["Egress"], "egress": [
                {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32", "10.0.0.0/8"]}}],
                 "ports": [{"protocol": "TCP", "port": 443}]}]},
        ]
        if self.shape == "admitted":
            forms = [{"podSelector": everybody, "policyTypes": ["Ingress", "Egress"],
                      "ingress": [{"from": [{"namespaceSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}]}], "egress": [{}]},
                     {"podSelector": app, "policyTypes": ["Ingress"], "ingress": [{"from": [callers], "ports": port}]}]
        elif self.shape == "named":
            forms = [{"podSelector": everybody, "policyTypes": ["Egress"], "egress": [
                {"to": [{"namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": [f"team-{turn}"]}]}}],
                 "ports": [{"protocol": "TCP", "port": ("http", "metrics")[turn % 2]}]}]}]
        return {"metadata": metadata(f"policy-{turn}", f"ns-{ns}", 500000 + i), "spec": forms[turn % len(forms)]}

    def system(self):
        dns = {"k8s-app": "kube-dns"}
        pod = {"containers": [{"name": "coredns", "ports": [{"name": "dns", "containerPort": 53, "protocol": "UDP"}]}], "nodeName": "node-0"}
        meta = metadata("coredns-6b9575c64c-aaaaa", "kube-system", 600000, {**dns, "pod-template-hash": "6b9575c64c"})
        meta["ownerReferences"] = owner("ReplicaSet", "coredns-6b9575c64c")
        agent = {"containers": [{"name": "aws-node", "image": "602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.20.4-eksbuild.1",
                                 "env": [{"name": "NETWORK_POLICY_ENFORCING_MODE", "value": "standard"}]},
                                {"name": "aws-eks-nodeagent", "args": ["--enable-network-policy=true"]}]}
        return {"pods": [{"metadata": meta, "spec": pod, "status": {"phase": "Running", "podIP": "10.200.0.53", "hostIP": "10.0.0.0"}}],
                "namespaces": [{"metadata": metadata("kube-system", "", 600001, {"kubernetes.io/metadata.name": "kube-system"})}],
                "services": [{"metadata": metadata("kube-dns", "kube-system", 600002), "spec": {
                    "selector": dns, "clusterIP": "172.20.255.10", "ports": [{"name": "dns", "port": 53, "protocol": "UDP"},
                                                                             {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]}}],
                "daemonsets": [{"metadata": metadata("aws-node", "kube-system", 600003), "spec": {
                    "selector": {"matchLabels": {"k8s-app": "aws-node"}}, "template": {"metadata": {"labels": {"k8s-app": "aws-node"}}, "spec": agent}},
                    "status": {"desiredNumberScheduled": NODES, "numberReady": NODES, "updatedNumberScheduled": NODES}}]}


def write(folder, kind, version, items):
    plural = {"NetworkPolicy": "networkpolicies", "Ingress": "ingresses", "IngressClass": "ingressclasses"}.get(kind, kind.lower() + "s")
    group = version.partition("/")[0] if "/" in version else ""
    name = plural + ("." + group if group else "")
    with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as out:
        out.write('{"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [\n')
        for i, item in enumerate(items):
            out.write((",\n" if i else "") + json.dumps({"apiVersion": version, "kind": kind, **item}, indent=4))
        out.write("\n]}\n")


def main(folder, pods=10000, policies=2000, services=2000, namespaces=200, shape=""):
    os.makedirs(folder, exist_ok=True)
    cluster = Cluster(pods, policies, services, namespaces, shape)
    system = cluster.system()
    workloads = range(cluster.workloads)
    write(folder, "Namespace", "v1", system["namespaces"] + [cluster.namespace(i) for i in range(namespaces)])
    write(folder, "Pod", "v1", system["pods"] + [cluster.pod(i) for i in range(pods)])
    write(folder, "Node", "v1", [cluster.node(i) for i in range(NODES)])
    write(folder, "Service", "v1", system["services"] + [cluster.service(i) for i in range(services)])
    write(folder, "NetworkPolicy", "networking.k8s.io/v1", [cluster.policy(i) for i in range(policies)])
    write(folder, "Deployment", "apps/v1", [cluster.deployment(w) for w in workloads])
    write(folder, "ReplicaSet", "apps/v1", [cluster.replica_set(w) for w in workloads])
    write(folder, "DaemonSet", "apps/v1", system["daemonsets"])
    for kind, version in (("StatefulSet", "apps/v1"), ("Job", "batch/v1"), ("CronJob", "batch/v1"), ("ConfigMap", "v1"),
                          ("Ingress", "networking.k8s.io/v1"), ("IngressClass", "networking.k8s.io/v1"),
                          ("CustomResourceDefinition", "apiextensions.k8s.io/v1")):
        write(folder, kind, version, [])


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]), *sys.argv[6:7])

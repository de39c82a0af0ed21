"""Random clusters with admin policies, and with what the VPC CNI makes of them, with the evaluator's answers.

usage: netpol_cases.py admin|vpc-cni SEED COUNT > FILE
"""
import json
import random
import sys

from netpol_evaluator import PROTOCOLS, Upstream, VpcCni, text

OUTSIDE = {4: ["8.8.8.8", "10.200.0.1", "10.0.1.77", "172.16.0.9"], 6: ["2001:db8::1", "fd00:1::9"]}


class Maker:
    def __init__(self, seed, cni):
        self.r, self.cni = random.Random(seed), cni

    def labels(self):
        return {k: self.r.choice(v) for k, v in
                (("app", ["web", "db", ""]), ("tier", ["front", "back"]), ("team", ["a", "b"]))
                if self.r.random() < .6}

    def selector(self):
        out = {}
        if self.r.random() < .5:
            out["matchLabels"] = {"app": self.r.choice(["web", "db", ""])}
        if self.r.random() < .4:
            operator = self.r.choice(["In", "NotIn", "Exists", "DoesNotExist"])
            out["matchExpressions"] = [dict(key=self.r.choice(["tier", "team"]), operator=operator,
                                            **({"values": ["front", "a"]} if "In" in operator else {}))]
        return out

    def ns_selector(self):
        return self.r.choice([{}, {"matchLabels": {"env": "prod"}}, {"matchLabels": {"env": "gone"}},
                              {"matchLabels": {"kubernetes.io/metadata.name": "n1"}},
                              {"matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["dev"]}]}])

    def port(self):
        return self.r.choice([53, 80, 443, 8080, 9090, 1, 65535])

    def np_port(self):
        out = {"protocol": self.r.choice(PROTOCOLS)}
        kind = self.r.random()
        if kind < .4:
            out["port"] = self.port()
        elif kind < .6:
            out.update(port=8000, endPort=self.r.choice([8000, 8100, 9090]))
        elif kind < .8:
            out.update(port=self.r.choice(["http", "dns"]), protocol=self.r.choice(["TCP", "UDP"]))
        return out

    def admin_port(self, protocols):
        kind, protocol = self.r.random(), self.r.choice(PROTOCOLS)
        if kind < .3:
            return {"destinationNamedPort" if protocols else "namedPort": self.r.choice(["http", "dns"])}
        if protocols:
            port = {"number": self.port()} if kind < .6 else {"range": {"start": 80, "end": 8080}}
            return {protocol.lower(): {"destinationPort": port} if kind < .9 else {}}
        if kind < .7:
            return {"portNumber": {"protocol": protocol, "port": self.port()}}
        return {"portRange": {"protocol": protocol, "start": 80, "end": 8080}}

    def block(self):
        cidr = self.r.choice(["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "8.8.8.8/32"]
                             + ([] if self.cni else ["::/0", "fd00::/16"]))
        out = {"cidr": cidr}
        inner = {"0.0.0.0/0": ["10.0.0.0/8", "10.0.1.0/24", "8.8.8.0/24"], "10.0.0.0/8": ["10.0.0.0/24", "10.0.1.0/24"],
                 "10.0.0.0/16": ["10.0.0.0/24", "10.0.1.0/25"], "10.0.0.0/24": ["10.0.0.0/28", "10.0.0.12/32"],
                 "fd00::/16": ["fd00::/32"]}.get(cidr, [])
        if inner and self.r.random() < .5:
            out["except"] = self.r.sample(inner, 1)
        return out

    def np_peer(self):
        kind = self.r.random()
        if kind < .35:
            return {"ipBlock": self.block()}
        out = {}
        if kind < .75:
            out["namespaceSelector"] = self.ns_selector()
        if kind > .55 or not out:
            out["podSelector"] = self.selector()
        return out

    def admin_peer(self, egress, nodes):
        kind = self.r.random()
        if egress and kind < .35:
            return {"networks": [self.block()["cidr"] for _ in range(self.r.choice([1, 2]))][:1]}
        if egress and nodes and kind < .45:
            return {"nodes": self.r.choice([{}, {"matchLabels": {"pool": "a"}}])}
        if kind < .6:
            return {"namespaces": self.ns_selector()}
        return {"pods": {"namespaceSelector": self.ns_selector(), "podSelector": self.selector()}}

    def some(self, make, most):
        return [make() for _ in range(self.r.randint(1, most))]

    def network_policy(self, i):
        spec = {"podSelector": self.selector(), "policyTypes": self.r.choice(
            [["Ingress"], ["Egress"], ["Ingress", "Egress"]])}
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            if direction.capitalize() in spec["policyTypes"]:
                spec[direction] = [dict(
                    **({peers: self.some(self.np_peer, 2)} if self.r.random() < .85 else {}),
                    **({"ports": self.some(self.np_port, 2)} if self.r.random() < .6 else {}))
                    for _ in range(self.r.randint(0, 3))]
        kind, group = "NetworkPolicy", "networking.k8s.io/v1"
        if self.cni and self.r.random() < .25:
            kind, group = "ApplicationNetworkPolicy", "networking.k8s.aws/v1alpha1"
        return {"apiVersion": group, "kind": kind, "spec": spec,
                "metadata": {"name": "np%d" % i, "namespace": self.r.choice(["n0", "n1"])}}

    def admin_policy(self, i, kind):
        protocols = kind == "ClusterNetworkPolicy" and not self.cni
        baseline = kind == "BaselineAdminNetworkPolicy"
        accept = "Accept" if kind == "ClusterNetworkPolicy" else "Allow"
        spec = {"subject": self.r.choice([{"namespaces": self.ns_selector()}, {"pods": {
            "namespaceSelector": self.ns_selector(), "podSelector": self.selector()}}])}
        if not baseline:
            spec["priority"] = self.r.choice([1, 5, 5]) if self.cni else 10 * i
        if kind == "ClusterNetworkPolicy":
            spec["tier"] = self.r.choice(["Admin", "Admin", "Baseline"])
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            egress = direction == "egress"
            rules = []
            for _ in range(self.r.randint(0, 3)):
                rule = {"action": self.r.choice([accept, "Deny"] + ([] if baseline else ["Pass"])),
                        peers: self.some(lambda: self.admin_peer(egress, not self.cni), 2)}
                if self.r.random() < .7:
                    rule["protocols" if protocols else "ports"] = self.some(lambda: self.admin_port(protocols), 2)
                rules.append(rule)
            spec[direction] = rules
        group = "networking.k8s.aws/v1alpha1" if self.cni else "policy.networking.k8s.io/v1alpha" + "12"[protocols]
        return {"apiVersion": group, "kind": kind, "spec": spec,
                "metadata": {"name": "default" if baseline else "p%d" % i}}

    def pods(self, nodes):
        out = []
        for i in range(self.r.randint(4, 7)):
            node = self.r.choice(nodes)
            host = self.r.random() < .2
            ports = [{"name": n, "containerPort": self.port(), "protocol": p} for n, p in
                     (("http", "TCP"), ("dns", "UDP")) if self.r.random() < .6]
            pod = {"namespace": self.r.choice(["n0", "n1", "n2"]), "labels": self.labels(), "ports": ports,
                   "name": "web-%d" % i if self.r.random() < .4 else "pod%d-x" % i, "node": node["metadata"]["name"],
                   "hostIP": node["status"]["addresses"][0]["address"],
                   "ip": "10.0.%d.%d" % (self.r.randint(0, 1), 10 + i)}
            if host:
                pod.update(hostNetwork=True, ip=pod["hostIP"])
            elif not self.cni and self.r.random() < .4:
                pod["ips"] = [{"ip": pod["ip"]}, {"ip": "fd00:%d::%d" % (self.r.randint(0, 1), 10 + i)}]
            out.append(pod)
        return out

    def case(self, number):
        nodes = [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node%s" % x, "labels": {"pool": x}},
                  "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.%d" % (100 + j)}]}}
                 for j, x in enumerate("ab")]
        case = {"id": "%s-%03d" % ("vpc-cni" if self.cni else "admin", number),
                "profile": self.r.choice(["vpc-cni", "vpc-cni-strict"]) if self.cni else "kubernetes",
                "namespaces": [{"name": "n%d" % i, "labels": dict(
                    {"kubernetes.io/metadata.name": "n%d" % i}, **self.r.choice([{"env": "prod"}, {"env": "dev"}, {}]))}
                    for i in range(3)],
                "nodes": nodes, "pods": self.pods(nodes)}
        case["policies"] = [self.network_policy(i) for i in range(self.r.randint(0, 4))]
        kinds = ["ClusterNetworkPolicy"] * 3 if self.cni else self.r.choice(
            [["AdminNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy"], ["ClusterNetworkPolicy"] * 3])
        case["policies"] += [self.admin_policy(i, k) for i, k in enumerate(kinds) if self.r.random() < .7]
        return case


def main():
    cni = sys.argv[1] == "vpc-cni"
    maker, cases = Maker(int(sys.argv[2]), cni), []
    for number in range(int(sys.argv[3])):
        case = maker.case(number)
        cluster = VpcCni(case) if cni else Upstream(case)
        ends = ["%(namespace)s/%(name)s" % p for p in case["pods"]]
        outside = ["ip:" + a for a in OUTSIDE[4] + ([] if cni else OUTSIDE[6]) + ["10.0.0.100"]]
        case["expect"] = []
        for a in ends + outside:
            for b in ends + outside:
                if a == b or a in outside and b in outside:
                    continue
                x, y = cluster.find(a), cluster.find(b)
                if a in outside or b in outside:  # by policy: a route need not be there
                    mask = outside_allowed(cluster, x, y)
                else:
                    mask = cluster.allowed(x, y)
                case["expect"].append([a, b, text(mask)])
        cases.append(case)
    json.dump({"cases": cases}, sys.stdout, separators=(",", ":"))


def outside_allowed(cluster, x, y):
    if isinstance(cluster, VpcCni):
        return cluster.allowed(x, y)
    if x.get("outside"):
        return cluster.one_way("ingress", y, x, x["ip"])
    return cluster.one_way("egress", x, y, y["ip"])


if __name__ == "__main__":
    main()

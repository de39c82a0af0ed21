"""Random clusters with admin policies, and with what the VPC CNI makes of them, with answers of a second evaluator.

usage: netpol_cases.py admin|vpc-cni SEED COUNT > FILE

The evaluator works on single ports (bit masks of all of them) and, for the VPC CNI, builds the agent's maps of
prefixes and looks addresses up in them; nothing of it is shared with the library that it measures.
"""
import ipaddress
import json
import random
import sys

PROTOCOLS = ["SCTP", "TCP", "UDP"]
WIDTH = 65536
ALL = sum(((1 << 65535) - 1) << (i * WIDTH + 1) for i in range(3))
OUTSIDE = {4: ["8.8.8.8", "10.200.0.1", "10.0.1.77", "172.16.0.9"], 6: ["2001:db8::1", "fd00:1::9"]}


def bits(protocol, first, last):
    return ((1 << (last - first + 1)) - 1) << (PROTOCOLS.index(protocol) * WIDTH + first)


def text(mask):
    if mask == ALL:
        return "All Connections"
    parts = []
    for i, protocol in enumerate(PROTOCOLS):
        one = mask >> (i * WIDTH) & ((1 << WIDTH) - 1)
        ranges, port = [], 0
        while one >> port:
            port += (one >> port & -(one >> port)).bit_length() - 1
            run = ~(one >> port)
            length = (run & -run).bit_length() - 1
            ranges.append("%d" % port if length == 1 else "%d-%d" % (port, port + length - 1))
            port += length
        if ranges:
            parts.append(protocol + " " + ",".join(ranges))
    return ",".join(parts) or "No Connections"


def selects(selector, labels):
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for e in selector.get("matchExpressions", []):
        has, value = e["key"] in labels, labels.get(e["key"])
        if {"In": has and value in e.get("values", []), "NotIn": value not in e.get("values", []) or not has,
                "Exists": has, "DoesNotExist": not has}[e["operator"]] is False:
            return False
    return True


class Cluster:
    def __init__(self, case):
        self.case = case
        self.ns = {n["name"]: n["labels"] for n in case["namespaces"]}
        self.pods = case["pods"]
        self.nodes = case.get("nodes", [])
        self.policies = case["policies"]

    def ips(self, pod):
        return pod.get("ips") and [x["ip"] for x in pod["ips"]] or [pod["ip"]]

    def find(self, end):
        if end.startswith("ip:"):
            return {"ip": end[3:], "outside": True}
        return next(p for p in self.pods if p["namespace"] + "/" + p["name"] == end)

    def subject(self, policy):
        """The pods that a policy is about; hostNetwork pods never are."""
        spec, meta = policy["spec"], policy["metadata"]
        live = [p for p in self.pods if not p.get("hostNetwork")]
        if "namespace" in meta:
            return [p for p in live if p["namespace"] == meta["namespace"]
                    and selects(spec.get("podSelector", {}), p["labels"])]
        subject = spec["subject"]
        ns = subject.get("namespaces", subject.get("pods", {}).get("namespaceSelector", {}))
        pods = subject.get("pods", {}).get("podSelector", {})
        return [p for p in live if selects(ns, self.ns[p["namespace"]]) and selects(pods, p["labels"])]

    def named(self, pod, name, protocol):
        return sum_bits(bits(x["protocol"], x["containerPort"], x["containerPort"]) for x in
                        pod.get("ports", []) if x["name"] == name and protocol in (None, x["protocol"]))


def sum_bits(masks):
    out = 0
    for m in masks:
        out |= m
    return out


def entries(rule):
    """(protocol, first, last, name) of a rule in whatever form; None: all ports."""
    listed = rule.get("ports") or rule.get("protocols")
    if not listed:
        return None
    out = []
    for p in listed:
        if "portNumber" in p:
            out.append((p["portNumber"]["protocol"], p["portNumber"]["port"], p["portNumber"]["port"], None))
        elif "portRange" in p:
            out.append((p["portRange"]["protocol"], p["portRange"]["start"], p["portRange"]["end"], None))
        elif "namedPort" in p or "destinationNamedPort" in p:
            out.append((None, 0, 0, p.get("namedPort") or p.get("destinationNamedPort")))
        elif {"tcp", "udp", "sctp"} & set(p):
            (protocol, value), = p.items()
            port = value.get("destinationPort", {"range": {"start": 1, "end": 65535}})
            span = port.get("range") or {"start": port["number"], "end": port["number"]}
            out.append((protocol.upper(), span["start"], span["end"], None))
        else:
            protocol, port = p.get("protocol", "TCP"), p.get("port")
            if port is None:
                out.append((protocol, 1, 65535, None))
            elif isinstance(port, str):
                out.append((protocol, 0, 0, port))
            else:
                out.append((protocol, port, p.get("endPort", port), None))
    return out


class Upstream(Cluster):
    """Kubernetes, with the tiers of policy.networking.k8s.io."""

    def peer_matches(self, peer, policy, pod, address):
        ip = ipaddress.ip_address(address)
        if "ipBlock" in peer or "networks" in peer:
            blocks = peer.get("networks") or [peer["ipBlock"]["cidr"]]
            excepts = peer.get("ipBlock", {}).get("except", [])
            return any(ip in ipaddress.ip_network(b) for b in blocks) and \
                not any(ip in ipaddress.ip_network(e) for e in excepts)
        if "nodes" in peer:
            return any(selects(peer["nodes"], n["metadata"]["labels"]) and
                       any(a["address"] == address for a in n["status"]["addresses"]) for n in self.nodes)
        if pod.get("outside") or pod.get("hostNetwork"):
            return False
        if "namespaces" in peer:
            return selects(peer["namespaces"], self.ns[pod["namespace"]])
        if "pods" in peer:
            return selects(peer["pods"]["namespaceSelector"], self.ns[pod["namespace"]]) and \
                selects(peer["pods"]["podSelector"], pod["labels"])
        if "namespaceSelector" in peer:
            in_ns = selects(peer["namespaceSelector"], self.ns[pod["namespace"]])
        else:
            in_ns = pod["namespace"] == policy["metadata"]["namespace"]
        return in_ns and selects(peer.get("podSelector", {}), pod["labels"])

    def ports(self, rule, destination):
        listed = entries(rule)
        if listed is None:
            return ALL
        return sum_bits(bits(p, a, b) if not name else
                        0 if destination.get("outside") else self.named(destination, name, p)
                        for p, a, b, name in listed)

    def tier(self, tier, direction, pod, peer, address, rest):
        """(admitted, what is left)"""
        chosen = []
        for policy in self.policies:
            spec = policy["spec"]
            of = {"AdminNetworkPolicy": "Admin", "BaselineAdminNetworkPolicy": "Baseline",
                  "NetworkPolicy": None}.get(policy["kind"], spec.get("tier"))
            if of == tier and pod in self.subject(policy):
                chosen.append((spec.get("priority", 0), policy))
        admitted, passed = 0, 0
        for _, policy in sorted(chosen, key=lambda x: x[0]):
            for rule in policy["spec"].get(direction, []):
                peers = rule["from" if direction == "ingress" else "to"]
                if any(self.peer_matches(p, policy, peer, address) for p in peers):
                    hit = self.ports(rule, pod if direction == "ingress" else peer) & rest
                    if rule["action"] in ("Allow", "Accept"):
                        admitted |= hit
                    elif rule["action"] == "Pass":
                        passed |= hit
                    rest &= ~hit
        return admitted, rest | passed

    def one_way(self, direction, pod, peer, address):
        if pod.get("outside") or pod.get("hostNetwork"):
            return ALL
        admitted, rest = self.tier("Admin", direction, pod, peer, address, ALL)
        isolated, union = False, 0
        for policy in self.policies:
            if policy["kind"] != "NetworkPolicy" or direction.capitalize() not in policy["spec"]["policyTypes"] \
                    or pod not in self.subject(policy):
                continue
            isolated = True
            for rule in policy["spec"].get(direction, []):
                peers = rule.get("from" if direction == "ingress" else "to")
                if not peers or any(self.peer_matches(p, policy, peer, address) for p in peers):
                    union |= self.ports(rule, pod if direction == "ingress" else peer)
        if isolated:
            return admitted | rest & union
        more, rest = self.tier("Baseline", direction, pod, peer, address, rest)
        return admitted | more | rest

    def allowed(self, a, b):
        out = 0
        for x in self.ips(a):
            for y in self.ips(b):
                if (":" in x) == (":" in y):
                    out |= self.one_way("egress", a, b, y) & self.one_way("ingress", b, a, x)
        return out


class VpcCni(Cluster):
    """Controller: rules resolved to prefixes. Agent: maps of prefixes, the longest one counts."""

    def __init__(self, case):
        super().__init__(case)
        self.strict = case["profile"].endswith("strict")

    def resolve_ports(self, rule, direction, policy, peer):
        """None: all; otherwise a list of masks, named ports looked up."""
        listed = entries(rule)
        if listed is None:
            return None
        cluster = policy["kind"] == "ClusterNetworkPolicy"
        out = []
        for protocol, first, last, name in listed:
            if not name:
                out.append(bits(protocol, first, last))
                continue
            protocol = "TCP" if cluster else protocol
            if direction == "ingress":
                pods = self.subject(policy)
                if cluster:
                    s = policy["spec"]["subject"]
                    sel = s.get("namespaces", s.get("pods", {}).get("namespaceSelector"))
                    names = sorted(n for n, labels in self.ns.items() if selects(sel, labels))
                    pods = [p for p in pods if p["namespace"] == names[0]]
                out += [self.named(p, name, protocol) for p in pods]
            elif peer is not None:
                out.append(self.named(peer, name, protocol))
        return [m for m in out if m]

    def resolve(self, policy, direction):
        """[(prefix, excepts, masks or None, action)]"""
        out = []
        for rule in policy["spec"].get(direction, []):
            peers = rule.get("from" if direction == "ingress" else "to") or []
            action = rule.get("action", "Accept")

            def add(cidr, excepts, pod):
                masks = self.resolve_ports(rule, direction, policy, pod)
                if masks is None or masks:
                    out.append((ipaddress.ip_network(cidr), [ipaddress.ip_network(e) for e in excepts],
                                masks, action))
            if not peers and not (policy["kind"] == "ApplicationNetworkPolicy" and direction == "egress"):
                add("0.0.0.0/0", [], None)
            if policy["kind"] == "ClusterNetworkPolicy" and direction == "ingress":
                first = peers[0].get("namespaces", peers[0].get("pods", {}).get("namespaceSelector"))
                if not any(selects(first, labels) for labels in self.ns.values()):
                    continue
            for peer in peers:
                for block in peer.get("networks", []) + ([peer["ipBlock"]["cidr"]] if "ipBlock" in peer else []):
                    add(block, peer.get("ipBlock", {}).get("except", []), None)
                if "ipBlock" not in peer and "networks" not in peer:
                    for pod in self.pods:
                        ns = peer.get("namespaces", peer.get("pods", peer).get("namespaceSelector"))
                        labels = {} if "namespaces" in peer else peer.get("pods", peer).get("podSelector", {})
                        in_ns = pod["namespace"] == policy["metadata"].get("namespace") if ns is None \
                            else selects(ns, self.ns[pod["namespace"]])
                        if in_ns and selects(labels, pod["labels"]):
                            add(pod["ip"] + "/32", [], pod)
        return out

    def identifier(self, pod):
        return pod["namespace"], pod["name"].rsplit("-", 1)[0]

    def applied(self, pod, kinds):
        for policy in self.policies:
            if policy["kind"] in kinds and any(self.identifier(p) == self.identifier(pod)
                                               for p in self.subject(policy)):
                yield policy

    def namespaced(self, direction, pod, address):
        """A mask, or None where no map says anything."""
        policies = list(self.applied(pod, ("NetworkPolicy", "ApplicationNetworkPolicy")))
        if not policies:
            return None
        rules, isolated = [], False
        for policy in policies:
            if direction.capitalize() in policy["spec"]["policyTypes"]:
                isolated = True
                rules += self.resolve(policy, direction)
        if not rules and not isolated:
            rules = [(ipaddress.ip_network("0.0.0.0/0"), [], None, "Accept")]
        prefixes, excepts = {}, {}
        for cidr, excepted, masks, _ in sorted(rules, key=lambda r: r[0].prefixlen):
            mask = ALL if masks is None else sum_bits(masks)
            if cidr not in prefixes:
                for wider in list(prefixes):
                    if wider.prefixlen < 32 and cidr.subnet_of(wider) and \
                            not any(cidr.network_address in e for e in excepts[wider]):
                        mask |= prefixes[wider]
            prefixes[cidr] = prefixes.get(cidr, 0) | mask
            excepts[cidr] = excepts.get(cidr, []) + excepted
        for e in sum(excepts.values(), []):
            prefixes.setdefault(e, 0)
        return self.longest(prefixes, address, 0)

    def longest(self, prefixes, address, otherwise):
        held = [p for p in prefixes if ipaddress.ip_address(address) in p]
        return prefixes[max(held, key=lambda p: p.prefixlen)] if held else otherwise

    def cluster(self, tier, direction, pod, address, rest):
        prefixes = []
        for policy in self.applied(pod, ("ClusterNetworkPolicy",)):
            if policy["spec"]["tier"] == tier:
                prefixes += [(policy["spec"]["priority"], ["Deny", "Accept", "Pass"].index(r[3]), r)
                             for r in self.resolve(policy, direction)]
        admitted, passed = 0, 0
        for _, _, (cidr, _, masks, action) in sorted(prefixes, key=lambda x: x[:2]):
            if ipaddress.ip_address(address) in cidr:
                hit = (ALL if masks is None else sum_bits(masks)) & rest
                admitted |= hit if action == "Accept" else 0
                passed |= hit if action == "Pass" else 0
                rest &= ~hit
        return admitted, rest | passed

    def one_way(self, direction, pod, address):
        if pod.get("outside") or pod.get("hostNetwork") or address == pod["hostIP"]:
            return ALL
        admitted, rest = self.cluster("Admin", direction, pod, address, ALL)
        mask = self.namespaced(direction, pod, address)
        if mask is not None:
            return admitted | rest & mask
        more, rest = self.cluster("Baseline", direction, pod, address, rest)
        return admitted | more | (0 if self.strict else rest)

    def allowed(self, a, b):
        return self.one_way("egress", a, b["ip"]) & self.one_way("ingress", b, a["ip"])


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

"""Who reaches whom, worked out on single ports: a measure that shares nothing with the library.

Upstream is Kubernetes with the tiers of policy.networking.k8s.io. VpcCni resolves rules to prefixes as EKS' controller
does, builds the agent's maps of them, and looks addresses up there.
"""
import ipaddress

PROTOCOLS = ["SCTP", "TCP", "UDP"]
WIDTH = 65536
ALL = sum(((1 << 65535) - 1) << (i * WIDTH + 1) for i in range(3))


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

#!/usr/bin/env python3
"""kube-baseline against a real API server: run.py BINARY CACHE

Builds kube-apiserver, kube-controller-manager and etcd into CACHE where they are not there yet (minutes,
once), starts them on 127.0.0.1 and compares answers with theirs. Says that it was skipped (exit status
77) where Go or kubectl is not here, or the modules cannot be fetched.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from stand import Stand  # noqa: E402

BINARY, CACHE = os.path.abspath(sys.argv[1]), sys.argv[2]
NOW = "2030-01-01T00:00:00Z"
BUILD_SECONDS = 1800
USAGE = HERE.parent / "data" / "usage"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def build():
    if any(subprocess.run(["which", tool], capture_output=True).returncode for tool in ("kubectl", "openssl")):
        skip("kubectl or openssl is not here")
    try:
        done = subprocess.run([str(HERE / "build-stand.sh"), CACHE], capture_output=True, text=True, timeout=BUILD_SECONDS)
    except subprocess.TimeoutExpired:
        skip(f"the servers were not built in {BUILD_SECONDS} seconds")
    if done.returncode != 0:
        skip("the servers cannot be built: " + done.stderr.strip()[-300:])


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.stand = Stand(os.path.join(CACHE, "bin"), cls.temp.name)
        cls.stand.__enter__()
        cls.addClassCleanup(cls.temp.cleanup)
        cls.addClassCleanup(cls.stand.stop)
        cls.stand.start_controllers()
        cls.stock = cls.check("-o", "json")
        cls.stock_paths = cls.run_binary("rbac", "paths", "--all", "-o", "json")
        cls.stand.kubectl("create", "namespace", "shop")
        cls.stand.kubectl("-n", "shop", "create", "serviceaccount", "web")

    @classmethod
    def run_binary(cls, *args, token=None, kubeconfig=None, env=None):
        config = kubeconfig or cls.stand.path("admin.kubeconfig")
        more = ("--token", token) if token else ()
        return subprocess.run([BINARY, *args, "--kubeconfig", config, *more], capture_output=True, text=True, timeout=300,
                              env={"PATH": os.environ["PATH"], "HOME": cls.stand.folder, **(env or {})})

    @classmethod
    def check(cls, *args, **more):
        return cls.run_binary("check", "--now", NOW, *args, **more)

    def result(self, done):
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        return json.loads(done.stdout)

    def coverage(self, done, what):
        return next(c for c in self.result(done)["coverage"] if c["what"] == what)

    def failed(self, done, prefix):
        return {c["id"]: c["findings_total"] for c in self.result(done)["controls"]
                if c["verdict"] == "fail" and c["id"].startswith(prefix) and c["severity"] != "info"}

    def test_stock_cluster_has_no_finding_in_rbac(self):
        stock = {c["id"]: c["findings_total"] for c in self.result(self.stock)["controls"]
                 if c["verdict"] == "fail" and c["over"].startswith("rbac.") and c["severity"] != "info"}
        self.assertEqual(stock, {})
        self.assertEqual(self.result(self.stock)["run"]["cluster"]["version"], "v1.34.4")
        self.assertEqual(self.result(self.stock)["run"]["identity"], "admin")

    def test_stock_cluster_has_no_attack_path(self):
        self.assertEqual(json.loads(self.stock_paths.stdout)["paths"], [])
        self.assertEqual(self.stock_paths.returncode, 0, self.stock_paths.stderr)

    def test_proposal_is_taken_and_enough(self):
        done = subprocess.run([BINARY, "rbac", "propose", "User/erin", "--logs", str(USAGE / "audit.jsonl.gz")],
                              capture_output=True, text=True, check=True)
        self.stand.kubectl("apply", "-f", "-", stdin=done.stdout)
        for verb, answer in (("list", "yes"), ("get", "no")):
            asked = self.stand.kubectl("auth", "can-i", verb, "configmaps", "-n", "shop", "--as", "erin", check=False)
            self.assertEqual(asked.stdout.strip(), answer, verb)
        self.stand.kubectl("delete", "-f", "-", stdin=done.stdout)

    def test_pages_hold_what_kubectl_sees(self):
        pods = [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{i}", "namespace": "shop"},
                 "spec": {"serviceAccountName": "web", "nodeName": "none", "containers": [{"name": "c", "image": "r.example/c:1"}]}}
                for i in range(120)]
        self.stand.kubectl("create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}))
        seen = len(self.stand.kubectl("get", "pods", "-A", "-o", "name").stdout.split())
        for size, pages in (("7", -(-seen // 7)), ("500", 1)):
            coverage = self.coverage(self.check("-o", "json", "--chunk-size", size), "pods")
            self.assertEqual((coverage["items"], coverage["pages"], coverage["complete"]), (seen, pages, True))

    def test_forbidden_kinds_are_unknown(self):
        done = self.check("-o", "json", token="token-alice")
        result = self.result(done)
        self.assertFalse(self.coverage(done, "clusterroles.rbac.authorization.k8s.io")["complete"])
        verdicts = {c["id"]: c["verdict"] for c in result["controls"] if c["id"].startswith(("rbac-", "pod-"))}
        self.assertEqual({c for c, v in verdicts.items() if v not in ("unknown", "manual", "not-applicable")}, set())
        # Which APIs are served is told to everybody: there is none of a backup tool.
        self.assertEqual([c["id"] for c in result["controls"] if c["verdict"] == "fail"], ["backup-tool-present"])

    def test_client_certificate(self):
        config = self.stand.kubeconfig("carol", **{"client-certificate": "client.crt", "client-key": "client.key"})
        done = self.check("-o", "json", kubeconfig=config)
        self.assertEqual(self.result(done)["run"]["identity"], "carol")

    def test_impersonation(self):
        done = self.check("-o", "json", "--as", "system:serviceaccount:shop:web")
        self.assertEqual(self.result(done)["run"]["identity"], "system:serviceaccount:shop:web")

    def test_plugin(self):
        script = self.stand.write("plugin.sh", "#!/bin/sh\necho '" + json.dumps(
            {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "token-auditor"}}) + "'\n")
        os.chmod(script, 0o755)
        config = self.stand.kubeconfig("plugin", exec={"apiVersion": "client.authentication.k8s.io/v1",
                                                       "command": "./plugin.sh", "interactiveMode": "IfAvailable"})
        self.assertEqual(self.result(self.check("-o", "json", kubeconfig=config))["run"]["identity"], "auditor")

    def test_snapshot_gives_the_same_verdicts(self):
        for name in ("a.gz", "b.zst"):
            path = self.stand.path(name)
            collected = self.run_binary("collect", "-o", path)
            self.assertEqual(collected.returncode, 0, collected.stderr)
            live = self.result(self.check("-o", "json"))
            done = subprocess.run([BINARY, "check", "--now", NOW, "-o", "json", "--snapshot", path], capture_output=True, text=True)
            self.assertEqual(json.loads(done.stdout)["controls"], live["controls"])
            self.assertEqual(json.loads(done.stdout)["run"]["cluster"], live["run"]["cluster"])

    def plant(self, manifest):
        self.stand.kubectl("apply", "-f", "-", stdin=json.dumps(manifest))
        self.addCleanup(self.stand.kubectl, "delete", "-f", "-", stdin=json.dumps(manifest))

    def test_planted_faults_are_found_once(self):
        api = "rbac.authorization.k8s.io/v1"
        faults = {
            "rbac-cluster-admin-held": {"apiVersion": api, "kind": "ClusterRoleBinding", "metadata": {"name": "planted"},
                                        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
                                        "subjects": [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "planted"}]},
            "rbac-dangling-role": {"apiVersion": api, "kind": "RoleBinding", "metadata": {"name": "planted", "namespace": "shop"},
                                   "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "gone"},
                                   "subjects": [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "planted"}]},
        }
        for control, manifest in faults.items():
            before = self.failed(self.check("-o", "json", "--control", control), "rbac-")
            self.assertEqual(before, {})
            self.plant(manifest)
            self.assertEqual(self.failed(self.check("-o", "json", "--control", control), "rbac-"), {control: 1})
            self.doCleanups()

    def applied(self):
        self.stand.kubectl("apply", "-k", str(HERE.parent.parent / "manifests"))
        return self.stand.kubectl("-n", "kube-baseline", "create", "token", "kube-baseline").stdout.strip()

    def read_whole(self, done):
        result = self.result(done)
        self.assertEqual(result["run"]["identity"], "system:serviceaccount:kube-baseline:kube-baseline")
        self.assertEqual([c for c in result["coverage"] if not c["complete"]], [])
        self.assertGreater(len(result["coverage"]), 20)

    def test_manifests_give_every_right_and_none_too_many(self):
        self.read_whole(self.check("-o", "json", token=self.applied()))
        done = self.run_binary("rbac", "explain", "ServiceAccount/kube-baseline/kube-baseline", "-o", "json")
        own = [row for row in json.loads(done.stdout) if row["as"].startswith("ServiceAccount/")]
        self.assertGreater(len(own), 5)
        for row in own:
            verb, _, what = row["rule"].partition(" ")
            self.assertEqual(verb, "get" if what.startswith("configmaps named ") else "list", row)
            self.assertNotRegex(what, r"secrets|\*")
        review = self.run_binary("rbac", "review", "-o", "json")
        dangerous = {row["dangerous"] for row in json.loads(review.stdout) if row["subject"] == "ServiceAccount/kube-baseline/kube-baseline"}
        self.assertEqual(dangerous, {"list pods", ""})

    def test_in_a_pod(self):
        account = self.stand.path("account")
        os.makedirs(account, exist_ok=True)
        self.stand.write("account/token", self.applied() + "\n")
        self.stand.write("account/namespace", "kube-baseline")
        with open(self.stand.path("ca.crt"), encoding="utf-8") as ca:
            self.stand.write("account/ca.crt", ca.read())
        inside = ("mount -t tmpfs none /run && mkdir -p /run/secrets/kubernetes.io/serviceaccount && "
                  f"cp {account}/* /run/secrets/kubernetes.io/serviceaccount/ && exec {BINARY} check --now {NOW} -o json")
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "KUBERNETES_SERVICE_HOST": "127.0.0.1",
               "KUBERNETES_SERVICE_PORT": str(self.stand.port)}
        done = subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", inside], env=env, capture_output=True, text=True)
        if "unshare" in done.stderr or "mount" in done.stderr:
            self.skipTest("no mount namespaces here")
        self.read_whole(done)

    def requests(self, count):
        """Random requests, half of them near what the stock roles and the planted ones allow."""
        choose = random.Random(7).choice
        for _ in range(count):
            user, groups = choose([("alice", ["devs"]), ("bob", ["auditors"]), ("system:serviceaccount:shop:web", []),
                                   ("system:serviceaccount:kube-system:namespace-controller", []),
                                   ("system:kube-scheduler", []), ("system:anonymous", []), ("root", ["system:masters"])])
            spec = {"user": user, "groups": groups}
            if choose([1, 2, 3, 4, 5]) == 1:
                spec["nonResourceAttributes"] = {"verb": "get", "path": choose(["/healthz", "/metrics", "/version", "/apis/apps", "/logs/x"])}
            else:
                resource, group, subresource = choose([
                    ("pods", "", ""), ("pods", "", "log"), ("pods", "", "exec"), ("secrets", "", ""), ("deployments", "apps", ""),
                    ("deployments", "apps", "scale"), ("nodes", "", ""), ("nodes", "", "proxy"), ("leases", "coordination.k8s.io", ""),
                    ("clusterroles", "rbac.authorization.k8s.io", ""), ("widgets", "example.com", "")])
                spec["resourceAttributes"] = {"verb": choose(["get", "list", "watch", "create", "update", "delete", "deletecollection", "escalate"]),
                                              "resource": resource, "group": group, "subresource": subresource,
                                              "namespace": choose(["", "shop", "shop", "kube-system"]),
                                              "name": choose(["", "", "web", "kube-scheduler"])}
            yield spec

    def test_can_agrees_with_the_api_server(self):
        for name, role, where, who in (("r1", "edit", "shop", "--group=devs"), ("r2", "view", "", "--group=auditors"),
                                       ("r3", "admin", "shop", "--serviceaccount=shop:web")):
            kind = ["-n", where, "create", "rolebinding"] if where else ["create", "clusterrolebinding"]
            self.stand.kubectl(*kind, name, f"--clusterrole={role}", who)
        time.sleep(1)
        specs = list(self.requests(400))
        wanted = []
        for spec in specs:
            groups = list(spec["groups"])
            user = spec["user"]
            if user.startswith("system:serviceaccount:"):
                groups += ["system:serviceaccounts", "system:serviceaccounts:" + user.split(":")[2]]
            groups.append("system:unauthenticated" if user == "system:anonymous" else "system:authenticated")
            status, review = self.stand.request("/apis/authorization.k8s.io/v1/subjectaccessreviews", method="POST", body={
                "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {**spec, "groups": groups}})
            self.assertEqual(status, 201, review)
            wanted.append(review["status"])
        path = self.stand.write("requests.jsonl", "".join(json.dumps(s) + "\n" for s in specs))
        done = self.run_binary("rbac", "can", "--requests", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(wanted))
        for spec, answer, want in zip(specs, answers, wanted):
            self.assertEqual(answer["allowed"], want["allowed"], spec)
            if not want["allowed"] or "system:masters" in spec["groups"]:
                continue
            # of several grants of one kind, the server names any
            self.assertTrue(want["reason"].startswith("RBAC: allowed by "), want)
            self.assertEqual(answer["reason"].split(" of ")[0].split('"')[0], want["reason"].split(" of ")[0].split('"')[0], spec)
        self.assertGreater(sum(a["allowed"] for a in answers), 60)
        self.assertGreater(sum(not a["allowed"] for a in answers), 60)

    def test_audit_log_of_this_server_is_read(self):
        self.check("-o", "json")
        done = subprocess.run([BINARY, "logs", "coverage", self.stand.path("audit.log"), "-o", "json"], capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        done = subprocess.run([BINARY, "logs", "search", self.stand.path("audit.log"), "-r", "pods", "--verb", "list",
                               "-w", "user_agent.startsWith('kube-baseline/')", "-o", "jsonl"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(len(done.stdout.splitlines()), 0)

    def test_who_can_names_the_binding(self):
        self.stand.kubectl("-n", "shop", "create", "rolebinding", "readers", "--clusterrole=view", "--user=dora")
        time.sleep(1)
        done = self.run_binary("rbac", "who-can", "list", "pods", "-n", "shop", "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = {row["subject"]: row for row in json.loads(done.stdout)}
        self.assertEqual(rows["User/dora"]["through"], "RoleBinding/readers of ClusterRole/view")
        self.assertEqual(rows["User/dora"]["scope"], "namespace shop")


if __name__ == "__main__":
    build()
    sys.argv = sys.argv[:1]
    unittest.main()

#!/usr/bin/env python3
"""A checkpoint in a ConfigMap, beside a scripted CloudWatch Logs: checkpoint_map.py BINARY CACHE

Against a real API server where its programs lie in CACHE/bin, and against one that loses answers.
"""
import base64
import datetime
import gzip
import http.server
import json
import os
import pathlib
import sys
import tempfile
import threading
import unittest

from cloudwatch_stand import GROUP, NOW, LogStand, ms
from stand import Stand as Cluster

LogStand.binary = os.path.abspath(sys.argv.pop(1))
CACHE = sys.argv.pop(1)
PATH = "/api/v1/namespaces/audit/configmaps"


class Runs(LogStand):
    """Runs in a row, of which each goes on where the last one ended."""
    where = "configmap/audit/prod"

    def at(self, minutes):
        return NOW + datetime.timedelta(minutes=minutes)

    def turn(self, minutes, *more, status=0):
        return self.search("--checkpoint", self.where, *more, now=self.at(minutes), status=status)

    def follow(self, *minutes):
        got = [i for m in minutes for i in self.turn(m)[0]]
        self.assertEqual(len(got), len(set(got)))
        return got

    def wanted(self, events, until):
        return [i for e, i in zip(events, self.ids(events)) if ms(65) <= e["timestamp"] < ms(5 - until)]


class Handler(http.server.BaseHTTPRequestHandler):
    """ConfigMaps of one namespace, with resourceVersions."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def fail(self, status, reason):
        self.reply(status, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status, "reason": reason, "message": f"it is {reason}"})

    def handle_one(self):
        test, body = self.server.test, self.rfile.read(int(self.headers.get("Content-Length", 0)))
        test.asked.append((self.command, self.path))
        if test.refuse.get(self.command):
            return self.fail(*test.refuse[self.command])
        name = self.path[len(PATH):].lstrip("/")
        stored = test.maps.get(name)
        if self.command == "GET":
            return self.reply(200, stored) if stored else self.fail(404, "NotFound")
        wanted = json.loads(body)
        if self.command == "POST" and wanted["metadata"]["name"] in test.maps:
            return self.fail(409, "AlreadyExists")
        if self.command == "PUT" and wanted["metadata"].get("resourceVersion") != stored["metadata"]["resourceVersion"]:
            return self.fail(409, "Conflict")
        test.version += 1
        wanted["metadata"]["resourceVersion"] = str(test.version)
        test.maps[wanted["metadata"]["name"]] = wanted
        if test.lose > 0:
            test.lose -= 1
            self.close_connection = True
            self.connection.close()
            return None
        return self.reply(200, wanted)

    do_GET = do_PUT = do_POST = handle_one


class Scripted(Runs):
    def setUp(self):
        super().setUp()
        self.maps, self.asked, self.refuse, self.version, self.lose = {}, [], {}, 0, 0
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.test, server.daemon_threads = self, True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.env["KUBECONFIG"] = self.write("kubeconfig", json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "c", "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u", "namespace": "audit"}}],
            "clusters": [{"name": "k", "cluster": {"server": f"http://127.0.0.1:{server.server_address[1]}"}}]}))

    def test_each_event_once(self):
        events = self.fill(64, -180)
        self.assertEqual(self.follow(0, 60, 61, 130), self.wanted(events, 130))
        self.assertEqual([a for a in self.asked if a[0] != "GET"], [("POST", PATH), *[("PUT", PATH + "/prod")] * 3])

    def test_the_namespace_of_the_context(self):
        self.fill(64, 0)
        self.where = "configmap/prod"
        self.turn(0)
        self.assertEqual(list(self.maps), ["prod"])
        self.assertEqual(self.maps["prod"]["metadata"]["namespace"], "audit")

    def test_what_else_an_object_says_stays(self):
        events = self.fill(64, -60)
        self.maps["prod"] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "prod", "namespace": "audit", "resourceVersion": "7", "labels": {"team": "audit"}}}
        self.assertEqual(self.follow(0, 60), self.wanted(events, 60))
        self.assertEqual(self.maps["prod"]["metadata"]["labels"], {"team": "audit"})
        text = gzip.decompress(base64.b64decode(self.maps["prod"]["binaryData"]["checkpoint"])).decode()
        self.assertEqual(json.loads(text.splitlines()[0])["log_group"], GROUP)

    def test_an_object_of_others_is_left_alone(self):
        self.fill(64, 0)
        self.maps["prod"] = theirs = {"metadata": {"name": "prod", "namespace": "audit", "resourceVersion": "7"}, "data": {"key": "theirs"}}
        _, told = self.turn(0, status=2)
        self.assertIn("ConfigMap audit/prod holds other data", told)
        self.assertEqual(self.maps["prod"], theirs)

    def test_damage_is_refused(self):
        self.fill(64, 0)
        self.turn(0)
        whole = self.maps["prod"]["binaryData"]["checkpoint"]
        text = gzip.decompress(base64.b64decode(whole))
        for damaged in (whole[:-8], "", "AAAA", base64.b64encode(gzip.compress(text[:-2] + b"0\n")).decode()):
            self.maps["prod"]["binaryData"]["checkpoint"] = damaged
            self.assertIn("damaged", self.turn(60, status=2)[1])
            self.assertEqual(self.maps["prod"]["binaryData"]["checkpoint"], damaged)

    def test_an_answer_that_got_lost(self):
        """The object was written, and nobody was told: the run has succeeded all the same."""
        events = self.fill(64, -180)
        got = self.turn(0)[0]
        self.lose = 1
        got += self.turn(60)[0]
        got += self.turn(130)[0]
        self.assertEqual(got, self.wanted(events, 130))

    def test_two_runs_at_once(self):
        """The second to end has counted what the first had: it fails, and the next run goes on behind the first."""
        events = self.fill(64, -130)
        got = self.turn(0)[0]
        once = []

        def meanwhile(call):
            if not once:
                once.append(True)
                once.extend(self.turn(60)[0])
        self.before["FilterLogEvents"] = meanwhile
        _, told = self.turn(60, status=2)
        self.assertIn("another run moved the checkpoint since this one began", told)
        self.before.clear()
        self.assertEqual(got + once[1:] + self.turn(120)[0], self.wanted(events, 120))

    def test_refused(self):
        self.fill(64, 0)
        for method, words in (("GET", "it is Forbidden"), ("POST", "it is Forbidden")):
            self.refuse = {method: (403, "Forbidden")}
            _, told = self.turn(0, status=2)
            self.assertIn(words, told)
            self.assertIn("manifests/checkpoint.yaml allows what is needed", told)
            self.assertEqual(self.maps, {})

    def test_usage(self):
        for where in ("configmap/", "configmap//x", "configmap/a/", "configmap/a/b/c", "configmap/..", "configmap/../x", "configmap/a%2fb", "configmap/A", "configmap/a?b", "configmap/-a"):
            self.where = where
            self.assertIn("takes configmap/NAME or configmap/NAMESPACE/NAME", self.turn(0, status=64)[1], where)
        self.env["KUBECONFIG"] = "/nonexistent"
        self.where = "configmap/x"
        self.assertIn("--checkpoint", self.turn(0, status=2)[1])

    def test_check_goes_on_too(self):
        self.fill(64, -60)
        for minutes in (0, 50):
            done = self.run_it("check", "--log-group", GROUP, "--checkpoint", self.where, "--profile", "audit-log", "-o", "json", "--fail-on", "never", now=self.at(minutes))
            self.assertIn(done.returncode, (0, 3), done.stderr)
        items = sum(c["items"] for c in json.loads(done.stdout)["coverage"] if " audit " in c["source"])
        self.assertEqual(items, 50 * 4)


@unittest.skipUnless(os.path.exists(os.path.join(CACHE, "bin", "kube-apiserver")), "the API server's programs are not there")
class Real(Runs):
    def setUp(self):
        super().setUp()
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.cluster = Cluster(os.path.join(CACHE, "bin"), temp.name)
        self.cluster.__enter__()
        self.addCleanup(self.cluster.stop)
        self.env["KUBECONFIG"] = self.cluster.path("admin.kubeconfig")
        self.cluster.kubectl("create", "namespace", "audit")

    def test_each_event_once_with_the_rights_of_the_manifest(self):
        manifest = pathlib.Path(__file__).resolve().parents[2] / "manifests" / "checkpoint.yaml"
        self.cluster.kubectl("create", "namespace", "kube-baseline")
        self.cluster.kubectl("apply", "-f", str(manifest))
        config = json.loads(self.cluster.kubectl("config", "view", "--raw", "-o", "json").stdout)
        token = self.cluster.kubectl("-n", "kube-baseline", "create", "serviceaccount", "kube-baseline") and self.cluster.kubectl("-n", "kube-baseline", "create", "token", "kube-baseline").stdout.strip()
        config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
        self.env["KUBECONFIG"] = self.write("account", json.dumps(config))
        events = self.fill(64, -130)
        self.where = "configmap/kube-baseline/kube-baseline-checkpoint"
        self.assertEqual(self.follow(0, 60, 120), self.wanted(events, 120))
        self.where = "configmap/audit/other"
        self.assertIn("cannot get resource", self.turn(0, status=2)[1])

    def test_as_many_keys_as_fit(self):
        self.page = 10000
        for i in range(70000):
            self.add(ms(18) + i * 10, text=json.dumps({"kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": f"a{i}", "stage": "ResponseComplete", "verb": "get"}))
        more = [self.add(ms(4 - i), text=json.dumps({"kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": f"b{i}", "stage": "ResponseComplete", "verb": "get"})) for i in range(58)]
        self.assertEqual(len(self.turn(0, status=0)[0]), 70000)
        self.assertEqual(self.turn(60, status=0)[0], self.ids(more))


if __name__ == "__main__":
    unittest.main()

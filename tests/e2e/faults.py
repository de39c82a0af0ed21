#!/usr/bin/env python3
"""What becomes of a live check when the API server, or what is between, misbehaves: faults.py BINARY

A scripted TLS server on 127.0.0.1 plays the API server; every case says what is to be seen of it in the
result: objects that were read are counted once, and what was not read is unknown.
"""
import base64
import http.server
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

BINARY = os.path.abspath(sys.argv.pop(1))


def pod(number, version="1"):
    return {"metadata": {"name": f"p{number}", "namespace": "shop", "uid": f"u{number}", "resourceVersion": version},
            "spec": {"containers": [{"name": "c", "image": "r.example/c:1"}]}}


class Script:
    """What the server answers. Subclasses of cases change it."""

    def __init__(self):
        self.calls = []
        self.pages = [[pod(i) for i in range(3)], [pod(i) for i in range(3, 5)]]
        self.hooks = {}

    def answer(self, handler, path, query, headers):
        self.calls.append((path, query, headers))
        for prefix, hook in self.hooks.items():
            if path.startswith(prefix):
                done = hook(handler, path, query, headers)
                if done is not None:
                    return done
        if path == "/version":
            return 200, {"gitVersion": "v1.34.4", "major": "1", "minor": "34"}
        if path == "/apis":
            return 200, {"kind": "APIGroupList", "groups": [{"name": "apps"}, {"name": "batch"}]}
        if path == "/api/v1/pods":
            return self.page(query)
        if "configmaps" in path:
            return 404, {"kind": "Status", "reason": "NotFound", "message": "not found"}
        return 200, {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "7"}, "items": []}

    def page(self, query):
        number = int(query.get("continue", ["0"])[0].split("+")[0] or 0)
        metadata = {"resourceVersion": "7"}
        if number + 1 < len(self.pages):
            metadata["continue"] = f"{number + 1}+/="
        return 200, {"kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": self.pages[number]}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script = None

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        done = self.script.answer(self, url.path, query, self.headers)
        if done is not None:
            self.send_json(*done)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def send_json(self, status, body, headers=()):
        data = json.dumps(body).encode() if not isinstance(body, bytes) else body
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def cut(self, body, chunked):
        """Half of a body, then the end of the connection."""
        data = json.dumps(body).encode()
        half = data[: len(data) // 2]
        self.send_response(200)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
        else:
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(half)
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args):
        pass


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temp.name)
        for name in ("ca", "other"):
            cls.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.crt",
                        "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1")

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    @classmethod
    def openssl(cls, *args):
        subprocess.run(["openssl", *args], check=True, cwd=cls.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def setUp(self):
        self.script = Script()
        handler = type("Scripted", (Handler,), {"script": self.script})
        self.server = Server(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "ca.crt", self.folder / "ca.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def write(self, name, content):
        (self.folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return str(self.folder / name)

    def config(self, user, ca="ca", **cluster):
        data = base64.b64encode((self.folder / f"{ca}.crt").read_bytes()).decode()
        return {"apiVersion": "v1", "kind": "Config", "current-context": "c",
                "clusters": [{"name": "c", "cluster": {"server": self.url, "certificate-authority-data": data, **cluster}}],
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                "users": [{"name": "u", "user": user}]}

    def run_check(self, *args, config=None, env=None):
        path = self.write("config", config or self.config({"token": "secret-token"}))
        done = subprocess.run([BINARY, "check", "--kubeconfig", path, "--now", "2026-06-01T00:00:00Z", "-o", "json", *args],
                              capture_output=True, text=True, timeout=120, env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **(env or {})})
        self.assertNotIn("secret-token", done.stdout + done.stderr)
        return done

    def pods(self, done):
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        result = json.loads(done.stdout)
        return next(c for c in result["coverage"] if c["what"] == "pods")

    def verdict(self, done, control):
        return next(c for c in json.loads(done.stdout)["controls"] if c["id"] == control)

    def test_pages_are_read_to_the_end(self):
        coverage = self.pods(self.run_check())
        self.assertEqual((coverage["items"], coverage["pages"], coverage["complete"]), (5, 2, True))

    def test_continue_tokens_are_escaped(self):
        self.run_check()
        tokens = [q["continue"][0] for p, q, _ in self.script.calls if p == "/api/v1/pods" and "continue" in q]
        self.assertEqual(tokens, ["1+/="])

    def broken_once(self, chunked):
        def hook(handler, path, query, headers):
            if "continue" in query and not hook.done:
                hook.done = True
                handler.cut(self.script.page(query)[1], chunked)
                return ()
            return None
        hook.done = False
        return hook

    def test_cut_body_is_read_again_and_counted_once(self):
        for chunked in (False, True):
            hook = self.broken_once(chunked)
            self.script.hooks = {"/api/v1/pods": lambda *a, hook=hook: self.once(hook, *a)}
            coverage = self.pods(self.run_check())
            self.assertEqual((coverage["items"], coverage["complete"]), (5, True), chunked)

    def once(self, hook, handler, path, query, headers):
        done = hook(handler, path, query, headers)
        if done == ():
            raise ConnectionAbortedError
        return done

    def test_body_cut_every_time_is_not_whole(self):
        def hook(handler, path, query, headers):
            if "continue" in query:
                handler.cut(self.script.page(query)[1], True)
                raise ConnectionAbortedError
        self.script.hooks = {"/api/v1/pods": hook}
        done = self.run_check()
        self.assertFalse(self.pods(done)["complete"])
        self.assertEqual(self.verdict(done, "pod-privileged")["verdict"], "unknown")

    def expire(self, times, next_token=None):
        def hook(handler, path, query, headers):
            if "continue" in query and hook.left > 0:
                hook.left -= 1
                metadata = {"continue": next_token} if next_token else {}
                return 410, {"kind": "Status", "reason": "Expired", "message": "too old", "metadata": metadata}
            return None
        hook.left = times
        return hook

    def test_expired_list_is_begun_again(self):
        self.script.hooks = {"/api/v1/pods": self.expire(1)}
        coverage = self.pods(self.run_check())
        self.assertEqual((coverage["items"], coverage["complete"], coverage["errors"]), (5, True, []))

    def test_list_that_expires_twice_goes_on_inconsistently_and_says_so(self):
        self.script.hooks = {"/api/v1/pods": self.expire(2, "1+/=")}
        coverage = self.pods(self.run_check())
        self.assertEqual((coverage["items"], coverage["complete"]), (5, True))
        self.assertIn("not of one moment", coverage["errors"][0])

    def test_list_that_cannot_go_on_is_not_whole(self):
        self.script.hooks = {"/api/v1/pods": self.expire(2)}
        self.assertFalse(self.pods(self.run_check())["complete"])

    def test_same_page_again_and_again_ends(self):
        def hook(handler, path, query, headers):
            return 200, {"kind": "PodList", "apiVersion": "v1", "metadata": {"continue": "same"}, "items": [pod(1)]}
        self.script.hooks = {"/api/v1/pods": hook}
        coverage = self.pods(self.run_check())
        self.assertEqual((coverage["items"], coverage["complete"]), (1, False))

    def test_busy_server_is_waited_for(self):
        def hook(handler, path, query, headers):
            hook.calls += 1
            if hook.calls < 3:
                handler.send_json(429, {"kind": "Status", "message": "slow down"}, [("Retry-After", "0" if hook.calls == 1 else "1")])
                raise ConnectionAbortedError
        hook.calls = 0
        self.script.hooks = {"/api/v1/pods": hook}
        coverage = self.pods(self.run_check())
        self.assertEqual((coverage["items"], coverage["complete"]), (5, True))

    def test_forbidden_is_unknown_and_names_the_rule(self):
        self.script.hooks = {"/api/v1/pods": lambda *a: (403, {"kind": "Status", "reason": "Forbidden", "message": "no"})}
        done = self.run_check()
        self.assertIn('{apiGroups: [""], resources: ["pods"], verbs: ["list"]}', self.pods(done)["errors"][0])
        self.assertEqual(self.verdict(done, "pod-privileged")["verdict"], "unknown")

    def test_core_kind_that_is_not_there_is_no_empty_list(self):
        self.script.hooks = {"/api/v1/pods": lambda *a: (404, b"404 page not found")}
        done = self.run_check()
        self.assertFalse(self.pods(done)["complete"])
        self.assertEqual(self.verdict(done, "pod-privileged")["verdict"], "unknown")

    def test_answer_that_is_no_list(self):
        for body in ({"kind": "Status", "status": "Success"}, b"<html>login</html>", b"", b"[1,2]"):
            self.script.hooks = {"/api/v1/pods": lambda *a, body=body: (200, body)}
            self.assertFalse(self.pods(self.run_check())["complete"], body)

    def test_damaged_item_makes_its_kind_unknown(self):
        self.script.pages[0][1] = {"metadata": {"name": 7}}
        done = self.run_check()
        coverage = self.pods(done)
        self.assertEqual((coverage["items"], coverage["complete"]), (4, False))

    def test_redirect_is_not_followed(self):
        elsewhere = []
        def hook(handler, path, query, headers):
            if path == "/elsewhere":
                elsewhere.append(headers.get("Authorization"))
            else:
                handler.send_json(302, {}, [("Location", self.url + "/elsewhere")])
                raise ConnectionAbortedError
        self.script.hooks = {"/version": hook, "/elsewhere": hook}
        done = self.run_check()
        self.assertEqual(done.returncode, 2)
        self.assertIn("302", done.stderr)
        self.assertEqual(elsewhere, [])

    def test_wrong_authority(self):
        done = self.run_check(config=self.config({"token": "secret-token"}, ca="other"))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.script.calls, [])

    def test_refused_credential(self):
        self.script.hooks = {"/": lambda *a: (401, {"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized"})}
        done = self.run_check()
        self.assertEqual(done.returncode, 2)
        self.assertIn("expired", done.stderr)

    def test_token_file_is_read_again_after_401(self):
        token = self.write("token", "old-token\n")
        def hook(handler, path, query, headers):
            if headers.get("Authorization") == "Bearer old-token":
                self.write("token", "new-token\n")
                return 401, {"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized"}
        self.script.hooks = {"/": hook}
        self.assertEqual(self.pods(self.run_check(config=self.config({"tokenFile": token})))["items"], 5)

    def plugin(self, script, **more):
        path = self.write("plugin", script)
        os.chmod(path, 0o755)
        return self.config({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": path,
                                     "interactiveMode": "Never", **more}})

    def credential(self, **status):
        return json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status})

    def test_plugin_gives_the_token_and_is_told_the_cluster(self):
        script = f"#!/bin/sh\nprintf '%s' \"$KUBERNETES_EXEC_INFO\" > {self.folder}/info\necho '{self.credential(token='from-plugin')}'\n"
        self.pods(self.run_check(config=self.plugin(script, provideClusterInfo=True, env=[{"name": "X", "value": "y"}])))
        self.assertEqual({h.get("Authorization") for _, _, h in self.script.calls}, {"Bearer from-plugin"})
        info = json.loads((self.folder / "info").read_text())
        self.assertEqual(info["spec"]["cluster"]["server"], self.url)
        self.assertIs(info["spec"]["interactive"], False)

    def test_plugin_that_misbehaves(self):
        cases = {
            "#!/bin/sh\nhead -c 2000000 /dev/zero\n": "more than",
            "#!/bin/sh\nexit 7\n": "status 7",
            "#!/bin/sh\necho no json\n": "plugin",
            "#!/bin/sh\necho '" + self.credential() + "'\n": "neither a token nor a certificate",
            "#!/bin/sh\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"x\"}}'\n": "apiVersion",
        }
        for script, expected in cases.items():
            done = self.run_check(config=self.plugin(script))
            self.assertEqual(done.returncode, 2, script[:60])
            self.assertIn(expected, done.stderr)

    def test_plugin_that_is_missing_shows_its_hint(self):
        config = self.config({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-plugin",
                                       "interactiveMode": "Never", "installHint": "install it with apt"}})
        done = self.run_check(config=config)
        self.assertEqual(done.returncode, 2)
        self.assertIn("install it with apt", done.stderr)

    def test_impersonation_headers(self):
        self.pods(self.run_check("--as", "bob", "--as-group", "a", "--as-group", "b", "--as-user-extra", "k/e y=v"))
        headers = self.script.calls[0][2]
        self.assertEqual(headers.get("Impersonate-User"), "bob")
        self.assertEqual(headers.get_all("Impersonate-Group"), ["a", "b"])
        self.assertEqual(headers.get("Impersonate-Extra-k%2Fe%20y"), "v")

    def test_header_injection_is_refused(self):
        self.assertEqual(self.run_check("--as", "bob\r\nX-Evil: 1").returncode, 2)

    def test_terminal_escapes_in_messages_are_shown(self):
        self.script.hooks = {"/version": lambda *a: (403 + 100, {"kind": "Status", "message": "\x1b[2J evil"})}
        self.assertNotIn("\x1b", self.run_check().stderr)

    def test_server_name(self):
        done = self.run_check("--tls-server-name", "other.example")
        self.assertEqual(done.returncode, 2)

    def test_same_answer_in_gzip(self):
        import gzip
        def hook(handler, path, query, headers):
            if "gzip" in headers.get("Accept-Encoding", ""):
                data = gzip.compress(json.dumps(self.script.page(query)[1]).encode())
                handler.send_json(200, data, [("Content-Encoding", "gzip")])
                raise ConnectionAbortedError
        self.script.hooks = {"/api/v1/pods": hook}
        self.assertEqual(self.pods(self.run_check())["items"], 5)
        self.assertEqual(self.pods(self.run_check("--disable-compression"))["items"], 5)


class Merging(unittest.TestCase):
    """Which server is talked to, with several kubeconfig files: as kubectl config view --merge says."""

    def test_conflicts(self):
        if subprocess.run(["which", "kubectl"], capture_output=True).returncode != 0:
            self.skipTest("kubectl is not here")
        with tempfile.TemporaryDirectory() as folder:
            def config(name, port, context, cluster):
                path = f"{folder}/{name}"
                pathlib.Path(path).write_text(json.dumps({
                    "apiVersion": "v1", "kind": "Config", **({"current-context": context} if context else {}),
                    "clusters": [{"name": cluster, "cluster": {"server": f"https://127.0.0.1:{port}"}}],
                    "contexts": [{"name": "one", "context": {"cluster": cluster, "user": "u"}}],
                    "users": [{"name": "u", "user": {"token": "t"}}]}))
                return path
            a, b, c = config("a", 1, "", "x"), config("b", 2, "one", "x"), config("c", 3, "two", "y")
            for files in ([a, b, c], [c, b, a], [b, a, c], [a, b, b, f"{folder}/missing", ""], [b, c], [c, a, b]):
                env = {"PATH": os.environ["PATH"], "KUBECONFIG": ":".join(files), "HOME": folder}
                view = json.loads(subprocess.run(["kubectl", "config", "view", "--merge", "--raw", "-o", "json"], env=env,
                                                 capture_output=True, check=True).stdout)
                contexts = {x["name"]: x["context"]["cluster"] for x in view["contexts"]}
                clusters = {x["name"]: x["cluster"]["server"] for x in view["clusters"]}
                server = clusters.get(contexts.get(view["current-context"]))
                done = subprocess.run([BINARY, "check"], env=env, capture_output=True, text=True)
                self.assertEqual(done.returncode, 2)
                self.assertIn(server + ":" if server else "does not exist", done.stderr, files)


if __name__ == "__main__":
    unittest.main()

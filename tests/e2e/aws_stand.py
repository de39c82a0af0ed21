"""A scripted AWS on 127.0.0.1 that verifies signatures, for tests of calls and credentials."""
import datetime
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

KEYS = {"AKIDEXAMPLE": ("secret-of-example", ""), "ASIASESSION": ("secret-of-session", "token+/=of+session"),
        "ASIAROLE": ("secret-of-role", "token-of-role"), "ASIASECOND": ("secret-of-second", "token-of-second")}


class Call:
    """One request as it came."""

    def __init__(self, handler, body):
        self.method, self.target, self.body = handler.command, handler.path, body
        self.path, _, self.query = handler.path.partition("?")
        self.headers = {k.lower(): v for k, v in handler.headers.items()}
        self.names = [k.lower() for k in handler.headers.keys()]
        self.form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)) if b"Action=" in body else {}

    def signer(self):
        """Access key id of a signature that holds; None without one; raises where it is wrong."""
        header = self.headers.get("authorization")
        if header is None or not header.startswith("AWS4-HMAC-SHA256 "):
            return None
        parts = dict(p.strip().split("=", 1) for p in header[len("AWS4-HMAC-SHA256 "):].split(","))
        key, *scope = parts["Credential"].split("/")
        signed = parts["SignedHeaders"].split(";")
        must = [n for n in self.names if n.startswith("x-amz-") or n in ("host", "content-type")]
        assert sorted(set(must)) == signed == sorted(signed), (must, signed)
        assert self.names.count("x-amz-date") == 1
        secret, token = KEYS[key]
        assert self.headers.get("x-amz-security-token", "") == token
        path = self.path if scope[2] == "s3" else urllib.parse.quote(self.path, safe="/-_.~")
        pairs = sorted(tuple(p.split("=", 1)) if "=" in p else (p, "") for p in self.query.split("&") if p)
        payload = hashlib.sha256(self.body).hexdigest()
        if scope[2] == "s3":
            assert self.headers["x-amz-content-sha256"] == payload
        canonical = "\n".join([self.method, path, "&".join("=".join(p) for p in pairs),
                               *[f"{n}:{' '.join(self.headers[n].split())}" for n in signed], "", ";".join(signed), payload])
        date = self.headers["x-amz-date"]
        text = "\n".join(["AWS4-HMAC-SHA256", date, "/".join(scope), hashlib.sha256(canonical.encode()).hexdigest()])
        derived = b"AWS4" + secret.encode()
        for part in scope:
            derived = hmac.new(derived, part.encode(), hashlib.sha256).digest()
        assert hmac.new(derived, text.encode(), hashlib.sha256).hexdigest() == parts["Signature"], canonical
        return key

    def scope(self):
        return self.headers["authorization"].split("Credential=")[1].split(",")[0].split("/")[1:4]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stand = None

    def do_GET(self):
        call = Call(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.stand.calls.append(call)
        try:
            answer = self.stand.answer(call)
        except AssertionError as error:
            self.stand.wrong.append(str(error))
            answer = 403, {"__type": "SignatureDoesNotMatch", "message": str(error)[:80]}
        status, body, *headers = answer
        self.reply(status, body, dict(*headers))

    do_POST = do_PUT = do_GET

    def reply(self, status, body, headers):
        data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        cut, reset = headers.pop("cut", False), headers.pop("reset", False)
        self.send_response(status)
        for name, value in {"x-amzn-RequestId": f"request-{len(self.stand.calls)}", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut or reset else data)
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        self.close_connection = self.close_connection or cut or reset

    def date_time_string(self, timestamp=None):
        return (datetime.datetime.now(datetime.timezone.utc) + self.stand.ahead).strftime("%a, %d %b %Y %H:%M:%S GMT")

    def log_message(self, *args):
        pass


class Stand(unittest.TestCase):
    """Each test has a server, a home, and an environment of its own. `answers` are given in turn (the last one
    stays); one that is a function gets the call."""
    binary = None

    def setUp(self):
        self.calls, self.wrong, self.answers, self.ahead = [], [], [], datetime.timedelta()
        self.temp = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temp.name)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Scripted", (Handler,), {"stand": self}))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "AWS_REGION": "eu-central-1",
                    "AWS_ENDPOINT_URL": self.url, "AWS_EC2_METADATA_DISABLED": "true"}

    def speak_tls(self):
        """From now on the server speaks TLS; the path of its certificate."""
        key, certificate = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                        "-subj", "/CN=stand", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.env["AWS_ENDPOINT_URL"] = f"https://127.0.0.1:{self.port}"
        return str(certificate)

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        self.temp.cleanup()
        self.assertEqual(self.wrong, [])

    def answer(self, call):
        call.key = call.signer()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(call) if callable(answer) else answer

    def use(self, key):
        secret, token = KEYS[key]
        self.env.update(AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret)
        if token:
            self.env["AWS_SESSION_TOKEN"] = token

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def run_call(self, *args, params=None):
        done = subprocess.run([self.binary, *args, *([json.dumps(params)] if params else [])], env=self.env, timeout=60,
                              capture_output=True, text=True)
        for secret, token in KEYS.values():
            self.assertNotIn(secret, done.stdout + done.stderr)
            if token and args[0] != "token":
                self.assertNotIn(token, done.stdout + done.stderr)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)

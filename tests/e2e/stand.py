"""A Kubernetes control plane for tests: etcd and kube-apiserver on 127.0.0.1, in a folder of its own.

    with Stand(binaries, folder) as stand:
        stand.kubectl("get", "ns")

Everything it starts it ends, by pid.
"""
import base64
import json
import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.request

TOKENS = """\
token-admin,admin,uid-admin,"system:masters"
token-alice,alice,uid-alice,"devs"
token-auditor,auditor,uid-auditor,"auditors"
token-half,half,uid-half,"half"
"""

AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
  - level: Metadata
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Stand:
    def __init__(self, binaries, folder):
        self.binaries = binaries
        self.folder = folder
        self.children = []
        self.port, self.etcd_port, self.peer_port = free_port(), free_port(), free_port()
        self.url = f"https://127.0.0.1:{self.port}"

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        return self.path(name)

    def openssl(self, *args):
        subprocess.run(["openssl", *args], check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def certificate(self, name, subject, extra=""):
        """NAME.crt and NAME.key, signed by ca.crt."""
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject)
        extensions = self.write(f"{name}.ext", f"basicConstraints=CA:FALSE\n{extra}")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                     "-days", "2", "-out", f"{name}.crt", "-extfile", extensions)

    def prepare(self):
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=test-ca")
        self.certificate("server", "/CN=apiserver", "subjectAltName=IP:127.0.0.1,DNS:kubernetes.default.svc\n")
        self.certificate("client", "/CN=carol/O=devs", "extendedKeyUsage=clientAuth\n")
        self.openssl("genrsa", "-out", "sa.key", "2048")
        self.openssl("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub")
        self.write("tokens.csv", TOKENS)
        self.write("policy.yaml", AUDIT_POLICY)

    def spawn(self, name, *args):
        with open(self.path(f"{name}.log"), "wb") as log:
            self.children.append(subprocess.Popen([os.path.join(self.binaries, name), *args], cwd=self.folder, stdout=log, stderr=log))

    def start_etcd(self):
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{self.peer_port}"
        self.spawn("etcd", "--data-dir", self.path("etcd"), "--listen-client-urls", client, "--advertise-client-urls", client,
                   "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}", "--unsafe-no-fsync")

    def start_apiserver(self, *more):
        self.spawn("kube-apiserver", "--bind-address=127.0.0.1", f"--secure-port={self.port}", "--advertise-address=198.51.100.20",
                   f"--etcd-servers=http://127.0.0.1:{self.etcd_port}", "--service-cluster-ip-range=10.100.0.0/16",
                   "--tls-cert-file=server.crt", "--tls-private-key-file=server.key", "--client-ca-file=ca.crt",
                   "--service-account-issuer=https://kubernetes.default.svc", "--service-account-signing-key-file=sa.key",
                   "--service-account-key-file=sa.pub", "--token-auth-file=tokens.csv", "--authorization-mode=RBAC",
                   "--audit-policy-file=policy.yaml", "--audit-log-path=audit.log", "--audit-log-mode=blocking", *more)

    def start_controllers(self):
        """The controllers that fill in what is asked of the API: aggregated roles, default service accounts."""
        config = self.kubeconfig("admin", "token-admin")
        self.spawn("kube-controller-manager", f"--kubeconfig={config}", f"--authentication-kubeconfig={config}",
                   f"--authorization-kubeconfig={config}", "--secure-port=0", "--use-service-account-credentials",
                   "--service-account-private-key-file=sa.key", "--root-ca-file=ca.crt", "--leader-elect=false",
                   "--controllers=clusterrole-aggregation-controller,serviceaccount-controller,root-ca-certificate-publisher-controller")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            status, role = self.request("/apis/rbac.authorization.k8s.io/v1/clusterroles/admin")
            if status == 200 and role.get("rules"):
                return
            time.sleep(0.3)
        raise RuntimeError("the controllers did not get ready")

    def request(self, path, token="token-admin", method="GET", body=None, headers=None):
        """Status and parsed body."""
        context = ssl.create_default_context(cafile=self.path("ca.crt"))
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method,
                                         headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, context=context, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def wait_ready(self):
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                if self.request("/readyz?verbose")[0] == 200:
                    return
            except (OSError, ValueError):
                # /readyz is no JSON: it answered
                if self.ready_plain():
                    return
            time.sleep(0.3)
        raise RuntimeError("the API server did not get ready:\n" + open(self.path("kube-apiserver.log"), encoding="utf-8").read()[-3000:])

    def ready_plain(self):
        try:
            context = ssl.create_default_context(cafile=self.path("ca.crt"))
            request = urllib.request.Request(self.url + "/readyz", headers={"Authorization": "Bearer token-admin"})
            with urllib.request.urlopen(request, context=context, timeout=5) as answer:
                return answer.read() == b"ok"
        except OSError:
            return False

    def kubeconfig(self, name, token=None, **user):
        """Write a kubeconfig for a user; returns its path."""
        with open(self.path("ca.crt"), "rb") as file:
            ca = base64.b64encode(file.read()).decode()
        config = {
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": self.url, "certificate-authority-data": ca}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}],
            "users": [{"name": name, "user": {**({"token": token} if token else {}), **user}}],
        }
        return self.write(f"{name}.kubeconfig", json.dumps(config))

    def kubectl(self, *args, stdin=None, check=True):
        return subprocess.run(["kubectl", "--kubeconfig", self.path("admin.kubeconfig"), *args], check=check, text=True,
                              input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        try:
            self.prepare()
            self.start_etcd()
            self.start_apiserver()
            self.wait_ready()
            self.kubeconfig("admin", "token-admin")
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(2)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def __exit__(self, *exc):
        self.stop()


if __name__ == "__main__":
    import sys

    with Stand(sys.argv[1], sys.argv[2]) as stand_:
        print(stand_.path("admin.kubeconfig"), flush=True)
        sys.stdin.read()

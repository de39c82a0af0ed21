#!/usr/bin/env python3
"""Kubeconfigs that ask the AWS CLI for a token work without it: eks_token.py BINARY"""
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import unittest
import urllib.parse

from aws_stand import KEYS, Stand

Stand.binary = os.path.abspath(sys.argv.pop(1))


def verified(token):
    """Cluster's name in the token's URL comes from a header; who signed, as STS would find out."""
    prefix, _, text = token.partition(".")
    url = urllib.parse.urlsplit(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
    signature = query.pop("X-Amz-Signature")
    key, *scope = query["X-Amz-Credential"].split("/")

    def holds(cluster):
        pairs = "&".join(f"{urllib.parse.quote(k, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for k, v in sorted(query.items()))
        canonical = "\n".join(["GET", "/", pairs, f"host:{url.netloc}", f"x-k8s-aws-id:{cluster}", "", "host;x-k8s-aws-id", hashlib.sha256(b"").hexdigest()])
        text = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], "/".join(scope), hashlib.sha256(canonical.encode()).hexdigest()])
        derived = b"AWS4" + KEYS[key][0].encode()
        for part in scope:
            derived = hmac.new(derived, part.encode(), hashlib.sha256).digest()
        return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest() == signature
    assert prefix == "k8s-aws-v1" and query.get("X-Amz-Security-Token", "") == KEYS[key][1]
    return key, url.netloc, holds


class Tokens(Stand):
    def setUp(self):
        super().setUp()
        self.certificate = self.speak_tls()
        self.env.update(AWS_CA_BUNDLE=self.certificate, PATH="/nonexistent")
        self.use("ASIASESSION")
        self.answers = [self.api]
        self.tokens = []

    def api(self, call):
        if call.form.get("Action") == "AssumeRole":
            self.assumed = call.form
            inner = "".join(f"<{k}>{v}</{k}>" for k, v in {"AccessKeyId": "ASIAROLE", "SecretAccessKey": KEYS["ASIAROLE"][0], "SessionToken": KEYS["ASIAROLE"][1],
                                                          "Expiration": "2099-01-01T00:00:00Z"}.items())
            return 200, f"<R><AssumeRoleResult><Credentials>{inner}</Credentials></AssumeRoleResult></R>"
        self.tokens.append(call.headers["authorization"].removeprefix("Bearer "))
        if call.path == "/version":
            return 200, {"gitVersion": "v1.34.4", "major": "1", "minor": "34"}
        if call.path == "/apis":
            return 200, {"kind": "APIGroupList", "groups": []}
        return 200, {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "7"}, "items": []}

    def check(self, command, *args, env=None):
        user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": command, "args": list(args),
                         "env": [{"name": k, "value": v} for k, v in (env or {}).items()]}}
        config = self.write("kubeconfig", {
            "apiVersion": "v1", "kind": "Config", "current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{self.port}", "certificate-authority": self.certificate}}],
            "users": [{"name": "u", "user": user}]})
        return subprocess.run([self.binary, "check", "--kubeconfig", config, "-o", "json", "--fail-on", "never"], env=self.env,
                              capture_output=True, text=True, timeout=120)

    def served(self, *argv, key="ASIASESSION", cluster="demo", host="sts.eu-central-1.amazonaws.com", env=None):
        self.tokens.clear()
        done = self.check(*argv, env=env)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        signer, netloc, holds = verified(self.tokens[0])
        self.assertEqual((signer, netloc), (key, host))
        self.assertTrue(holds(cluster))
        for secret, _ in KEYS.values():
            self.assertNotIn(secret, done.stdout + done.stderr)
        self.assertNotIn(self.tokens[0], done.stdout + done.stderr)

    def test_the_cli_is_not_needed(self):
        self.served("aws", "eks", "get-token", "--cluster-name", "demo")
        self.served("/usr/local/bin/aws", "--region", "us-west-2", "eks", "get-token", "--cluster-name=demo", "--output", "json", host="sts.us-west-2.amazonaws.com")
        self.served("aws-iam-authenticator", "token", "-i", "demo")

    def test_a_role_is_taken_over(self):
        self.served("aws", "eks", "get-token", "--cluster-name", "demo", "--role-arn", "arn:aws:iam::1:role/r", key="ASIAROLE")
        self.assertEqual((self.assumed["RoleArn"], self.assumed["RoleSessionName"]), ("arn:aws:iam::1:role/r", "EKSGetTokenAuth"))
        self.served("aws-iam-authenticator", "token", "-i", "demo", "-r", "arn:aws:iam::1:role/r", key="ASIAROLE")

    def test_its_own_environment_and_profile_count(self):
        self.write(".aws/credentials", f"[other]\naws_access_key_id = ASIASECOND\naws_secret_access_key = {KEYS['ASIASECOND'][0]}\naws_session_token = {KEYS['ASIASECOND'][1]}\n")
        self.served("aws", "eks", "get-token", "--cluster-name", "demo", "--profile", "other", key="ASIASECOND")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            del self.env[name]
        self.served("aws", "eks", "get-token", "--cluster-name", "demo", env={"AWS_PROFILE": "other"}, key="ASIASECOND")

    def test_what_is_not_known_is_run(self):
        for argv in (("aws", "eks", "get-token", "--cluster-name", "demo", "--debug"), ("aws", "sso", "login"), ("aws", "eks", "get-token"), ("my-plugin", "demo")):
            done = self.check(*argv)
            self.assertEqual(done.returncode, 2)
            self.assertIn(argv[0], done.stderr)
        self.assertEqual(self.tokens, [])

    def test_a_program_answers_where_the_own_way_fails(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            del self.env[name]
        done = self.check("aws", "eks", "get-token", "--cluster-name", "demo")
        self.assertEqual(done.returncode, 2)
        self.assertIn("token of EKS cluster demo: no AWS credentials", done.stderr)
        path = self.write("bin/aws", "#!/bin/sh\necho '" + json.dumps({"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "of-the-program"}}) + "'\n")
        os.chmod(path, 0o755)
        done = self.check(path, "eks", "get-token", "--cluster-name", "demo")
        self.assertIn(done.returncode, (0, 3), done.stderr)
        self.assertEqual(set(self.tokens), {"of-the-program"})


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Where credentials come from, and what ends the search: aws_credentials.py BINARY"""
import base64
import datetime
import hashlib
import os
import socket
import sys
import time
import unittest

from aws_stand import KEYS, Stand

Stand.binary = os.path.abspath(sys.argv.pop(1))

ROLE = "arn:aws:iam::1:role/r"


def keys_of(key, token="Token", expires="2099-01-01T00:00:00Z"):
    return {"AccessKeyId": key, "SecretAccessKey": KEYS[key][0], token: KEYS[key][1], "Expiration": expires}


class Credentials(Stand):
    def setUp(self):
        super().setUp()
        self.answers = [self.aws]
        self.roles = {ROLE: "ASIAROLE", "arn:aws:iam::1:role/second": "ASIASECOND"}

    def aws(self, call):
        """STS, a container's endpoint, an instance's, and SSO's portal."""
        action = call.form.get("Action", "")
        if action == "GetCallerIdentity":
            return 200, f"<R><GetCallerIdentityResult><Arn>{call.key}</Arn></GetCallerIdentityResult></R>"
        if action.startswith("AssumeRole"):
            key = self.roles.get(call.form["RoleArn"])
            if key is None:
                return 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error></ErrorResponse>"
            inner = "".join(f"<{k}>{v}</{k}>" for k, v in keys_of(key, "SessionToken").items())
            return 200, f"<R><{action}Result><Credentials>{inner}</Credentials></{action}Result></R>"
        if call.path == "/v1/credentials":
            return 200, keys_of("ASIASESSION")
        if call.path == "/latest/api/token":
            return 200, "metadata-token"
        if call.path.startswith("/latest/meta-data/iam/security-credentials/"):
            return 200, {"Code": "Success", **keys_of("ASIAROLE")} if call.path.endswith("/node") else "node"
        if call.path == "/federation/credentials":
            inner = {"accessKeyId": "ASIAROLE", "secretAccessKey": KEYS["ASIAROLE"][0], "sessionToken": KEYS["ASIAROLE"][1], "expiration": 4070908800000}
            return (200, {"roleCredentials": inner}) if call.headers.get("x-amz-sso_bearer_token") == "sso-token" else (401, {"message": "no"})
        return 404, {}

    def who(self, *args):
        done = self.run_call(*args, "sts", "GetCallerIdentity")
        self.assertEqual((done["result"], done["error"]), ("ok", ""))
        return done["answer"]["Arn"], done["source"]

    def fails(self, *args, says=(), result=None):
        done = self.run_call(*args, "sts", "GetCallerIdentity")
        self.assertNotEqual(done["result"], "ok", done)
        for words in (says,) if isinstance(says, str) else says:
            self.assertIn(words, done["error"])
        if result is not None:
            self.assertEqual(done["result"], result)
        return done

    def config(self, text):
        self.write(".aws/config", text)

    def web_identity(self, role=ROLE):
        self.env.update(AWS_ROLE_ARN=role, AWS_WEB_IDENTITY_TOKEN_FILE=self.write("token", "ey.token\n"))

    def container(self):
        self.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = self.url + "/v1/credentials"

    def instance(self):
        del self.env["AWS_EC2_METADATA_DISABLED"]
        self.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = self.url

    # ---- environment and order ----

    def test_environment_before_all(self):
        self.use("ASIASESSION")
        self.web_identity()
        self.assertEqual(self.who(), ("ASIASESSION", "the environment"))

    def test_half_of_a_key_ends_the_search(self):
        self.env["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE"
        self.web_identity()
        self.fails(says="only one is set")
        self.assertEqual(self.calls, [])

    def test_nothing_is_configured(self):
        self.fails(says=("no AWS credentials", "AWS_EC2_METADATA_DISABLED"), result="not-found")

    def test_profile_of_a_flag_is_alone(self):
        self.use("ASIASESSION")
        self.config("[profile dev]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret-of-example\n[profile empty]\nregion = a\n")
        self.assertEqual(self.who("--profile", "dev"), ("AKIDEXAMPLE", "profile dev"))
        self.fails("--profile", "empty", says="names no credentials", result="not-found")

    # ---- web identity (IRSA) ----

    def test_web_identity_is_unsigned_and_before_the_container(self):
        self.web_identity()
        self.container()
        self.assertEqual(self.who(), ("ASIAROLE", f"role {ROLE} by web identity"))
        call = self.calls[0]
        self.assertNotIn("authorization", call.headers)
        self.assertEqual((call.form["WebIdentityToken"], call.form["RoleSessionName"]), ("ey.token", "kube-baseline"))

    def test_web_identity_that_is_denied_never_becomes_the_node(self):
        self.web_identity("arn:aws:iam::1:role/unknown")
        self.container()
        self.instance()
        self.fails(says=("role arn:aws:iam::1:role/unknown by web identity", "Not authorized"))
        self.assertEqual(len(self.calls), 1)

    def test_web_identity_without_its_file_or_role(self):
        self.web_identity()
        os.unlink(self.folder / "token")
        self.fails(says=str(self.folder / "token"))
        del self.env["AWS_ROLE_ARN"]
        self.fails(says="AWS_ROLE_ARN is not")

    # ---- profiles ----

    def test_files_join_and_the_credentials_file_counts(self):
        self.config("[default]\nregion = a\naws_access_key_id = X\naws_secret_access_key = Y\n")
        self.write(".aws/credentials", "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret-of-example\n")
        self.assertEqual(self.who(), ("AKIDEXAMPLE", "profile default"))

    def test_a_mistake_in_a_file_is_told_with_its_line(self):
        self.config("[default]\nregion = a\n\nno value\n")
        done = self.run_call("sts", "GetCallerIdentity")
        self.assertEqual((done["result"], done["line"]), ("syntax", 4))

    def test_roles_through_roles(self):
        self.config(f"""[profile one]
role_arn = {ROLE}
source_profile = keys
external_id = ext
duration_seconds = 900
[profile two]
role_arn = arn:aws:iam::1:role/second
source_profile = one
role_session_name = me
[profile keys]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret-of-example
""")
        self.env["AWS_PROFILE"] = "two"
        self.assertEqual(self.who()[0], "ASIASECOND")
        first, second = self.calls[0], self.calls[1]
        self.assertEqual((first.key, first.form["ExternalId"], first.form["DurationSeconds"]), ("AKIDEXAMPLE", "ext", "900"))
        self.assertEqual((second.key, second.form["RoleSessionName"]), ("ASIAROLE", "me"))

    def test_roles_that_lead_nowhere(self):
        role = f"role_arn = {ROLE}\n"
        cases = {"source_profile = b\n[profile b]\n" + role + "source_profile = a\n": "leads back to itself",
                 "source_profile = a\n": "leads back to itself",
                 "source_profile = none\n": "there is no profile",
                 "source_profile = b\n[profile b]\nregion = x\n": "names no credentials",
                 "": "neither source_profile",
                 "source_profile = b\ncredential_source = Environment\n": "both",
                 "credential_source = Somewhere\n": "not Environment",
                 "credential_source = Environment\n": "has none",
                 "source_profile = a\nmfa_serial = m\naws_access_key_id = A\naws_secret_access_key = B\n": "MFA",
                 "source_profile = a\nduration_seconds = x\n": "duration_seconds"}
        self.env["AWS_PROFILE"] = "a"
        self.container()
        for text, says in cases.items():
            self.config("[profile a]\n" + role + text)
            self.fails(says=says)
        self.assertEqual(self.calls, [])

    def test_role_by_its_own_keys_by_token_and_by_the_environment(self):
        self.env["AWS_PROFILE"] = "a"
        self.config(f"[profile a]\nrole_arn = {ROLE}\nsource_profile = a\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret-of-example\n")
        self.assertEqual(self.who()[0], "ASIAROLE")
        self.config(f"[profile a]\nrole_arn = {ROLE}\nweb_identity_token_file = {self.write('t', 'ey')}\n")
        self.assertEqual(self.who(), ("ASIAROLE", f"role {ROLE} by web identity"))
        self.config(f"[profile a]\nrole_arn = {ROLE}\ncredential_source = EcsContainer\n")
        self.container()
        self.assertEqual(self.who()[0], "ASIAROLE")

    def test_credential_process_runs_without_a_shell(self):
        self.write("keys.json", {"Version": 1, **keys_of("ASIASESSION", "SessionToken")})
        program = self.write("give", '#!/bin/sh\n[ "$1" = "a b" ] && [ "$2" = ";" ] && cat "$HOME/keys.json"\n')
        os.chmod(program, 0o700)
        self.config(f'[default]\ncredential_process = {program} "a b" ; \n')
        self.assertEqual(self.who(), ("ASIASESSION", "credential_process of profile default"))

    def test_credential_process_that_fails_ends_the_search(self):
        self.container()
        for line, says in (("/no/such/program", "No such file"), ("false", "ended with status 1"), ("echo x", "did not print JSON"),
                           ('echo "{}"', "Version is not 1"), ('echo \'{"Version": 1}\'', "no access key id"), ("echo 'x", "quote")):
            self.config(f"[default]\ncredential_process = {line}\n")
            self.fails(says=("credential_process of profile default", says))
        self.assertEqual(self.calls, [])

    # ---- SSO ----

    def sso(self, expires="2099-01-01T00:00:00Z", token="sso-token"):
        self.config("[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://s.example\n")
        name = hashlib.sha1(b"s").hexdigest()
        self.write(f".aws/sso/cache/{name}.json", {"accessToken": token, "expiresAt": expires})
        return name

    def test_sso(self):
        self.sso()
        self.assertEqual(self.who(), ("ASIAROLE", "SSO role r of profile default"))
        self.assertEqual(self.calls[0].query, "role_name=r&account_id=1")

    def test_sso_that_is_over_asks_for_a_login(self):
        self.container()
        name = self.sso(expires="2020-01-01T00:00:00Z")
        self.fails(says=("expired", "aws sso login --profile default"))
        os.unlink(self.folder / f".aws/sso/cache/{name}.json")
        self.fails(says="there is no SSO session")
        self.sso(token="old")
        self.fails(says="not accepted any more")

    # ---- containers (Pod Identity) ----

    def test_pod_identity_reads_its_token_every_time(self):
        self.container()
        self.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = self.write("pod", "pod-token")
        self.assertEqual(self.who(), ("ASIASESSION", "the container's credential endpoint"))
        self.assertEqual(self.calls[0].headers["authorization"], "pod-token")

    def test_pod_identity_refuses_tokens_with_line_breaks_and_other_hosts(self):
        self.instance()
        self.container()
        self.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = self.write("pod", "a\r\nX-Evil: 1")
        self.fails(says="line break")
        del self.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
        for host in ("169.254.170.2.example.com", "10.0.0.1", "evil@127.0.0.1", "[fd00:ec2::24]", "127.0.0.1.example.com"):
            self.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"http://{host}/v1/credentials"
            self.fails(says="AWS_CONTAINER_CREDENTIALS_FULL_URI")
        self.assertEqual(self.calls, [])

    def test_pod_identity_that_refuses_ends_the_search(self):
        self.instance()
        self.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = self.url + "/elsewhere"
        self.fails(says=("the container's credential endpoint", "404"))
        self.assertEqual(len(self.calls), 1)

    # ---- the instance ----

    def test_instance(self):
        self.instance()
        self.assertEqual(self.who(), ("ASIAROLE", "the instance's role"))
        token, role = self.calls[0], self.calls[1]
        self.assertEqual((token.method, token.headers["x-aws-ec2-metadata-token-ttl-seconds"]), ("PUT", "21600"))
        self.assertEqual(role.headers["x-aws-ec2-metadata-token"], "metadata-token")

    def test_a_black_hole_does_not_hold_long(self):
        self.instance()
        with socket.socket() as hole:
            hole.bind(("127.0.0.1", 0))
            hole.listen(1)
            self.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = f"http://127.0.0.1:{hole.getsockname()[1]}"
            begin = time.monotonic()
            self.fails(says="no AWS credentials", result="not-found")
            self.assertLess(time.monotonic() - begin, 5)

    def test_proxies_do_not_see_plain_endpoints(self):
        self.env["http_proxy"] = "http://127.0.0.1:1"
        self.env["no_proxy"] = "nothing.example"
        self.env["AWS_ENDPOINT_URL_STS"] = self.url
        self.container()
        self.env["AWS_MAX_ATTEMPTS"] = "1"
        self.run_call("sts", "GetCallerIdentity")
        self.assertEqual([c.path for c in self.calls], ["/v1/credentials"])

    # ---- the token of a cluster ----

    def test_token_of_a_cluster(self):
        self.use("ASIASESSION")
        done = self.run_call("token", "demo")
        text = done["token"]
        self.assertTrue(text.startswith("k8s-aws-v1.") and "=" not in text, done)
        url = base64.urlsafe_b64decode(text[11:] + "==").decode()
        self.assertTrue(url.startswith("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&"))
        self.assertIn(datetime.datetime.now(datetime.timezone.utc).strftime("&X-Amz-Date=%Y%m%dT%H"), url)


if __name__ == "__main__":
    unittest.main()

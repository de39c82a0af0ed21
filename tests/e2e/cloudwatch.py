#!/usr/bin/env python3
"""What becomes of the reading of a log group when things go wrong: cloudwatch.py BINARY"""
import datetime
import gzip
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

from aws_stand import KEYS
from cloudwatch_stand import AUDIT, DENIED, GROUP, NOW, THROTTLED, LogStand, audit, ms

LogStand.binary = os.path.abspath(sys.argv.pop(1))
TABLE = []


class Faults(LogStand):
    """All events once, or the window is not whole: a line of the table each."""

    def setUp(self):
        super().setUp()
        self.wanted = self.fill(64, 6)

    def row(self, fault, ids, wanted, whole):
        lost, doubled = len(set(wanted) - set(ids)), len(ids) - len(set(ids))
        TABLE.append((fault, len(wanted), lost, doubled, whole))
        return lost, doubled

    def survives(self, fault, **more):
        ids, told = self.search(**more)
        self.assertEqual(self.row(fault, ids, self.ids(self.wanted), "whole"), (0, 0), told)
        self.assertNotIn("not whole", told)

    def is_told(self, fault, words, *args):
        """It cannot be read whole: what is missing is told, nothing comes twice."""
        done = self.run_it("logs", "search", "--log-group", GROUP, "-o", "jsonl", *args, status=3)
        ids = [json.loads(line)["auditID"] for line in done.stdout.splitlines()]
        _, doubled = self.row(fault, ids, self.ids(self.wanted), "told")
        self.assertEqual(doubled, 0)
        self.assertIn("not whole", done.stderr)
        errors = [e for entry in self.coverage(*args, status=3) for e in entry["errors"]]
        self.assertIn(words, " ".join(errors))

    def every(self, nth, answer):
        """Each nth page goes wrong once."""
        count = [0]

        def hook(call):
            count[0] += 1
            return answer(call) if count[0] % nth == 0 else None
        self.before["FilterLogEvents"] = hook

    def test_throttling_storm(self):
        left = [9]

        def storm(call):
            left[0] -= 1
            return THROTTLED if left[0] > 0 else None
        self.before["FilterLogEvents"] = storm
        self.env["AWS_MAX_ATTEMPTS"] = "2"
        self.survives("throttling, 8 in a row")

    def test_throttled_for_good(self):
        """Patience ends, and what was not read is told: a refusal is never the end of the log."""
        self.env["AWS_MAX_ATTEMPTS"] = "1"
        self.before["FilterLogEvents"] = lambda call: THROTTLED if b"t/120" in call.body else None
        done = self.run_it("logs", "search", "--log-group", GROUP, "-o", "jsonl", status=3)
        ids = [json.loads(line)["auditID"] for line in done.stdout.splitlines()]
        self.assertEqual(self.row("throttled for good", ids, self.ids(self.wanted), "told"), (len(self.wanted) - 120, 0))
        self.assertIn("not whole", done.stderr)

    def test_500_and_503(self):
        turn = [0]

        def answer(call):
            turn[0] += 1
            return (500, {"__type": "InternalFailure"}) if turn[0] % 2 else (503, "<html>busy</html>")
        self.every(2, answer)
        self.survives("500 and 503")

    def test_short_content_length(self):
        self.every(3, lambda call: (*self.FilterLogEvents(json.loads(call.body)), {"cut": True}))
        self.survives("body shorter than its Content-Length")

    def test_reset(self):
        self.every(3, lambda call: (*self.FilterLogEvents(json.loads(call.body)), {"reset": True}))
        self.survives("connection reset in mid body")

    def test_cut_json(self):
        self.every(3, lambda call: (200, json.dumps(self.FilterLogEvents(json.loads(call.body))[1])[:500]))
        self.survives("JSON cut, Content-Length right")

    def test_gzip(self):
        self.every(1, lambda call: (200, gzip.compress(json.dumps(self.FilterLogEvents(json.loads(call.body))[1]).encode()), {"Content-Encoding": "gzip"}))
        self.survives("gzip bodies")

    def test_empty_pages(self):
        def hook(call):
            asked = json.loads(call.body)
            token = asked.get("nextToken", "")
            if token == "":
                return 200, {"events": [], "nextToken": "e1"}
            if token.startswith("e") and int(token[1:]) < 50:
                return 200, {"events": [], "nextToken": f"e{int(token[1:]) + 1}"}
            asked["nextToken"] = "t/0+=" if token == "e50" else token
            return self.FilterLogEvents(asked)
        self.before["FilterLogEvents"] = hook
        self.survives("50 empty pages")

    def test_same_token_twice(self):
        self.before["FilterLogEvents"] = lambda call: (200, {"events": [], "nextToken": "t/40+="}) if b"t/40" in call.body else None
        self.is_told("same token twice", "leads back to an earlier one")

    def test_tokens_in_a_circle(self):
        def hook(call):
            token = json.loads(call.body).get("nextToken", "t/0+=")
            return (200, {"events": [], "nextToken": "t/40+="}) if token == "t/80+=" else None
        self.before["FilterLogEvents"] = hook
        self.is_told("tokens in a circle", "leads back to an earlier one")

    def test_pages_that_overlap(self):
        def hook(call):
            asked = json.loads(call.body)
            at = int(asked.get("nextToken", "t/0+=")[2:-2])
            found = self.chosen(asked)
            more = {"nextToken": f"t/{at + 30}+="} if at + 40 < len(found) else {}
            return 200, {"events": found[at:at + 40], **more}
        self.before["FilterLogEvents"] = hook
        self.survives("pages that overlap")

    def test_expired_token(self):
        for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            del self.env[key]
        self.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = self.url + "/credentials"
        keys, count = ["ASIAROLE", "ASIASECOND"], [0]

        def answer(call):
            if call.path == "/credentials":
                key = keys.pop(0) if len(keys) > 1 else keys[0]
                return 200, {"AccessKeyId": key, "SecretAccessKey": KEYS[key][0], "Token": KEYS[key][1], "Expiration": "2099-01-01T00:00:00Z"}
            key = call.signer()
            count[0] += 1
            if count[0] > 5 and key == "ASIAROLE":
                return 400, {"__type": "ExpiredTokenException", "message": "The security token included in the request is expired"}
            return self.logs(call)
        self.answers = [answer]
        self.survives("session ends in mid scan")

    def test_page_token_that_expired(self):
        self.before["FilterLogEvents"] = lambda call: (400, {"__type": "InvalidParameterException", "message": "The specified nextToken is invalid."}) if b"t/120" in call.body else None
        self.is_told("page token expired in mid scan", "InvalidParameterException")

    def test_denied_in_mid_scan(self):
        self.before["FilterLogEvents"] = lambda call: DENIED if b"t/120" in call.body else None
        self.is_told("denied in mid scan", "needs logs:FilterLogEvents")

    def test_clock_20_minutes_off(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        real = now + datetime.timedelta(minutes=20)
        self.ahead = datetime.timedelta(minutes=20)
        self.store = []
        self.wanted = self.fill(63, 7, now=real)

        def hook(call):
            sent = datetime.datetime.strptime(call.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
            off = abs(datetime.datetime.now(datetime.timezone.utc) + self.ahead - sent)
            return (400, {"__type": "InvalidSignatureException", "message": "Signature expired"}) if off > datetime.timedelta(minutes=5) else None
        self.before = {name: hook for name in ("DescribeLogGroups", "DescribeLogStreams", "FilterLogEvents")}
        self.survives("clock 20 minutes off", now=None)

    def test_clock_3_minutes_off(self):
        """Signatures hold, but what this machine calls five minutes ago has not settled."""
        now = datetime.datetime.now(datetime.timezone.utc)
        self.ahead = datetime.timedelta(minutes=-3)
        self.store = []
        events = self.fill(66, 1, now=now + self.ahead)
        ids, _ = self.search(now=None)
        limit = ms(5, now=now + self.ahead)
        settled = [i for e, i in zip(events, self.ids(events)) if e["timestamp"] < limit - 60000]
        self.assertLessEqual(len(ids), len([e for e in events if e["timestamp"] < limit + 60000]))
        self.assertIn(settled[-1], ids)

    def test_events_of_a_megabyte(self):
        self.page = 1
        self.store = []
        self.wanted = [self.add(ms(30 - i), padding=1000000) for i in range(4)]
        self.survives("events of 1 MB")

    def test_what_is_no_audit_event_in_an_audit_stream_is_told(self):
        for text in ('{"foo":1}', '{"kind":"Event"}', "I0115 10:00:00.000000       1 main.go:1] hello"):
            self.store = []
            self.fill(64, 0)
            self.add(ms(30), text=text)
            entries = self.coverage(status=3)
            self.assertEqual([e["complete"] for e in entries if " audit " in e["source"]], [False], text)

    def test_times_that_are_none(self):
        for time in (-1, -2**63, 2**63 - 1, 10**18):
            self.before["FilterLogEvents"] = lambda call: (200, {"events": [{"timestamp": time, "message": "x", "logStreamName": AUDIT[0]}]})
            self.assertIn("an event without its time", json.dumps(self.coverage(status=3)))

    def test_a_message_of_aws_is_one_line(self):
        self.before["FilterLogEvents"] = lambda call: (400, {"__type": "AccessDeniedException", "message": "no\nkube-baseline: all is well\r"})
        told = self.run_it("check", "--log-group", GROUP, "--profile", "audit-log", status=3)
        self.assertFalse(any(line.startswith("kube-baseline: all") for line in (told.stdout + told.stderr).splitlines()))

    def test_truncated_lines(self):
        for i in range(5):
            self.add(ms(30) + i, text=audit(f"cut-{i}", ms(30))[:300] + "[Truncated...]")
        done = self.run_it("logs", "search", "--log-group", GROUP, "-o", "jsonl", status=0)
        ids = [line.split('"auditID": "')[1].split('"')[0] for line in done.stdout.splitlines()]
        wanted = self.ids(self.wanted) + [f"id-cut-{i}" for i in range(5)]
        self.assertEqual(self.row("truncated lines", ids, wanted, "whole"), (0, 0))


class Beginnings(LogStand):
    """What goes wrong before the first page: nothing is given, and the run says why."""

    def setUp(self):
        super().setUp()
        self.wanted = self.fill(64, 6)

    def ends(self, fault, words, status=2):
        done = self.run_it("logs", "search", "--log-group", GROUP, "-o", "jsonl", status=status)
        self.assertEqual(done.stdout, "")
        self.assertIn(words, done.stderr)
        TABLE.append((fault, len(self.wanted), len(self.wanted), 0, "told"))
        done = self.run_it("check", "--log-group", GROUP, "--profile", "audit-log", "-o", "json", "--fail-on", "never")
        verdicts = {c["verdict"] for c in json.loads(done.stdout)["controls"] if not c["record"]} if done.stdout else set()
        self.assertNotIn("pass", verdicts)
        self.assertNotEqual(done.returncode, 0)

    def test_redirect_to_another_host(self):
        hole = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(hole.close)
        hole.settimeout(0.2)
        self.before["DescribeLogGroups"] = lambda call: (302, "", {"Location": f"http://127.0.0.1:{hole.getsockname()[1]}/"})
        self.before["DescribeLogStreams"] = self.before["FilterLogEvents"] = self.before["DescribeLogGroups"]
        self.ends("redirect to another host", "not whole", status=3)
        self.assertRaises(TimeoutError, hole.accept)

    def test_expired_session(self):
        """Nothing can renew keys of the environment."""
        self.answers = [(400, {"__type": "ExpiredTokenException", "message": "The security token included in the request is expired"})]
        self.ends("session expired before the start", "not whole", status=3)

    def test_web_identity_denied(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            del self.env[name]
        self.env.update(AWS_ROLE_ARN="arn:aws:iam::1:role/r", AWS_WEB_IDENTITY_TOKEN_FILE=self.write("token", "ey"))
        self.answers = [(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>")]
        self.ends("web identity denied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")

    def test_black_hole_instead_of_the_instance(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_EC2_METADATA_DISABLED"):
            del self.env[name]
        hole = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(hole.close)
        self.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = f"http://127.0.0.1:{hole.getsockname()[1]}"
        begin = time.monotonic()
        self.ends("black hole instead of IMDS", "no AWS credentials")
        self.assertLess(time.monotonic() - begin, 30)


class Checkpoints(LogStand):
    def setUp(self):
        super().setUp()
        self.file = str(self.folder / "checkpoint")
        self.got = []

    def at(self, minutes):
        return NOW + datetime.timedelta(minutes=minutes)

    def turn(self, minutes, status=0, *more):
        """A run at that time; what it gave counts where it succeeded."""
        ids, told = self.search("--checkpoint", self.file, *more, now=self.at(minutes), status=status)
        self.got += ids if status == 0 else []
        return ids, told

    def settle(self, fault, wanted):
        lost, doubled = len(set(wanted) - set(self.got)), len(self.got) - len(set(self.got))
        TABLE.append((fault, len(wanted), lost, doubled, "whole"))
        self.assertEqual((lost, doubled), (0, 0))

    def test_runs_follow_each_other(self):
        events = self.fill(64, -180)
        for minutes in (0, 60, 61, 130):
            self.turn(minutes)
        self.settle("four runs in a row", [i for e, i in zip(events, self.ids(events)) if ms(65) <= e["timestamp"] < ms(-125)])
        self.assertEqual(oct(os.stat(self.file).st_mode & 0o777), "0o600")

    def test_late_events_are_caught_and_counted(self):
        events = self.fill(64, -60)
        self.turn(0)
        late = [self.add(ms(7) + i, late=600000) for i in range(3)]
        entries = self.coverage(now=self.at(60))
        self.assertEqual(sum(e.get("asked", {}).get("late", 0) for e in entries), 0)
        done = self.run_it("check", "--log-group", GROUP, "--checkpoint", self.file, "-o", "json", "--fail-on", "never", now=self.at(50))
        entries = json.loads(done.stdout)["coverage"]
        self.assertEqual(sum(e["asked"]["late"] for e in entries if "asked" in e), 3)
        self.turn(60)
        self.assertEqual(set(self.got) & set(self.ids(late)), set())
        os.unlink(self.file)
        self.got = []
        self.store = [e for e in self.store if e not in late]
        self.turn(0)
        self.store += late
        self.turn(60)
        self.settle("late events", self.ids([e for e in events + late if e["timestamp"] < ms(-55)]))

    def test_killed_between_page_and_checkpoint(self):
        events = self.fill(64, -60)
        self.turn(0)
        reached, hold = threading.Event(), threading.Event()

        def hook(call):
            if b"t/120" in call.body:
                reached.set()
                hold.wait(20)
            return None
        self.before["FilterLogEvents"] = hook
        child = self.start("logs", "search", "--log-group", GROUP, "-o", "jsonl", "--checkpoint", self.file, now=self.at(60))
        self.assertTrue(reached.wait(60))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        hold.set()
        self.before = {}
        self.turn(60)
        self.settle("kill -9 between page and checkpoint", self.ids([e for e in events if e["timestamp"] < ms(-55)]))

    def test_killed_while_the_checkpoint_is_written(self):
        events = self.fill(64, -60)
        self.turn(0)
        with open(self.file + ".next", "w", encoding="utf-8") as half:
            half.write('{"schema":"kube-base')
        self.turn(60)
        self.settle("kill -9 while the checkpoint is written", self.ids([e for e in events if e["timestamp"] < ms(-55)]))

    def test_a_window_that_failed_is_read_again(self):
        events = self.fill(64, -60)
        self.turn(0)
        self.before["FilterLogEvents"] = lambda call: DENIED if b"t/120" in call.body else None
        _, told = self.turn(60, 3)
        self.assertIn("the checkpoint stays where it was", told)
        self.before = {}
        self.turn(61)
        self.settle("a run that failed in between", self.ids([e for e in events if e["timestamp"] < ms(-56)]))

    def test_two_runs_at_once(self):
        events = self.fill(64, 6)
        reached, hold = threading.Event(), threading.Event()

        def hook(call):
            reached.set()
            hold.wait(20)
        self.before["FilterLogEvents"] = hook
        child = self.start("logs", "search", "--log-group", GROUP, "-o", "jsonl", "--checkpoint", self.file)
        self.assertTrue(reached.wait(60))
        _, told = self.search("--checkpoint", self.file, status=2)
        self.assertIn("another run is using this checkpoint", told)
        hold.set()
        out, _ = child.communicate(timeout=60)
        self.got = [json.loads(line)["auditID"] for line in out.splitlines()]
        self.settle("two runs on one checkpoint", self.ids(events))

    def test_a_damaged_or_foreign_checkpoint_is_refused(self):
        self.fill(64, 6)
        self.turn(0)
        text = self.folder.joinpath("checkpoint").read_text()
        for damaged in (text[:-20], text.replace("until_ms\":1", "until_ms\":2"), ""):
            self.write("checkpoint", damaged)
            _, told = self.search("--checkpoint", self.file, status=2)
            self.assertIn("damaged", told)
        self.write("checkpoint", text)
        self.env["AWS_REGION"] = "us-west-2"
        _, told = self.search("--checkpoint", self.file, status=2)
        self.assertIn("not of " + GROUP + " in us-west-2", told)

    def test_what_is_gone_for_good_does_not_hold_the_checkpoint(self):
        """It is told by the run that would have read it, and the next one goes on."""
        def made_anew():
            self.store = [e for e in self.store if e["timestamp"] >= ms(-30)]
            self.group["creationTime"] = ms(-30)

        def kept_a_day():
            self.store = [e for e in self.store if e["timestamp"] >= ms(-2000)]
            self.group["retentionInDays"] = 1

        def silent():
            self.store = [e for e in self.store if not ms(-10) <= e["timestamp"] < ms(-240)]

        for loss, minutes, words in ((made_anew, 60, "the group was made at"), (kept_a_day, 24 * 60 + 2000, "the group's retention removes"), (silent, 400, "no audit event at all")):
            with self.subTest(loss=loss.__name__):
                self.file = str(self.folder / loss.__name__)
                self.got, self.store, self.group = [], [], {"creationTime": 0, "retentionInDays": 90}
                self.fill(64, -60)
                self.fill(-minutes + 130, -minutes - 60) if minutes > 400 else self.fill(-61, -minutes - 60)
                self.turn(0)
                loss()
                ids, told = self.turn(minutes, status=3)
                self.assertIn("the checkpoint moves on behind what is gone for good: " + words, told)
                self.assertNotIn("stays where it was", told)
                self.got += ids
                self.turn(minutes + 60)
                there = [e for e in self.store if ms(5) <= e["timestamp"] < ms(5 - minutes - 60)]
                self.assertEqual(set(self.ids(there)) - set(self.got), set())
                self.assertEqual(len(self.got), len(set(self.got)))

    def test_silence_of_late_may_end(self):
        self.fill(64, 0)
        self.turn(0)
        ids, told = self.turn(90, status=3)
        self.assertIn("no audit event at all", told)
        self.assertIn("stays where it was", told)

    def test_another_accounts_group_of_the_same_name(self):
        arn = "arn:aws:logs:us-east-1:%s:log-group:" + GROUP + ":*"
        self.fill(64, -60)
        self.group["arn"] = arn % "111122223333"
        self.turn(0)
        self.group["arn"] = arn % "444455556666"
        _, told = self.turn(60, status=2)
        self.assertIn("of account 111122223333, and these credentials see the log group of account 444455556666", told)
        self.group["arn"] = arn % "111122223333"
        self.turn(60)

    def test_a_checkpoint_that_is_later(self):
        self.fill(64, -180)
        self.turn(60)
        _, told = self.turn(0, status=2)
        self.assertIn("is yet to come", told)
        _, told = self.search("--checkpoint", self.file, "--until", "2026-01-15T12:30:00Z", now=self.at(70), status=64)
        self.assertIn("the checkpoint is at 2026-01-15T12:55:00Z, after --until", told)
        self.turn(62)

    def test_output_that_did_not_arrive_moves_nothing(self):
        self.fill(64, 6)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(self.argv("logs", "search", "--log-group", GROUP, "-o", "jsonl", "--checkpoint", self.file), env=self.env,
                                  stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertFalse(os.path.exists(self.file))


class Memory(LogStand):
    def test_memory_does_not_grow_with_the_window(self):
        if os.environ.get("ASAN_OPTIONS") is not None or b"__asan" in pathlib.Path(LogStand.binary).read_bytes():
            self.skipTest("sanitizers take memory of their own")
        self.page = 500
        self.env["AWS_REGION"] = "us-west-2"
        self.fill(64, 6, step_s=1, padding=1500)
        small = self.peak()
        self.fill(364, 66, step_s=3, padding=1500)
        large = self.peak("--since", "-6h")
        TABLE.append((f"memory: {small} KiB for 1 h, {large} KiB for 6 h", 0, 0, 0, "-"))
        self.assertLess(large, 32 * 1024)

    def peak(self, *args):
        script = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        done = subprocess.run([sys.executable, "-c", script, *self.argv("logs", "search", "--log-group", GROUP, "-o", "jsonl", *args)],
                              env=self.env, capture_output=True, text=True, timeout=300, check=True)
        return int(done.stdout)


def print_table():
    print(f"\n{'fault':48} {'events':>7} {'lost':>5} {'doubled':>8}  outcome")
    for fault, events, lost, doubled, whole in TABLE:
        shown = str(lost) if whole != "told" else f"({lost})"
        print(f"{fault:48} {events:7} {shown:>5} {doubled:8}  {whole}")
    print("(n): not read, and told: the window is not whole, its verdicts are unknown")


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=1)
    print_table()
    sys.exit(not program.result.wasSuccessful())

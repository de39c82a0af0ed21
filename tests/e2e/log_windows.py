#!/usr/bin/env python3
"""Reading audit logs out of CloudWatch Logs, window by window: log_windows.py BINARY"""
import json
import os
import sys
import unittest

from cloudwatch_stand import AUDIT, DENIED, GROUP, OTHERS, LogStand, ms

LogStand.binary = os.path.abspath(sys.argv.pop(1))
LONG_AGO = "2026-01-15T07:00:00Z"


class Windows(LogStand):
    def test_the_last_hour_is_read_and_nothing_else(self):
        self.fill(90, 66)
        wanted = self.fill(64, 6)
        self.fill(4, 0)
        for at in (ms(30), ms(20)):
            for stream in OTHERS:
                self.add(at, stream=stream)
        ids, _ = self.search()
        self.assertEqual(ids, self.ids(wanted))
        asked = json.loads([c for c in self.calls if c.headers.get("x-amz-target", "").endswith("FilterLogEvents")][0].body)
        self.assertEqual((asked["logStreamNamePrefix"], asked["startTime"], asked["endTime"]),
                         ("kube-apiserver-audit-", ms(65), ms(5) - 1))

    def test_coverage_names_windows_streams_and_requests(self):
        self.fill(180, 10)
        entries = self.coverage("--since", "-2h", "--until", "-10m")
        windows = [e for e in entries if e["source"].startswith(GROUP + " audit ")]
        self.assertEqual(len(windows), 2)
        for entry in windows:
            self.assertTrue(entry["complete"])
            self.assertGreater(entry["pages"], 1)
            self.assertRegex(entry["asked"]["first_request"], "^request-[0-9]+$")
            self.assertNotEqual(entry["asked"]["first_request"], entry["asked"]["last_request"])
        self.assertEqual(windows[0]["source"], GROUP + " audit 2026-01-15T10:00:00Z/2026-01-15T11:00:00Z")
        self.assertEqual([e["source"] for e in entries if e["source"] in AUDIT], AUDIT)
        self.assertEqual(sum(e["items"] for e in windows), sum(e["items"] for e in entries if e["source"] in AUDIT))

    def test_one_stream_at_a_time_where_that_is_faster(self):
        self.env["AWS_REGION"] = "eu-central-1"
        wanted = self.fill(300, 200)
        ids, _ = self.search("--since", LONG_AGO, "--until", "2026-01-15T08:30:00Z")
        self.assertEqual(ids, [i for e, i in zip(wanted, self.ids(wanted)) if e["timestamp"] < ms(210)])
        used = {c.headers["x-amz-target"].split(".")[1] for c in self.calls}
        self.assertIn("GetLogEvents", used)

    def test_the_authenticators_log_is_read_beside(self):
        self.fill(64, 6)
        self.add(ms(30), stream="authenticator-" + "e" * 32, text='time="2026-01-15T11:30:00Z" level=info msg="access granted" arn="arn:aws:iam::111122223333:role/ops" '
                 'client="127.0.0.1:50100" groups="[ops]" method=POST path=/authenticate uid="u" username=alice')
        done = self.run_it("check", "--log-group", GROUP, "-o", "json", "--fail-on", "never")
        self.assertEqual(json.loads(done.stdout)["run"]["identity"], "arn:aws:iam::111122223333:user/audit")
        entries = {e["what"]: e for e in json.loads(done.stdout)["coverage"] if e["source"].startswith(GROUP)}
        self.assertEqual(entries["authenticator"]["items"], 1)

    def test_the_name_of_a_cluster_names_its_group(self):
        wanted = self.fill(64, 6)
        done = self.run_it("logs", "search", "--eks-cluster", "demo", "-o", "jsonl", status=0)
        self.assertEqual(len(done.stdout.splitlines()), len(wanted))

    def test_flags_go_before_the_environment(self):
        self.fill(64, 6)
        del self.env["AWS_REGION"], self.env["AWS_ENDPOINT_URL"]
        self.search("--region", "us-west-2", "--endpoint-url", self.url)
        self.assertEqual({c.scope()[1] for c in self.calls}, {"us-west-2"})

    def test_usage(self):
        path = self.write("a.jsonl", "")
        self.run_it("logs", "search", path, "--log-group", GROUP, status=64)
        self.run_it("logs", "search", status=64)
        self.run_it("check", "--logs", path, "--checkpoint", "x", status=64)
        done = self.run_it("logs", "search", "--log-group", "/aws/eks/none/cluster", status=2)
        self.assertIn("there is no log group /aws/eks/none/cluster in us-east-1", done.stderr)


class Missing(LogStand):
    """What could not be read, or cannot be shown to be whole, is said, and makes verdicts unknown."""

    def incomplete(self, words, *args):
        entries = self.coverage(*args, status=3)
        window = next(e for e in entries if e["source"].startswith(GROUP + " audit"))
        self.assertFalse(window["complete"])
        self.assertIn(words, " ".join(window["errors"]))
        done = self.run_it("check", "--log-group", GROUP, "-o", "json", "--fail-on", "never", *args)
        result = json.loads(done.stdout)
        self.assertEqual((done.returncode, result["exit"]), (3, 3))
        verdicts = {c["id"]: c["verdict"] for c in result["controls"]}
        self.assertEqual({v for i, v in verdicts.items() if i.startswith("pod-exec-")}, {"unknown"})

    def test_a_stream_whose_last_event_did_not_come(self):
        self.fill(64, 20)
        self.told[AUDIT[0]] = {"lastEventTimestamp": ms(12)}
        self.incomplete(AUDIT[0] + " has an event at 2026-01-15T11:48:00Z that did not come")

    def test_retention(self):
        self.fill(64, 6)
        self.group["retentionInDays"] = 1
        self.incomplete("retention removes events from before 2026-01-14T12:00:00Z", "--since", "-30h")

    def test_a_group_that_is_younger(self):
        self.fill(64, 6)
        self.group["creationTime"] = ms(50)
        self.incomplete("the group was made at 2026-01-15T11:10:00Z")

    def test_what_is_too_young(self):
        self.fill(64, 0)
        self.incomplete("events after 2026-01-15T11:55:00Z may still be on their way", "--until", "now")

    def test_no_audit_stream(self):
        self.add(ms(30), stream=OTHERS[0])
        self.incomplete("is audit logging on?")

    def test_listing_denied(self):
        self.fill(64, 6)
        for operation in ("DescribeLogStreams", "DescribeLogGroups"):
            self.before = {operation: lambda call: DENIED}
            self.incomplete(f"needs logs:{operation}")

    def test_reading_denied(self):
        self.fill(64, 6)
        self.before = {"FilterLogEvents": lambda call: DENIED}
        self.incomplete("needs logs:FilterLogEvents")


if __name__ == "__main__":
    unittest.main()

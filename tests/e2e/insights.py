#!/usr/bin/env python3
"""Letting Logs Insights look through a log group: insights.py BINARY"""
import os
import sys
import unittest

from cloudwatch_stand import AUDIT, DENIED, GROUP, OTHERS, LogStand, audit, ms, stamp_s

LogStand.binary = os.path.abspath(sys.argv.pop(1))


class Insights(LogStand):
    """Logs Insights finds what reading all finds, reads less, and is never called full evidence."""

    def setUp(self):
        super().setUp()
        self.page = 5000
        self.fill(64, 6)
        self.kinds = [("get", "secrets", "a"), ("list", "secrets", "a.b"), ("delete", "networkpolicies", "axb"), ("get", "pods", "quo\"te"), ("get", "pods", "l\u00e4nge")]
        for i, (verb, resource, name) in enumerate(self.kinds * 20):
            self.add(ms(60 - i / 2), verb=verb, resource=resource, name=name)
        self.add(ms(30), text='{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get","objectRef":{"resource":"secrets","na[Truncated...]')
        self.add(ms(30), text=audit(900, ms(30), verb="get", resource="secrets"), stream=OTHERS[0])

    def lines(self, *args, status=0):
        """What is found, as it was logged: cut events are no JSON."""
        done = self.run_it("logs", "search", "--log-group", GROUP, "-o", "jsonl", *args, status=status)
        return done.stdout.splitlines(), done.stderr

    def pushed(self, *args):
        return self.lines("--insights", *args, status=3)

    def test_the_same_is_found(self):
        for args in (["--verb", "get"], ["-r", "secrets"], ["-r", "secret?"], ["--name", "a.b"], ["--name", "a*"], ["--verb", "get", "--verb", "delete", "-r", "*s", "-r", "pods"],
                     ["--code", "200", "-r", "secrets"], ["--code", "2*", "-r", "secrets"], ["--source-ip", "10.0.0.?", "-r", "pods"], ["-u", "system:kube-*", "--verb", "delete"],
                     ["-r", "pods", "--name", "l?nge"], ["-r", "pods", "--name", "quo*te"], ["-r", "secrets", "--where", "verb == 'list'"], ["-r", "[ps]*", "--verb", "get"]):
            with self.subTest(args=args):
                found, told = self.pushed(*args)
                self.assertEqual(found, self.lines(*args)[0])
                self.assertTrue(found)
                self.assertIn("no full evidence", told)

    def test_what_is_not_asked_for_is_not_read(self):
        _, told = self.pushed("-r", "networkpolicies")
        self.assertIn("20 of 20 events", told)
        self.assertEqual({c.headers["x-amz-target"].split(".")[1] for c in self.calls if "x-amz-target" in c.headers}, {"StartQuery", "GetQueryResults"})
        asked = self.queries[0]["asked"]
        self.assertEqual((asked["startTime"], asked["endTime"]), (ms(65) // 1000, ms(5) // 1000 - 1))

    def test_more_than_an_answer_holds(self):
        for i in range(7000):
            self.add(ms(40) + i, verb="patch", resource="nodes", name=f"n{i}")
        found, _ = self.pushed("--verb", "patch")
        self.assertEqual(len(found), 7000)
        self.assertEqual(len(set(found)), 7000)
        self.assertGreater(len(self.queries), 2)

    def test_more_than_an_answer_holds_in_a_second(self):
        for i in range(5001):
            self.add(ms(40) + i % 1000, verb="patch", resource="nodes", name=f"n{i}")
        self.pushed("--verb", "patch")
        done = self.run_it("logs", "search", "--log-group", GROUP, "--insights", "--verb", "patch", "-o", "jsonl", status=3)
        self.assertIn("a second has more than 5000 such events", done.stderr)

    def test_a_query_that_fails_or_takes_too_long(self):
        self.query_states = ["Running", "Failed"]
        _, told = self.pushed("-r", "secrets")
        self.assertIn('the query ended as "Failed" (request request-', told)
        self.query_states = ["Timeout"]
        found, _ = self.pushed("-r", "secrets")
        self.assertEqual(len(found), 41)

    def test_throttled(self):
        left = [3]

        def busy(call):
            left[0] -= 1
            return (400, {"__type": "LimitExceededException", "message": "Account maximum query concurrency limit of [100] reached."}) if left[0] > 0 else None
        self.before["StartQuery"] = busy
        self.assertEqual(len(self.pushed("-r", "secrets")[0]), 41)

    def test_denied(self):
        self.before["StartQuery"] = lambda call: DENIED
        done = self.run_it("logs", "search", "--log-group", GROUP, "--insights", "--verb", "get", status=3)
        self.assertIn("needs logs:StartQuery", done.stderr)
        done = self.run_it("logs", "coverage", "--log-group", GROUP, "--insights", status=2)
        self.assertIn("needs logs:StartQuery", done.stderr)

    def test_counts(self):
        self.store = [e for e in self.store if not ms(40) <= e["timestamp"] < ms(30)]
        entries = self.coverage("--insights", status=3)
        mine = [e for e in self.store if e["logStreamName"] in AUDIT and ms(65) <= e["timestamp"] < ms(5)]
        self.assertEqual(entries[0]["items"], len(mine))
        self.assertFalse(any(e["complete"] for e in entries))
        self.assertIn("no full evidence", entries[0]["errors"][0])
        self.assertEqual([(g["from"], g["to"]) for g in entries[0]["gaps"]],
                         [("2026-01-15T10:55:00Z", "2026-01-15T10:56:00Z"), ("2026-01-15T11:20:00Z", "2026-01-15T11:30:00Z")])
        self.assertEqual({e["source"]: e["items"] for e in entries[1:]}, {s: sum(e["logStreamName"] == s for e in mine) for s in AUDIT})
        self.assertEqual((entries[0]["first"], entries[0]["last"]), (stamp_s(min(e["timestamp"] for e in mine)), stamp_s(max(e["timestamp"] for e in mine))))

    def test_answers_that_are_none(self):
        self.before["GetQueryResults"] = lambda call: (200, {"status": "Complete", "results": {}})
        self.assertIn("an answer without its rows", self.pushed("-r", "secrets")[1])
        for time in (str(-2**63), str(2**63 - 1), "10000-01-01 00:00:00"):
            row = [{"field": k, "value": v} for k, v in (("@logStream", "s"), ("events", "1"), ("step", time), ("first", time), ("last", time))]
            self.before["GetQueryResults"] = lambda call: (200, {"status": "Complete", "results": [row]})
            self.assertIn("a row of counts that is not whole", self.run_it("logs", "coverage", "--log-group", GROUP, "--insights", status=2).stderr)

    def test_usage(self):
        for args, words in ((["search"], "name a --user"), (["search", "--where", "true"], "name a --user"), (["search", "--name", "*"], "name a --user"),
                            (["search", "--verb", "get", "--checkpoint", "x"], "does not go with --insights")):
            done = self.run_it("logs", *args, "--log-group", GROUP, "--insights", status=64)
            self.assertIn(words, done.stderr)
        path = self.write("a.jsonl", "")
        self.assertIn("not read together", self.run_it("logs", "search", path, "--insights", status=64).stderr)
        self.assertIn("--insights", self.run_it("logs", "coverage", path, "--insights", status=64).stderr)
        self.assertIn("does not belong", self.run_it("check", "--log-group", GROUP, "--insights", status=64).stderr)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""What AWS does not answer never makes a verdict better, nor worse: aws_withheld.py BINARY [all]

Of each call that a run makes, the answer is withheld in turn: refused, throttled for good, empty, begun and then
refused, cut, not AWS's. Every control must keep its verdict or come to "unknown"; one that fails on fewer findings
must say what was not read.
"""
import concurrent.futures
import http.server
import json
import os
import pathlib
import re
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
EVERY = sys.argv[-1] == "all" and bool(sys.argv.pop())
import aws_live
from aws_stand import Handler
from verdicts import wrong

ONE = "^Get|^DescribeTrails|^DescribeConfig|^GET .detector.|^GET .*[?]"  # answers that do not go on


def name_of(call):
    """One name for the calls that ask for the same."""
    return call.headers.get("x-amz-target", "").split(".")[-1] or call.form.get("Action") or \
        f"{call.method} {call.path}{'?' + call.query if call.scope()[2] == 's3' else ''}"


def text_of(body):
    return body if isinstance(body, str) else json.dumps(body)


def refused(call, answer):
    if call.form or call.scope()[2] == "s3":
        return 403, "<Response><Error><Code>AccessDenied</Code><Message>no</Message></Error></Response>"
    return 403, {"message": "no"}, {"x-amzn-ErrorType": "AccessDeniedException"}


def throttled(call, answer):
    if call.form or call.scope()[2] == "s3":
        return 503, "<Response><Error><Code>Throttling</Code><Message>slow</Message></Error></Response>"
    return 429, {"message": "slow"}, {"x-amzn-ErrorType": "ThrottlingException"}


def empty(call, answer):
    return 200, "<Empty/>" if isinstance(answer[1], str) else {}


def cut(call, answer):
    text = text_of(answer[1]).encode()
    return answer[0], text[:len(text) // 2], *answer[2:]


def of_a_proxy(call, answer):
    return 200, "<html><head><title>Sign in</title></head><body><p>Sign in</p></body></html>", {"Content-Type": "text/html"}


def begun(call, answer):
    """A first page without anything; what follows it is refused."""
    asked = call.body.decode() + call.query
    if re.search("(?i)(token|marker)[^,&]*again", asked):
        return refused(call, answer)
    tokens = ("nextToken", "NextToken")
    if isinstance(answer[1], str):
        emptied = re.sub(r"<(item|member)>.*</\1>", "", answer[1], flags=re.S)
        return 200, re.sub(r"(</[^<>]*>)$", r"<nextToken>again</nextToken>\1", re.sub("<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated><Marker>again</Marker>", emptied))
    return 200, {**{k: [] if isinstance(v, list) else v for k, v in answer[1].items()}, **dict.fromkeys(tokens, "again")}


ALWAYS, IN_TURN = (refused, empty, begun), (throttled, cut, of_a_proxy)


class Less:
    """The same AWS, of which one call is answered in another way."""

    def __init__(self, world, name, way):
        self.world, self.name, self.way = world, name, way
        self.calls, self.wrong, self.ahead, self.touched = [], [], world.ahead, 0
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Scripted", (Handler,), {"stand": self}))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()
        self.env = {**world.env, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.server_address[1]}", "AWS_MAX_ATTEMPTS": "1"}

    def answer(self, call):
        answer = self.world.aws(call)
        if name_of(call) != self.name:
            return answer
        self.touched += 1
        return self.way(call, answer)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Withheld(aws_live.World):
    def judge(self, name, way):
        less = Less(self, name, way)
        try:
            done = self.run_it("check", "--eks-cluster", "demo", "--objects", self.objects(), "-o", "json", "--fail-on", "never", "--profile", "eks-full",
                               *(a for c in aws_live.CONTROLS + ["access-*"] for a in ("--control", c)), env=less.env)
        finally:
            less.close()
        self.assertEqual(less.wrong, [])
        return done, less

    def test_no_verdict_comes_of_what_was_not_answered(self):
        aws_live.TARGETS["DescribeLogStreams"], aws_live.TARGETS["FilterLogEvents"] = {"logStreams": []}, {"events": []}
        self.objects()
        done, all_of_it = self.judge("", None)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        whole = {c["id"]: c for c in json.loads(done.stdout)["controls"]}
        names = sorted({name_of(c) for c in all_of_it.calls} - {"GetCallerIdentity", "DescribeLogStreams", "FilterLogEvents"})
        self.assertGreater(len(names), 70)
        mistakes = []

        def one(case):
            name, way = case
            done, less = self.judge(name, way)
            if done.returncode == 2:  # nothing is judged
                return [] if name == "GET /clusters/demo" else [f"{name}: {way.__name__}: {done.stderr}"]
            self.assertGreater(less.touched, 0, name)
            got = {c["id"]: c for c in json.loads(done.stdout)["controls"]}
            return [f"{name}: {way.__name__}: {i}: {why}" for i, c in whole.items() if (why := wrong(c, got[i]))]

        cases = [(name, way) for i, name in enumerate(names) for way in ALWAYS + (IN_TURN if EVERY else (IN_TURN[i % 3],))
                 if way is not begun or not re.search(ONE, name)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for found in pool.map(one, cases):
                mistakes += found
        self.assertEqual(mistakes, [], "\n".join(mistakes))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Speed and memory beside jq and a jansson program, on made-up audit logs, in the same run.

usage: bench.py --build DIR [--bytes SIZE] [--rounds N] [JOB…]

  speed      50 rules over a log: time against the peers; all three must count alike
  memory     peak memory on a log and on one ten times larger
  startup    time until a log of one line is judged
  truncated  a log with cut lines: every line is counted, whole or cut, and the counts are right
  gzip       the same log compressed, against gzip -dc (information)
  rules      400 rules against 50 (information)
  cluster    a dump of 10,000 pods: time against jq counting them, and peak memory
  backups    a dump of 100,000 copies of volumes and 20,000 backups: likewise, with the facts of backups alone
  cloudwatch pages of a log group from a server here, against the same events in a file
  network    10,000 pods, 2,000 policies and Services: controls of networks against jq counting the objects
  reach      all pairs of workloads in memory: growth over three sizes, and wide-open and other shapes

Default: all, on 200M in 5 rounds. With --gate the process fails where a limit below is missed.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys

import log_group
import measure

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = "2026-02-01T00:00:00Z"
SKIP = 77

# What a gate holds. Ratios are to the peer in the same run.
MIN_RATIO = {"jq": 10.0, "jansson": 5.0}
MAX_RSS_MB = 24.0
MAX_RSS_GROWTH_MB = 6.0  # tables of bounded size fill up
# Start-up with all controls of the executable, against jq reading its 50 rules.
MIN_STARTUP_RATIO = 1.5


# A dump of 10,000 pods, 2,000 service accounts and 3,000 bindings.
MAX_CLUSTER_RSS_MB = 64.0
MIN_CLUSTER_RATIO = 1.5
# A dump of 1,000 namespaces, 10,000 claims, 20,000 backups of 50 schedules and 100,000 copies of volumes.
MAX_BACKUPS_RSS_MB = 128.0
MIN_BACKUPS_RATIO = 0.8
# 10,000 pods, 2,000 policies, 2,000 Services in 200 namespaces.
MAX_NETWORK_RSS_MB = 64.0
MIN_NETWORK_RATIO = 0.75  # jq only counts
# The same events from a log group: they are packed once more, and travel.
MAX_LOG_GROUP_RSS_MB = 32.0
MIN_LOG_GROUP_RATIO = 0.2
# All pairs of classes, exact ports, in memory: how much longer a pair may take in the largest of three sizes than in the smallest,
# and all pairs of another shape than those of the usual one.
REACH_SIZES = (2000, 4000, 8000)
MAX_REACH_GROWTH = 2.5
MAX_REACH_SHAPE = 6.0
REACH_SHAPES = (("open", 0, ""), ("few", 20, ""), ("admitted", 800, "admitted"), ("named", 800, "named")) # of the middle size
MIN_REACH_RATIO = 5.0  # jq counts the objects
NETWORK_CONTROLS = ("netpol-*", "reach-*", "namespace-*", "exposed-*")


class Bench:
    def __init__(self, args):
        self.build, self.bytes, self.rounds, self.gate = args.build, args.bytes, args.rounds, args.gate
        self.data = os.path.join(args.build, "bench-data")
        self.own = os.path.join(args.build, "kube-baseline")
        self.problems = []
        os.makedirs(self.data, exist_ok=True)

    def path(self, name):
        return os.path.join(self.data, name)

    def say(self, text):
        print(text, flush=True)

    def require(self, ok, text):
        self.say("  %s  %s" % ("ok  " if ok else "MISS", text))
        if not ok:
            self.problems.append(text)

    def script(self, name, *args):
        return subprocess.run([sys.executable, "-B", os.path.join(HERE, name), *args], check=True,
                              stdout=subprocess.PIPE).stdout

    def log(self, size, *options):
        """A generated log, made once for each size and options."""
        path = self.path("audit-%s%s.jsonl" % (size, "".join(options).replace("--", "-")))
        if not os.path.exists(path):
            self.script("gen-audit-log.py", "--bytes", size, "--out", path + ".part",
                        "--expect", path + ".expect", *options)
            os.rename(path + ".part", path)
        return path

    def rules(self, form):
        path = self.path("rules." + form)
        with open(path, "wb") as f:
            f.write(self.script("j2-rules.py", form))
        return path

    def controls(self, copies=1):
        folder = self.path("controls-%d" % copies)
        shutil.rmtree(folder, ignore_errors=True)
        self.script("j2_controls.py", self.rules("json"), folder, str(copies))
        return folder

    def check(self, log, folder, profile="bench"):
        return [self.own, "check", "--logs", log, "--baseline", folder, "--profile", profile,
                "--now", NOW, "--fail-on", "never", "-o", "json"]

    def times_ten(self, size):
        return "%g%s" % (float(size[:-1]) * 10, size[-1])

    # ---- jobs ----------------------------------------------------------
    def speed(self):
        log = self.log(self.bytes)
        commands = {"kube-baseline": self.check(log, self.controls()),
                    "jansson": [os.path.join(self.build, "tests", "bench", "peer_jansson"),
                                self.rules("json"), log],
                    "jq": ["jq", "-f", self.rules("jq"), log]}
        runs = measure.interleaved(commands, self.rounds)
        size = os.path.getsize(log)
        self.say("50 rules over %.0f MB, one core, median of %d" % (size / 1e6, self.rounds))
        for name, results in runs.items():
            seconds = measure.median_seconds(results)
            self.say("  %-14s %7.3f s  %8.1f MB/s  %6.1f MB of memory"
                     % (name, seconds, size / 1e6 / seconds, measure.peak_mb(results)))
        own = counts_of_check(runs["kube-baseline"][0])
        self.same_counts("jansson", own, counts_of_lines(runs["jansson"][0].out))
        self.same_counts("jq", own, counts_of_jq(runs["jq"][0].out))
        for peer, least in MIN_RATIO.items():
            ratio = measure.median_ratio(runs[peer], runs["kube-baseline"])
            self.require(ratio >= least, "%.1f times as fast as %s (at least %g)" % (ratio, peer, least))

    def same_counts(self, peer, own, theirs):
        different = {k: (own.get(k, 0), theirs.get(k, 0)) for k in sorted(set(own) | set(theirs))
                     if own.get(k, 0) != theirs.get(k, 0)}
        self.require(not different and own != {}, "counts equal those of %s (%d rules matched)%s" % (
            peer, len(theirs), "" if not different else ": (own, %s) differ: %s" % (peer, different)))

    def memory(self):
        folder = self.controls()
        small = measure.run(self.check(self.log(self.bytes), folder))
        large = measure.run(self.check(self.log(self.times_ten(self.bytes)), folder))
        self.require(counts_of_check(small) != {} and counts_of_check(large) != {}, "both logs were judged")
        self.say("peak memory")
        self.require(small.rss_mb <= MAX_RSS_MB, "%.1f MB on %s (at most %g)" % (
            small.rss_mb, self.bytes, MAX_RSS_MB))
        self.require(large.rss_mb <= MAX_RSS_MB, "%.1f MB on %s (at most %g)" % (
            large.rss_mb, self.times_ten(self.bytes), MAX_RSS_MB))
        self.require(large.rss_mb - small.rss_mb <= MAX_RSS_GROWTH_MB,
                     "%.1f MB more on ten times the log (at most %g)" % (
                         large.rss_mb - small.rss_mb, MAX_RSS_GROWTH_MB))

    def startup(self):
        line = self.path("one-line.jsonl")
        with open(self.log("1M"), "rb") as source, open(line, "wb") as target:
            target.write(source.readline())
        own = [self.own, "check", "--logs", line, "--now", NOW, "--fail-on", "never"]
        commands = {"kube-baseline": own, "kube-baseline, 50 rules": self.check(line, self.controls()),
                    "jq, 50 rules": ["jq", "-f", self.rules("jq"), line]}
        runs = measure.interleaved(commands, 11)
        self.say("start-up: one line of log")
        for name, results in runs.items():
            self.say("  %-24s %5.1f ms" % (name, measure.median_seconds(results) * 1000))
        ratio = measure.median_ratio(runs["jq, 50 rules"], runs["kube-baseline"])
        self.require(ratio >= MIN_STARTUP_RATIO,
                     "all controls of the executable start %.1f times as fast as jq's 50 rules (at least %g)" % (
                         ratio, MIN_STARTUP_RATIO))

    def truncated(self):
        log = self.log(self.bytes, "--truncate", "300")
        with open(log + ".expect", encoding="utf-8") as f:
            expect = json.load(f)
        result = measure.run(self.check(log, self.controls(), "expect"))
        counts = counts_of_check(result, "expect-")
        coverage = [c for c in json.loads(result.out)["coverage"] if c.get("what") == "audit"]
        self.say("a log in which one line of 300 is cut")
        for name, control in (("secret_reads", "secret-reads"), ("exec_attach", "exec-attach"),
                              ("forbidden", "forbidden"), ("truncated", "truncated")):
            got = counts.get(control, 0)
            self.require(got == expect[name], "%s: %d, expected %d" % (name, got, expect[name]))
        items = sum(c["items"] for c in coverage)
        bad = sum(c.get("truncated", 0) for c in coverage)
        self.require(items == expect["lines"], "lines, whole and cut: %d, expected %d" % (
            items, expect["lines"]))
        self.require(bad == expect["truncated"], "cut lines in the coverage: %d, expected %d" % (
            bad, expect["truncated"]))

    def gzip(self):
        log = self.log(self.bytes)
        packed = log + ".gz"
        if not os.path.exists(packed):
            subprocess.run(["gzip", "-6", "-k", log], check=True)
        folder = self.controls()
        runs = measure.interleaved({"own": self.check(packed, folder),
                                    "gzip": ["sh", "-c", "gzip -dc %s >/dev/null" % packed]}, self.rounds)
        self.say("50 rules over the log as .gz: %.3f s; gzip -dc alone: %.3f s" % (
            measure.median_seconds(runs["own"]), measure.median_seconds(runs["gzip"])))

    def many_rules(self):
        log = self.log(self.bytes)
        runs = measure.interleaved({"50": self.check(log, self.controls()),
                                    "400": self.check(log, self.controls(8))}, self.rounds)
        self.say("400 rules take %.2f times as long as 50" % measure.median_ratio(runs["400"], runs["50"]))


    def cluster(self):
        folder = self.path("cluster")
        if not os.path.exists(folder):
            self.script("make_cluster.py", folder + ".part")
            os.rename(folder + ".part", folder)
        pods = os.path.join(folder, "pods.json")
        commands = {"kube-baseline": [self.own, "check", "--objects", folder, "--profile", "cluster", "--now", NOW, "-o", "json"],
                    "jq": ["jq", ".items | length", pods]}
        runs = measure.interleaved(commands, min(self.rounds, 3))
        own = runs["kube-baseline"][0]
        size = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
        self.say("a dump of %.0f MB, one core" % (size / 1e6))
        for name, results in runs.items():
            self.say("  %-14s %7.3f s  %6.1f MB of memory" % (name, measure.median_seconds(results), measure.peak_mb(results)))
        read = {c["what"]: c["items"] for c in json.loads(own.out)["coverage"]}
        self.require(read.get("pods") == int(runs["jq"][0].out), "every pod was read")
        self.require(measure.peak_mb(runs["kube-baseline"]) <= MAX_CLUSTER_RSS_MB, "%.1f MB (at most %g)" % (
            measure.peak_mb(runs["kube-baseline"]), MAX_CLUSTER_RSS_MB))
        ratio = measure.median_ratio(runs["jq"], runs["kube-baseline"])
        self.require(ratio >= MIN_CLUSTER_RATIO, "judged %.1f times as fast as jq counts the pods (at least %g)" % (ratio, MIN_CLUSTER_RATIO))

    def backups(self):
        folder = self.path("backups")
        if not os.path.exists(folder):
            self.script("make_backups.py", folder + ".part")
            os.rename(folder + ".part", folder)
        names = sorted(os.listdir(folder))
        lists = [os.path.join(folder, name) for name in names]
        commands = {"kube-baseline": [self.own, "check", "--objects", folder, "--profile", "cluster", "--control", "backup-*",
                                      "--now", NOW, "-o", "json"],
                    "jq": ["jq", ".items | length", *lists]}
        runs = measure.interleaved(commands, min(self.rounds, 3))
        own = runs["kube-baseline"][0]
        self.say("a dump of backups of %.0f MB, one core" % (sum(map(os.path.getsize, lists)) / 1e6))
        for name, results in runs.items():
            self.say("  %-14s %7.3f s  %6.1f MB of memory" % (name, measure.median_seconds(results), measure.peak_mb(results)))
        read = {c["what"]: c["items"] for c in json.loads(own.out)["coverage"]}
        counted = {name[:-len(".json")]: int(n) for name, n in zip(names, runs["jq"][0].out.split())}
        kinds = [kind for kind in counted if kind.endswith(".velero.io")]
        self.require(kinds and all(read.get(kind) == counted[kind] for kind in kinds), "every object of Velero was read")
        self.require(measure.peak_mb(runs["kube-baseline"]) <= MAX_BACKUPS_RSS_MB, "%.1f MB (at most %g)" % (
            measure.peak_mb(runs["kube-baseline"]), MAX_BACKUPS_RSS_MB))
        ratio = measure.median_ratio(runs["jq"], runs["kube-baseline"])
        self.require(ratio >= MIN_BACKUPS_RATIO, "judged %.1f times as fast as jq counts the objects (at least %g)" % (ratio, MIN_BACKUPS_RATIO))

    def cloudwatch(self):
        log = self.log("60M")
        command = [self.own, "check", "--profile", "audit-log", "--fail-on", "never", "-o", "json", "--now",
                   log_group.NOW]
        with log_group.serve(log) as group:
            runs = {"log group": measure.run([*command, "--log-group", group.name], env=group.env),
                    "file": measure.run([*command, "--logs", log])}
        self.say("a log group: %d pages, %.0f MB" % (group.pages, group.bytes / 1e6))
        for name, run in runs.items():
            size = group.bytes if name == "log group" else os.path.getsize(log)
            self.say("  %-14s %7.3f s of processor  %8.1f MB/s  %6.1f MB of memory"
                     % (name, run.cpu_seconds, size / 1e6 / run.cpu_seconds, run.rss_mb))
        items = [next(c["items"] for c in json.loads(run.out)["coverage"] if c["what"] == "audit")
                 for run in runs.values()]
        self.require(items[0] == items[1] == group.events, "every event was read: %d and %d of %d" % (*items, group.events))
        self.require(runs["log group"].rss_mb <= MAX_LOG_GROUP_RSS_MB, "%.1f MB (at most %g)" % (
            runs["log group"].rss_mb, MAX_LOG_GROUP_RSS_MB))
        ratio = runs["file"].cpu_seconds / runs["log group"].cpu_seconds
        self.require(ratio >= MIN_LOG_GROUP_RATIO, "%.2f times as fast as from the file (at least %g)" % (
            ratio, MIN_LOG_GROUP_RATIO))

    def network(self):
        folder = self.path("network")
        if not os.path.exists(folder):
            self.script("make_network.py", folder + ".part")
            os.rename(folder + ".part", folder)
        files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
        controls = [word for name in NETWORK_CONTROLS for word in ("--control", name)]
        commands = {"kube-baseline": [self.own, "check", "--objects", folder, "--profile", "cluster", "--now", NOW,
                                      "-o", "json", *controls],
                    "network reach": [self.own, "network", "reach", "--objects", folder, "-o", "csv"],
                    "jq": ["jq", ".items | length", *files]}
        runs = measure.interleaved(commands, min(self.rounds, 3))
        self.say("networks: a dump of %.0f MB, one core" % (sum(map(os.path.getsize, files)) / 1e6))
        for name, results in runs.items():
            self.say("  %-14s %7.3f s  %6.1f MB of memory" % (name, measure.median_seconds(results), measure.peak_mb(results)))
        read = sum(c["items"] for c in json.loads(runs["kube-baseline"][0].out)["coverage"])
        there = sum(map(int, runs["jq"][0].out.split()))
        self.require(read == there, "every object was read: %d of %d" % (read, there))
        self.require(runs["network reach"][0].out.count(b"\n") > 10000, "network reach tells who reaches whom")
        for name in ("kube-baseline", "network reach"):
            peak = measure.peak_mb(runs[name])
            self.require(peak <= MAX_NETWORK_RSS_MB, "%s: %.1f MB (at most %g)" % (name, peak, MAX_NETWORK_RSS_MB))
            ratio = measure.median_ratio(runs["jq"], runs[name])
            self.require(ratio >= MIN_NETWORK_RATIO, "%s: %.1f times as fast as jq counts the objects (at least %g)" % (
                name, ratio, MIN_NETWORK_RATIO))


    def reach(self):
        """Who reaches whom, in memory: growth over three sizes, and the shapes of clusters beside the usual one."""
        usual = [self.pairs("%d" % n, n, n // 5, "") for n in REACH_SIZES]
        jq = measure.interleaved({"jq": ["jq", ".items | length", os.path.join(self.path("reach-%d" % REACH_SIZES[-1]), "pods.json")]}, 1)
        for n, one in zip(REACH_SIZES, usual):
            self.say("  %6d pods: %6.1f ms of which closing %5.1f, %7.1f million pairs a second" % (
                n, one["all"], one["closed"], one["pairs"] / one["asked"] / 1e3))
        growth = (usual[-1]["all"] / usual[-1]["pairs"]) / (usual[0]["all"] / usual[0]["pairs"])
        self.require(growth <= MAX_REACH_GROWTH, "a pair takes %.2f times as long in the largest (at most %g)" % (growth, MAX_REACH_GROWTH))
        for name, policies, shape in REACH_SHAPES:
            one = self.pairs(name, REACH_SIZES[1], policies, shape)
            ratio = one["all"] / usual[1]["all"]
            self.require(ratio <= MAX_REACH_SHAPE, "%-8s %6.1f ms, %.1f times the usual shape (at most %g), %d of %d pairs open" % (
                name, one["all"], ratio, MAX_REACH_SHAPE, one["open"], one["pairs"]))
        ratio = 1e3 * measure.median_seconds(jq["jq"]) / usual[-1]["all"]
        self.require(ratio >= MIN_REACH_RATIO, "%.1f times as fast as jq counts the pods (at least %g)" % (ratio, MIN_REACH_RATIO))

    def pairs(self, name, pods, policies, shape):
        """The best of some rounds, of the engine of EKS."""
        folder = self.path("reach-" + name)
        if not os.path.exists(folder):
            self.script("make_network.py", folder + ".part", str(pods), str(policies), "2000", "200", shape)
            os.rename(folder + ".part", folder)
        program = os.path.join(self.build, "tests", "bench", "bench_network")
        rounds = []
        for _ in range(max(2, self.rounds)):
            out = subprocess.run([program, folder], check=True, capture_output=True, text=True).stdout
            found = re.search(r"^vpc-cni .*closed in ([\d.]+) ms; (\d+) classes, (\d+) of (\d+) pairs open, ([\d.]+) ms", out, re.M)
            closed, asked = float(found[1]), float(found[5])
            rounds.append({"closed": closed, "asked": asked, "all": closed + asked, "open": int(found[3]), "pairs": int(found[4])})
        return min(rounds, key=lambda one: one["all"])


def counts_of_check(result, prefix="j2-"):
    """{rule: findings}, without the zeros."""
    if result.status not in (0, 3):
        sys.exit("check ended with status %d:\n%s" % (result.status, result.err.decode()))
    counts = {}
    for control in json.loads(result.out)["controls"]:
        failed = control["totals"].get("fail", 0)
        if control["id"].startswith(prefix) and failed > 0:
            name = control["id"][len(prefix):]
            counts[name if prefix != "j2-" else int(name)] = failed
    return counts


def counts_of_lines(out):
    return {int(rule): int(n) for n, rule in (line.split() for line in out.splitlines())}


def counts_of_jq(out):
    counts = {}
    for rule in out.split():
        counts[int(rule)] = counts.get(int(rule), 0) + 1
    return counts


JOBS = {"speed": Bench.speed, "memory": Bench.memory, "startup": Bench.startup,
        "truncated": Bench.truncated, "gzip": Bench.gzip, "rules": Bench.many_rules, "cluster": Bench.cluster,
        "backups": Bench.backups, "network": Bench.network, "reach": Bench.reach, "cloudwatch": Bench.cloudwatch}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--bytes", default="200M")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("jobs", nargs="*", metavar="JOB")
    args = parser.parse_args()
    if shutil.which("jq") is None and "speed" in (args.jobs or JOBS):
        print("skipped: jq is not installed")
        sys.exit(SKIP)
    bench = Bench(args)
    for job in args.jobs or JOBS:
        JOBS[job](bench)
    sys.exit(1 if args.gate and bench.problems else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What `network fix` prints is what it says: fixes.py BINARY OBJECTS[,MORE...] [PROFILE [OPTION...]]

Everything is fixed at once, and the policies are put beside the objects: `check` must not find any more what was said to be
mended, must find what was not, and nothing else. Then each failing control is fixed alone, and judged alone.
"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile


def run(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{words}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


class Cluster:
    def __init__(self, program, objects, profile, more):
        self.program, self.objects, self.profile, self.more = program, objects, profile, more

    def fix(self, form, *words):
        return run(self.program, "network", "fix", *words, "--objects", *self.objects, "--profile", self.profile,
                   "-o", form, *self.more)

    def judge(self, controls, added=()):
        """(control, object, message) of all that fails."""
        text = run(self.program, "check", "--objects", *self.objects, *added, "--profile", self.profile, "-o", "json",
                   "--max-findings", "100000", *(word for control in controls for word in ("--control", control)), *self.more)
        return {(control["id"], finding["object"], *detail(finding)) for control in json.loads(text)["controls"]
                for finding in control["findings"] if finding["verdict"] in ("fail", "unknown")}


def detail(finding):
    """What tells findings of one object apart."""
    row = finding["row"]
    return [row[key] for key in ("text", "from_namespace") if key in row]


def told(cluster, *words):
    """{(control, object, detail): whether it is mended}"""
    rows = list(csv.DictReader(io.StringIO(cluster.fix("csv", *words))))
    out = {}
    for row in rows:
        name, _, more = row["object"].partition(" (")
        out[(row["control"], name, *([more[:-1]] if more else []))] = row["mended"] == "yes"
    return out


def try_out(cluster, words, controls):
    before, says = cluster.judge(controls), told(cluster, *words)
    policies = cluster.fix("json", *words)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "fixes.json")
        with open(path, "w", encoding="utf-8") as out:
            out.write(policies)
        count = len(json.loads(policies)["items"])
        after = cluster.judge(controls, [path] if count else [])
    wrong = []
    for key, mended in says.items():
        if key not in before:
            wrong.append(f"{key} is told of, but does not fail")
        if mended == (key in after):
            wrong.append(f"{key}: said to be {'mended' if mended else 'not mended'}, and is not so")
    wrong += [f"{key} fails with the policies, and did not before" for key in after - before]
    print(f"{' '.join(words) or 'all'}: {len(says)} failures, {sum(says.values())} mended by {count} policies, {len(wrong)} wrong")
    return wrong, says


def main(program, objects, profile="cluster", *more):
    cluster = Cluster(program, objects.split(","), profile, list(more))
    says = told(cluster)
    controls = sorted({key[0] for key in says})
    if not controls:
        sys.exit("nothing fails")
    wrong, _ = try_out(cluster, [], controls)
    for control in controls:
        wrong += try_out(cluster, [control], [control])[0]
    for line in wrong:
        print(line)
    mended = sum(says.values())
    print(f"{len(says) - len(wrong)} passed, {len(wrong)} failed ({mended} mended)")
    sys.exit(1 if wrong or mended == 0 else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])

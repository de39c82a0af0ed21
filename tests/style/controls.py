"""Every control has its cases and its own name; every profile names controls that exist.

usage: controls.py [EXECUTABLE]    with it, also: what is embedded is what lies in baselines/
"""
import fnmatch
import os
import subprocess
import sys
import tempfile

import yaml

from style import ROOT, files, finish, read, skip

AREAS = "baselines/"
PROFILES = "baselines/profiles/"


def controls():
    for path in files(".yaml", under=(AREAS,)):
        name = os.path.basename(path)
        if not path.startswith(PROFILES) and not name.endswith(".cases.yaml") and name[0] != "_":
            yield path


def check_cases(path, control):
    cases_path = path[:-len(".yaml")] + ".cases.yaml"
    if not os.path.exists(os.path.join(ROOT, cases_path)):
        if control.get("manual"):
            return []
        return ["%s: no %s" % (path, os.path.basename(cases_path))]
    cases = yaml.safe_load(read(cases_path))
    wants = {c.get("want") for c in cases if isinstance(c, dict)}
    needed = {"pass", "unknown"} if control.get("record") else {"pass", "fail", "unknown"}
    missing = needed - wants
    return ["%s: no case wants %s" % (cases_path, ", ".join(sorted(missing)))] if missing else []


def check_names(loaded):
    problems, owner_of = [], {}
    for path, control in loaded.items():
        stem = os.path.basename(path)[:-len(".yaml")]
        if control.get("id") != stem:
            problems.append("%s: its id is %r" % (path, control.get("id")))
        for name in [stem] + list(control.get("aka") or []):
            if name in owner_of:
                problems.append("%s: %r is also a name of %s" % (path, name, owner_of[name]))
            owner_of[name] = path
    for path in files(".cases.yaml", under=(AREAS,)):
        if path[:-len(".cases.yaml")] + ".yaml" not in loaded:
            problems.append("%s: cases without a control" % path)
    return problems


def check_profiles(loaded):
    ids = {os.path.basename(p)[:-len(".yaml")] for p in loaded}
    problems = []
    for path in files(".yaml", under=(PROFILES,)):
        selection = (yaml.safe_load(read(path)) or {}).get("controls") or {}
        named = [n for key in ("include", "exclude") for n in selection.get(key) or []]
        named += list(selection.get("severity") or {})
        problems += ["%s: %r names no control" % (path, name) for name in named
                     if not any(fnmatch.fnmatchcase(i, name.split("/")[-1]) for i in ids)
                     and not os.path.isdir(os.path.join(ROOT, AREAS, name.split("/")[0]))]
    return problems


def check_embedded(executable):
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "out")
        run = subprocess.run([executable, "baseline", "export", target], check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if run.returncode != 0:
            return ["baseline export failed:\n" + run.stdout.decode()]
        diff = subprocess.run(["diff", "-r", os.path.join(ROOT, AREAS), target], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return [diff.stdout.decode()] if diff.returncode else []


def main():
    loaded = {path: yaml.safe_load(read(path)) for path in controls()}
    if not loaded:
        skip("there are no controls yet")
    if len(sys.argv) > 1:
        finish(check_embedded(sys.argv[1]), "embedded baselines")
    problems = check_names(loaded) + check_profiles(loaded)
    for path, control in loaded.items():
        problems += check_cases(path, control)
    finish(problems, "controls (%d)" % len(loaded))


main()

"""Functions fit on a screen or two, files have one concern, the root stays readable."""
import subprocess

from style import ROOT, files, finish, read

FUNCTION_LINES, COMPLEXITY = 60, 15
FILE_LINES = {".c": 500, ".h": 250, ".py": 500, ".sh": 300}
ROOT_ENTRIES = 15


def functions(paths):
    """(complexity, lines, place) by pmccabe; a switch counts as one branch."""
    if not paths:
        return
    out = subprocess.run(["pmccabe"] + paths, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    for line in out.decode().splitlines():
        parts = line.split(None, 5)
        yield int(parts[0]), int(parts[4]), parts[5]


def main():
    problems = []
    for complexity, lines, place in functions(files(".c", under=("lib/", "cmd/", "tests/"))):
        if lines > FUNCTION_LINES:
            problems.append("%s has %d lines (limit %d)" % (place, lines, FUNCTION_LINES))
        if complexity > COMPLEXITY:
            problems.append("%s has complexity %d (limit %d)" % (place, complexity, COMPLEXITY))
    for suffix, limit in FILE_LINES.items():
        for path in files(suffix, under=("lib/", "cmd/", "tests/", "include/")):
            if path == "tests/bench/gen-audit-log.py":
                continue  # one generator, mostly text of events
            lines = read(path).count("\n")
            if lines > limit:
                problems.append("%s has %d lines (limit %d)" % (path, lines, limit))
    entries = sorted({p.split("/")[0] for p in files("")})
    visible = [e for e in entries if not e.startswith(".")]
    if len(visible) > ROOT_ENTRIES:
        problems.append("the root has %d visible entries (limit %d): %s" % (
            len(visible), ROOT_ENTRIES, " ".join(visible)))
    finish(problems, "sizes")


main()

"""What the style tests share: the files of the project, C without comments, and reporting."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIP = 77  # CTest's SKIP_RETURN_CODE

# The two towers of lib/.
ACQUIRES = {"net", "aws", "kube", "source"}
JUDGES = {"audit", "cluster", "rbac", "network", "backup", "facts", "cel", "baseline", "report"}

_TOKEN = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X)


def tracked():
    """All paths that are committed or staged; without a repository, all there are."""
    # safe.directory: a checkout may belong to another user than the one that tests it
    run = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if run.returncode == 0:
        return set(run.stdout.decode().split("\0")) - {""}
    found = set()
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in ("build", ".git")]
        found.update(os.path.relpath(os.path.join(folder, n), ROOT) for n in names)
    return found


def files(*suffixes, under=("",)):
    """Paths, relative to the root, of the project's files with one of these endings."""
    return [p for p in sorted(tracked())
            if p.endswith(suffixes) and p.startswith(tuple(under))
            and os.path.isfile(os.path.join(ROOT, p))]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def code_only(text):
    """C with comments and the insides of literals blanked; lines keep their numbers."""
    def blank(match):
        token = match.group()
        keep = token[0] if token[0] in "\"'" else " "
        return keep + re.sub(r"[^\n]", " ", token[1:-1]) + (keep if len(token) > 1 else "")
    return _TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def finish(problems, what):
    """Print the problems and end with the status CTest wants."""
    for problem in problems:
        print(problem)
    print("%s: %d problem%s" % (what, len(problems), "" if len(problems) == 1 else "s"))
    sys.exit(1 if problems else 0)


def skip(why):
    print("skipped: " + why)
    sys.exit(SKIP)

"""A file includes only from its own folder and from lower floors; the two towers stay apart."""
import re

from style import ACQUIRES, JUDGES, files, finish, line_of, read

FLOOR = {"base": 0, "data": 1,
         "audit": 2, "cluster": 2, "rbac": 2, "network": 2, "backup": 2, "cel": 2,
         "net": 3, "facts": 3, "aws": 4, "kube": 4, "baseline": 4,
         "source": 5, "report": 5, "evidence": 5, "history": 5, "run": 6, "kube-baseline": 7}
# Libraries that reach outside, and the folders that may use them.
OUTSIDE = {"curl/": {"net", "aws"}, "openssl/": {"source", "data", "net", "aws", "kube", "evidence", "run"},
           "sqlite3.h": {"history"}, "expat.h": {"data"}}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def check_own(folder, target, where):
    if "/" not in target:
        return "%s: \"%s\" is written without its floor" % (where, target)
    other = target.split("/")[0]
    if other == "kube_baseline" or other == folder:
        return None
    if other not in FLOOR:
        return "%s: there is no floor \"%s\"" % (where, other)
    if FLOOR[other] >= FLOOR[folder]:
        return "%s: %s (floor %d) includes %s (floor %d)" % (
            where, folder, FLOOR[folder], target, FLOOR[other])
    if folder in JUDGES and other in ACQUIRES or folder in ACQUIRES and other in JUDGES:
        return "%s: acquisition and judgement meet in run, not in %s" % (where, folder)
    return None


def check_system(folder, target, where):
    for prefix, allowed in OUTSIDE.items():
        if target.startswith(prefix) and folder not in allowed:
            return "%s: %s is not for %s" % (where, target, folder)
    return None


def main():
    problems = []
    for path in files(".c", ".h", under=("lib/", "cmd/")):
        folder, text = path.split("/")[1], read(path)
        if folder not in FLOOR:
            problems.append("%s: the folder has no floor" % path)
            continue
        for m in INCLUDE.finditer(text):
            where = "%s:%d" % (path, line_of(text, m.start()))
            check = check_own if m.group(1) == '"' else check_system
            problems.append(check(folder, m.group(2), where))
    finish([p for p in problems if p], "floors")


main()

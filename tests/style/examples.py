"""Every console example of the documents runs, and prints what the document says.

usage: examples.py [--update] EXECUTABLE

In a block fenced as "console", lines that begin with "$ " are commands, run by bash from the root of the
repository with the executable on PATH; what follows is their output, both streams. A line "…" stands
for any lines. --update writes the real output into the documents (where a block has no "…").
"""
import os
import re
import subprocess
import sys
import tempfile

from style import ROOT, files, finish, line_of, read

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)
ANY = "…"


def parse(block):
    """[(command, [expected line, …]), …]"""
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps and steps[-1][0].endswith("\\") and not steps[-1][1]:
            steps[-1] = (steps[-1][0] + "\n" + line, [])
        elif steps:
            steps[-1][1].append(line)
    return steps


def environment(executable, home):
    return {"PATH": os.path.dirname(os.path.abspath(executable)) + ":/usr/bin:/bin", "HOME": home,
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100", "NO_COLOR": "1", "TMPDIR": home}


def execute(command, status, env):
    run = subprocess.run(["bash", "-c", "(exit %d)\n%s" % (status, command)], cwd=ROOT, env=env,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, timeout=120, check=False)
    return run.returncode, run.stdout.decode(errors="replace").splitlines()


def agrees(got, wanted):
    if ANY not in wanted:
        return got == wanted
    i = wanted.index(ANY)
    if got[:i] != wanted[:i]:
        return False
    return any(agrees(got[j:], wanted[i + 1:]) for j in range(i, len(got) + 1))


def run_block(block, env, where, problems):
    """The block as it should read."""
    status, lines = 0, []
    for command, wanted in parse(block):
        status, got = execute(command, status, env)
        if not agrees(got, wanted):
            problems.append("%s: $ %s\n--- the document says\n%s\n--- it prints\n%s" % (
                where, command, "\n".join(wanted), "\n".join(got)))
        lines += ["$ " + command] + (wanted if ANY in wanted else got)
    return "".join(line + "\n" for line in lines)


def main():
    update, executable = "--update" in sys.argv, sys.argv[-1]
    problems, count = [], 0
    with tempfile.TemporaryDirectory() as home:
        env = environment(executable, home)
        for path in files(".md"):
            text = read(path)

            def replace(match, path=path, text=text):
                where = "%s:%d" % (path, line_of(text, match.start()))
                return "```console\n%s```" % run_block(match.group(1), env, where, problems)
            new = BLOCK.sub(replace, text)
            count += len(BLOCK.findall(text))
            if update and new != text:
                with open(os.path.join(ROOT, path), "w", encoding="utf-8") as f:
                    f.write(new)
    finish([] if update else problems, "examples (%d blocks)" % count)


main()

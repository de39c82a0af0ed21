#!/usr/bin/env python3
"""Golden tests: commands with their output and exit status.

    run.py BINARY [CASE…]            compare; exits 1 where something differs
    run.py --update BINARY [CASE…]   write what the binary prints now; look at the change before committing it

A case is a folder: `cmd` (a shell line, run in that folder with kube-baseline, kubectl-baseline,
render_fixture and check_schema.py on PATH), `stdout`, `stderr`, `rc`. Clock, width and locale are fixed; what changes with every build is masked.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MASKS = [
    (re.compile(r"commit [0-9a-f]{12}\b"), "commit <commit>"),
    (re.compile(r'"commit": "[0-9a-f]{12}"'), '"commit": "<commit>"'),
    (re.compile(r'"digest": "[0-9a-f]{64}"'), '"digest": "<digest>"'),
    (re.compile(r'"id": "[0-9a-f]{32}"'), '"id": "<run>"'),
    (re.compile(r"jansson [\d.]+, zstd [\d.]+"), "jansson <version>, zstd <version>"),
]


def mask(data):
    text = data.decode("utf-8", "surrogateescape")
    for pattern, shown in MASKS:
        text = pattern.sub(shown, text)
    return text


def run(case, bin_dir):
    env = {
        "PATH": f"{bin_dir}:{bin_dir}/tests/golden:{HERE}:/usr/bin:/bin",
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "TZ": "Pacific/Chatham",
        "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
        "DATA": str(HERE.parent / "data"),
    }
    env.update(line.split("=", 1) for line in read(case / "env").splitlines())
    done = subprocess.run(["sh", "-c", read(case / "cmd")], cwd=case, env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=300)
    return {"stdout": mask(done.stdout), "stderr": mask(done.stderr), "rc": f"{done.returncode}\n"}


def read(path):
    # bytes: text mode would turn the CRLF of CSV into LF
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else ""


def compare(case, got):
    ok = True
    for name, text in got.items():
        want = read(case / name)
        if want != text:
            ok = False
            diff = difflib.unified_diff(want.splitlines(True), text.splitlines(True), f"{case.name}/{name}", "now")
            sys.stdout.write("".join(line if line.endswith("\n") else line + "\n" for line in diff))
    return ok


def main(argv):
    update = argv[:1] == ["--update"]
    argv = argv[1:] if update else argv
    bin_dir = pathlib.Path(argv[0]).resolve().parent
    names = argv[1:] or sorted(p.parent.name for p in HERE.glob("*/cmd"))
    failed = 0
    for name in names:
        case = HERE / name
        got = run(case, bin_dir)
        if update:
            for part, text in got.items():
                (case / part).write_bytes(text.encode("utf-8", "surrogateescape"))
        elif not compare(case, got):
            failed += 1
    if not names:
        print("no cases")
        return 1
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="surrogateescape")
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""What is not read never makes a verdict better, nor worse.

    withheld.py BINARY WORLD...

Of a world, each file is taken away, and cut in its middle, in turn. Every control must keep its verdict or come to
"unknown"; one that fails on fewer findings must say what was not read.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from verdicts import wrong  # noqa: E402

FOLDERS = ("objects", "aws")


def judge(binary, world, now):
    run = subprocess.run([binary, "check", "--objects", world / "objects", "--aws", world / "aws", "--profile", "eks-full",
                          "--now", now, "-o", "json"], capture_output=True)
    if run.returncode not in (0, 1, 3):
        sys.exit("check ended with status %d:\n%s" % (run.returncode, run.stderr.decode("utf-8", "replace")))
    return {control["id"]: control for control in json.loads(run.stdout)["controls"]}


def without(world, copy, name, half):
    """A copy of the world in which one file is gone, or ends in its middle."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(world, copy, copy_function=os.link)
    os.unlink(copy / name)
    if half:
        text = (world / name).read_bytes()
        (copy / name).write_bytes(text[:len(text) // 2])


def files_of(world):
    return sorted(path.relative_to(world) for folder in FOLDERS for path in (world / folder).rglob("*") if path.is_file())


def main():
    binary, passed, failed = sys.argv[1], 0, 0
    for world in map(pathlib.Path, sys.argv[2:]):
        now = (world / "now.txt").read_text().strip()
        whole = judge(binary, world, now)
        with tempfile.TemporaryDirectory(dir=world.parent) as folder:
            for name in files_of(world):
                for half in (False, True):
                    copy = pathlib.Path(folder) / "world"
                    without(world, copy, name, half)
                    less = judge(binary, copy, now)
                    mistakes = [(i, why) for i, why in ((i, wrong(whole[i], less[i])) for i in whole) if why]
                    for control, why in mistakes:
                        print("%s: %s %s: %s: %s" % (world.name, name, "cut" if half else "taken away", control, why))
                    failed += len(mistakes)
                    passed += len(whole) - len(mistakes)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

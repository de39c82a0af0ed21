"""Running programs and taking their time and memory."""
import os
import statistics
import subprocess
import tempfile
import time


class Run:
    def __init__(self, seconds, cpu_seconds, rss_mb, status, out, err):
        self.seconds, self.cpu_seconds, self.rss_mb, self.status = seconds, cpu_seconds, rss_mb, status
        self.out, self.err = out, err


def one_cpu():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def run(command, pinned=True, env=None):
    """Wall time and processor time of the whole process, and its peak resident memory."""
    with tempfile.NamedTemporaryFile() as memory:
        # A child begins with the memory of who started it, as far as its peak goes: so it is
        # started by something small.
        command = ["/usr/bin/time", "-q", "-f", "%U %S %M", "-o", memory.name] + command
        begin = time.perf_counter()
        child = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, check=False, env=env,
                               preexec_fn=one_cpu if pinned else None)
        seconds = time.perf_counter() - begin
        user, system, peak = map(float, memory.read().split()[-3:])
        return Run(seconds, user + system, peak / 1024, child.returncode, child.stdout, child.stderr)


def interleaved(commands, rounds, pinned=True):
    """{name: [Run, …]}: every command once a round, so that a busy machine is fair to all."""
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command, pinned))
    return runs


def median_seconds(runs):
    return statistics.median(r.seconds for r in runs)


def peak_mb(runs):
    return max(r.rss_mb for r in runs)


def median_ratio(peer, own):
    """Median over the rounds of how many times longer the peer took."""
    return statistics.median(p.seconds / o.seconds for p, o in zip(peer, own))

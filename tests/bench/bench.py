"""What the benches of the Matrix side have in common.

Every figure is printed with its limit, or beside a rival of the same run:
machines are noisy, so compare. BENCH is a folder on the disk to measure.
"""

import os
import pathlib
import signal
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
import process  # noqa: E402
from process import BUILD, ROOT  # noqa: E402

FOLDER = pathlib.Path(os.environ.get("BENCH", BUILD / "bench")).resolve()

# A look-up, a choice, a miss, another script, another layout, a lot.
QUERIES = ["!q gil", "!q декоратор", "!q что такое bytecode?", "!й пшд", "!q kubernetes",
           "!q контекстный менеджер", "!q asyncio", "!random"]


class Rival:
    """rival.c: SQLite on the same disk, while the bot rests."""

    def __init__(self, where):
        where = pathlib.Path(where) / "rival"
        self.process = process.start([BUILD / "tests/bench/rival", where], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return [int(word) for word in self.process.stdout.readline().split()]

    def full(self, times=1):
        """Commits of one row each: µs."""
        return self.ask(f"full {times}")

    def load(self, bot):
        """Takes the bot's own rows as the pattern for group()."""
        self.ask(f"load {bot.state / 'znatok.db'}")

    def group(self, times=1):
        """Rounds of 64 commands: µs."""
        return self.ask(f"group {times}")

    def close(self):
        process.kill(self.process)


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def report(what, value, unit, limit, good, more=""):
    """One figure beside its limit."""
    print(f"{what:42} {value:>10} {unit:8} {limit:28} {'ok' if good else 'MISSED'}"
          f"{'   ' + more if more else ''}", flush=True)


def status(pid, row):
    """A row of /proc/PID/status: KiB, or a count."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(text.split(row + ":")[1].split()[0])


def cpu(pid):
    """Seconds that it has run so far, all threads of it."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def descriptors(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def wakeups(pid):
    """How often its threads have gone to sleep of their own will."""
    return sum(status(f"{pid}/task/{task.name}", "voluntary_ctxt_switches")
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir())


def main(benches):
    """Runs the named ones, or all: {name: function}."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or benches:
        benches[name]()

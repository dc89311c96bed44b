"""Test anything protocol, and the processes that tests start.

    @case("SY14 own message echo: nothing is answered")
    def echo():
        ...
        check(good, "what is not so")

    main()

Cases run side by side. Whatever was started is killed by its process id at the
end, also when a case fails.
"""

import atexit
import concurrent.futures
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import time
import traceback

BUILD = pathlib.Path(os.environ.get("BUILD", "build")).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 90 if os.environ.get("SAN") else int(os.environ.get("PATIENCE", "30"))  # seconds: a hang is a failure

processes = set()
logs = []  # (what a process logged, what may not stand in it), for main()

def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def spawn(*args, **more):
    process = subprocess.Popen(*args, preexec_fn=end_with_parent, **more)
    processes.add(process)
    return process


def end_process(process):
    if process.poll() is None:
        process.kill()
    process.wait()
    processes.discard(process)


@atexit.register
def end_all():
    for process in list(processes):
        end_process(process)


class Failed(AssertionError):
    pass


def check(good, text="that is not so"):
    if not good:
        raise Failed(text)


def same(found, wanted, text=""):
    check(found == wanted, f"{text}: found {found!r}, wanted {wanted!r}")


def until(condition, text, patience=PATIENCE):
    """Waits for what nothing else can tell; what it returned then."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, f"gave up waiting: {text}")
        time.sleep(0.02)


cases = []


def case(name):
    """One case: its function raises where something is not as it should be."""
    def add(function):
        cases.append((name, function))
        return function
    return add


def run(function):
    try:
        function()
        return None
    except Failed as error:
        at = traceback.extract_tb(error.__traceback__)
        where = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.line}" for f in at
                 if not f.filename.startswith(str(ROOT / "tests/mock")) or f.filename.endswith(".t")]
        return "\n".join([str(error), *where])
    except Exception:  # a case that breaks must not take the others along
        return traceback.format_exc()


def leaks():
    """Secrets that stand in a log of any run of this file."""
    found = []
    for log, secrets in logs:
        found += [f"{secret!r} in: {line}" for secret in secrets for line in log.splitlines()
                  if secret in line]
    return found


def main(jobs=6):
    """Runs the cases, or those whose names hold one of the arguments."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wanted = [(name, function) for name, function in cases
              if not sys.argv[1:] or any(a.lower() in name.lower() for a in sys.argv[1:])]
    failed = 0

    def result(number, name, trouble):
        print(("not ok" if trouble else "ok") + f" {number} - {name}", flush=True)
        if trouble:
            print("\n".join("# " + line for line in trouble.splitlines()), flush=True)
        return bool(trouble)

    print(f"1..{len(wanted) + 1}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(run, function) for _, function in wanted]
        for number, ((name, _), future) in enumerate(zip(wanted, futures), 1):
            failed += result(number, name, future.result())
    found = leaks()
    failed += result(len(wanted) + 1, f"FA19 no token, password or message in {len(logs)} logs",
                     "\n".join(found[:10]))
    sys.exit(1 if failed else 0)

"""Test cases, and what they print: the Test Anything Protocol.

    @case("SY14 own message echo: nothing is answered")
    def echo():
        ...
        check(good, "what is not so")

    main()              # side by side, each with a world of its own
    sys.exit(run(world))    # or one after the other, in a world that they share

A case that raises has failed; the others go on. Arguments choose those whose
names hold one of them.
"""

import concurrent.futures
import signal
import sys
import time
import traceback

from process import PATIENCE, ROOT

cases = []
logs = []  # (what a process logged, what may not stand in it)


class Failed(AssertionError):
    """What check() raises."""


def case(name):
    """One case: its function raises where something is not as it should be."""
    def add(function):
        cases.append((name, function))
        return function
    return add


def check(good, *seen):
    """Fails the case unless good; seen is what the reader will want to know."""
    if not good:
        raise Failed("\n".join(map(str, seen)) or "that is not so")


def same(found, wanted, text=""):
    check(found == wanted, f"{text}: found {found!r}, wanted {wanted!r}")


def until(condition, what, patience=PATIENCE):
    """Waits for what nothing else can tell; what it returned then."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, f"gave up waiting after {patience} s: {what}")
        time.sleep(0.02)


def comment(text):
    for line in str(text).splitlines():
        print("# " + line[:400], flush=True)


def attempt(function, *arguments):
    """None, or why the case has failed."""
    try:
        function(*arguments)
        return None
    except Failed as error:
        at = traceback.extract_tb(error.__traceback__)
        where = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.line}" for f in at
                 if not f.filename.startswith(str(ROOT / "tests/lib"))]
        return "\n".join([str(error), *where])
    except Exception:  # a case that breaks must not take the others along
        return traceback.format_exc()


def leaks():
    """Secrets that stand in a log of any run of this file."""
    return "\n".join([f"{secret!r} in: {line}" for log, secrets in logs for secret in secrets
                      for line in log.splitlines() if secret in line][:10])


def chosen():
    return [(name, function) for name, function in cases
            if not sys.argv[1:] or any(a.lower() in name.lower() for a in sys.argv[1:])]


def report(results, count):
    """Prints the results as they come; the exit status."""
    failed = 0

    def tell(number, name, trouble):
        print(("not ok" if trouble else "ok") + f" {number} - {name}", flush=True)
        comment(trouble or "")
        return bool(trouble)

    for number, (name, trouble) in enumerate(results, 1):
        failed += tell(number, name, trouble)
    if logs:
        failed += tell(count + 1, f"FA19 no token, password or message in {len(logs)} logs",
                       leaks())
    print(f"1..{count + bool(logs)}", flush=True)
    return 1 if failed or not count else 0


def main(jobs=6):
    """Runs the cases side by side, and ends the program."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wanted = chosen()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(attempt, function) for _, function in wanted]
        sys.exit(report(((name, future.result()) for (name, _), future in zip(wanted, futures)),
                        len(wanted)))


def run(*arguments):
    """Runs the cases in turn, each with these arguments; the exit status."""
    wanted = chosen()

    def results():
        for name, function in wanted:
            begun = time.monotonic()
            yield name, attempt(function, *arguments)
            if time.monotonic() - begun > 10:
                comment(f"that took {time.monotonic() - begun:.0f} s")
    return report(results(), len(wanted))

"""Test cases and what they print (TAP).

    @case("SY01 first start is mute: old commands get no answer")
    def first_start(world):
        expect(answers == [], answers)

    run(world)      # all of them, or those whose sentence begins with an argument

A case that raises has failed; the others go on.
"""

import sys
import time
import traceback

cases = []


class Failed(AssertionError):
    """What expect() raises."""


def case(sentence):
    def add(function):
        cases.append((sentence, function))
        return function
    return add


def expect(good, *seen):
    """Fails the case unless good; seen is what the reader will want to know."""
    if not good:
        raise Failed("\n".join(str(thing) for thing in seen))


def wait_until(test, what, timeout=30):
    """The first true thing that test() returns."""
    end = time.monotonic() + timeout
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"gave up waiting after {timeout} s: {what}")
        time.sleep(0.02)


def comment(text):
    for line in str(text).splitlines():
        print("# " + line[:400], flush=True)


def run(*arguments):
    """Runs the cases and returns the exit status."""
    chosen = [(sentence, function) for sentence, function in cases
              if not sys.argv[1:] or sentence.startswith(tuple(sys.argv[1:]))]
    failed = 0
    for number, (sentence, function) in enumerate(chosen, 1):
        begun = time.monotonic()
        try:
            function(*arguments)
            print(f"ok {number} - {sentence}", flush=True)
        except Exception:  # a case of any kind of failure
            failed += 1
            print(f"not ok {number} - {sentence}", flush=True)
            comment(traceback.format_exc())
        if time.monotonic() - begun > 10:
            comment(f"that took {time.monotonic() - begun:.0f} s")
    print(f"1..{len(chosen)}")
    return 1 if failed or not chosen else 0

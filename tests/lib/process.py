"""Processes that end with the test, however it ends; free ports; folders."""

import atexit
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = (ROOT / os.environ.get("BUILD", "build")).resolve()
# Seconds: a hang is a failure.
PATIENCE = 90 if os.environ.get("SAN") else int(os.environ.get("PATIENCE", "30"))
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)
running = set()


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(words, **more):
    """subprocess.Popen of a child that is killed when this process ends.

    The kernel counts threads as parents: the one that starts it must live on."""
    child = subprocess.Popen([str(word) for word in words], preexec_fn=die_with_parent, **more)
    running.add(child)
    return child


def end(child, how=signal.SIGTERM, timeout=60):
    """Its exit status, as subprocess has it; killed if it does not want to end."""
    if child.poll() is None:
        child.send_signal(how)
    try:
        return child.wait(timeout)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        raise
    finally:
        running.discard(child)


def kill(child):
    return end(child, signal.SIGKILL)


@atexit.register
def kill_all():
    for child in list(running):
        kill(child)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def folder(where=None):
    """A temporary folder; without `where` in memory, if there is one: disks are
    slow to commit."""
    base = where or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    return tempfile.TemporaryDirectory(prefix="znatok-", dir=base, ignore_cleanup_errors=True)

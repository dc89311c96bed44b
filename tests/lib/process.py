"""Processes that end with the test, however it ends, and ports that are free."""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(words, **more):
    """subprocess.Popen of a child that is killed when this process ends.

    To be called from the main thread: the kernel counts threads as parents."""
    return subprocess.Popen([str(word) for word in words], preexec_fn=die_with_parent, **more)


def end(process, how=signal.SIGTERM, timeout=60):
    """Its exit status, as subprocess has it; killed if it does not want to end."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def folder(where=None):
    """A temporary folder; without `where` in memory, if there is one: disks are
    slow to commit."""
    base = where or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    return tempfile.TemporaryDirectory(prefix="znatok-", dir=base)

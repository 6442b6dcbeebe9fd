"""The process in which the linted code runs: it imports torch once, and forks a worker for each job that it is given.

`python -m shapelint.dynamic.child JOBS RESULTS` reads jobs as lines of JSON on one file descriptor and writes results
as lines of JSON on the other. A worker has a session, a folder and limits of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from shapelint.dynamic.limits import Limits, adopt_orphans, confine, cut_network, die_with_parent


def main(arguments: list[str]) -> None:
    """Serve jobs until there are no more."""
    jobs, results = int(arguments[0]), int(arguments[1])
    die_with_parent()
    adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    network = cut_network()
    _silence()
    try:
        import torch

        version = str(torch.__version__)
    except Exception as error:
        _write(results, {"failed": f"torch cannot be imported: {type(error).__name__}: {error}"})
        return
    import shapelint.dynamic.instrument
    import shapelint.dynamic.worker  # noqa: F401

    _write(results, {"ready": version, "network": network})
    with os.fdopen(jobs, "r", encoding="utf-8") as lines:
        for line in lines:
            _serve(json.loads(line), results)


def _silence() -> None:
    """No input, no output: neither from Python nor from what it calls."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)


def _serve(job: Mapping[str, Any], results: int) -> None:
    """Run one job in a worker, and end whatever it leaves behind."""
    folder = tempfile.mkdtemp(prefix="shapelint-")
    pid = os.fork()
    if pid == 0:
        _work(job, results, folder)
    _write(results, {"job": job["id"], "pid": pid})
    _, status = os.waitpid(pid, 0)
    end_group(pid)
    _end_orphans()
    shutil.rmtree(folder, ignore_errors=True)
    _write(results, {"job": job["id"], "ended": os.waitstatus_to_exitcode(status)})


def _work(job: Mapping[str, Any], results: int, folder: str) -> None:
    """The worker: it never returns."""
    try:
        os.setsid()
        die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(folder)
        os.environ.update(
            TMPDIR=folder, HOME=folder, XDG_CACHE_HOME=folder, CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1"
        )
        limits = Limits(**job["limits"])
        confine(limits)
        from shapelint.dynamic.worker import work

        work(job, lambda result: _write(results, {"job": job["id"], **result}))
    except BaseException as error:  # whatever the program does, the worker says how it ended
        try:
            _write(results, {"job": job["id"], "error": f"{type(error).__name__}: {error}"[:500]})
        except BaseException:
            os._exit(70)
    os._exit(0)


def end_group(pid: int) -> None:
    """Kill a process group, if there still is one."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _end_orphans() -> None:
    """Kill what became a child of this process when its parent ended, until there is nothing left."""
    for _ in range(1000):
        for pid in _children():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            pid, _ = os.waitpid(-1, 0 if _children() else os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return


def _children() -> list[int]:
    me = os.getpid()
    try:
        with open(f"/proc/{me}/task/{me}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def _write(results: int, data: Mapping[str, Any]) -> None:
    line = (json.dumps(data) + "\n").encode()
    while line:
        line = line[os.write(results, line) :]


if __name__ == "__main__":
    main(sys.argv[1:])

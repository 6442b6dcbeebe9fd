"""In the parent: starts the child, gives it jobs, reads its results, and ends it with all that it started."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from shapelint.dynamic.limits import Limits

START_SECONDS = 120.0
MOST_RESULT = 64 << 20
"""Bytes of results of one job; a child that writes more is ended."""


@dataclass(slots=True)
class JobResult:
    """What came of a job: its reports, and how its worker ended ("" where it came to its end)."""

    reports: list[dict[str, Any]] = field(default_factory=list)
    ended: str = ""


class StartError(Exception):
    """The child cannot be started, torch cannot be imported in it; the text says why."""


class Runner:
    """A child process that serves jobs. Used as a context: at its end nothing that was started is left."""

    def __init__(self, limits: Limits, python: str = sys.executable) -> None:
        self.limits = limits
        self.python = python
        self.network = ""
        self.torch = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = self._results = -1
        self._worker = 0
        self._rest = b""

    def __enter__(self) -> Runner:
        self._handlers = _ending_on_signals(self)
        self._handlers.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self._handlers.__exit__(None, None, None)

    # --- the child ---

    def start(self) -> None:
        """Start the child and wait until it has torch. Raises StartError."""
        if os.name != "posix":
            raise StartError("running code with limits needs a POSIX system: Linux, macOS, WSL")
        jobs_read, self._jobs = os.pipe()
        self._results, results_write = os.pipe()
        environment = {**os.environ, "PYTHONPATH": _search_path(), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            self._process = subprocess.Popen(
                [self.python, "-m", "shapelint.dynamic.child", str(jobs_read), str(results_write)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(jobs_read, results_write),
                start_new_session=True,
                env=environment,
            )
        finally:
            os.close(jobs_read)
            os.close(results_write)
        self._rest = b""
        first = self._read(time.monotonic() + START_SECONDS)
        if first is None or "ready" not in first:
            self.stop()
            raise StartError(str((first or {}).get("failed", "the child process did not start")))
        self.torch, self.network = str(first["ready"]), str(first["network"])

    def stop(self) -> None:
        """End the child and everything that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        end_tree(process.pid, self._worker)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        for fd in (self._jobs, self._results):
            with contextlib.suppress(OSError):
                os.close(fd)
        self._worker = 0

    # --- jobs ---

    def run(self, job: Mapping[str, Any]) -> JobResult:
        """Do a job; whatever its code does, only this job is lost."""
        if self._process is None:
            self.start()
        result = JobResult()
        line = json.dumps({**job, "limits": asdict(self.limits)}) + "\n"
        try:
            _write_all(self._jobs, line.encode())
        except OSError:
            self.stop()
            result.ended = "the child process died"
            return result
        deadline = time.monotonic() + self.limits.seconds + 5
        size = 0
        while True:
            answer = self._read(deadline)
            if answer is None:
                late = time.monotonic() >= deadline
                result.ended = (
                    f"it took more than {self.limits.seconds:g} seconds" if late else "the child process died"
                )
                self.stop()
                return result
            if answer.get("job") != job["id"]:
                continue
            if "pid" in answer:
                self._worker = int(answer["pid"])
                deadline = time.monotonic() + self.limits.seconds
            elif "ended" in answer:
                self._worker = 0
                result.ended = result.ended or _how(int(answer["ended"]))
                return result
            elif "error" in answer:
                result.ended = str(answer["error"])
            else:
                size += answer.pop("size", 0)
                if size > MOST_RESULT:
                    self.stop()
                    result.ended = "it reported too much"
                    return result
                result.reports.append(answer)

    def _read(self, deadline: float) -> dict[str, Any] | None:
        """The next line of the child, None where it ended or the time is over."""
        while b"\n" not in self._rest:
            wait = deadline - time.monotonic()
            if wait <= 0 or not select.select([self._results], [], [], wait)[0]:
                return None
            more = os.read(self._results, 1 << 16)
            if not more:
                return None
            self._rest += more
            if len(self._rest) > MOST_RESULT:
                return None
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            return {}
        if not isinstance(answer, dict):
            return {}
        return {**answer, "size": len(line)} if "tallies" in answer else answer


def _search_path() -> str:
    """Where the child finds shapelint itself."""
    root = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH", "")])])


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _how(status: int) -> str:
    """How a worker ended, in words; "" where it came to its end."""
    if status == 0:
        return ""
    if status > 0:
        return f"the process ended itself with status {status}"
    names = {
        signal.SIGSEGV: "a segmentation fault",
        signal.SIGKILL: "it was killed",
        signal.SIGXCPU: "it took too much time",
        signal.SIGXFSZ: "it wrote too large a file",
        signal.SIGABRT: "it aborted",
    }
    return names.get(signal.Signals(-status), signal.Signals(-status).name)


# --- ending processes ---


def end_tree(root: int, worker: int = 0) -> None:
    """Kill a process and all its descendants, the deepest first; where /proc is missing, its groups only."""
    seen: set[int] = set()
    for _ in range(3):
        below = descendants(root)
        seen.update(below)
        for pid in below:
            _kill(pid)
        if not below:
            break
    for group in filter(None, (worker, root)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    _kill(root)
    deadline = time.monotonic() + 5  # what is killed takes a moment to give its memory back
    while any(_lives(pid) for pid in seen) and time.monotonic() < deadline:
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (OSError, IndexError):
        return False


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def descendants(root: int) -> Sequence[int]:
    """The processes below one, the deepest first."""
    parents: dict[int, list[int]] = {}
    try:
        entries = [entry for entry in os.listdir("/proc") if entry.isdigit()]
    except OSError:
        return []
    for entry in entries:
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields and fields[0] != "Z":
            parents.setdefault(int(fields[1]), []).append(int(entry))
    found: list[int] = []
    stack = [root]
    while stack:
        for child in parents.get(stack.pop(), []):
            found.append(child)
            stack.append(child)
    return found[::-1]


@contextlib.contextmanager
def _ending_on_signals(runner: Runner) -> Iterator[None]:
    """While jobs run, a signal that would end this process at once first ends what it started."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: FrameType | None) -> None:
        runner.stop()
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

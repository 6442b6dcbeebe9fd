"""Lints many files, in worker processes where that pays, into one report for each, in the order of the paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from shapelint.checks.model import Finding, Report
from shapelint.project.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    from shapelint.source import Source, Unreadable

LintSource: TypeAlias = "Callable[[Source, Settings], Report]"

SERIAL_BELOW = 8
"""With fewer files than this, starting processes costs more than it gains."""

TASK_BYTES = 64 * 1024
"""Small files are sent to a worker together, up to about so many bytes."""


def lint_files(paths: Sequence[str], settings: Settings, lint: LintSource, jobs: int = 1) -> list[Report]:
    """The report of each file."""
    if jobs <= 1 or len(paths) < SERIAL_BELOW:
        return [lint_file(path, settings, lint) for path in paths]
    done: dict[str, Report] = {}
    left = list(_tasks(paths))
    while left:
        suspects = _in_parallel(left, settings, lint, jobs, done)
        # A worker died. It took one of these files with it: each is now linted in a process of its own.
        for path in suspects:
            done[path] = _alone(path, settings, lint)
        left = [rest for task in left if (rest := tuple(path for path in task if path not in done))]
    return [done[path] for path in paths]


def lint_file(path: str, settings: Settings, lint: LintSource) -> Report:
    """The report of one file, whatever happens while it is read and linted."""
    from shapelint.source import read_source

    return _lint_read(lambda: read_source(Path(path)), path, settings, lint)


def lint_text(data: bytes, path: str, settings: Settings, lint: LintSource) -> Report:
    """The report of what came in on standard input, under the name `path`."""
    from shapelint.source import source_from_text

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return unreadable(path, f"standard input is not UTF-8: byte 0x{data[error.start]:02x} on line {line}")
    return _lint_read(lambda: source_from_text(text, path), path, settings, lint)


def _lint_read(read: Callable[[], Source | Unreadable], path: str, settings: Settings, lint: LintSource) -> Report:
    from shapelint.source import Unreadable

    try:
        source = read()
        if isinstance(source, Unreadable):
            return unreadable(path, f"this file {source.message}")
        return lint(source, settings)
    except Exception as error:
        return lost(path, f"internal error: {type(error).__name__}{_place(error)}", str(error))


def unreadable(path: str, message: str) -> Report:
    """The report of a file or folder that cannot be read."""
    return Report(findings=(Finding("SHP901", "error", message, path, 1, 1, 1, 2),), files=1)


def lost(path: str, message: str, detail: str = "") -> Report:
    """The report of a file that shapelint itself failed on."""
    notes = (*([detail] if detail else []), "this is a defect of shapelint, not of the file; please report it")
    return Report(findings=(Finding("SHP902", "error", message, path, 1, 1, 1, 2, notes=notes),), files=1)


def _place(error: Exception) -> str:
    """Where in shapelint `error` was raised: ` at interp/calls/call.py:12`."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    folders = frames[-1].filename.replace(os.sep, "/").split("/")
    return f" at {'/'.join(folders[-2:])}:{frames[-1].lineno}"


def _tasks(paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The files in portions of about one size, large files first, so that no worker is late with a long one."""
    sizes = {path: _size(path) for path in paths}
    task: list[str] = []
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        task.append(path)
        if sum(sizes[one] for one in task) >= TASK_BYTES:
            yield tuple(task)
            task = []
    if task:
        yield tuple(task)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _in_parallel(
    tasks: Sequence[tuple[str, ...]], settings: Settings, lint: LintSource, jobs: int, done: dict[str, Report]
) -> list[str]:
    """Fills `done`. If a worker dies, the files that may have been in its hands are handed back."""
    from concurrent.futures.process import BrokenProcessPool

    workers = min(jobs, len(tasks))
    broken = False
    with _pool(workers) as pool:
        running = [(task, pool.submit(_lint_task, task, settings, lint)) for task in tasks]
        try:
            for task, future in running:
                done.update(zip(task, future.result(), strict=True))
        except BrokenProcessPool:
            broken = True
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    if not broken:
        return []
    suspects: list[str] = []
    for task, future in running:
        if _has_result(future):
            done.update(zip(task, future.result(), strict=True))
        elif len(suspects) < 2 * workers + 1:  # as many tasks as a pool keeps with its workers or on the way to them
            suspects.extend(task)
    return suspects


def _has_result(future: Future[list[Report]]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _alone(path: str, settings: Settings, lint: LintSource) -> Report:
    """The report of a file that is linted in a process of its own."""
    from concurrent.futures.process import BrokenProcessPool

    with _pool(1) as pool:
        try:
            return pool.submit(_lint_task, (path,), settings, lint).result()[0]
        except BrokenProcessPool:
            return lost(path, "the process that linted this file died")


def _lint_task(paths: tuple[str, ...], settings: Settings, lint: LintSource) -> list[Report]:
    return [lint_file(path, settings, lint) for path in paths]


def _pool(workers: int) -> ProcessPoolExecutor:
    """Worker processes that inherit what is imported already, where the system can do that."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if sys.platform.startswith("linux") else "spawn")
    return ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=_start_worker)


def _start_worker() -> None:
    """An interrupt from the keyboard ends a worker without a traceback; the main process answers it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)

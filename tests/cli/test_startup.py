"""What starting the program costs, and how it behaves as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("libcst", "rich", "torch", "numpy", "concurrent.futures.process", "multiprocessing")

PROBE = """
import sys
from shapelint.cli.main import main
status = main(sys.argv[1:])
print(*[name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
sys.exit(status)
"""


def imported_by(*arguments: str) -> str:
    """Which heavy modules a run of these arguments imports."""
    probe = [sys.executable, "-c", PROBE.format(heavy=HEAVY), *arguments]
    return subprocess.run(probe, capture_output=True, text=True, check=False).stderr.strip()


def test_version_and_help_import_nothing_heavy() -> None:
    assert imported_by("--version") == ""
    assert imported_by("--help") == ""


def test_a_run_without_files_imports_nothing_heavy(tmp_path: Path) -> None:
    assert imported_by(str(tmp_path)) == ""


def test_version_takes_little_processor_time() -> None:
    before = os.times()
    subprocess.run([sys.executable, "-m", "shapelint", "--version"], check=True, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system

    assert spent <= 0.3


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`shapelint --help | head -1` ends without a traceback."""
    command = [sys.executable, "-m", "shapelint", "--help"]
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)

    assert run.stderr == ""

"""Code that hangs, dies, forks, prints or eats memory loses its own findings only, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dynamic_programs import linted, run

from shapelint.checks.model import Report
from shapelint.dynamic.limits import Limits
from shapelint.dynamic.runner import Runner, descendants

WRONG = """
import torch
{top}

def f(x):
    B, T, D = x.shape
    {inside}
    y = x.transpose(1, 2)  # (B, T, D)
    return y
"""

FINE = WRONG.format(top="", inside="")


def program(folder: Path, name: str, *, top: str = "", inside: str = "") -> Path:
    file = folder / f"{name}.py"
    file.write_text(WRONG.format(top=top, inside=inside))
    return file


def answers(report: Report) -> dict[str, str | None]:
    return {Path(finding.path).stem: finding.dynamic for finding in report.findings}


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = set(descendants(os.getpid()))
    yield
    deadline = time.monotonic() + 5
    while set(descendants(os.getpid())) - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(descendants(os.getpid())) - before == set()


TOOK_TOO_LONG = "not run: it took more than 4 seconds"

FAULTS = {
    "loops": (("", "while True: pass"), TOOK_TOO_LONG),
    "sleeps_at_import": (("import time; time.sleep(600)", ""), TOOK_TOO_LONG),
    "exits": (("", "import os; os._exit(3)"), "not run: the process ended itself with status 3"),
    "exits_at_import": (("import os; os._exit(0)", ""), "not run: the line was not reached"),
    "segfaults": (("import ctypes", "ctypes.string_at(0)"), "not run: a segmentation fault"),
    "aborts": (("", "import os; os.abort()"), "not run: it aborted"),
    "allocates": (("", "torch.empty(50 << 30, dtype=torch.uint8).fill_(1)"), "confirmed"),
    "allocates_in_python": (("", "bytearray(50 << 30)"), "not run: line 7: MemoryError"),
    "prints": (("", "while True: print('x' * 10000)"), TOOK_TOO_LONG),
    "fails_to_import": (("import no_such_module_anywhere", ""), "not run: line 3: ModuleNotFoundError"),
    "reads_input": (("input()", ""), "not run: line 3: EOFError"),
    "ends_by_signal": (("", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"), "not run: SIGTERM"),
    "writes": (("", "open('big', 'wb').write(bytes(200 << 20))"), "not run: "),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_costs_its_own_findings_only(name: str, tmp_path: Path) -> None:
    (top, inside), expected = FAULTS[name]
    faulty = program(tmp_path, name, top=top, inside=inside)
    fine = program(tmp_path, "zz_fine")

    found = answers(run(faulty, fine, seconds=4 if expected == TOOK_TOO_LONG else 60))

    assert (found[name] or "").startswith(expected)
    assert found["zz_fine"] == "confirmed"


def test_a_module_that_deletes_its_own_source(tmp_path: Path) -> None:
    file = program(tmp_path, "deletes", top="import os; os.remove(__file__)")
    report = run(file)

    assert answers(report) == {"deletes": "confirmed"}
    assert not file.exists()


def _lives(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked after yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


FORKING = """
import os, time
for number in range(40):
    if os.fork() == 0:
        if number % 2:
            os.setsid()  # out of the process group
        if number % 5 == 0 and os.fork():
            os._exit(0)  # and away from its parent
        open({marks!r} + f"/{{os.getpid()}}", "w").close()
        time.sleep(600)
"""


def test_children_that_outlive_their_parent_are_ended(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    lines = [line for line in FORKING.format(marks=str(marks)).splitlines() if line]
    file = program(tmp_path, "forks", top="\n".join(lines))

    assert answers(run(file)) == {"forks": "confirmed"}

    left = [int(mark.name) for mark in marks.iterdir() if _lives(int(mark.name))]
    assert len(list(marks.iterdir())) >= 20
    assert left == []


def test_what_runs_has_no_network_and_a_folder_of_its_own(tmp_path: Path) -> None:
    asks = """
import os, socket
try:
    socket.create_connection(("127.0.0.1", PORT), 1)
    reached = True
except OSError:
    reached = False
assert not reached, "there is a network"
assert os.listdir() == [], "this is no folder of its own"
open("left.txt", "w").close()
"""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        file = program(tmp_path, "asks", top=asks.replace("PORT", str(port)))
        found = answers(run(file))

    assert found == {"asks": "confirmed"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["asks.py"]


def test_results_that_never_end_are_cut_off(tmp_path: Path) -> None:
    floods = """
import os
for fd in range(3, 40):
    try:
        os.write(fd, b"x" * 100)
    except OSError:
        pass
"""
    file = program(tmp_path, "floods", top=floods)
    found = answers(run(file, program(tmp_path, "zz_fine"), seconds=5))

    assert found["zz_fine"] == "confirmed"
    assert (found["floods"] or "").startswith(("confirmed", "not run"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_no_child_behind(number: int, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    hang = f"""
import os, time
if os.fork() == 0:
    os.setsid()
open({str(marks)!r} + f"/{{os.getpid()}}", "w").close()
time.sleep(600)
"""
    file = program(tmp_path, "hangs", top=hang)
    command = [sys.executable, "-m", "shapelint", "check", "--dynamic", "--no-cache", str(file)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # a suite run in the background ignores Ctrl-C
    )
    deadline = time.monotonic() + 60
    while len(list(marks.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    started = [int(mark.name) for mark in marks.iterdir()]

    os.kill(process.pid, number)  # Ctrl-C reaches only the front process: its children have sessions of their own
    process.communicate(timeout=30)

    assert len(started) == 2
    assert process.returncode == (130 if number == signal.SIGINT else 143)
    assert [pid for pid in started if _lives(pid)] == []


def test_the_runner_goes_on_after_its_child_was_killed(tmp_path: Path) -> None:
    with Runner(Limits(seconds=20)) as runner:
        runner.start()
        for pid in descendants(os.getpid()):
            os.kill(pid, signal.SIGKILL)
        first = runner.run({"id": 0})

        runner.start()
        assert runner.torch

    assert first.ended == "the child process died"


def test_the_tests_see_a_finding_without_a_run(tmp_path: Path) -> None:
    assert answers(linted([program(tmp_path, "plain")])) == {"plain": None}

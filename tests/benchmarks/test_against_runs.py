"""What is inferred of programs that do all that Python does is so when they run; a wrong inference is seen as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.soundness.comparing import Tally, compare
from benchmarks.soundness.recording import calls_of
from shapelint.interp.objects.loader import Loader

PROGRAMS = sorted((Path(__file__).parents[2] / "fixtures" / "running").glob("*.py"))


def tally_of(program: Path) -> Tally:
    calls, failed = calls_of(str(program), program.parent, most=4, seconds=300)
    assert not failed
    return compare(str(program), [call for call in calls if call.path == str(program)], Loader())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_each_line_gives_what_is_inferred(program: Path) -> None:
    tally = tally_of(program)
    assert not tally.wrong
    assert not tally.unreached
    assert not tally.other_inputs
    assert tally.held > 100


def test_a_value_that_is_not_as_inferred_is_told(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    lines = [
        "import torch",
        "",
        "",
        "def made(x):  # (B, C)",
        "    y = torch.zeros(eval('4'))  # (B, C)",
        "    return y",
    ]
    program.write_text("\n".join([*lines, "", "", "made(torch.zeros(2, 3))"]) + "\n")
    assert list(tally_of(program).wrong) == [(str(program), 6, "return")]
    program.write_text("\n".join([*lines, "", "", "made(torch.zeros(2))"]) + "\n")
    assert tally_of(program).other_inputs == 1


def test_a_line_that_runs_though_it_is_held_never_to_be_reached_is_told(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    lines = ["import torch", "", "", "def chosen(x):  # (B, C)", "    y = x", "    z = y"]
    lines += ["    if x.shape[0] == 0:", "        z = x.sum()", "    return z", "", "", "chosen(torch.zeros(0, 3))"]
    program.write_text("\n".join(lines) + "\n")
    assert list(tally_of(program).unreached) == [(str(program), 8, "")]

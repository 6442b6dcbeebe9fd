"""Every rule against torch: right calls give torch's shapes, bad calls are known to fail, and none that torch takes is.

The samples are those of PyTorch's own databases, a few of each operator; `opinfo.py` as a command walks all of them.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("expecttest")

import opinfo
from bad_calls import walk_bad
from opinfo import DATA_DEPENDENT, Row, walk

from shapelint.ops import registry
from shapelint.ops.registry import Op
from shapelint.ops.tensor import Tensor

pytestmark = pytest.mark.filterwarnings("ignore")

PER_OP = 2
SEED = 1
MISTAKES = ("wrong", "false alarm", "crash")

MISSING: dict[str, str] = {}
"""Spellings of the databases that have no rule, each with the reason."""

NOT_TOLD: dict[str, str] = {}
"""Spellings that leave a right call of numbers open, each with the reason."""


def told(rows: list[Row]) -> str:
    return "\n".join(f"{row.verdict}: {row.call}: {row.detail}" for row in rows[:20])


@pytest.fixture(scope="module")
def numeric_rows() -> list[Row]:
    return list(walk(per_op=PER_OP, seed=SEED))


@pytest.fixture(scope="module")
def symbolic_rows() -> list[Row]:
    return list(walk(per_op=PER_OP, seed=SEED, symbols=True))


@pytest.fixture(scope="module")
def bad_rows() -> list[Row]:
    return list(walk_bad(per_op=1, seed=SEED, each=3))


def test_every_family_is_imported() -> None:
    assert opinfo.BROKEN == {}


def test_every_operator_and_module_has_a_rule(numeric_rows: list[Row]) -> None:
    assert {row.call.spelling for row in numeric_rows if row.verdict == "no rule"} == set(MISSING)


def test_no_shape_of_numbers_is_wrong(numeric_rows: list[Row]) -> None:
    mistakes = [row for row in numeric_rows if row.verdict in MISTAKES]
    assert not mistakes, told(mistakes)


def test_no_symbolic_shape_is_wrong(symbolic_rows: list[Row]) -> None:
    mistakes = [row for row in symbolic_rows if row.verdict in MISTAKES]
    assert not mistakes, told(mistakes)


def test_no_dtype_is_wrong(numeric_rows: list[Row]) -> None:
    mistakes = [Row(row.call, "dtype", row.dtype) for row in numeric_rows if row.dtype]
    assert not mistakes, told(mistakes)


def test_no_strides_are_wrong(numeric_rows: list[Row]) -> None:
    mistakes = [Row(row.call, "strides", row.strides) for row in numeric_rows if row.strides]
    assert not mistakes, told(mistakes)


def decided(rows: list[Row]) -> float:
    """The share of the calls with a result of one shape only whose shape the rule tells."""
    rows = [row for row in rows if row.verdict != "no rule" and row.call.name not in DATA_DEPENDENT]
    return sum(row.verdict == "right" for row in rows) / len(rows)


def test_nearly_every_shape_is_told(numeric_rows: list[Row], symbolic_rows: list[Row]) -> None:
    assert decided(numeric_rows) >= 0.98
    assert decided(symbolic_rows) >= 0.95


def test_nearly_every_bad_call_is_caught(bad_rows: list[Row]) -> None:
    count = collections.Counter(row.verdict for row in bad_rows)
    bad = sum(count[verdict] for verdict in ("caught", "missed", "not known", "crash"))
    assert bad > 1000
    missed = [row for row in bad_rows if row.verdict in ("missed", "crash")]
    assert count["caught"] >= 0.95 * bad, told(missed)


def test_no_call_that_torch_takes_is_refused(bad_rows: list[Row]) -> None:
    mistakes = [row for row in bad_rows if row.verdict.removeprefix("good: ") in MISTAKES and row.verdict[0] == "g"]
    assert not mistakes, told(mistakes)


# -- a test must be able to fail ---------------------------------------------------------------------------------------


@contextmanager
def seeded(name: str, wrong: Op) -> Iterator[None]:
    """The table with another operator in the place of this one."""
    right = registry.find(name)
    assert right is not None
    registry.find.cache_clear()
    replaced = dict.fromkeys(right.op.names, wrong)
    saved = {key: registry._ops[key] for key in replaced}
    registry._ops.update(replaced)
    try:
        yield
    finally:
        registry._ops.update(saved)
        registry.find.cache_clear()


def verdicts(rows: Iterator[Row]) -> set[str]:
    return {row.verdict for row in rows}


def test_a_wrong_shape_turns_it_red() -> None:
    def longer(input: Tensor) -> Tensor:
        return input.with_shape(*input.shape.dims, 1)

    with seeded("torch.sin", Op(longer, ())):
        assert "wrong" in verdicts(walk("^sin$", PER_OP, SEED))
        assert "wrong" in verdicts(walk("^sin$", PER_OP, SEED, symbols=True))
    assert verdicts(walk("^sin$", PER_OP, SEED)) == {"right"}


def test_a_wrong_symbolic_shape_turns_it_red() -> None:
    def frozen(input: Tensor) -> Tensor:
        return input.with_shape(*(7 if size.value is None else size for size in input.shape.dims))

    with seeded("torch.sin", Op(frozen, ())):
        assert "wrong" not in verdicts(walk("^sin$", PER_OP, SEED))
        assert "wrong" in verdicts(walk("^sin$", PER_OP, SEED, symbols=True))


def test_a_false_alarm_turns_it_red() -> None:
    def strict(input: Tensor) -> Tensor:
        registry.find("torch.flatten").op.rule(input, input.rank + 1)  # type: ignore[union-attr]
        return input

    with seeded("torch.sin", Op(strict, ())):
        assert "false alarm" in verdicts(walk("^sin$", PER_OP, SEED))


def test_a_rule_that_takes_anything_turns_it_red() -> None:
    def lax(input: Tensor, mat2: Tensor) -> Tensor:
        return input

    with seeded("torch.mm", Op(lax, ())):
        assert "missed" in verdicts(walk_bad("^mm$", 2, SEED))
    assert "missed" not in verdicts(walk_bad("^mm$", 2, SEED))


def test_a_missing_rule_turns_it_red() -> None:
    found = registry.find("torch.sin")
    assert found is not None
    with seeded("torch.sin", found.op):
        for name in found.op.names:
            del registry._ops[name]
        registry.find.cache_clear()
        assert "no rule" in verdicts(walk("^sin$", 1, SEED))

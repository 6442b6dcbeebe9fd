"""Two arguments in each other's place: told as a call that cannot run, and its result is that of the call put right."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from shapelint.dims import const
from shapelint.ops.call import apply
from shapelint.ops.needs import CannotRun, Exchanged
from shapelint.ops.registry import operators
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape


def floats(*sizes: int) -> Tensor:
    return Tensor(Shape.of(*sizes), "contiguous", "float32")


def ints(*sizes: int) -> Tensor:
    return Tensor(Shape.of(*sizes), "contiguous", "int64")


def is_told(name: str, args: Sequence[Any]) -> bool:
    """Whether a call is told to have two arguments in each other's place."""
    try:
        apply(name, args)
    except Exchanged:
        return True
    except (CannotRun, NotKnown):
        return False
    return False


EXCHANGED = (
    ("torch.nn.functional.embedding", (floats(7, 4), ints(2, 3)), "(2, 3, 4)"),
    ("torch.nn.functional.embedding", (floats(7, 4), ints(2, 3, 5)), "(2, 3, 5, 4)"),
    ("torch.polygamma", (floats(2, 3), const(1)), "(2, 3)"),
    ("torch.polygamma", (floats(), const(1)), "()"),
    ("torch.einsum", ([floats(2, 3), floats(3, 4)], "ij,jk->ik"), "(2, 4)"),
    ("einops.rearrange", ("a b -> b a", floats(2, 3)), "(3, 2)"),
)
LEFT_ALONE = (
    ("torch.nn.functional.embedding", (ints(2, 3), floats(7, 4))),
    ("torch.nn.functional.embedding", (floats(7, 4), floats(2, 3))),
    ("torch.nn.functional.embedding", (floats(7, 4), Unknown("a parameter"))),
    ("torch.where", (floats(2, 3), Tensor(Shape.of(2, 3), None, "bool"), Tensor(Shape.of(2, 3), None, "bool"))),
    ("torch.Tensor.where", (floats(2, 3), floats(2, 3), Tensor(Shape.of(2, 3), None, "bool"))),
    ("torch.mul", (const(2), floats(2, 3))),
)


@pytest.mark.parametrize(("name", "args", "result"), EXCHANGED, ids=[f"{row[0]}-{row[2]}" for row in EXCHANGED])
def test_exchanged(name: str, args: Sequence[Any], result: str) -> None:
    with pytest.raises(Exchanged, match="arguments 1 and 2 stand in each other's place") as told:
        apply(name, args)
    assert str(told.value.result.shape) == result


@pytest.mark.parametrize(("name", "args"), LEFT_ALONE)
def test_nothing_to_exchange(name: str, args: Sequence[Any]) -> None:
    assert not is_told(name, args)


@pytest.mark.filterwarnings("ignore")
def test_torch_refuses_what_is_told_as_exchanged() -> None:
    """No operator is said to take its arguments in another order that torch takes in the order given."""
    torch = pytest.importorskip("torch")
    values: tuple[tuple[Any, Any], ...] = (
        (const(2), 2),
        (floats(3, 3), torch.rand(3, 3)),
        (ints(3), torch.tensor([0, 1, 2])),
        (Tensor(Shape.of(3, 3), None, "bool"), torch.rand(3, 3) > 0.5),
        ([floats(3, 3), floats(3, 3)], [torch.rand(3, 3), torch.rand(3, 3)]),
        ("sum", "sum"),
    )
    told, taken = 0, []
    for operator, count in itertools.product(operators(), (2, 3)):
        for name in operator.names:
            function: Any = torch
            for part in name.removeprefix("torch.").split("."):
                function = getattr(function, part, None)
            if not name.startswith("torch.") or ".Tensor." in name or ".init." in name or function is None:
                continue
            for row in itertools.product(values, values, values[: 2 * (count - 2)] or ((),)):
                row = row[:count]
                try:
                    apply(name, [ours for ours, _ in row])
                except Exchanged:
                    told += 1
                except Exception:
                    continue
                else:
                    continue
                try:
                    function(*(theirs for _, theirs in row))
                except Exception:
                    continue
                taken.append(f"{name}{tuple(map(str, (ours for ours, _ in row)))}")
    assert told > 50
    assert not taken, taken

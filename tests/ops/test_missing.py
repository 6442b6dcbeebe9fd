"""The table of missing operators is held against PyTorch's own databases."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("expecttest")

from shapelint.ops.families.attributes import ATTRIBUTES
from shapelint.ops.missing import MISSING
from shapelint.ops.registry import find, find_layer

PREFIXES = ("torch.", "torch.Tensor.")
SYNTAX = {"slice"}
"""What is written by other means than a call: `x[a:b]`."""


def is_known(name: str) -> bool:
    """Whether there is a rule for an operator of the database, of which some have only a twin that works in place."""
    calls = (f"{prefix}{name}{ending}" for prefix in PREFIXES for ending in ("", "_"))
    return name in ATTRIBUTES or name in SYNTAX or any(find(call) for call in calls)


def test_every_operator_of_the_database_is_known_or_named_as_missing() -> None:
    from torch.testing._internal.common_methods_invocations import op_db
    from torch.testing._internal.common_modules import module_db

    names = {op.name.removeprefix("torch.") for op in op_db}
    assert {f"torch.{name}" for name in names if not is_known(name)} <= set(MISSING)
    assert [m.module_cls.__name__ for m in module_db if not find_layer(f"torch.nn.{m.module_cls.__name__}")] == []


def test_nothing_named_as_missing_has_a_rule() -> None:
    assert [name for name in MISSING if find(name) or find_layer(name)] == []


def test_every_public_operator_of_these_modules_is_known() -> None:
    for module in (torch.linalg, torch.fft, torch.special):
        names = [name for name in dir(module) if not name.startswith("_") and callable(getattr(module, name))]
        unknown = [name for name in names if not isinstance(getattr(module, name), type)]
        assert [name for name in unknown if not find(f"{module.__name__}.{name}")] == []

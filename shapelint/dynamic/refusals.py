"""In the child: which dummies an operator took that failed, and tensors without memory for sizes that are too large."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shapelint.dynamic.inputs import Dummies, Refusal
from shapelint.dynamic.values import shape_of


def watcher_of(dummies: Dummies) -> Any:
    """Notes which dummies the operator took that failed."""
    from torch.overrides import TorchFunctionMode

    class Watcher(TorchFunctionMode):  # type: ignore[misc, no-any-unimported, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.refusal: Refusal | None = None

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            try:
                return func(*args, **(kwargs or {}))
            except Exception:
                if self.refusal is None:
                    self.refusal = _refusal(func, args, kwargs or {}, dummies)
                raise

    return Watcher()


def _refusal(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any], dummies: Dummies) -> Refusal:
    took = []
    for position, value in enumerate(_flat([*args, *kwargs.values()])):
        for name, made in dummies.made.items():
            if value is made or _shares(value, made):
                took.append((name, position))
    other: tuple[int, ...] = shape_of(args[0]) or () if args else ()
    return Refusal(getattr(func, "__name__", ""), took, other, bool(kwargs.get("batch_first", False)))


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from (item for item in value)
        else:
            yield value


def _shares(value: Any, made: Any) -> bool:
    import torch

    try:
        return (
            isinstance(value, torch.Tensor)
            and value.dtype == made.dtype
            and value.numel() > 0
            and value.untyped_storage().data_ptr() == made.untyped_storage().data_ptr() != 0
        )
    except (RuntimeError, NotImplementedError):
        return False


@contextlib.contextmanager
def fake_tensors() -> Iterator[None]:
    """Tensors that have a shape and no memory, for sizes that do not fit."""
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode(allow_non_fake_inputs=True):
        yield

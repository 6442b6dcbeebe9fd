"""Arrays against NumPy itself: each method gives NumPy's shape or leaves it open, and nothing is refused."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint.dims import Dim, const
from shapelint.ops import registry
from shapelint.ops.call import apply, apply_found
from shapelint.ops.needs import Context, using
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape

numpy = pytest.importorskip("numpy")

CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("transpose", (), {}), ("transpose", (1, 2, 0), {}), ("transpose", ((2, 0, 1),), {}), ("transpose", (1, 2), {}),
    ("transpose", (-1, 0, 1), {}), ("swapaxes", (0, -1), {}), ("swapaxes", (0, 3), {}), ("reshape", (6, 4), {}),
    ("reshape", (-1, 8), {}), ("reshape", ((4, -1),), {}), ("reshape", (5, -1), {}), ("reshape", (24,), {"order": "F"}),
    ("flatten", (), {}), ("ravel", ("C",), {}), ("squeeze", (), {}), ("squeeze", (0,), {}), ("astype", (float,), {}),
    ("astype", ("uint8",), {"copy": False}), ("copy", (), {}), ("clip", (0, 1), {}), ("round", (2,), {}),
    ("sum", (), {}), ("sum", (1,), {}), ("mean", ((0, 2),), {}), ("max", (-1,), {"keepdims": True}), ("std", (0,), {}),
    ("any", (), {"axis": 1}), ("argmax", (0,), {}), ("argmin", (), {"axis": -1}), ("min", (3,), {}),
    ("cumsum", (), {}), ("cumprod", (1,), {}), ("repeat", (2,), {}), ("repeat", (3, 1), {}),
    ("repeat", (2,), {"axis": 0}), ("argsort", (0,), {}), ("var", (), {"ddof": 1, "axis": 2}),
]  # fmt: skip


def abstract(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(abstract, value))
    return const(value) if isinstance(value, int) and not isinstance(value, bool) else value


def array(*sizes: Dim | int) -> Tensor:
    with using(Context()):
        result = apply("torch.Tensor.numpy", [Tensor(Shape.of(*sizes), "contiguous", "float32")])
    assert isinstance(result, Tensor)
    return result


@pytest.mark.parametrize(("name", "args", "kwargs"), CALLS)
def test_a_method_of_an_array(name: str, args: Any, kwargs: Any) -> None:
    found = registry.find_method(name, array(2).device)
    assert found is not None
    try:
        real = getattr(numpy.zeros((2, 3, 4)), name)(*args, **kwargs)
    except (ValueError, IndexError):  # AxisError is both
        real = None
    with using(Context()):
        given = [array(2, 3, 4), *map(abstract, args)], {key: abstract(value) for key, value in kwargs.items()}
        if real is None:
            with pytest.raises(NotKnown):
                apply_found(found, *given)
            return
        result = apply_found(found, *given)
    assert result.shape == Shape.of(*real.shape)
    assert result.device == "numpy"


def test_methods_of_a_tensor_are_others() -> None:
    permuted, swapped = (registry.find_method("transpose", device) for device in ("numpy", "cuda"))
    assert permuted is not None
    assert swapped is registry.find("torch.Tensor.transpose")
    assert registry.find_method("unsqueeze", "numpy") is None


def test_a_tensors_method_called_on_an_array_is_the_arrays() -> None:
    with using(Context()):
        found = registry.find("torch.Tensor.transpose")
        assert found is not None
        assert apply_found(found, [array(2, 3, 4), const(1), const(2), const(0)], {}).shape == Shape.of(3, 4, 2)
        for name, args in (("torch.Tensor.transpose", [const(0), const(5)]), ("torch.add", [Tensor(Shape.of(7))])):
            with pytest.raises(NotKnown):
                apply(name, [array(2, 3, 4), *args])


@pytest.mark.parametrize("step", [-1, -2, -3])
def test_backwards(step: int) -> None:
    with using(Context()):
        result = apply("torch.Tensor.__getitem__", [array(7, 3), slice(None, None, const(step))])
        assert result.shape == Shape.of(*numpy.zeros((7, 3))[::step].shape)
        with pytest.raises(NotKnown):
            apply("torch.Tensor.__getitem__", [array(7, 3), slice(const(5), None, const(step))])


def test_back_to_a_tensor() -> None:
    with using(Context()):
        for name in ("torch.from_numpy", "torch.tensor", "torch.as_tensor"):
            result = apply(name, [array(2, 3)])
            assert (result.shape, result.device) == (Shape.of(2, 3), None)
        assert apply("numpy.asarray", [Tensor(Shape.of(2, 3))]).device == "numpy"
        listed = apply("numpy.array", [[const(1), const(2)]])
        assert (listed.shape, listed.device) == (Shape.of(2), "numpy")
        for strange in (["a", "b"], [[const(1)], [const(1), const(2)]]):  # arrays of texts, and of objects
            with pytest.raises(NotKnown):
                apply("numpy.array", [strange])

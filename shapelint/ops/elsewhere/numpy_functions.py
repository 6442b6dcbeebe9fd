"""Functions of NumPy: operators of PyTorch or methods of an array by NumPy's names, and a few that PyTorch has not.

What NumPy would refuse is left open, and so is what it makes of a value that may be a list or a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapelint.dims import Dim
from shapelint.ops.along import found
from shapelint.ops.call import apply_found
from shapelint.ops.elsewhere.libraries import left_open
from shapelint.ops.elsewhere.numpy_array import METHODS, Arguments, as_array
from shapelint.ops.families.axes import movedim
from shapelint.ops.families.create import size_of, sizes_of
from shapelint.ops.families.matmul import matmul
from shapelint.ops.families.ranges import meshgrid
from shapelint.ops.needs import KindNotKnown, current, known_number
from shapelint.ops.registry import Op, add, find
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import RowValues, Signature
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

PAGE = "https://numpy.org/doc/stable/reference/generated/numpy"

BY_OPERATOR: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("zeros", "ones", "empty"), ("torch.zeros", 1)),
    **dict.fromkeys(("zeros_like", "ones_like", "empty_like", "full_like"), ("torch.zeros_like", 1)),
    "full": ("torch.full", 2),
    "eye": ("torch.eye", 2),
    "identity": ("torch.eye", 1),
    "arange": ("torch.arange", 3),
    "linspace": ("torch.linspace", 3),
    "concatenate": ("torch.cat", 2),
    "stack": ("torch.stack", 2),
    "vstack": ("torch.vstack", 1),
    "hstack": ("torch.hstack", 1),
    "dstack": ("torch.dstack", 1),
    "column_stack": ("torch.column_stack", 1),
    "split": ("torch.tensor_split", 3),
    "array_split": ("torch.tensor_split", 3),
    "expand_dims": ("torch.unsqueeze", 2),
    "moveaxis": ("torch.movedim", 3),
    "broadcast_to": ("torch.broadcast_to", 2),
    "tile": ("torch.tile", 2),
    "diff": ("torch.diff", 3),
    "diag": ("torch.diag", 2),
    "tril": ("torch.tril", 2),
    "triu": ("torch.triu", 2),
    "where": ("torch.where", 3),
    "matmul": ("torch.matmul", 2),
    "outer": ("torch.outer", 2),
    "kron": ("torch.kron", 2),
    "einsum": ("torch.einsum", 99),
    "take_along_axis": ("torch.take_along_dim", 3),
    "searchsorted": ("torch.searchsorted", 2),
    "unravel_index": ("torch.unravel_index", 2),
    **{
        name: (f"torch.{name}", 1)
        for name in (
            "exp log log2 log10 log1p expm1 sqrt square sin cos tan arcsin arccos arctan sinh cosh tanh abs absolute"
            " negative sign floor ceil trunc isnan isinf isfinite logical_not reciprocal real imag"
            " deg2rad rad2deg arcsinh arccosh arctanh sinc"
        ).split()
    },
    "radians": ("torch.deg2rad", 1),
    "degrees": ("torch.rad2deg", 1),
    **{
        name: (f"torch.{name}", 2)
        for name in (
            "add subtract multiply divide true_divide floor_divide remainder fmod maximum minimum fmax fmin arctan2"
            " hypot logaddexp logical_and logical_or logical_xor equal not_equal less less_equal greater greater_equal"
        ).split()
    },
    "power": ("torch.pow", 2),
    "mod": ("torch.remainder", 2),
    **{f"linalg.{name}": (f"torch.linalg.{name}", 2) for name in "inv det pinv svd eigh eigvalsh cholesky".split()},
    "linalg.norm": ("torch.linalg.norm", 4),
    **{f"fft.{name}": (f"torch.fft.{name}", 3) for name in "fft ifft rfft irfft".split()},
}
"""Each function with the operator of PyTorch that it is, and how many of its arguments the operator takes."""

BY_METHOD = (
    "transpose swapaxes reshape ravel squeeze sum prod mean std var min max any all argmin argmax ptp cumsum cumprod"
    " repeat argsort clip round conj"
).split()
"""Functions of an array that are its methods."""

LIKE_METHODS = {
    **dict.fromkeys(
        "amin amax median nanmean nansum nanmax nanmin nanstd nanvar nanmedian nanprod count_nonzero average".split(),
        "sum",
    ),
    **dict.fromkeys("sort flip fliplr flipud roll around rint nan_to_num".split(), "copy"),
}
"""Functions of an array with the method that gives the same shape from the same arguments."""

DRAWN: dict[str, int] = {
    **dict.fromkeys("random random_sample standard_normal".split(), 0),
    **dict.fromkeys("choice exponential poisson".split(), 1),
    **dict.fromkeys("normal uniform laplace lognormal beta gamma binomial randint".split(), 2),
}
"""Functions of numpy.random with the place at which they take the sizes of what they draw."""

MAKERS = frozenset("zeros ones empty full eye identity arange linspace".split())
"""Functions that take sizes and numbers, and no arrays."""

WITHOUT_EFFECT = frozenset({"dtype", "order", "copy", "like", "subok", "casting", "where", "out"})
"""Arguments that change no shape."""


def _arrays(result: Any) -> Any:
    """An operator's result as arrays, of which no dtype is known."""
    if isinstance(result, Tensor):
        return as_array(Tensor(result.shape, None))
    return tuple(map(_arrays, result)) if isinstance(result, (tuple, list)) else result


def _may_be_other(value: Any) -> bool:
    """Whether a value that should be an array may be a list or a number, for all that is known."""
    if isinstance(value, (tuple, list)):
        return any(map(_may_be_other, value))
    if isinstance(value, Row):
        return any(_may_be_other(part.group if isinstance(part, Many) else part) for part in value.parts)
    return isinstance(value, Unknown)


def _need_arrays(signature: Signature, arguments: Sequence[Any]) -> None:
    """What stands where the operator takes tensors must be known to be none of NumPy's other array-likes."""
    parameters = list(signature.parameters)
    for value in arguments:
        parameter = parameters.pop(0) if len(parameters) > 1 else parameters[0]
        if any(word in parameter.kind for word in ("Tensor", "Operand", "Values")) and _may_be_other(value):
            raise KindNotKnown("whether it is an array")


def _add(name: str, rule: Callable[..., Any], formula: str) -> None:
    rule.__doc__ = f"{formula.rstrip('.')}.\n\n{PAGE}.{name}.html"
    add(Op(left_open(rule), (f"numpy.{name}",)))


def _by_operator(name: str, target: str, places: int) -> None:
    operator = find(target)  # of a family that is loaded before this one
    assert operator is not None, target

    def rule(*arguments: RowValues, **named: RowValues) -> Any:
        if name not in MAKERS:
            _need_arrays(operator.op.signature, arguments[:places])
        given = {key: value for key, value in named.items() if key not in WITHOUT_EFFECT}
        return _arrays(apply_found(operator, arguments[:places], given))

    _add(name, rule, operator.op.formula)


def _by_method(name: str, method: str) -> None:
    function, formula = METHODS[method]

    def rule(array: RowValues, *arguments: RowValues, **named: RowValues) -> Any:
        if not isinstance(array, Tensor):
            raise KindNotKnown("whether it is an array")
        if "axes" in named:
            arguments = (named["axes"],)
        return _arrays(function(as_array(current().settle(array)), Arguments(arguments, named)))

    _add(name, rule, formula)


def _drawn(name: str, place: int) -> None:
    def rule(*arguments: RowValues, **named: RowValues) -> Any:
        size = named.get("size", arguments[place] if len(arguments) > place else None)
        if size is None:
            raise NotKnown("what is drawn without a size is a number, or as large as the parameters")
        return _arrays(Tensor(Shape(sizes_of(size) if isinstance(size, (tuple, list)) else (size_of(size),))))

    _add(f"random.{name}", rule, "size -> (*size)")


for _name, (_target, _places) in BY_OPERATOR.items():
    _by_operator(_name, _target, _places)
for _name in BY_METHOD:
    _by_method(_name, _name)
for _name, _like in LIKE_METHODS.items():
    _by_method(_name, _like)
for _name, _place in DRAWN.items():
    _drawn(_name, _place)


# -- those that PyTorch has not ----------------------------------------------------------------------------------------


def _array(value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        raise KindNotKnown("whether it is an array")
    return current().settle(value)


def _shape(array: RowValues) -> Any:
    shape = _array(array).shape
    if not shape.known:
        raise NotKnown("the number of dims is not known")
    return shape.dims


def _padded(array: RowValues, pad_width: RowValues, *others: RowValues, **named: RowValues) -> Any:
    shape = _array(array).shape
    pairs = _pairs(pad_width, shape.rank)
    return _arrays(Tensor(Shape(tuple(a + n + b for n, (a, b) in zip(shape.dims, pairs, strict=True)))))


def _pairs(width: Any, rank: int) -> list[tuple[Dim, Dim]]:
    """How much is put before and behind each axis: `2`, `(1, 2)`, `((1, 2), ...)`."""
    if not isinstance(width, (tuple, list)):
        return [(size_of(width), size_of(width))] * rank
    rows = [tuple(row) if isinstance(row, (tuple, list)) else row for row in width]
    if not any(isinstance(row, tuple) for row in rows):
        rows = [tuple(rows)]
    pairs = [(size_of(row[0]), size_of(row[-1])) for row in rows if isinstance(row, tuple) and len(row) in (1, 2)]
    if len(pairs) < len(rows) or len(pairs) not in (1, rank):
        raise NotKnown("how much is put around an array")
    return pairs if len(pairs) == rank else pairs * rank


def _grids(*rows: RowValues, indexing: RowValues = "xy", sparse: RowValues = False, copy: RowValues = True) -> Any:
    if sparse is not False:
        raise NotKnown("whether the grids are open")
    return _arrays(meshgrid.rule(*map(_array, rows), indexing=indexing))


def _axis_rolled(array: RowValues, axis: RowValues, start: RowValues = 0) -> Any:
    seen, at = found(_array(array), known_number(axis, "axis"))
    to = known_number(start, "start")
    to += seen.rank if to < 0 else 0
    return _arrays(movedim.rule(seen, (at,), (to - 1 if at < to else to,)))


def _dot(a: RowValues, b: RowValues) -> Any:
    if max(_array(a).rank, _array(b).rank) > 2:
        raise NotKnown("a product of arrays of many axes")
    return _arrays(matmul.rule(a, b))


def _random_row(*sizes: RowValues) -> Any:
    if not sizes:
        raise NotKnown("what is drawn without a size is a number")
    return _arrays(Tensor(Shape(tuple(map(size_of, sizes)))))


def _quotient_and_rest(x1: RowValues, x2: RowValues) -> Any:
    whole = find("torch.floor_divide")
    assert whole is not None
    _need_arrays(whole.op.signature, (x1, x2))
    result = _arrays(apply_found(whole, (x1, x2), {}))
    return result, result


def _shuffled(x: RowValues) -> Any:
    if isinstance(x, Tensor):
        return _arrays(_array(x))
    return as_array(Tensor(Shape((size_of(x),)), None, "int64"))


def _interpolated(x: RowValues, xp: RowValues, fp: RowValues, *others: RowValues, **named: RowValues) -> Any:
    return _arrays(Tensor(_array(x).shape, None))


def _unlike(array: RowValues, **named: RowValues) -> Any:
    """The elements of an array that are unlike; with what else may be asked for, that is left open."""
    if named:
        raise NotKnown("what is asked for beside the elements")
    _array(array)
    return _arrays(Tensor(Shape((current().fresh("n"),)), None))


_add("interp", _interpolated, "(*a), (n,), (n,) -> (*a)")
_add("unique", _unlike, "(*a) -> (n,), as many as there are")
_add("divmod", _quotient_and_rest, "(*a), (*b) -> twice their shape")
_add("random.permutation", _shuffled, "n -> (n,); (n, *a) -> (n, *a)")
_add("pad", _padded, "(d1, ..., dn) with (a, b) for each axis -> (a+d1+b, ...)")
_add("shape", _shape, "(d1, ..., dn) -> the sizes d1, ..., dn")
_add("meshgrid", _grids, "(n1,), (n2,), ... -> as many times (n2, n1, ...)")
_add("rollaxis", _axis_rolled, "(*a, d, *b): the axis goes to before `start`, to the front without it")
_add("dot", _dot, "(n,), (n,) -> (); (m, n), (n, k) -> (m, k)")
_add("random.rand", _random_row, "d1, ..., dn -> (d1, ..., dn)")
_add("random.randn", _random_row, "d1, ..., dn -> (d1, ..., dn)")

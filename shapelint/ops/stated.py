"""Operators that a project states in its configuration: `"mylib.pool" = "(B, C, T), (B, T) -> (B, C)"`.

The letters are sizes of one call: the first tensor that has a letter binds it, all others must agree. A letter that
stands on the right alone is a size that only the function knows. A name whose last part begins with a capital,
`"mamba_ssm.Mamba"`, is a class of modules: made with anything, called with the tensors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapelint.dims import Dim
from shapelint.notation import NotationError, parse_signature
from shapelint.notation.model import DimSpec, Name, Rest, ShapeSpec
from shapelint.ops.along import ends_seen, of_rank
from shapelint.ops.needs import CannotRun, Trouble, current, need_equal
from shapelint.ops.registry import Layer, Op
from shapelint.ops.signature import Parameter, Values, convert
from shapelint.ops.spelled_size import check_size, letters_in, size_of, solved
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape

Given = tuple[ShapeSpec, Tensor]


def stated(name: str, text: str, *, names_sizes: bool = True) -> Op | Layer:
    """The operator, or class of modules, of this name and signature. Raises NotationError.

    With `names_sizes` a size that nothing else names goes by its letter of the signature.
    """
    takes, gives = parse_signature(text)
    for spec in (*takes, *gives):
        _check(spec, text)
    known = {rest.name for spec in takes for rest in _rests(spec)}
    for spec in gives:
        for rest in _rests(spec):
            if rest.name not in known:
                raise NotationError("these dims stand in no argument", text, text.rfind(spec.text))
    return (
        _module(name, text, takes, gives)
        if name.rpartition(".")[2][:1].isupper()
        else _op(name, text, takes, gives, names_sizes)
    )


def _check(spec: ShapeSpec, text: str) -> None:
    if len(_rests(spec)) > 1:
        raise NotationError("only one '...' can stand in a shape", text, text.find(spec.text))
    for item in spec.items:
        problem = None if isinstance(item, Rest) else check_size(item)
        if problem:
            raise NotationError(problem, text, text.find(spec.text))


def _rests(spec: ShapeSpec) -> list[Rest]:
    return [item for item in spec.items if isinstance(item, Rest)]


def _op(name: str, text: str, takes: Sequence[ShapeSpec], gives: Sequence[ShapeSpec], names_sizes: bool = True) -> Op:
    def rule(*arguments: Values, **named: Values) -> Any:
        return called(takes, gives, arguments, named, names_sizes)

    rule.__doc__ = text
    return Op(rule, (name,))


def _module(name: str, text: str, takes: Sequence[ShapeSpec], gives: Sequence[ShapeSpec]) -> Layer:
    class Stated:
        def __init__(self, *_: Values, **__: Values) -> None:
            pass

        def forward(self, *arguments: Values, **named: Values) -> Any:
            return called(takes, gives, arguments, named)

    Stated.__name__, Stated.__doc__ = name.rpartition(".")[2], text
    return Layer(Stated, (name,))


# -- a call ------------------------------------------------------------------------------------------------------------


def called(
    takes: Sequence[ShapeSpec],
    gives: Sequence[ShapeSpec],
    arguments: Sequence[Any],
    named: Mapping[str, Any],
    names_sizes: bool = True,
) -> Any:
    """The results of a call with these arguments. Raises CannotRun where a shape cannot be as stated, or NotKnown."""
    call = Call(names_sizes)
    tensors = _tensors(takes, arguments, named)
    call.bind([(spec, tensor) for spec, tensor in zip(takes, tensors, strict=True) if tensor is not None])
    results = tuple(Tensor(call.shape(spec)) for spec in gives)
    return results[0] if len(results) == 1 else results or None


def _tensors(takes: Sequence[ShapeSpec], arguments: Sequence[Any], named: Mapping[str, Any]) -> list[Tensor | None]:
    """The tensor for each shape, None where the call passes None. What else a call is given is not looked at."""
    given = list(arguments[: len(takes)])
    missing = len(takes) - len(given)
    by_name = [value for value in named.values() if isinstance(value, Tensor)]
    if missing > 0:
        if missing > 1 or len(by_name) != 1:  # the statement has no names to tell them by
            raise NotKnown("which argument is which is not known, for want of names in the stated signature")
        given += by_name
    kinds = ["Tensor" if spec.items else "Operand" for spec in takes]
    rows = zip(given, kinds, strict=True)
    return [
        value if value is None else convert(value, Parameter("an argument", kind, True, None)) for value, kind in rows
    ]


class Call:
    """What the letters, and the dims that `...` covers, are in one call."""

    def __init__(self, names_sizes: bool = True) -> None:
        self.names_sizes = names_sizes
        self.sizes: dict[str, Dim] = {}
        self.owners: dict[str, Shape] = {}
        self.covered: dict[str | None, Shape] = {}

    def bind(self, given: Sequence[Given]) -> None:
        """Take the letters from the tensors, then hold every tensor against them."""
        pairs = [pair for spec, tensor in given for pair in self._pairs(spec, tensor)]
        for item, size, shape in pairs:
            if isinstance(item, Name) and item.text not in self.sizes:
                self.sizes[item.text], self.owners[item.text] = size, shape
        waiting = [pair for pair in pairs if not isinstance(pair[0], Name)]
        while waiting:  # `2*H` tells H where nothing else does, and H may tell what another size tells
            found = [pair for pair in waiting if self._solve(*pair)]
            waiting = [pair for pair in waiting if pair not in found]
            if not found:
                break
        for item, size, shape in pairs:
            self._hold(item, size, shape)

    def _solve(self, item: DimSpec, size: Dim, shape: Shape) -> bool:
        unbound = letters_in(item) - set(self.sizes)
        if len(unbound) != 1:
            return False
        letter = unbound.pop()
        value = solved(item, size, letter, self.sizes)
        if value is None:
            return False
        self.sizes[letter], self.owners[letter] = value, shape
        return True

    def _hold(self, item: DimSpec, size: Dim, shape: Shape) -> None:
        wanted = size_of(item, self.sizes)
        if wanted is None:
            return
        if isinstance(item, Name):
            what = f"{item.text} in {self.owners[item.text]}"
            need_equal(wanted, size, what, f"in {shape} it", Trouble.CALL)
        else:
            need_equal(size, wanted, f"a size of {shape}", "the one stated", Trouble.CALL)

    def _pairs(self, spec: ShapeSpec, tensor: Tensor) -> list[tuple[DimSpec, Dim, Shape]]:
        """Each size as stated with the tensor's; the dims under `...` are kept, or compared with those kept."""
        items = [item for item in spec.items if not isinstance(item, Rest)]
        names = tuple(item.text if isinstance(item, Name) and self.names_sizes else "_" for item in items)
        if len(items) == len(spec.items):
            shape = of_rank(tensor, len(items), names).shape
            if shape.run is not None or len(shape) != len(items):
                raise CannotRun(f"{shape} is not {spec.text}, as stated: other dims", Trouble.CALL)
            return [(item, size, shape) for item, size in zip(items, shape.dims, strict=True)]
        at = next(i for i, item in enumerate(spec.items) if isinstance(item, Rest))
        after = len(items) - at
        shape = ends_seen(tensor, at, after, (names[:at], names[at:])).shape
        if shape.least_rank < len(items):
            raise CannotRun(f"{shape} has fewer dims than {spec.text}, as stated", Trouble.CALL)
        self._cover(_rests(spec)[0].name, middle(shape, at, after), shape)
        ends = (*shape[:at], *(shape[-after:] if after else ()))
        return [(item, size, shape) for item, size in zip(items, ends, strict=True)]

    def _cover(self, name: str | None, dims: Shape, whole: Shape) -> None:
        earlier = self.covered.setdefault(name, dims)
        if not earlier.known or not dims.known:
            self.covered[name] = dims if dims.known else earlier
            return
        if len(earlier) != len(dims):
            text = f"'...' stands for {len(earlier)} dims {earlier}, but for {len(dims)} in {whole}"
            raise CannotRun(text, Trouble.CALL)
        for a, b in zip(earlier, dims, strict=True):
            need_equal(a, b, f"a size of {earlier}", f"that under '...' in {whole}", Trouble.CALL)

    def shape(self, spec: ShapeSpec) -> Shape:
        """The shape that a result has."""
        shape = Shape()
        for item in spec.items:
            if isinstance(item, Rest):
                shape = joined(shape, self.covered[item.name] if item.name in self.covered else Shape.unknown())
            else:
                shape = joined(shape, Shape((self._size(item),)))
        return shape

    def _size(self, item: DimSpec) -> Dim:
        size = size_of(item, self.sizes)
        if size is None and isinstance(item, Name):
            size = self.sizes[item.text] = current().fresh(item.text if self.names_sizes else "_", minimum=1)
        return size if size is not None else current().fresh("_", minimum=1)


def middle(shape: Shape, before: int, after: int) -> Shape:
    """The shape without so many dims in front and at its end, which are seen."""
    if shape.run is None:
        return Shape(shape.front[before : len(shape.front) - after])
    return Shape(shape.front[before:], shape.run, shape.back[: len(shape.back) - after])


def joined(a: Shape, b: Shape) -> Shape:
    """The dims of one shape behind those of another; at most one of them is partly known."""
    if a.run is None:
        return Shape(a.front + b.front, b.run, b.back)
    return Shape(a.front, a.run, a.back + b.dims)

"""What a description says of an input, taken at its word: its shape, one of several, its dtype, the sizes it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shapelint.dims import symbol
from shapelint.interp.claims.claimed_shapes import believed_shape, claimed
from shapelint.interp.claims.claimed_values import meet_value
from shapelint.interp.claims.noted import note_claim
from shapelint.interp.inputs.symbolic import LISTS, annotation_names, is_asked_of_its_kind
from shapelint.interp.paths.cases import cases_of
from shapelint.interp.paths.join import choice
from shapelint.interp.state.events import ClaimedShape, Given
from shapelint.interp.state.ground import place_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, ListObject, Value
from shapelint.notation.model import BATCHES, Anything, Claim, Name, Num, Rest, Role, ShapeSpec
from shapelint.ops.families.indexing import INDEX_DTYPES
from shapelint.ops.needs import Context
from shapelint.ops.rows import Many, Row
from shapelint.ops.tensor import Tensor, Unknown, new_elements
from shapelint.program import nodes
from shapelint.program.nodes import Attached
from shapelint.program.within import all_parts
from shapelint.program.written import expressions_within, statements_of, text_of
from shapelint.shapes import Shape


@lru_cache(maxsize=256)
def asked_for_none(node: nodes.Function) -> frozenset[str]:
    """The names that the code of a function asks whether they are None."""
    tests = [one.test for one in statements_of(node) if isinstance(one, nodes.If)]
    tests += [part.test for part in expressions_within(node) if isinstance(part, nodes.Conditional)]
    return frozenset(name for part in all_parts(tests) if (name := _asked_for_none(part)))


@lru_cache(maxsize=256)
def walked_by_keys(node: nodes.Function) -> frozenset[str]:
    """The names of what the code of a function walks over by its keys: dicts, and no tensors."""
    calls = [one.iterable for one in statements_of(node) if isinstance(one, nodes.For)]
    methods = [one.func for one in calls if isinstance(one, nodes.Call) and isinstance(one.func, nodes.Attribute)]
    of_keys = [one.value for one in methods if one.attr in ("keys", "items")]
    return frozenset(one.id for one in of_keys if isinstance(one, nodes.Name))


def perhaps_none(node: nodes.Function) -> frozenset[str]:
    """The parameters that a caller may give as None: by their default, or as the code asks whether they are."""
    asked = asked_for_none(node)
    required = {param.name for param in node.params if param.default is None}
    return frozenset({param.name for param in node.params if _is_none(param.default)} | (required & asked))


def _asked_for_none(test: nodes.Expr) -> str:
    """The name that a condition asks whether it is None; "" where it asks something else."""
    if not isinstance(test, nodes.Compare) or test.ops not in (("is",), ("is not",)):
        return ""
    return test.left.id if isinstance(test.left, nodes.Name) and _is_none(test.comparators[0]) else ""


def _is_none(expr: nodes.Expr | None) -> bool:
    return isinstance(expr, nodes.Constant) and expr.value is None


def believe_input(frame: Frame, attached: Attached, name: str, optional: bool) -> None:
    """Take an input at the word of its description: a tensor of that shape, perhaps one of several, perhaps None."""
    if frame.recording and attached.claim.dtype in INDEX_DTYPES:
        _take_dtype(frame, name, attached.claim.dtype)
    value = frame.world.settle(frame.env[name])
    if frame.recording and isinstance(value, Unknown) and optional and _is_one_tensor(attached.claim):
        _believe_optional(frame, attached, name)
        return
    is_one = attached.claim.role is not Role.ELEMENT
    several = len({spec.text for spec in attached.claim.shapes}) > 1  # and not several readings of one
    open_tensor = isinstance(value, Tensor) and value.shape.says_nothing and several
    one_of = len(attached.claim.shapes) > 1 and (isinstance(value, Unknown) or open_tensor)
    if frame.recording and one_of and is_one:
        _believe_one_of(frame, attached, name, value, optional)
        return
    if frame.recording and not optional and is_list(frame, attached, name, value):
        believe_items(frame, attached, name)
        return
    target = nodes.Name(attached.at, name)
    line = frame.lines.get(name, attached.at[0])
    meet_value(frame, attached, value, name, target=target, is_input=frame.recording)
    if is_one and frame.is_doubted(attached) and isinstance(value, Unknown):
        frame.env[name] = _of_any_shape(frame, name)
    frame.lines[name] = line
    frame.letters.believed[name] = frame.env[name]
    if isinstance(value, Unknown):
        frame.letters.told.append(frame.env[name])


_LIST = re.compile(r"\b(?:list|sequence)s?\b", re.IGNORECASE)
_TENSOR = re.compile(r"tensors?\b", re.IGNORECASE)


def is_list(frame: Frame, attached: Attached, name: str, value: Value) -> bool:
    """Whether an input of which a shape of each item is told is a list of tensors by what is said of it.

    What is said to be of tensors is one, and what begins with the batch: `(H, W)` may be two sizes, `[N_1 x 2, ...]`
    the shapes of the items. Not so where the code asks of what type it is, or takes entries out of it by their keys.
    """
    node = frame.function.node if frame.function is not None else None
    is_one = attached.claim.role is Role.ELEMENT and len(attached.claim.shapes) == 1
    is_one = is_one and all(isinstance(item, (Name, Num, Anything, Rest)) for item in attached.claim.shapes[0].items)
    if not is_one or not isinstance(value, Unknown) or not isinstance(node, nodes.Function):
        return False
    param = next((param for param in node.params if param.name == name), None)
    said = annotation_names(param.annotation) if param is not None else []
    is_said = bool({*said} & LISTS) if said else _LIST.search(attached.text) is not None
    of_tensors = _TENSOR.search(attached.text) or (param is not None and _TENSOR.search(text_of(param.annotation)))
    is_said = is_said and (bool(of_tensors) or attached.claim.shapes[0].is_of_batch)
    return is_said and not is_asked_of_its_kind(name, node) and name not in walked_by_keys(node)


def believe_items(frame: Frame, attached: Attached, name: str) -> None:
    """A list of tensors, as many as a caller gives: each has the claimed shape, with sizes of its own for its letters.

    The levels of a pyramid have as many widths as there are levels, of one batch.
    """
    (said,) = note_claim(frame, attached, [Given(None, why_unknown="an input")], name, is_input=True)
    if frame.may_believe(attached):
        letters = {dim.fresh: dim.size for dim in said.dims if dim.fresh is not None and dim.size is not None}
        own = {name: size for name, size in letters.items() if name.lower() not in BATCHES}
        count = symbol("_", scope=next(Context.serial), minimum=0)
        tensor = Tensor(believed_shape(frame, said, given=True), None, None, place_of(frame.env[name]))
        row = (Many((tensor,), count, frozenset().union(*(size.symbols for size in own.values()))),)
        frame.env[name] = frame.world.allocate(ListObject(row))
        frame.letters.believed[name] = Row(row)
        frame.letters.of_items.update(own)


def _take_dtype(frame: Frame, name: str, dtype: str | None) -> None:
    """An input of which no annotation tells the dtype has the one that its description says."""
    value = frame.world.settle(frame.env[name])
    if isinstance(value, Tensor) and value.dtype is None:
        frame.env[name] = value.typed(dtype)
    elif isinstance(value, Unknown) and value.dtype is None:
        value.dtype = dtype


def _of_any_shape(frame: Frame, name: str) -> Tensor:
    """What is left of an input whose description is doubted: that it is a tensor."""
    return Tensor(Shape.unknown(name, chosen=True), None, frame.env[name].dtype, place_of(frame.env[name]))


def believe_sizes(frame: Frame, attached: Attached, name: str, shapes: Sequence[ClaimedShape]) -> None:
    """A row of ints, of which names are said: these are its items."""
    value = frame.world.settle(frame.env[name])
    is_row_of_ints = isinstance(value, Unknown) and value.of_sizes and not value.free
    if not is_row_of_ints or len(shapes) != 1 or not all(isinstance(item, Name) for item in shapes[0].spec.items):
        return
    if frame.may_believe(attached):
        frame.env[name] = believed_shape(frame, shapes[0]).dims


def _is_one_tensor(claim: Claim) -> bool:
    return len(claim.shapes) == 1 and claim.role is not Role.ELEMENT


def _believe_optional(frame: Frame, attached: Attached, name: str) -> None:
    """A parameter whose default is None: a tensor of the claimed shape, or None."""
    shapes = note_claim(frame, attached, [Given(None, why_unknown="an input")], name, is_input=True)
    if not frame.may_believe(attached):
        frame.env[name] = Choice((None, _of_any_shape(frame, name)))
        return
    given = frame.env[name]
    shape = believed_shape(frame, shapes[0], given=True)
    tensor = Tensor(shape, None, given.dtype, place_of(given), elements=new_elements())
    new = [dim.size for dim in shapes[0].dims if dim.fresh is not None and dim.size is not None]
    letters = {size.as_symbol for size in new if size.as_symbol is not None}
    frame.letters.of_optional |= letters
    frame.evidence.optional |= letters
    frame.env[name] = Choice((None, tensor))
    frame.letters.believed[name] = tensor
    frame.letters.told.append(tensor)


def _fullest_readings(claim: Claim) -> list[ShapeSpec]:
    """The shapes of a claim; where there are several texts, each of them read as the shape of most dims that it is."""
    if len({spec.text for spec in claim.shapes}) == 1:
        return list(claim.shapes)
    found: dict[str, ShapeSpec] = {}
    for spec in claim.shapes:
        if spec.text not in found or len(spec.items) > len(found[spec.text].items):
            found[spec.text] = spec
    return list(found.values())


def _believe_one_of(frame: Frame, attached: Attached, name: str, value: Tensor | Unknown, optional: bool) -> None:
    """An input of one of several shapes; where its default is None, it may be that."""
    note_claim(frame, attached, [Given(None, why_unknown="an input")], name, is_input=True)
    if not frame.may_believe(attached):
        whole = _of_any_shape(frame, name)
        frame.env[name] = Choice((None, whole)) if optional else whole
        return
    said = [claimed(frame, spec, None) for spec in _fullest_readings(attached.claim)]
    which = symbol("_", scope=next(Context.serial), free=False, minimum=0)
    cases = cases_of(frame.world.facts, which, [believed_shape(frame, shape, given=True) for shape in said])
    device = value.device if isinstance(value, Tensor) else place_of(value)
    tensors = [Tensor(shape, None, value.dtype, device) for shape, _ in cases]
    paths = [path for _, path in cases]
    none = [None] if optional else []
    frame.env[name] = choice([*tensors, *none], [*paths, *none])
    frame.letters.told.extend(tensors)

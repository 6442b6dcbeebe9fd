"""A claim met with a value: what is known of that is noted; an unknown shape is the claimed one from there on."""

from __future__ import annotations

import operator
from dataclasses import replace

from shapelint.dims import Dim, const
from shapelint.interp.claims.believed import believe
from shapelint.interp.claims.claimed_shapes import believed_shape
from shapelint.interp.claims.code_names import size_named
from shapelint.interp.claims.givens import (
    givens_of,
    is_nameless,
    packed_givens,
    tensors_in,
)
from shapelint.interp.claims.held_against import (
    may_be_row,
)
from shapelint.interp.claims.names import forget_letters, left_open, names_in
from shapelint.interp.claims.noted import note_claim, otherwise, unmet
from shapelint.interp.objects.rows import items_of
from shapelint.interp.paths.cases import case_meant, take_path
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.events import ClaimedShape, Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import DictObject, ListObject, Ref, Value
from shapelint.notation.model import Num, Role
from shapelint.ops.families.packed import PackedSequence
from shapelint.ops.tensor import ADDRESS, Tensor
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached
from shapelint.shapes import Shape

OF_THE_LIST = "it may tell how many items the list has, too"


def meet_value(
    frame: Frame,
    attached: Attached,
    value: Value,
    about: str,
    *,
    target: nodes.Expr | None = None,
    part: int = 0,
    is_input: bool = False,
) -> Value:
    """Meet a claim with a value; a value of unknown shape has the claimed one from here on."""
    value = frame.world.settle(value)
    if attached.claim.tentative and not counts(frame, attached, value):
        return value
    if type(value) is tuple and not any(spec.items for spec in attached.claim.shapes):
        unmet(frame, attached, "it may speak of what has this shape")  # `shape = (1,)  # scalar`
        return value
    if isinstance(value, Tensor) and value.device == ADDRESS:
        of_memory = value.shape == Shape()  # what a caller has there
        givens = [Given(None, why_unknown="an input")] if of_memory else givens_of(frame, value)
        doubt = "" if of_memory else "it may tell of what an address leads to"
        note_claim(frame, attached, givens, about, part=part, is_input=is_input or of_memory, doubt=doubt)
        return value
    if attached.claim.role is Role.ELEMENT:
        tensors = [frame.world.settle(one) for one in alternatives(value)]
        if all(isinstance(one, Tensor) and one.shape.known and one.rank for one in tensors):
            of_rows = [Given(Shape(one.shape.dims[1:])) for one in tensors if isinstance(one, Tensor)]
            givens = [*givens_of(frame, value), *of_rows]
            note_claim(frame, attached, givens, about, is_input=is_input, any_of=True)
            return value
        items, element = items_of(frame, value) if not isinstance(value, Tensor) else (None, value)
        doubt = OF_THE_LIST if len(attached.claim.shapes) > 1 else ""
        for number, item in enumerate(items or [element]):
            note_claim(frame, attached, givens_of(frame, item), about, part=number, is_input=is_input, doubt=doubt)
        return value
    if isinstance(value, PackedSequence):  # what it holds, or what that is once it is padded
        note_claim(frame, attached, packed_givens(value), about, part=part, is_input=is_input, any_of=True)
        return value
    row = _row_of(frame, attached, value)
    if row is not None:
        for number, item in enumerate(row):
            note_claim(frame, attached, [item], about, part=number, is_input=is_input)
        return value
    case = case_meant(frame.letters.told, value, attached.claim)
    if case is not None and frame.may_believe(attached):
        note_claim(frame, attached, [Given(None, why_unknown="an input")], about, part=part, is_input=True)
        take_path(frame, case[1])
        return case[0]
    givens = givens_of(frame, value, attached.claim.contiguous is not None)
    letters = dict(frame.letters.bound)
    shapes = note_claim(frame, attached, givens, about, part=part, is_input=is_input)
    by_place_alone = attached.place in OWN_LINE and attached.subject is None
    is_label = attached.place in OWN_LINE and id(attached) in frame.doubted
    is_unsure = by_place_alone or is_label or attached.claim.conditional or _may_be_of_another(frame, attached)
    is_unsure = is_unsure or any(map(may_be_row, attached.claim.shapes))
    open_shape = len(givens) == 1 and (givens[0].shape is None or _is_to_be_told(frame, givens[0].shape))
    if len(shapes) == 1 and not is_unsure and frame.may_believe(attached):
        if open_shape:
            told = believe(frame, value, believed_shape(frame, shapes[0], given=is_input), target)
            if not is_input:
                _let_letters_stand(frame, letters)
            return told
        if len(givens) > 1:
            _name_sizes_of_each(frame, givens, shapes[0])
    elif len(shapes) == 1 and frame.may_believe(attached) and _tells_but_sizes(frame, shapes[0], givens):
        _name_sizes_of_each(frame, givens, shapes[0])
    elif by_place_alone and all(given.shape is None or given.shape.says_nothing for given in givens):
        forget_letters(frame, letters)  # nothing has been told of what they stand for
    return value


def _let_letters_stand(frame: Frame, before: dict[str, Dim]) -> None:
    """Let the letters that were bound since, by what is said of an unknown shape alone, stand for what they meet."""
    new = [size.as_symbol for name, size in frame.letters.bound.items() if before.get(name) is not size]
    facts = frame.world.facts
    frame.world.idle |= frozenset(one for one in new if one is not None and one not in facts.mentioned)


def _name_sizes_of_each(frame: Frame, givens: list[Given], said: ClaimedShape) -> None:
    """Take it that sizes without a name are what is said of them, whichever of its alternatives a value is."""
    shape = believed_shape(frame, said)
    for given in givens:
        if given.shape is None or not given.shape.known or not shape.known or given.shape.rank != shape.rank:
            continue
        for mine, one in zip(given.shape.dims, shape.dims, strict=True):
            if one.value is None and one not in given.shape.dims:
                frame.world.give_size(mine, one)


def _tells_but_sizes(frame: Frame, said: ClaimedShape, givens: list[Given]) -> bool:
    """Whether a comment that may speak of something else fits a value in all but sizes without a name: it is its own.

    A size that has a name in the code, and is none but at its place, tells. That one which a caller chooses is another
    of the code, `B, _, T = x.shape` over `# output shape: B, output_size, T`, is no comment's to say.
    """
    shape = givens[0].shape if len(givens) == 1 else None
    if shape is None or not shape.known or said.rest is not None or len(said.dims) != shape.rank:
        return False
    pairs = [(dim, frame.world.renamed(size)) for dim, size in zip(said.dims, shape.dims, strict=True)]
    named = [(dim, size) for dim, size in pairs if not is_nameless(size)]
    of_code = [size for dim, size in pairs if is_nameless(size) and dim.fresh is None and not dim.by_comments]
    if any(symbol.free for size in of_code for symbol in size.symbols):
        return False
    facts = frame.world.facts
    fits = all(dim.size is not None and facts.is_equal(dim.size, size) for dim, size in named)
    return fits and len(named) < len(pairs) and any(dim.fresh is None and size.value is None for dim, size in named)


def _may_be_of_another(frame: Frame, attached: Attached) -> bool:
    """Whether a comment may as well speak of what its name stood for before, or of the item above it."""
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    return any(
        given.shape is None or not given.shape.known or given.shape.rank in ranks
        for given in otherwise(frame, attached)
    )


def givens_beside(frame: Frame, attached: Attached, value: Value) -> list[Given]:
    """What a shape beside a value may speak of: the value, each item of a row, or the row as one tensor."""
    row = _row_of(frame, attached, frame.world.settle(value))
    return givens_of(frame, value) if row is None else row


def _row_of(frame: Frame, attached: Attached, value: Value) -> list[Given] | None:
    """What a shape beside a list or tuple of tensors speaks of: each of them, or all as the rows of one tensor."""
    tensors = tensors_in(frame, value)
    if tensors is None:
        return _values_of(frame, attached, value)
    givens = [given for tensor in tensors for given in givens_of(frame, tensor)]
    ranks = {given.shape.rank if given.shape is not None and given.shape.known else None for given in givens}
    wanted = {len(spec.items) for spec in attached.claim.shapes}
    rank = ranks.pop() if len(ranks) == 1 else None
    if rank is not None and wanted.isdisjoint((rank, rank + 1)):
        return [Given(None, why_unknown="a list may be told of as what it is made of, or for")]
    if (rank is None or wanted.isdisjoint((rank, rank + 1))) and _holds_a_list(frame, value):
        return [*givens, Given(None, why_unknown="it may speak of the list")]
    if rank is None or wanted != {rank + 1}:
        return givens
    items, _ = items_of(frame, value)
    length = const(len(items)) if items is not None and len(items) == len(givens) else left_open()
    return [replace(given, shape=Shape((length, *given.shape.dims))) for given in givens if given.shape is not None]


def _holds_a_list(frame: Frame, value: Value) -> bool:
    """Whether a list stands among several values."""
    items = value if type(value) is tuple else ()
    refs = [one for one in map(frame.world.settle, items) if isinstance(one, Ref)]
    return any(isinstance(frame.world.heap.get(one.id), ListObject) for one in refs)


def _values_of(frame: Frame, attached: Attached, value: Value) -> list[Given] | None:
    """The values of a dict, where a shape of as many dims as each of them has is said of it."""
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if not isinstance(content, DictObject):
        return None
    values = [*content.entries.values(), *([content.element] if content.open else [])]
    givens = [given for one in values for given in givens_of(frame, frame.world.settle(one))]
    ranks = {given.shape.rank if given.shape is not None and given.shape.known else None for given in givens}
    return givens if ranks == {len(spec.items) for spec in attached.claim.shapes} else None


def counts(frame: Frame, attached: Attached, value: Value) -> bool:
    """Whether a claim that is one only by its form counts: beside a tensor, its names known, its zeros explained."""
    if not isinstance(value, Tensor) or not value.shape.known:
        return False
    items = attached.claim.shapes[0].items
    names = [name for item in items for name in names_in(item)]
    if any(size_named(frame, name) is None and name not in frame.letters.bound for name in names):
        return False
    if attached.claim.shapes[0].text.startswith("["):  # values of a row, unless the tensor has as many dims as numbers
        known = [frame.world.value_of(size) for size in value.shape.dims]
        said = [item.value for item in items if isinstance(item, Num)]
        return len(known) == len(said) and any(map(operator.eq, known, said))
    if not names and not all(size.value is not None for size in value.shape.dims):
        return False
    has_zero = any(isinstance(item, Num) and item.value == 0 for item in items)
    return not has_zero or any(frame.world.value_of(size) == 0 for size in value.shape.dims)


def _is_to_be_told(frame: Frame, shape: Shape) -> bool:
    """Whether there is something of a shape that only a comment can tell: how many dims, or a size without a name."""
    return not shape.known or any(is_nameless(frame.world.renamed(size)) for size in shape.dims)

"""A claim met with a value: what is known of that is noted; an unknown shape is the claimed one from there on."""

from __future__ import annotations

import operator
from dataclasses import replace

from shapelint.dims import Dim, const
from shapelint.interp.claims.believed import believe
from shapelint.interp.claims.claimed_shapes import believed_shape, claimed
from shapelint.interp.claims.code_names import size_named
from shapelint.interp.claims.givens import (
    NO_TENSOR,
    givens_of,
    has_nameless,
    is_nameless,
    packed_givens,
    settled_given,
    tensors_in,
    without_nameless,
)
from shapelint.interp.claims.held_against import (
    as_read,
    fitting_by_name,
    in_common,
    may_be_a_label,
    may_be_row,
    of_its_rank,
    other_rank_meant,
    tells_an_amount,
    tells_the_plane,
)
from shapelint.interp.claims.names import forget_letters, left_open, names_in, speak_of_items
from shapelint.interp.claims.nearby_values import led_by, may_be_of_the_line_above, of_its_rank_nearby, values_nearby
from shapelint.interp.claims.other_meanings import names_an_attribute, names_two_sizes, names_what_it_was
from shapelint.interp.claims.subjects import inputs, links, value_of
from shapelint.interp.objects.iteration import keep_apart
from shapelint.interp.objects.rows import items_of
from shapelint.interp.objects.rules import sources_of
from shapelint.interp.paths.cases import case_meant, take_path
from shapelint.interp.paths.join import alternatives
from shapelint.interp.paths.letters_on_paths import on_each_path
from shapelint.interp.state.events import ClaimedShape, ClaimMet, Failed, Given
from shapelint.interp.state.machine import Frame, Pending
from shapelint.interp.state.values import DictObject, ListObject, Ref, Value
from shapelint.notation.model import Name, Num, Rest, Role
from shapelint.ops.families.packed import PackedSequence
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import text_of, value_expr
from shapelint.shapes import Shape

STATEMENTS_COVERED = 4  # how far below an own-line comment the value may stand that it speaks of
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


def _may_be_of_another(frame: Frame, attached: Attached) -> bool:
    """Whether a comment may as well speak of what its name stood for before, or of the item above it."""
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    return any(
        given.shape is None or not given.shape.known or given.shape.rank in ranks
        for given in _otherwise(frame, attached)
    )


def _otherwise(frame: Frame, attached: Attached) -> list[Given]:
    """What else a comment may speak of by its place, where that may be a tensor.

    That is what the target was, that a comment over a statement names, before it ran, and the item above a comment
    between two.
    """
    if attached.or_about is not None:
        givens = givens_of(frame, value_of(frame, attached.or_about))
    elif id(attached) in frame.rebound:
        givens = givens_of(frame, frame.rebound[id(attached)])
    else:
        return []
    return [given for given in givens if given.why_unknown != NO_TENSOR]


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


def note_claim(
    frame: Frame,
    attached: Attached,
    givens: list[Given],
    about: str,
    *,
    part: int = 0,
    is_input: bool = False,
    any_of: bool = False,
    doubt: str = "",
    own_example: bool = False,
) -> list[ClaimedShape]:
    """Give the claim's names a meaning here and note what they are met with."""
    if not is_input and any(isinstance(event, Failed) for event in frame.failures[frame.mark :]):
        if attached.place is Place.DOCSTRING:  # of a result that may not depend on what went wrong in the function
            doubt = CANNOT_RUN
        else:
            givens = [Given(None, why_unknown=CANNOT_RUN)]
    givens = [settled_given(frame, given) for given in givens]
    single = givens[0] if len(givens) == 1 else None
    by_place_alone = attached.place in OWN_LINE and attached.subject is None and not is_input
    if single is not None and has_nameless(single):
        if by_place_alone and attached.claim.is_in_sentence(attached.text):  # of a step before, perhaps
            single = Given(None, why_unknown="it may speak of another value nearby")
        elif not frame.may_believe(attached):
            single = replace(single, shape=without_nameless(single.shape))
    meant = of_its_rank_nearby(frame, attached, single) if by_place_alone and single is not None else None
    if meant is not None:
        givens, single, doubt = [meant], meant, "it may speak of another value nearby"
    if attached.place is Place.DOCSTRING and not is_input and names_two_sizes(frame, attached):
        doubt = CONFLICT
    speak_of_items(frame, givens, each=attached.claim.role is Role.ELEMENT)
    letters = dict(frame.letters.bound)
    others_before = _otherwise(frame, attached)
    shapes = []
    for spec in attached.claim.shapes:
        if single is not None:
            meant_by_name = fitting_by_name(frame, spec, [single, *others_before])
            definite = (meant_by_name[0] if len(meant_by_name) == 1 else single).shape
        else:
            definite = in_common(spec, fitting_by_name(frame, spec, givens))
        if any_of and definite is None and not any(isinstance(item, Rest) for item in spec.items):
            definite = Shape(tuple(left_open() for _ in spec.items))  # no letter is the size of what is not meant
        alone = len(attached.claim.shapes) == 1 or single is None
        spec = as_read(spec, definite)
        shapes.append(claimed(frame, spec, definite if alone or definite is None else of_its_rank(spec, definite)))
    if any(given.shape is None or not given.shape.known for given in givens):  # it is taken at its word
        said = [dim.size for shape in shapes for dim in shape.dims if dim.size is not None]
        frame.letters.of_optional.difference_update(*(size.symbols for size in said))
    is_docstring = attached.place is Place.DOCSTRING
    if len(shapes) == 1:
        for shape in shapes:
            place = ("docstring", _describes(frame, attached)) if is_docstring else ("claim", attached.at)
            keep_apart(frame, _of_own_names(frame, shape, single.shape if single is not None else None), place)
    is_doubted = id(attached) in frame.doubted
    nothing_told = all(given.shape is None for given in ((single,) if single is not None else givens))
    is_either = single is not None and any(given.shape != single.shape for given in others_before)
    is_either = is_either or any(tells_the_plane(spec, one.shape) for spec in attached.claim.shapes for one in givens)
    if (by_place_alone and nothing_told) or (is_doubted and attached.about is not None) or is_either:
        forget_letters(frame, letters)  # nothing tells what it speaks of, nor what its letters stand for
    if by_place_alone:
        _forget_ones(frame, shapes)
    givens = [settled_given(frame, given) for given in givens]  # a size may have got its name from the claim
    givens = on_each_path(frame, shapes, givens)
    of_before = _is_a_step(frame, attached) and any(one.shape is None or not one.shape.known for one in others_before)
    if is_doubted or of_before:
        doubt = "it may speak of another value nearby"
    if attached.place is Place.ANNOTATION and names_an_attribute(frame, attached):
        doubt = "a name of an annotation need not be the attribute"
    if names_what_it_was(frame, attached):
        doubt = "a name may be that of the attribute which the local is made of"
    if attached.claim.conditional:
        doubt = "it is said under a condition"
    if single is not None and any(tells_an_amount(spec, single.shape) for spec in attached.claim.shapes):
        doubt = "it may tell an amount"
    if any(tells_the_plane(spec, given.shape) for spec in attached.claim.shapes for given in givens):
        doubt = "it may tell of the last two dims alone"
    if any(may_be_a_label(spec, given.shape) for spec in attached.claim.shapes for given in givens):
        doubt = "it may be a label"
    if single is not None and not is_input and may_be_of_the_line_above(frame, attached, single):
        doubt = "it may speak of another value nearby"
    met = [single.shape] if single is not None else [given.shape for given in givens]
    other_ranks = (other_rank_meant(spec, shape) for spec in attached.claim.shapes for shape in met)
    doubt = next(filter(None, other_ranks), doubt)
    statement = frame.statement
    expr = value_expr(statement) if statement is not None and not is_input else None
    others = others_before
    if attached.place in OWN_LINE and attached.subject is None and not is_input:
        of_links = links(frame, expr) if expr is not None and regroups(expr) else []
        arguments = [without_sign(one.value) for one in expr.args] if isinstance(expr, nodes.Call) else []
        of_links += [one for one in arguments if regroups(one) or unsqueezes(one)]
        if expr is not None and (_is_a_step(frame, attached) or isinstance(expr, nodes.Binary)):
            of_links = list(all_parts([expr]))  # what is added may be meant, `a = a + mask[:, None]`
        taken = [one for one in inputs(frame, expr) if isinstance(one, nodes.Name)] if expr is not None else []
        values = [
            *values_nearby(frame, attached),
            *led_by(frame, attached),
            *(value_of(frame, link) for link in (*of_links, *taken)),
        ]
        nearby = [given for value in values for given in givens_of(frame, value)]
        others = [given for given in nearby if given.shape is not None]
        others += [] if attached.apart else _not_known(givens_of(frame, frame.previous))
    unknown = len(givens) == 1 and (givens[0].shape is None or not givens[0].shape.known)
    event = ClaimMet(
        attached,
        about,
        tuple(shapes),
        tuple(givens),
        frame.world.facts,
        is_input=is_input,
        believed=unknown,
        others=others,
        before=len(others),
        sources=sources_of(frame, expr) if expr is not None else (),
        part=part,
        any_of=any_of,
        doubt=doubt,
        own_example=own_example,
        conditional=frame.world.conditions > frame.entered,
    )
    frame.note(event)
    is_alone = statement is not None and statement.at[0] == attached.at[0]  # words above it may lead to what is below
    ends_paragraph = isinstance(statement, nodes.Comment) and statement.of_value and is_alone
    if isinstance(attached.subject, nodes.Name) and frame.env.get(attached.subject.id) is not frame.previous:
        ends_paragraph = False  # it names something else than the statement above binds
    if attached.place in OWN_LINE and not is_input and not ends_paragraph:
        frame.pending.append(Pending(event, text_of(attached.subject), STATEMENTS_COVERED))
    return shapes


CANNOT_RUN = "the line cannot run"
CONFLICT = "what is said of the inputs does not agree"


def _not_known(givens: list[Given]) -> list[Given]:
    """Those of unknown shape that may be tensors."""
    return [given for given in givens if given.shape is None and given.why_unknown != NO_TENSOR]


def unmet(frame: Frame, attached: Attached, why: str) -> None:
    """Note a claim of which nothing tells what it speaks of, nor what its letters stand for."""
    letters = dict(frame.letters.bound)
    note_claim(frame, attached, [Given(None, why_unknown=why)], "")
    forget_letters(frame, letters)


def _is_a_step(frame: Frame, attached: Attached) -> bool:
    """Whether a comment over a statement tells of a step of several: another line below it tells what comes out."""
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    return any(
        other.place in OWN_LINE and other.claim.role is Role.RESULT and other.at[0] > attached.at[0] for other in claims
    )


REGROUPING = frozenset("view reshape flatten unflatten".split())


def regroups(expr: nodes.Expr) -> bool:
    """Whether a chain of calls ends with new dims for what the links before it have put in order."""
    return isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Attribute) and expr.func.attr in REGROUPING


def unsqueezes(expr: nodes.Expr) -> bool:
    """Whether a value is given dims of 1, by which it is laid beside another: `x.masked_fill(mask.unsqueeze(1), 0)`."""
    return isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Attribute) and expr.func.attr == "unsqueeze"


def without_sign(expr: nodes.Expr) -> nodes.Expr:
    """What a sign stands before, `mask[:, None]` of `~mask[:, None]`, which has its shape."""
    return expr.operand if isinstance(expr, nodes.Unary) else expr


def _forget_ones(frame: Frame, shapes: list[ClaimedShape]) -> None:
    """Forget the letters that a claim by its place alone takes for 1: it may speak of the next line.

    `# (B, T, C)` over `mask = mask.unsqueeze(-1)` and `h = self.embed(x) * mask`.
    """
    for dim in (dim for shape in shapes for dim in shape.dims):
        if dim.fresh is not None and dim.size is not None and frame.world.value_of(dim.size) == 1:
            frame.letters.bound.pop(dim.fresh, None)


def _of_own_names(frame: Frame, shape: ClaimedShape, given: Shape | None) -> list[Dim]:
    """The sizes of a claim that its author keeps apart: not those of letters in a row, `C_1, C_2`, often one size, nor
    those that the code gives as one, `(K, P)` of a square."""
    items = [item for item in shape.spec.items if not isinstance(item, Rest)]
    stems = [item.text.rstrip("0123456789").rstrip("_") if isinstance(item, Name) else None for item in items]
    numbered = [isinstance(item, Name) and item.text[-1:].isdigit() for item in items]
    alike = {stem for stem, one in zip(stems, numbered, strict=True) if one and stems.count(stem) > 1}
    code = [frame.world.facts.normalize(size) for size in given.dims] if given is not None and given.known else []
    sizes: list[Dim | None] = [*code] if len(code) == len(items) else [None] * len(items)
    return [
        dim.size
        for dim, stem, size in zip(shape.dims, stems, sizes, strict=True)
        if dim.size is not None and stem not in alike and (size is None or sizes.count(size) == 1)
    ]


def _describes(frame: Frame, attached: Attached) -> object:
    """What a docstring describes, in which a claim stands: the class, or the function. Each has names of its own."""
    if frame.cls is not None and any(attached is other for other in frame.cls.node.described.claims):
        return True
    return frame.function.node.at[0] if frame.function is not None else False

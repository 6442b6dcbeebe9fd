"""A claim noted: its names are given a meaning here, and what they are met with is kept until it is judged."""

from __future__ import annotations

from dataclasses import replace

from shapelint.dims import Dim
from shapelint.interp.claims.claimed_shapes import claimed
from shapelint.interp.claims.givens import (
    NO_TENSOR,
    givens_of,
    has_nameless,
    settled_given,
    without_nameless,
)
from shapelint.interp.claims.held_against import (
    as_read,
    fitting_by_name,
    in_common,
    may_be_a_label,
    of_its_rank,
    other_rank_meant,
    tells_an_amount,
    tells_the_plane,
)
from shapelint.interp.claims.names import forget_letters, left_open, speak_of_items
from shapelint.interp.claims.nearby_values import (
    led_by,
    may_be_of_the_line_above,
    of_its_names_nearby,
    of_its_rank_nearby,
    values_nearby,
)
from shapelint.interp.claims.other_meanings import names_an_attribute, names_two_sizes, names_what_it_was
from shapelint.interp.claims.subjects import inputs, links, made_within, value_of
from shapelint.interp.objects.iteration import keep_apart
from shapelint.interp.objects.rules import sources_of
from shapelint.interp.paths.letters_on_paths import on_each_path
from shapelint.interp.state.apart import INPUTS
from shapelint.interp.state.decorators import is_kernel
from shapelint.interp.state.events import ClaimedShape, ClaimMet, Failed, Given
from shapelint.interp.state.letters import Pending
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value
from shapelint.notation.model import Name, Rest, Role
from shapelint.ops.tensor import ADDRESS, Tensor
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import text_of, value_expr
from shapelint.shapes import Shape

NEARBY = "it may speak of another value nearby"
CANNOT_RUN = "the line cannot run"
CONFLICT = "what is said of the inputs does not agree"
STATEMENTS_COVERED = 4  # how far below an own-line comment the value may stand that it speaks of


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
            single = Given(None, why_unknown=NEARBY)
        elif not frame.may_believe(attached):
            single = replace(single, shape=without_nameless(single.shape))
    meant = None
    if by_place_alone and single is not None:
        meant = of_its_rank_nearby(frame, attached, single) or of_its_names_nearby(frame, attached, single)
    below = tuple(givens) if by_place_alone else ()
    if meant is not None:
        givens, single, doubt = [meant], meant, NEARBY
    if attached.place is Place.DOCSTRING and not is_input and names_two_sizes(frame, attached):
        doubt = CONFLICT
    speak_of_items(frame, givens, each=attached.claim.role is Role.ELEMENT)
    letters = dict(frame.letters.bound)
    others_before = otherwise(frame, attached)
    shapes = _meanings(frame, attached, givens, single, others_before, any_of=any_of)
    if any(given.shape is None or not given.shape.known for given in givens):  # it is taken at its word
        said = [dim.size for shape in shapes for dim in shape.dims if dim.size is not None]
        frame.letters.of_optional.difference_update(*(size.symbols for size in said))
    if len(shapes) == 1:
        is_docstring = attached.place is Place.DOCSTRING
        place = ("docstring", _describes(frame, attached)) if is_docstring else ("claim", attached.at)
        own = _of_own_names(frame, shapes[0], single.shape if single is not None else None)
        keep_apart(frame, own, place)
        if is_input and not is_docstring and frame.function is not None:  # as a docstring says it of all of them
            keep_apart(frame, own, ("claim", INPUTS, frame.function.node.at))
        _keep_apart_from_numbers(frame, own, shapes[0], str(place))
    nothing_told = all(given.shape is None for given in ((single,) if single is not None else givens))
    is_either = single is not None and any(given.shape != single.shape for given in others_before)
    is_either = is_either or any(tells_the_plane(spec, one.shape) for spec in attached.claim.shapes for one in givens)
    is_label = id(attached) in frame.doubted and attached.about is not None
    if (by_place_alone and nothing_told) or is_label or is_either:
        forget_letters(frame, letters)  # nothing tells what it speaks of, nor what its letters stand for
    if by_place_alone:
        _forget_ones(frame, shapes)
    givens = [settled_given(frame, given) for given in givens]  # a size may have got its name from the claim
    givens = on_each_path(frame, shapes, givens)
    doubt = _doubt_of(frame, attached, givens, single, others_before, is_input=is_input) or doubt
    expr = value_expr(frame.statement) if frame.statement is not None and not is_input else None
    others = _others_near(frame, attached, expr) if by_place_alone else others_before
    event = ClaimMet(
        attached,
        about,
        tuple(shapes),
        tuple(givens),
        frame.world.facts,
        is_input=is_input,
        believed=len(givens) == 1 and (givens[0].shape is None or not givens[0].shape.known),
        others=others,
        before=len(others),
        previous=tuple(givens_of(frame, frame.previous)) if by_place_alone and not attached.apart else (),
        below=below,
        sources=sources_of(frame, expr) if expr is not None else (),
        part=part,
        any_of=any_of,
        doubt=doubt,
        own_example=own_example,
        conditional=frame.world.conditions > frame.entered,
    )
    frame.note(event)
    if attached.place in OWN_LINE and not is_input and not _ends_paragraph(frame, attached):
        frame.pending.append(Pending(event, text_of(attached.subject), STATEMENTS_COVERED, frame.statement))
    return shapes


def _keep_apart_from_numbers(frame: Frame, sizes: list[Dim], shape: ClaimedShape, place: str) -> None:
    """Note that a comment has names and a number beside each other: the N of (B, N, 3) is not to be 3."""
    numbers = [one.size for one in shape.dims if one.size is not None and (one.size.value or 0) > 1]
    for size in (*sizes, *numbers) if numbers else ():
        frame.evidence.laid_out.setdefault(size, set()).add(place)


def unmet(frame: Frame, attached: Attached, why: str) -> None:
    """Note a claim of which nothing tells what it speaks of, nor what its letters stand for."""
    letters = dict(frame.letters.bound)
    note_claim(frame, attached, [Given(None, why_unknown=why)], "")
    forget_letters(frame, letters)


def _meanings(
    frame: Frame,
    attached: Attached,
    givens: list[Given],
    single: Given | None,
    others_before: list[Given],
    *,
    any_of: bool,
) -> list[ClaimedShape]:
    """Each of a claim's shapes with the meaning of its names, as it is met with these values, or with one alone."""
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
    return shapes


def _doubt_of(
    frame: Frame,
    attached: Attached,
    givens: list[Given],
    single: Given | None,
    others_before: list[Given],
    *,
    is_input: bool,
) -> str:
    """Why a claim may mean something else than that these values have its shape; "" where nothing speaks for it."""
    specs = attached.claim.shapes
    met = [single.shape] if single is not None else [given.shape for given in givens]
    other_rank = next(filter(None, (other_rank_meant(spec, shape) for spec in specs for shape in met)), "")
    if other_rank:
        return other_rank
    if single is not None and not is_input and may_be_of_the_line_above(frame, attached, single):
        return NEARBY
    if any(may_be_a_label(spec, given.shape) for spec in specs for given in givens):
        return "it may be a label"
    if any(tells_the_plane(spec, given.shape) for spec in specs for given in givens):
        return "it may tell of the last two dims alone"
    if single is not None and any(tells_an_amount(spec, single.shape) for spec in specs):
        return "it may tell an amount"
    if _counts_in_a_kernel(frame, attached, givens):
        return "it may tell what a number of a kernel counts"
    if attached.claim.conditional:
        return "it is said under a condition"
    if names_what_it_was(frame, attached):
        return "a name may be that of the attribute which the local is made of"
    if attached.place is Place.ANNOTATION and names_an_attribute(frame, attached):
        return "a name of an annotation need not be the attribute"
    of_before = is_a_step(frame, attached) and any(one.shape is None or not one.shape.known for one in others_before)
    return NEARBY if id(attached) in frame.doubted or of_before else ""


def _counts_in_a_kernel(frame: Frame, attached: Attached, givens: list[Given]) -> bool:
    """Whether a single number of a kernel is said to have dims: `tl.program_id(0)  # B, T // BLOCK`."""
    if frame.function is None or not is_kernel(frame.function) or not all(one.items for one in attached.claim.shapes):
        return False
    return all(given.shape is not None and given.shape.known and given.shape.rank == 0 for given in givens)


def _others_near(frame: Frame, attached: Attached, expr: nodes.Expr | None) -> list[Given]:
    """What else near it a comment on a line of its own, which names nothing, may speak of: `expr` stands below it."""
    of_links = links(frame, expr) if expr is not None and regroups(expr) else []
    arguments = [without_sign(one.value) for one in expr.args] if isinstance(expr, nodes.Call) else []
    of_links += [one for one in arguments if regroups(one) or unsqueezes(one)]
    of_links += [link for one in arguments if regroups(one) for link in made_within(frame, one)]
    if expr is not None and (is_a_step(frame, attached) or isinstance(expr, nodes.Binary)):
        of_links = list(all_parts([expr]))  # what is added may be meant, `a = a + mask[:, None]`
    taken = [one for one in inputs(frame, expr) if isinstance(one, nodes.Name)] if expr is not None else []
    values = [
        *values_nearby(frame, attached),
        *led_by(frame, attached),
        *(value_of(frame, link) for link in (*of_links, *taken)),
    ]
    nearby = [given for value in values if not _is_address(value) for given in givens_of(frame, value)]
    others = [given for given in nearby if given.shape is not None]
    return others + ([] if attached.apart else _not_known(givens_of(frame, frame.previous)))


def _is_address(value: Value) -> bool:
    """Whether a value of a kernel is an address, as large as what is loaded from there: that is spoken of."""
    return isinstance(value, Tensor) and value.device == ADDRESS


def _ends_paragraph(frame: Frame, attached: Attached) -> bool:
    """Whether a comment stands below the value that it speaks of, and does not lead to what is below it."""
    statement = frame.statement
    if isinstance(attached.subject, nodes.Name) and frame.env.get(attached.subject.id) is not frame.previous:
        return False  # it names something else than the statement above binds
    is_alone = statement is not None and statement.at[0] == attached.at[0]  # words above it may lead to what is below
    return isinstance(statement, nodes.Comment) and statement.of_value and is_alone


def otherwise(frame: Frame, attached: Attached) -> list[Given]:
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


def _not_known(givens: list[Given]) -> list[Given]:
    """Those of unknown shape that may be tensors."""
    return [given for given in givens if given.shape is None and given.why_unknown != NO_TENSOR]


def is_a_step(frame: Frame, attached: Attached) -> bool:
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

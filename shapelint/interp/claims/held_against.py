"""What a shape of a claim is held against where a value may be several, so that its letters get a meaning from it."""

from __future__ import annotations

import re
from dataclasses import replace

from shapelint.dims import Dim
from shapelint.interp.claims.names import left_open, meaning_of, names_in
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.notation.model import Binary, DimSpec, Name, Num, Rest, ShapeSpec
from shapelint.shapes import Run, Shape, first_cause

_CROSSED = re.compile(r"\s*[\[(]?\s*\w+(?:\s*[x\u00d7*]\s*\w+)+\s*[\])]?\s*$")


def as_read(spec: ShapeSpec, given: Shape | None) -> ShapeSpec:
    """`B x T` beside a tensor of one dim as B*T, `[B*T*H]` beside one of several as `(B, T, H)`, and `H/2 x W/2` beside
    an image as `(..., H/2, W/2)`."""
    if tells_the_plane(spec, given):
        return ShapeSpec((Rest(), *spec.items), spec.text)
    if (spread := _as_spread(spec, given)) is not None:
        return spread
    if given is None or not _CROSSED.match(spec.text):
        return spec
    factors = _factors(spec.items[0]) if may_be_row(spec) else []
    if factors and given.least_rank > 1:
        return ShapeSpec(tuple(factors), spec.text)
    sizes = [item for item in spec.items if isinstance(item, (Name, Num))]
    if not given.known or given.rank != 1 or len(sizes) != len(spec.items) or len(sizes) < 2:
        return spec
    whole: DimSpec = sizes[0]
    for size in sizes[1:]:
        whole = Binary("*", whole, size)
    return ShapeSpec((whole,), spec.text)


def _as_spread(spec: ShapeSpec, given: Shape | None) -> ShapeSpec | None:
    """`(batch_size, n)` beside `zeros(*batch_size, n)`: the row's name stands for all sizes in it."""
    run = given.run if given is not None else None
    places = [
        place for place, item in enumerate(spec.items) if isinstance(item, Name) and run and item.text == run.name
    ]
    if run is None or run.ones or not run.row or len(places) != 1 or any(isinstance(item, Rest) for item in spec.items):
        return None
    return ShapeSpec((*spec.items[: places[0]], Rest(run.name), *spec.items[places[0] + 1 :]), spec.text)


def may_be_row(spec: ShapeSpec) -> bool:
    """Whether a shape is written as one product, `[B*T*H]`, by which some mean a dim for each factor."""
    return len(spec.items) == 1 and bool(_CROSSED.match(spec.text)) and len(_factors(spec.items[0])) > 1


def _factors(item: DimSpec | Rest) -> list[DimSpec]:
    if isinstance(item, Binary) and item.op == "*":
        return _factors(item.left) + _factors(item.right)
    return [item] if isinstance(item, (Name, Num)) else []


def tells_an_amount(spec: ShapeSpec, given: Shape | None) -> bool:
    """Whether `# c x h`, or `# (H*W)`, beside a single number rather tells how many it counts."""
    bare = not spec.text.startswith(("(", "["))
    counts = bool(_CROSSED.match(spec.text)) if bare else bool(_PRODUCT.fullmatch(spec.text))
    return counts and given is not None and given.known and given.rank == 0


def tells_the_plane(spec: ShapeSpec, given: Shape | None) -> bool:
    """Whether `# H, W -> H/2, W/2` beside an image or a batch of them tells of its last two dims alone."""
    bare = not spec.text.startswith(("(", "["))
    letters = [[name.lower() for name in names_in(item)] for item in spec.items]
    is_plane = letters in ([["h"], ["w"]], [["height"], ["width"]])
    return bare and is_plane and given is not None and given.known and given.rank > 2


def may_be_a_label(spec: ShapeSpec, given: Shape | None) -> bool:
    """Whether `(b)`, or `(h * w)`, beside a tensor of several dims may name a part of a formula."""
    return given is not None and given.known and given.rank != 1 and bool(_LABEL.fullmatch(spec.text))


_LABEL = re.compile(r"\([a-z](?:\s*\*\s*[a-z])*\)")
_PRODUCT = re.compile(r"\(\w+(?:\s*\*\s*\w+)+\)")


def other_rank_meant(spec: ShapeSpec, given: Shape | None) -> str:
    """Why a row may mean as many dims as a tensor has, though it is read as another number of them; "" if it may not.

    `(B, C, 32x32)` and `(b, 3, n u)` may tell two dims at the last place, `N, M or M, N` two rows, `[x, y, w, h]` what
    stands along the last dim of a table, `(t, h//p)` the two numbers in an array, `HWC` how each image of a batch lies.
    """
    if given is None or not given.known or given.rank == len(spec.items):
        return ""
    if spec.text in ("HWC", "CHW") and given.rank == 4:
        return "it may tell of each image of a batch"
    if _POINTED.search(spec.text) and len(spec.items) < given.rank <= len(_POINTED_APART.split(spec.text)):
        return "it may tell of several dims at one place"  # `t\u00d7n\u00b7d`
    if given.rank == 1 and given.dims[0].value == len(spec.items) and re.search(r"[,\s]", spec.text.strip()):
        return "it may tell what is in there"
    if "," not in spec.text:
        return ""
    apart = [part for part in _BETWEEN.split(spec.text) if part]
    if given.rank == len(apart) > len(spec.items) and not _REACHING.search(spec.text):
        return "it may tell of two dims at one place"
    if " x " in spec.text and given.rank == len(re.split(r"\s*,\s*|\sx\s", spec.text)) > len(spec.items):
        return "it may tell of two dims at one place"  # `B x C, M x L+M`
    rows = re.split(r"\s+or\s+", spec.text)
    if len(rows) > 1 and all(row.count(",") + 1 == given.rank for row in rows):
        return "it may tell of two rows"
    first = spec.items[0]
    if given.rank == len(spec.items) - 1 and isinstance(first, Binary) and first.op == "-" and len(names_in(first)) > 1:
        return "it may begin with what it is said of"  # `p_j - p_i, B, N, 3`
    are_words = all(isinstance(item, Name) and item.text.islower() for item in spec.items)
    letters = "".join(sorted(item.text for item in spec.items if isinstance(item, Name)))
    are_columns = are_words and (len(spec.items) > 3 or letters in _AXES)
    if are_columns and given.dims and given.dims[-1].value == len(spec.items):
        return "it may tell what stands along the last dim"
    return ""


_AXES = frozenset("".join(sorted(letters)) for letters in ("thw", "dhw", "xyz", "ijk", "txy", "zyx"))
"""The axes of which a row of a table holds a place on each: `(t, h, w)` of so many positions."""


_POINTED = re.compile(r"\w\s*\u00b7\s*\w")
_POINTED_APART = re.compile(r"\s*[\u00b7\u00d7,]\s*|\s+x\s+")
_BETWEEN = re.compile(r"[\s,()\[\]]+|(?<=[0-9A-Z])[x\u00d7](?=[0-9A-Z])")
_REACHING = re.compile(r"[*/+-]")


def fitting_by_name(frame: Frame, spec: ShapeSpec, givens: list[Given]) -> list[Given]:
    """The alternatives in which each name of the claim that has a meaning stands for that size; else all."""
    known = [(place, meaning_of(frame, item.text)) for place, item in enumerate(spec.items) if isinstance(item, Name)]
    said = [(place, size) for place, size in known if size is not None]
    facts, count = frame.world.facts, len(spec.items)
    fitting = [
        given
        for given in givens
        if given.shape is not None
        and given.shape.known
        and given.shape.rank == count
        and all(facts.is_equal(given.shape.dims[place], size) for place, size in said)
    ]
    return fitting if said and fitting else givens


def in_common(spec: ShapeSpec, givens: list[Given]) -> Shape | None:
    """What all alternatives of a value are that have as many dims as the claim: a size is unknown where they differ."""
    rest = next((i for i, item in enumerate(spec.items) if isinstance(item, Rest)), None)
    count = len(spec.items) - (rest is not None)
    shapes = [given.shape for given in givens if given.shape is not None]
    if rest is None:
        shapes = [shape for shape in shapes if shape.known and shape.rank == count]
        return _joined([shape.dims for shape in shapes], count, 0) if shapes else None
    shapes = [shape for shape in shapes if shape.run is not None or shape.rank >= count]
    if not shapes:
        return None
    tails = [shape.back if shape.run is not None else shape.front for shape in shapes]
    front = _joined([shape.front[:rest] for shape in shapes], rest, 0)
    back = _joined([tail[-(count - rest) :] if count > rest else () for tail in tails], count - rest, -1)
    return Shape(front.dims, Run.fresh(after=first_cause(shapes)), back.dims)


def as_one(givens: list[Given]) -> Given:
    """One of several alternatives, whichever it is: a size is left open where they differ."""
    shapes = [given.shape for given in givens]
    if len(givens) == 1:
        return givens[0]
    known = [shape.dims for shape in shapes if shape is not None and shape.known]
    if len(known) < len(givens) or len({len(dims) for dims in known}) > 1:
        return Given(None, why_unknown=first_cause(shapes) or "the number of dims is not known")
    return replace(givens[0], shape=_joined(known, len(known[0]), 0), path=None)


def _joined(rows: list[tuple[Dim, ...]], count: int, end: int) -> Shape:
    """A size for each of `count` places, counted from the front (`end` 0) or the back: the one that all rows have."""
    sizes = []
    for place in range(count):
        at = place if end == 0 else place - count
        found = {row[at] if -len(row) <= at < len(row) else None for row in rows}
        only = found.pop() if len(found) == 1 else None
        sizes.append(only if only is not None else left_open())
    return Shape(tuple(sizes))


def of_its_rank(spec: ShapeSpec, shape: Shape) -> Shape | None:
    """The shape, where this alternative has as many dims; one that has not defines no letters."""
    count = len(spec.items)
    if (
        shape.run is not None
        and 0 < shape.least_rank <= count
        and not any(isinstance(item, Rest) for item in spec.items)
    ):
        unseen = [left_open() for _ in range(count - shape.least_rank)]
        return Shape((*shape.front, *unseen, *shape.back))
    return shape if shape.known and shape.rank == count else Shape.of(*[1] * (count + 1))

"""Every text that a finding shows, made from what was found: headlines, labels, chains, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Problem
from shapelint.checks.verdicts.sizes import named
from shapelint.checks.verdicts.wording import MOST_SAID, PLAIN, TOO_LONG, Wording
from shapelint.dims import Dim, Symbol
from shapelint.interp.state.events import ClaimMet, DefinitionMet, Failed, Needed, Source
from shapelint.notation.model import Binary, Call, DimSpec, Num, OneOf, Rest, Role
from shapelint.ops.needs import Trouble
from shapelint.program.nodes import Attached, Place
from shapelint.shapes import Shape

SPEAKER = {Place.DOCSTRING: "docstring", Place.ANNOTATION: "annotation"}

CANNOT = {
    Trouble.MATMUL: "this matrix product cannot run",
    Trouble.BROADCAST: "these shapes do not broadcast",
    Trouble.COUNT: "the elements do not fit",
    Trouble.JOIN: "these tensors cannot be joined",
    Trouble.LAYER_INPUT: "the layer cannot take this input",
    Trouble.DIM_INDEX: "there is no such dim",
    Trouble.UNPACK: "this cannot be unpacked",
    Trouble.PATTERN: "the pattern does not fit",
    Trouble.LAYOUT: "this view needs another memory layout",
    Trouble.INDEX: "this index cannot be used",
    Trouble.EXPAND: "this cannot be expanded",
    Trouble.CALL: "this call cannot run",
    Trouble.ARGUMENT: "this call cannot run",
}


def declared(claim: Judged) -> str | None:
    """The claimed shape in the author's own text."""
    if not isinstance(claim.attached, Attached):
        return None
    if claim.match is not None and claim.match.shape is not None:
        return claim.match.shape.spec.text
    shapes = claim.attached.claim.shapes
    return shapes[0].text if shapes else None


def inferred(claim: Judged) -> str | None:
    """The shape that the code gives."""
    if claim.match is not None and claim.match.given is not None:
        return claim.wording.shape(claim.match.given)
    if claim.given is not None and claim.given.shape is not None:
        return claim.wording.shape(claim.given.shape)
    return None


def briefly_inferred(claim: Judged) -> str:
    """The shape that the code gives, as a sentence has it."""
    given = claim.match.given if claim.match is not None else None
    shape = given if given is not None else claim.given.shape if claim.given is not None else None
    return claim.wording.brief(shape) if shape is not None else "?"


def claim_headline(claim: Judged) -> str:
    """`comment says (B, C, C), the code gives (B, H*W, H*W)`."""
    assert isinstance(claim.attached, Attached) and claim.match is not None
    speaker = SPEAKER.get(claim.attached.place, "comment")
    if claim.match.problem is Problem.LAYOUT:
        said, is_so = ("contiguous", "not") if claim.attached.claim.contiguous else ("not contiguous", "it")
        return f"{speaker} says {said}, but {'it is not' if is_so == 'not' else 'it is'}"
    of = ""
    if claim.attached.claim.role is Role.OPERAND:
        of = f" of operand {claim.attached.claim.index + 1}"
    elif claim.attached.claim.role is Role.INPUT:
        about = claim.event.about if isinstance(claim.event, ClaimMet) else ""
        of = f" of {about}" if about and claim.attached.place is Place.DOCSTRING else " of the input"
    given = "the code gives" if claim.by is None else f"but if line {claim.by.attached.at[0]} is right the code gives"
    return f"{speaker} says {declared(claim)}{of}, {given} {briefly_inferred(claim)}"


def claim_label(claim: Judged) -> str:
    """`dims 2 and 3 are H*W, not C`."""
    match = claim.match
    assert match is not None and match.given is not None and match.shape is not None
    if match.problem is Problem.LAYOUT:
        return ""
    if match.problem is Problem.RANK:
        return f"{len(match.shape.dims)} dims, not {match.given.least_rank}"
    rows: dict[tuple[str, str], list[int]] = {}
    for index, size in match.wrong:
        said = _text(claim, index)
        behind = match.shape.rest is not None and index >= match.shape.rest
        rows.setdefault((claim.wording.brief_size(size), said), []).append(
            index - len(match.shape.dims) if behind else index + 1
        )
    parts = []
    for (given, said), positions in rows.items():
        which = f"dim {positions[0]} is" if len(positions) == 1 else f"dims {_listed(positions)} are"
        parts.append(f"{which} {given}, not {said}")
    return "; ".join(parts)


def _text(claim: Judged, position: int) -> str:
    """What a claim says at one place, as its author wrote it."""
    match = claim.match
    assert match is not None and match.shape is not None
    return _spelled([item for item in match.shape.spec.items if not isinstance(item, Rest)][position])


def _spelled(item: DimSpec) -> str:
    if isinstance(item, Binary):
        sides = (
            f"({_spelled(side)})" if isinstance(side, Binary) else _spelled(side) for side in (item.left, item.right)
        )
        return item.op.join(sides)
    if isinstance(item, Call):
        return f"{item.function}({', '.join(map(_spelled, item.arguments))})"
    if isinstance(item, OneOf):
        return " or ".join(map(_spelled, item.choices))
    return str(item.value) if isinstance(item, Num) else item.text


def _listed(numbers: list[int]) -> str:
    words = [str(number) for number in numbers]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def sizes_note(claim: Judged) -> list[str]:
    """`for B=4, C=3, H=4, W=4: (4, 16, 16), not (4, 3, 3)`."""
    match = claim.match
    assert match is not None and match.given is not None and match.shape is not None
    if not claim.witness:
        return []
    env = dict(claim.witness)
    seen = [*(dim.size for dim in match.shape.dims if dim.size is not None), *match.given.seen()]
    given = _evaluated(match.given.dims, env) if match.given.known else None
    said = _evaluated([dim.size for dim in match.shape.dims], env)
    sizes = _sizes({symbol: env[symbol] for symbol in _symbols_in(seen) if symbol in env}, claim.wording)
    if not sizes:
        return []
    if given is None or said is None or match.problem is Problem.LAYOUT or match.shape.rest is not None:
        return [f"for {sizes}"]
    return [f"for {sizes}: {given}, not {said}"]


def calls_note(claim: Judged) -> list[str]:
    """`as it is called at lines 12 and 40`, of what only the calls of a private function show."""
    if not claim.calls:
        return []
    *first, last = map(str, claim.calls)
    return [f"as it is called at lines {', '.join(first)} and {last}" if first else f"as it is called at line {last}"]


def _evaluated(sizes: Iterable[Dim | None], env: Mapping[Symbol, int]) -> str | None:
    try:
        numbers = [None if size is None else size.evaluate(env) for size in sizes]
    except (KeyError, ZeroDivisionError, ValueError):
        return None
    words = ["_" if number is None else str(number) for number in numbers]
    return "(" + ", ".join(words) + ("," if len(words) == 1 else "") + ")"


def _sizes(env: Mapping[Symbol, int], wording: Wording = PLAIN) -> str:
    """`B=2, H=3`; what goes by the same name and is as large is said once."""
    once = {(wording.name(symbol), size): symbol for symbol, size in reversed(list(env.items()))}
    sizes = named(
        {symbol: size for symbol, size in env.items() if once[wording.name(symbol), size] is symbol}, wording.name
    )
    return ", ".join(f"{name}={size}" for name, size in sizes.items())


def _symbols_in(sizes: Iterable[Dim]) -> list[Symbol]:
    """The symbols in a row of sizes, in the order in which a reader meets them."""
    found: dict[Symbol, None] = {}
    for size in sizes:
        found.update(dict.fromkeys(sorted(size.symbols, key=lambda symbol: symbol.order)))
    return list(found)


def sizes_in(witness: Mapping[Symbol, int]) -> list[str]:
    """`for dim=2, hidden=3`."""
    sizes = _sizes(witness)
    return [f"for {sizes}"] if sizes else []


def sizes_told(witness: Mapping[Symbol, int], headline: str) -> list[str]:
    """`for B=2, D=3`, unless the headline speaks of none of these sizes: then it fails whatever they are."""
    told = any(re.search(rf"(?<![\w.]){re.escape(symbol.name)}(?![\w\[])", headline) for symbol in witness)
    return sizes_in(witness) if told else []


def of_one_name(pair: tuple[Dim, Dim] | None, witness: Mapping[Symbol, int]) -> list[str]:
    """`the two are called alike, and are 5 and 7`, of sizes that differ and are written in the same way."""
    if pair is None or pair[0] is pair[1] or str(pair[0]) != str(pair[1]):
        return []
    try:
        sizes = [size.evaluate(witness) for size in pair]
    except (KeyError, ZeroDivisionError, ValueError):
        return []
    return [f"the two are called alike, and are {sizes[0]} and {sizes[1]}"] if sizes[0] != sizes[1] else []


def chain(sources: Iterable[Source], line: int, wording: Wording = PLAIN) -> list[str]:
    """`im1 is (B, H*W, C) from line 222, im2 is (B, C, H*W) from line 223`."""
    parts = [
        f"{source.name} is {wording.brief(source.shape)}"
        + (f" from line {source.line}" if source.line and source.line != line else "")
        for source in sources
        if (source.line != line or not source.line) and not _is_nameless(source.shape)
    ]
    return [", ".join(parts)] if parts else []


def _is_nameless(shape: Shape) -> bool:
    """Whether nothing is known of a shape but how many dims it has, if so much."""
    sizes = [size.as_symbol for size in shape.seen()]
    return bool(sizes) and all(symbol is not None and symbol.name == "_" for symbol in sizes)


def label_headline(claim: Judged) -> str:
    """`C stands for two sizes in these comments: here it is dim`, and what it is elsewhere, if it has another name."""
    match = claim.match
    assert match is not None and match.given is not None and match.shape is not None
    if not match.wrong:
        return f"{claim.letter} stands for two sizes in these comments: here it is {claim.wording.brief(match.given)}"
    place, size = match.wrong[0]
    here = claim.wording.brief_size(size)
    said = match.shape.dims[place].size
    elsewhere = "" if said is None else str(said)
    is_told = elsewhere not in (here, claim.letter, "") and len(elsewhere) <= MOST_SAID
    here = "another one" if here == TOO_LONG else here
    return f"{claim.letter} stands for two sizes in these comments: here it is {here}" + (
        f", elsewhere {elsewhere}" if is_told else ""
    )


def no_error_headline(claim: Judged) -> str:
    """An error that a comment promises does not come."""
    shape = claim.given.shape if claim.given is not None else None
    return f"comment says that this fails, but it gives {shape}"


def definition_text(event: DefinitionMet) -> str:
    """The equality as the author wrote it."""
    definition = event.attached.definition
    if event.attached.place is Place.DOCSTRING:
        return f"{definition.name} = {event.right}"
    return event.attached.text[definition.start : definition.end]


def definition_headline(event: DefinitionMet) -> str:
    """`comment says img_dim = nh*D, the code has img_dim = nh*d`."""
    said = definition_text(event)
    return f"comment says {said}, but {event.attached.definition.name} is {event.left} and the other side {event.right}"


def definition_notes(event: DefinitionMet, witness: Mapping[Symbol, int]) -> list[str]:
    """The sizes under which an equality fails."""
    if not witness:
        return []
    return [f"for {_sizes(witness)}: {event.left.evaluate(witness)}, not {event.right.evaluate(witness)}"]


def failure_headline(event: Failed) -> str:
    """`this matrix product cannot run: inner sizes 64 and 128`."""
    on_what = f" if line {event.by.attached.at[0]} is right" if event.by is not None else ""
    return f"{CANNOT[event.trouble]}{on_what}: {why(event)}"


def why(event: Failed | Needed) -> str:
    """Why an operation cannot run: the reason, behind the place of the called function that leads to it."""
    return in_singular(event.chain[-1] if event.chain else event.reason)


def calls(event: Failed | Needed) -> list[str]:
    """`forward at line 88 calls attend at line 31`, where there is more than one call on the way to an operation.

    `applied at line 88`, of a part of a Sequential, which is told of where it stands.
    """
    if not event.chain and event.at != event.blame.at:
        return [f"applied at line {event.blame.at[0]}"]
    places = [place.removesuffix(f": {event.reason}") for place in reversed(event.chain)]
    return [" calls ".join(places)] if len(places) > 1 else []


_SINGULAR = re.compile(r"(?<![\w.*+/-])1 (dim|element|size|name|argument|tensor|number)s\b")


def in_singular(text: str) -> str:
    """`a tensor of 1 dim`, where the reason counts dims whatever their number."""
    return _SINGULAR.sub(r"1 \1", text)


def against_headline(event: Failed) -> str:
    """`docstring says that x is (B, D), but then line 12 cannot run: a shape of 2 dims (B, D) for 3 names`."""
    met = event.against
    assert met is not None
    where = "docstring" if met.attached.place is Place.DOCSTRING else "comment"
    said = f"{met.about} is {met.attached.claim.shapes[0].text}"
    return f"{where} says that {said}, but then line {event.at[0]} cannot run: {why(event)}"


def need_headline(pairs: Sequence[tuple[Dim, Dim]]) -> str:
    """`runs only when dim == hidden`, `runs only when a == b == c and d == e`; of an axis without a name `runs only
    when another axis is dim, too`."""
    if any(symbol.name == "_" for symbol in pairs[0][0].symbols):
        return f"runs only when another axis is {pairs[0][1]}, too"
    equal: list[list[Dim]] = []
    for first, second in pairs:
        touched = [row for row in equal if first in row or second in row]
        joined = list(dict.fromkeys([*(size for row in touched for size in row), first, second]))
        equal = [*(row for row in equal if row not in touched), joined]
    rows = [sorted(row, key=lambda size: size.value is not None) for row in equal]  # `channels == 1`
    return "runs only when " + " and ".join(" == ".join(map(str, row)) for row in rows)

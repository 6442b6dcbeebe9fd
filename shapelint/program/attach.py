"""Takes the comments that stand at a statement, reads them, and gives their claims with what each is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from shapelint.notation import read_comment, read_comment_block
from shapelint.notation.claims import written_together
from shapelint.notation.model import Claim, Reading, Role, ShapeSpec
from shapelint.notation.model import Name as DimName
from shapelint.program import nodes
from shapelint.program.comments import Remark
from shapelint.program.lower_expressions import lower_text
from shapelint.program.nodes import (
    NO_NOTES,
    Assert,
    Assign,
    Attached,
    AttachedDefinition,
    AugAssign,
    Binary,
    Call,
    Expr,
    Expression,
    Name,
    Notes,
    Param,
    Place,
    Return,
    Span,
    Stmt,
    Subscript,
)
from shapelint.program.positions import Positions
from shapelint.program.within import all_parts, expressions_at, item_above, operand_on_line, roots


class Attaching:
    """Reads comments of one text, from its beginning to its end."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self._sizes: set[str] = set()
        """The names that stand beside others in the shapes read so far."""

    def notes(self, remarks: Sequence[Remark], statement: Stmt | None) -> Notes:
        """What the comments at a statement say; without a statement, those that stand for themselves."""
        claims: list[Attached] = []
        definitions: list[AttachedDefinition] = []
        for remark, reading in _read(remarks):
            self._heed(reading)
            definitions += self._definitions(remark, reading)
            for claim in reading.claims:
                claims += self._attached(remark, claim, statement)
        claims = _without_rows_of_values(claims)
        return Notes(tuple(claims), tuple(definitions)) if claims or definitions else NO_NOTES

    def about_parameters(self, remarks: Sequence[Remark], params: Sequence[Param]) -> Notes:
        """What the comments in a function's header say of its parameters, or of its result."""
        claims: list[Attached] = []
        definitions: list[AttachedDefinition] = []
        for remark, reading in _read(remarks):
            self._heed(reading)
            definitions += self._definitions(remark, reading)
            unnamed = sum(claim.subject is None and claim.role is Role.RESULT for claim in reading.claims)
            meant = self._parameters_at(remark, params, unnamed)
            told = (
                reading.claims
                if len(meant) < 2
                else [one for claim in reading.claims for one in _barred(claim, remark)]
            )
            for each in told:
                claim = _of_a_short_name(each, meant, params)
                named = _named_before(remark, claim, meant) if unnamed == 1 else None
                claims += self._parameter_claim(remark, claim, reading, [named] if named is not None else meant)
        return Notes(tuple(claims), tuple(definitions)) if claims or definitions else NO_NOTES

    def span_of(self, remarks: Sequence[Remark]) -> Span:
        """From the start of the first comment to the end of the last."""
        first, last = remarks[0], remarks[-1]
        return self._positions.between(self._span(first, 0, 0), self._span(last, 0, len(last.text)))

    def _heed(self, reading: Reading) -> None:
        shapes = [spec for claim in reading.claims if not claim.tentative for spec in claim.shapes]
        for spec in shapes:
            self._sizes.update(_names_of(spec) if len(spec.items) > 1 else ())

    def _sure_by_name(self, claim: Claim) -> Claim:
        """A claim of one name, `(n_pts)`, that is one by its form alone as a sure one, where the file has shapes of it.

        A plain word, `(nodes)`, may still be a word.
        """
        if not claim.tentative:
            return claim
        spec = claim.shapes[0]
        name = "".join(_names_of(spec)) if len(spec.items) == 1 else ""
        if re.search(r"^[A-Z]|[\d_]", name) is None:
            return claim
        if name in self._sizes:
            return replace(claim, tentative=False)
        as_letters = written_together(name, spec.text) if self._sizes.issuperset(name) else ()
        return replace(claim, shapes=as_letters, tentative=False) if as_letters else claim

    # --- at statements ---

    def _attached(self, remark: Remark, claim: Claim, statement: Stmt | None) -> Iterator[Attached]:
        if claim.role is Role.RAISES and not _may_raise(remark, statement):
            return
        claim = self._sure_by_name(claim)
        at = self._span(remark, claim.start, claim.end)
        subject = None
        if claim.subject is not None:
            subject = lower_text(claim.subject, at)
            if subject is None:
                return
        elif statement is not None and (
            name := _input_by_name(remark, claim, statement) or _words_of_a_name(remark, claim, statement)
        ):
            claim, subject = replace(claim, role=Role.RESULT, subject=name), Name(at, name)
        index, count = remark.share
        if count > 1:
            each = claim.count == count and subject is None
            if index != (claim.index if each else count - 1):
                return
            if each:
                claim = replace(claim, index=0, count=1)
        about: Expr | None = None
        or_about: Expr | None = None
        place = remark.place
        if remark.place is Place.INSIDE and statement is not None:
            about, claim = self._about(remark, claim, statement)
            if remark.own_line and isinstance(about, nodes.Sequence) and _FORMER_ITEM.fullmatch(remark.text):
                return
            if about is not None and _is_taken_apart(about, claim, statement):
                place, about = Place.TRAILING, None
            elif subject is None and claim.role is Role.RESULT:
                about, or_about = self._either(remark, about, statement)
        if remark.place is Place.FIRST and claim.role is Role.RESULT and _OF_THE_WHOLE.search(remark.text):
            claim = replace(claim, conditional=True)  # it is of what the function gives, not of the statement below
        yield Attached(at, claim, place, remark.text, subject, about, remark.apart, or_about)

    def _about(self, remark: Remark, claim: Claim, statement: Stmt) -> tuple[Expr | None, Claim]:
        here = self._span(remark, 0, 0)
        before = self._positions.lines[remark.line - 1][: remark.column]
        found = expressions_at(statement, here[0], here[1], before, own_line=remark.own_line)
        if not found or (here[0] == statement.at[0] and 1 < claim.count == _number_of_targets(statement)):
            return None, claim
        if claim.count == len(found) > 1 and claim.role is Role.RESULT:
            return found[claim.index], replace(claim, index=0, count=1)
        return found[-1], claim

    def _either(self, remark: Remark, about: Expr | None, statement: Stmt) -> tuple[Expr | None, Expr | None]:
        """What a shape within a statement is of by its place, and what else it may be of."""
        line, column, *_ = self._span(remark, 0, 0)
        if remark.own_line:
            return about, item_above(statement, line, column)
        operand = operand_on_line(about, line) if about is not None else None
        return (about, None) if operand is None else (operand, about)

    # --- in function headers ---

    def _parameters_at(self, remark: Remark, params: Sequence[Param], wanted: int) -> list[Param]:
        """The parameters on the comment's line, or the one below a comment line.

        One claim at one of several lines of parameters is about the last on its line.
        """
        line = self._span(remark, 0, 0)[0]
        params = params[1:] if params and params[0].name in ("self", "cls") else params
        if remark.own_line:
            return [param for param in params if param.at[0] > line][:1]
        ended = [param for param in params if _last_line(param) == line]
        if not ended and len(params) == 1 and params[0].at[0] < line:
            return list(params)
        return ended[-1:] if wanted == 1 and len(ended) < len(params) else ended

    def _parameter_claim(
        self, remark: Remark, claim: Claim, reading: Reading, meant: Sequence[Param]
    ) -> Iterator[Attached]:
        at = self._span(remark, claim.start, claim.end)
        if claim.subject is not None:
            subject = lower_text(claim.subject, at)
            if subject is not None:
                yield Attached(at, claim, Place.PARAMETER, remark.text, subject)
        elif claim.role is Role.RESULT and any(other.role is Role.INPUT for other in reading.claims):
            yield Attached(at, claim, Place.DOCSTRING, remark.text)  # `(B, C) -> (B, D)`: the function's result
        elif not meant and self._ends_with_result(remark):
            yield Attached(at, claim, Place.DOCSTRING, remark.text)
        elif claim.index < len(meant):
            param = meant[claim.index]
            yield Attached(at, replace(claim, index=0, count=1), Place.PARAMETER, remark.text, Name(at, param.name))

    def _ends_with_result(self, remark: Remark) -> bool:
        """Is it the line of `) -> Tensor:`?"""
        return "->" in self._positions.lines[remark.line - 1][: remark.column]

    # --- places ---

    def _definitions(self, remark: Remark, reading: Reading) -> list[AttachedDefinition]:
        if remark.share[0] != remark.share[1] - 1:
            return []
        return [
            AttachedDefinition(self._span(remark, each.start, each.end), each, remark.place, remark.text)
            for each in reading.definitions
        ]

    def _span(self, remark: Remark, start: int, end: int) -> Span:
        return self._positions.within_line(remark.line, remark.column + start, remark.column + end)


def _named_before(remark: Remark, claim: Claim, params: Sequence[Param]) -> Param | None:
    """The parameter that words before a shape speak of, in any language: `def f(x, ids):  # ids是编号, [B, 1]`."""
    words = re.findall(r"[A-Za-z_]\w+", remark.text[: claim.start], re.ASCII)
    return next((param for word in words for param in params if param.name == word), None)


def _of_a_short_name(claim: Claim, meant: Sequence[Param], params: Sequence[Param]) -> Claim:
    """The claim; one beside a parameter that is called by the beginning of its word, `q,  # query (B,)`, is of it."""
    if claim.subject is None or len(meant) != 1 or any(param.name == claim.subject for param in params):
        return claim
    name = meant[0].name
    return replace(claim, subject=name) if claim.subject.lower().startswith(name.lower()) else claim


def _is_taken_apart(value: Expr, claim: Claim, statement: Stmt) -> bool:
    """Whether a value is the whole of what is assigned, and of each target a shape is said."""
    return (
        isinstance(statement, Assign) and value is statement.value and 1 < claim.count == _number_of_targets(statement)
    )


_FORMER_ITEM = re.compile(r"#+\s*[(\[].*[)\]],\s*")
"""A row over another one, with the comma of an item: what stood in the other's place before."""


def _barred(claim: Claim, remark: Remark) -> list[Claim]:
    """The shapes between bars beside several parameters, `def f(x, pair):  # (B, T, C) | (B, P, P)`: one of each."""
    before, bars = remark.text[: claim.start].count("|"), remark.text[claim.start : claim.end].count("|")
    if claim.subject is not None or before + bars == 0 or bars != len(claim.shapes) - 1:
        return [claim]
    count = before + bars + 1
    return [replace(claim, shapes=(one,), index=before + at, count=count) for at, one in enumerate(claim.shapes)]


def _without_rows_of_values(claims: list[Attached]) -> list[Attached]:
    """The claims without rows of values told of one by one: `# state: (h, c)` over `# h: (B, D)`, `# c: (B, D)`."""
    told = {text for one in claims if (text := _name_told_of(one)) is not None}
    return [one for one in claims if not _is_row_of(one, told - {_name_told_of(one)})]


def _name_told_of(attached: Attached) -> str | None:
    if attached.subject is None and (named := _INPUT_NAMED.match(attached.text)) is not None:
        return named[1]
    return attached.subject.id if isinstance(attached.subject, Name) else None


def _is_row_of(attached: Attached, told: Collection[str | None]) -> bool:
    """Whether a name is said to be a row of names each of which has a shape of its own."""
    shapes = attached.claim.shapes
    items = [item for shape in shapes for item in shape.items] if attached.subject is not None else []
    return len(items) > 1 and all(isinstance(item, DimName) and item.text in told for item in items)


_INPUT_NAMED = re.compile(r"#+\s*(inputs?)\s*[:=]", re.IGNORECASE)


def _input_by_name(remark: Remark, claim: Claim, statement: Stmt) -> str:
    """The name `input` or `inputs` at the start of a comment, where the statement has such a name; "" where it has not.

    `inputs = self.embed(x)  # inputs: (B, T, D)` is about what that line makes, not about what it takes.
    """
    found = _INPUT_NAMED.match(remark.text) if claim.role is Role.INPUT and claim.count == 1 else None
    names = {part.id for part in all_parts(roots(statement)) if isinstance(part, Name)}
    if isinstance(statement, Assign):
        names |= {target.id for target in statement.targets if isinstance(target, Name)}
    return found[1] if found is not None and found[1] in names else ""


_WORDS = re.compile(r"#+\s*((?:[a-z]\w*\s+)+[a-z]\w*)\s+shape\s*[:=]?\s*$")


def _words_of_a_name(remark: Remark, claim: Claim, statement: Stmt) -> str:
    """A name of the statement in words, `hidden states shape (B, D)` over `f(hidden_states)`; "" for other words."""
    found = _WORDS.match(remark.text[: claim.start]) if claim.role is Role.RESULT and claim.count == 1 else None
    name = "_".join(found[1].split()) if found is not None else ""
    return name if any(isinstance(part, Name) and part.id == name for part in all_parts(roots(statement))) else ""


def only_parameters(notes: Notes, params: Sequence[str]) -> Notes:
    """What comments over a `def` say of its parameters, by their names."""
    claims = tuple(one for one in notes.claims if one.claim.subject in params)
    return replace(notes, claims=claims) if claims else NO_NOTES


def without_parameters(notes: Notes, params: Sequence[str]) -> Notes:
    """The rest of what they say."""
    claims = tuple(one for one in notes.claims if not isinstance(one.subject, Name) or one.subject.id not in params)
    return notes if len(claims) == len(notes.claims) else Notes(claims, ()) if claims else NO_NOTES


def _may_raise(remark: Remark, statement: Stmt | None) -> bool:
    """Whether a comment stands at something that is done: over a block, `# Error` says what the block is for."""
    if remark.place is Place.HEADER or not isinstance(statement, (Assert, Assign, AugAssign, Expression, Return)):
        return False
    done = [part for part in all_parts(roots(statement)) if isinstance(part, (Binary, Call, Subscript))]
    return isinstance(statement, AugAssign) or (bool(done) and not (len(done) == 1 and _only_creates(done[0])))


def _only_creates(part: Expr) -> bool:
    """Whether an expression makes a tensor of written numbers, `torch.rand((1, 2))`: what fails fails with it below."""
    if not isinstance(part, Call) or not isinstance(part.func, nodes.Attribute):
        return False
    values = all_parts([argument.value for argument in part.args])
    return part.func.attr in _CREATORS and all(isinstance(each, (nodes.Constant, nodes.Sequence)) for each in values)


def _names_of(spec: ShapeSpec) -> list[str]:
    return [item.text for item in spec.items if isinstance(item, DimName)]


_CREATORS = frozenset("rand randn randint zeros ones empty full eye arange linspace tensor".split())


_OF_THE_WHOLE = re.compile(r"\binputs?\b\s*:.*\boutputs?\b\s*:", re.IGNORECASE)


def _number_of_targets(statement: Stmt) -> int:
    target = statement.targets[0] if isinstance(statement, Assign) else None
    return len(target.items) if isinstance(target, nodes.Sequence) else 1


def _last_line(param: Param) -> int:
    return max(param.at[2], param.default.at[2] if param.default is not None else 0)


def _read(remarks: Sequence[Remark]) -> Iterator[tuple[Remark, Reading]]:
    """Each comment with what it says; comment lines that touch are read together."""
    index = 0
    while index < len(remarks):
        remark = remarks[index]
        if not remark.own_line:
            yield remark, read_comment(remark.text)
            index += 1
            continue
        block = [remark]
        for below in remarks[index + 1 :]:
            if not below.own_line or below.line != block[-1].line + 1 or below.place is not remark.place:
                break
            block.append(below)
        yield from zip(block, read_comment_block([each.text for each in block]), strict=True)
        index += len(block)

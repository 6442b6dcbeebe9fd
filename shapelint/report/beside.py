"""Lines of source with what is known of each beside it: its shapes, and the verdicts of its claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from shapelint.checks.findings.trace import Line as Traced
from shapelint.checks.findings.trace import Shaped
from shapelint.checks.model import Annotation, Verdict
from shapelint.report.excerpt import laid_out
from shapelint.report.styled import Line, Piece

WIDEST = 100
"""How far to the right the shapes may begin; a longer line of source pushes its own further."""

VERDICT_STYLES = {Verdict.PROVED: "good", Verdict.REFUTED: "error", Verdict.ASSUMED: "note", Verdict.OPEN: "dim"}


def beside(
    text: Sequence[str], traced: Sequence[Traced], numbers: Sequence[int], called: Callable[[int], str] = str
) -> list[Line]:
    """These lines of a source, each with its shapes; a gap between two of them is told by an ellipsis.

    `called` gives what a line is called beside it, where that is not its number.
    """
    known = {line.number: line for line in traced}
    source = {number: laid_out(text[number - 1].rstrip()) for number in numbers if number <= len(text)}
    width = min(WIDEST, max((cells for _, cells in source.values()), default=0))
    digits = max((len(called(number)) for number in source), default=1)
    rows: list[Line] = []
    before: int | None = None
    for number, (code, cells) in source.items():
        if before is not None and number > before + 1:
            rows.append((("gutter", " " * digits + "| ..."),))
        before = number
        row: list[Piece] = [("gutter", f"{called(number):>{digits}}| "), ("", code)]
        said = list(_said(known[number])) if number in known else []
        if said:
            row += [("", " " * (width - cells)), ("gutter", "  | "), *said]
        rows.append(tuple(row))
    return rows


def _said(line: Traced) -> Iterator[Piece]:
    shown = _once(line.values)
    for place, value in enumerate(shown):
        name = f"{value.name} " if len(shown) > 1 and value.name not in ("", "return") else ""
        lead = ", " if place else ""
        if value.shape is None:
            yield "dim", f"{lead}{name}? {value.reason}"
        else:
            yield "", f"{lead}{name}{value.shape}"
    for place, claim in enumerate(line.claims):
        text = _verdict(claim, len(line.claims) > 1, [value.reason for value in shown if value.shape is None])
        yield VERDICT_STYLES[claim.verdict], ("  " if shown or place else "") + text


def _once(values: Sequence[Shaped]) -> list[Shaped]:
    """The values, of those that are not known only the first with each reason."""
    reasons: set[str] = set()
    kept: list[Shaped] = []
    for value in values:
        if value.shape is None:
            if value.reason in reasons:
                continue
            reasons.add(value.reason)
        kept.append(value)
    return kept


def _verdict(claim: Annotation, among_several: bool, said: Sequence[str]) -> str:
    """`proved`, behind the claim where there are several; with a reason, unless that is told already."""
    text = f"{claim.declared} {claim.verdict.value}" if among_several else claim.verdict.value
    return f"{text}: {claim.reason}" if claim.reason and claim.reason not in said else text

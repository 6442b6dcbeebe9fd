"""A finding made from what was recorded: the same kinds, words and places as those of the linter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from shapelint.checks.model import Finding
from shapelint.checks.rules.rule import rules
from shapelint.dynamic.judge import Fit, Trouble
from shapelint.dynamic.tally import Tally
from shapelint.dynamic.watch import Watch
from shapelint.notation.model import Role
from shapelint.program.nodes import Place

SPEAKERS = {Place.DOCSTRING: "docstring", Place.ANNOTATION: "annotation"}


def finding_of(watch: Watch, tally: Mapping[str, Any] | Tally, path: str) -> Finding:
    """The finding for a claim that a recorded value contradicts."""
    data = asdict(tally) if isinstance(tally, Tally) else tally
    first = data["first"]
    line, column, end_line, end_column = watch.at
    sizes = dict(data["sizes"])
    shape = tuple(data["shape"] or ())
    code = _code(watch, first)
    rule = rules().get(code)
    given = _row(shape)
    notes = []
    if sizes:
        notes.append("for " + ", ".join(f"{name}={size}" for name, size in sizes.items()))
    if watch.scope.name:
        notes.append(f"seen in {watch.scope.name}, {_times(data)}")
    return Finding(
        code,
        rule.severity if rule is not None else "error",
        _headline(watch, first, given),
        path,
        line,
        column,
        end_line,
        end_column,
        label=_label(first, shape),
        declared=first["shape"] or (watch.text if watch.claim is None else None),
        inferred=given,
        witness=sizes,
        notes=tuple(notes),
        dynamic="confirmed",
    )


def is_in_sentence(watch: Watch) -> bool:
    """Whether the claim stands in a sentence, so that what it speaks of cannot be told from its place."""
    claim = watch.claim
    if claim is None or claim.subject is not None or claim.role is Role.RAISES or watch.place in SAYS_WHICH:
        return False
    return claim.is_in_sentence(watch.text)


SAYS_WHICH = (Place.DOCSTRING, Place.ANNOTATION, Place.PARAMETER)


def _code(watch: Watch, first: Mapping[str, Any]) -> str:
    trouble, fit = first["trouble"], first["fit"]
    if trouble == Trouble.EQUALITY:
        return "SHP105"
    if trouble == Trouble.NO_ERROR:
        return "SHP108"
    if trouble == Trouble.LAYOUT:
        return "SHP109"
    if fit == Fit.LABEL:
        return "SHP004"
    if watch.place is Place.DOCSTRING:
        return "SHP106"
    if watch.place is Place.ANNOTATION:
        return "SHP107"
    if watch.claim is not None and watch.claim.role is Role.OPERAND:
        return "SHP104"
    return {Trouble.RANK.value: "SHP101", Trouble.ORDER.value: "SHP103"}.get(trouble, "SHP102")


def _headline(watch: Watch, first: Mapping[str, Any], given: str) -> str:
    speaker = SPEAKERS.get(watch.place, "comment")
    trouble = first["trouble"]
    if trouble == Trouble.NO_ERROR:
        return "comment says that this fails, it ran"
    if trouble == Trouble.EQUALITY and watch.definition is not None:
        left, right = given.strip("(,)"), first["wrong"][0][1]
        return f"comment says {watch.definition.name} = {right}, the run gave {left}"
    if trouble == Trouble.LAYOUT and watch.claim is not None:
        return (
            f"{speaker} says {'contiguous' if watch.claim.contiguous else 'not contiguous'}, the run gave the opposite"
        )
    if first["fit"] == Fit.LABEL:
        return f"{first['letter']} stands for two sizes in these comments: in the run it came to be {given}"
    of = ""
    if watch.claim is not None and watch.claim.role is Role.OPERAND:
        of = f" of operand {watch.claim.index + 1}"
    elif watch.claim is not None and watch.claim.role is Role.INPUT:
        of = " of the input"
    return f"{speaker} says {first['shape']}{of}, the run gave {given}"


def _label(first: Mapping[str, Any], shape: tuple[int, ...]) -> str:
    if first["trouble"] not in (Trouble.DIMS, Trouble.ORDER):
        return ""
    parts = [
        f"dim {position + 1} is {shape[position]}" + (f", not {said}" if said is not None else "")
        for position, said in first["wrong"]
        if position < len(shape)
    ]
    return "; ".join(parts)


def _row(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _times(data: Mapping[str, Any]) -> str:
    against = data["wrong"] + data["labels"] + data["examples"]
    if data["hits"] == against:
        return "every time" if against > 1 else "once"
    return f"{against} of {data['hits']} times"

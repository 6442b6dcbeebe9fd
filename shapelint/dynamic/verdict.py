"""What the reports of a run say of each target: confirmed, not confirmed, or not run and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapelint.dynamic.judge import Fit, Trouble
from shapelint.dynamic.plan import Plan, Target
from shapelint.dynamic.runner import JobResult
from shapelint.interp.state.events import Suspected, Suspicion
from shapelint.ops.tensor import Tensor

CONFIRMED = "confirmed"
NOT_CONFIRMED = "not confirmed"


OF_DEVICES = frozenset({Suspicion.DEVICE, Suspicion.ATTRIBUTE})
RAISES = frozenset({Suspicion.EXPANDED, Suspicion.DTYPE, Suspicion.LEADING, Suspicion.REORDERED})
"""What is suspected and raises in PyTorch, most often or always."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the run says: of a finding `confirmed`, `not confirmed` or `not run: why`; of an open claim `held`,
    `failed`, `mixed` (both) or `not run: why`. `tally` shows a value that does not fit; `note` is what PyTorch said."""

    text: str
    note: str = ""
    tally: Mapping[str, Any] | None = None
    sizes: Mapping[str, int] | None = None


def answers(plan: Plan, result: JobResult) -> list[tuple[Target, Answer]]:
    """The answer for each target."""
    return [(target, _answer(target, plan, result)) for target in plan.targets]


def _answer(target: Target, plan: Plan, result: JobResult) -> Answer:
    if target.reason:
        return _not_run(target.reason)
    if isinstance(target.event, Suspected) and target.event.kind in OF_DEVICES:
        return _not_run("it takes a second device")
    ours = [report for report in result.reports if _concerns(report, target)]
    if target.watches:
        answer = _of_claim(target, ours, _sizes_of(plan, target))
        if answer is None:  # the letter or size may have been met in another call, or as the module was imported
            answer = _of_claim(target, result.reports, {})
    else:
        answer = _of_operation(target, ours, result.reports)
    return answer if answer is not None else _not_run(_why_not(target, ours, result))


def _not_run(why: str) -> Answer:
    return Answer(f"not run: {why}")


def _concerns(report: Mapping[str, Any], target: Target) -> bool:
    if target.call is None:
        return report["call"] is None
    return report["call"] == target.call and (report["sizing"] in target.sizings or not target.sizings)


def _sizes_of(plan: Plan, target: Target) -> dict[int, Mapping[str, int]]:
    if target.call is None:
        return {}
    return {n: row["sizes"] for n, row in enumerate(plan.job["calls"][target.call]["sizings"])}


def _of_claim(
    target: Target, reports: Iterable[Mapping[str, Any]], sizes: Mapping[int, Mapping[str, int]]
) -> Answer | None:
    """The answer for a claim, None where it was never met with a value that decides."""
    right = 0
    is_label = target.judged is not None and target.judged.letter is not None
    is_loose = any(has_run(value) for value in target.function.evidence.inputs.values())
    refuted: tuple[Mapping[str, Any], Mapping[str, int] | None] | None = None
    for report in reports:
        for index in target.watches:
            tally = report["tallies"].get(str(index))
            if tally is None:
                continue
            right += tally["right"]
            stand_in = bool(report.get("stand_ins"))  # what it gives may be of another shape than the real one's
            is_guess = target.finding is None and (stand_in or (is_loose and _is_rank(tally)) or is_label)
            against = 0 if is_guess else tally["wrong"]
            if target.finding is not None:  # else the dummies may only have been given sizes that a letter cannot have
                against += tally["labels"] + tally["examples"] + _rounded(tally)
            if against and refuted is None:
                refuted = tally, sizes.get(report["sizing"])
            if against and not tally["right"] and refuted is not None and refuted[0]["right"]:
                refuted = tally, sizes.get(report["sizing"])
    if refuted is not None and target.finding is None:
        return Answer("mixed" if right else "failed", tally=refuted[0], sizes=refuted[1])
    if refuted is not None and not right:
        return Answer(CONFIRMED, tally=refuted[0], sizes=refuted[1])
    if refuted is not None or right:
        return Answer(NOT_CONFIRMED if target.finding is not None else "held", tally=refuted[0] if refuted else None)
    return None


def has_run(value: object) -> bool:
    """Whether a value is a tensor of unknown number of dims: how many a dummy has was a guess."""
    return isinstance(value, Tensor) and value.shape.run is not None


def rank_guessed(tally: Mapping[str, Any]) -> str:
    """Why a tally says nothing of a claim of another number of dims."""
    return "how many dims the inputs have is not known" if _is_rank(tally) else ""


def _is_rank(tally: Mapping[str, Any]) -> bool:
    return bool(tally["first"]) and tally["first"]["trouble"] == Trouble.RANK.value


def two_sizes(tally: Mapping[str, Any]) -> str:
    """`B is 3 and 17 here`, where that is all that speaks against a claim; else ""."""
    first = tally["first"]
    if not first or first["fit"] != Fit.LABEL.value or tally["wrong"] or not tally["shape"]:
        return ""
    position, said = first["wrong"][0]
    return f"{first['letter']} is {said} and {tally['shape'][position]} here"


def _rounded(tally: Mapping[str, Any]) -> int:
    first = tally["first"]
    return int(bool(first and first["rounded"]))


def _of_operation(
    target: Target, ours: Sequence[Mapping[str, Any]], everything: Sequence[Mapping[str, Any]]
) -> Answer | None:
    """The answer for an operation: it raised at its place, it ran, or it was not reached."""
    assert target.place is not None
    first, last = target.place
    note, ran = "", False
    is_suspicion = isinstance(target.event, Suspected)
    may_raise = isinstance(target.event, Suspected) and target.event.kind in RAISES
    for report in ours if ours else everything:
        if report["sizing"] == target.control and target.control is not None:
            continue
        error = report["failed"]
        if error is not None and any(first <= line <= last for line in error["lines"]):
            if error.get("dummy") and not may_raise:
                continue
            note = note or f"{error['type']}: {error['text']}"
        elif first in report["reached"] and (error is None or is_suspicion):
            ran = True
    if may_raise and note:
        return Answer(CONFIRMED, note)
    if is_suspicion:  # what runs and should not: for these sizes it ran
        return Answer(CONFIRMED if ran and not note else NOT_CONFIRMED) if note or ran else None
    if note and not ran and not _control_fails(target, everything):
        return Answer(CONFIRMED, note)
    return Answer(NOT_CONFIRMED) if note or ran else None


def _control_fails(target: Target, reports: Iterable[Mapping[str, Any]]) -> bool:
    """Whether an operation that only needs two sizes to be equal fails where they are."""
    return target.control is not None and any(
        report["call"] == target.call
        and report["sizing"] == target.control
        and report["failed"] is not None
        and not report["failed"].get("dummy")
        and _is_of(target, report["failed"])
        for report in reports
    )


def _is_of(target: Target, error: Mapping[str, Any]) -> bool:
    """Whether an error is of a target's operation, and not of another one on its lines, if Python tells."""
    assert target.place is not None
    first, last = target.place
    spans = [tuple(span) for span in error["spans"] if first <= span[0] <= last]
    if spans:
        return target.span in spans
    return any(first <= line <= last for line in error["lines"])


def _why_not(target: Target, ours: Sequence[Mapping[str, Any]], result: JobResult) -> str:
    """Why a target was not reached, in a few words."""
    if result.ended:
        return result.ended
    errors = [report["failed"] for report in ours if report["failed"] is not None]
    if not errors:
        errors = [report["failed"] for report in result.reports if report["call"] is None and report["failed"]]
    met = [tally for report in ours for index in target.watches if (tally := report["tallies"].get(str(index)))]
    undecided = [reason for tally in met if (reason := tally["reason"] or two_sizes(tally) or rank_guessed(tally))]
    if undecided:
        return undecided[0]
    stand_ins = [name for report in ours for name in report.get("stand_ins", ())]
    if met and stand_ins:
        return f"{stand_ins[0]} is not known, what stood in for it gives another shape"
    if errors:
        error = errors[0]
        where = f"line {error['lines'][-1]}: " if error["lines"] else ""
        return f"{where}{error['type']}: {error['text']}"[:200]
    return "the line was not reached"

"""`--dynamic`: a report goes in; it comes out with what a run says of each of its findings and open claims."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from shapelint.checks.findings.cells import lines_to_show, placed
from shapelint.checks.findings.silenced import not_silenced
from shapelint.checks.model import Annotation, Finding, Report, Verdict
from shapelint.dims import Facts
from shapelint.dynamic.judge import Fit
from shapelint.dynamic.learning import ROUNDS, learned
from shapelint.dynamic.limits import Limits
from shapelint.dynamic.observed import finding_of, is_in_sentence
from shapelint.dynamic.plan import Plan, Target, plan_of
from shapelint.dynamic.runner import JobResult, Runner
from shapelint.dynamic.study import studies
from shapelint.dynamic.verdict import NOT_CONFIRMED, Answer, answers
from shapelint.interp.objects.loader import Loader
from shapelint.source import Source, programs, read_source

INSTALL = "--dynamic runs the code, for which torch is needed: pip install 'shapelint[torch]'"

Say = Callable[[str], None]


class NoTorchError(Exception):
    """torch is not installed beside shapelint."""


@dataclass(slots=True)
class Outcome:
    """What a run says of one program: answers by finding, and by (line, column, cell) of each open claim."""

    findings: list[tuple[Finding, Answer]] = field(default_factory=list)
    claims: dict[tuple[int, int, int | None], Answer] = field(default_factory=dict)
    extra: list[Finding] = field(default_factory=list)  # what only the run found


def require_torch() -> None:
    """Raises NoTorchError with how to install it."""
    if importlib.util.find_spec("torch") is None:
        raise NoTorchError(INSTALL)


def confirmed(
    report: Report, sources: Mapping[str, Source] | None = None, say: Say | None = None, limits: Limits | None = None
) -> Report:
    """The report with its findings confirmed or not; open claims that a run contradicts become findings.

    Only files with findings or open claims are run; `say` is told each before. Raises NoTorchError, StartError.
    """
    require_torch()
    paths = _paths(report)
    loader = Loader()
    findings, claims = list(report.findings), list(report.annotations)
    lines = dict(report.sources)
    with Runner(limits or Limits()) as runner:
        for path in paths:
            source = (sources or {}).get(path) or read_source(Path(path))
            if not isinstance(source, Source):
                continue
            outcome = run_source(source, loader, runner, say)
            if outcome is None:
                continue
            findings = [_with_answer(finding, outcome) if finding.path == path else finding for finding in findings]
            claims = [_with_held(claim, outcome) if claim.path == path else claim for claim in claims]
            if outcome.extra:
                findings += outcome.extra
                lines.update(lines_to_show(source, programs(source)))
    findings = [_left_out(finding) for finding in findings]
    order = {path: n for n, path in enumerate(dict.fromkeys([*(f.path for f in report.findings), *paths]))}
    findings.sort(key=lambda f: (order.get(f.path, 0), f.cell or 0, f.line, f.column, f.code, f.message))
    return replace(report, findings=tuple(findings), annotations=tuple(claims), sources=lines)


def _paths(report: Report) -> list[str]:
    """The files in which there is something to run."""
    found = [finding.path for finding in report.findings if not finding.code.startswith("SHP9")]
    found += [claim.path for claim in report.annotations if claim.verdict is Verdict.OPEN]
    return list(dict.fromkeys(found))


def run_source(source: Source, loader: Loader, runner: Runner, say: Say | None = None) -> Outcome | None:
    """Run what is open or found in one source, None where there is nothing that can be run."""
    plans: list[Plan] = []
    for study in studies(source, loader):
        plan = plan_of(study, source.path, len(plans))
        if plan is not None:
            plans.append(plan)
    if not plans:
        return None
    outcome = Outcome()
    for plan in plans:
        if say is not None:
            say(told(plan))
        result = runner.run(plan.job)
        for target, answer in _deepened(plan, result, runner):
            _note(target, answer, plan, source, outcome)
    return outcome


def _deepened(plan: Plan, result: JobResult, runner: Runner) -> list[tuple[Target, Answer]]:
    """The answers; where an error says which sizes have to be equal, after further rounds with such sizes."""
    known: dict[int, Facts] = {}
    answered = answers(plan, result)
    for _ in range(ROUNDS):
        done = [len(call["sizings"]) for call in plan.job["calls"]]
        if result.ended or not learned(plan, answered, result.reports, known):
            break
        calls = [
            {**call, "done": done[n]} for n, call in enumerate(plan.job["calls"]) if len(call["sizings"]) > done[n]
        ]
        more = runner.run({**plan.job, "calls": calls})
        result = JobResult([*result.reports, *more.reports], more.ended)
        answered = answers(plan, result)
    return answered


def told(plan: Plan) -> str:
    """What is about to be imported, and what is called in it."""
    names = ", ".join(
        f"{call['owner']}.{call['method']}" if call["owner"] else call["method"] for call in plan.job["calls"]
    )
    what = {"shapelint_block": "this block", "__main__": "it as a script"}.get(plan.job["module"], plan.job["module"])
    return f"{plan.program.path}: importing {what}" + (f", calling {names}" if names else "")


def _note(target: Target, answer: Answer, plan: Plan, source: Source, outcome: Outcome) -> None:
    piece = plan.study.piece
    if target.finding is not None:
        outcome.findings.append((placed(target.finding, piece), answer))
        if (
            target.judged is not None
            and target.judged.verdict is Verdict.OPEN
            and not answer.text.startswith("not run")
        ):
            held = "held" if answer.text == NOT_CONFIRMED else "failed"
            outcome.claims[_at(target, plan)] = Answer(held)
        return
    assert target.judged is not None
    outcome.claims[_at(target, plan)] = answer
    if answer.text == "failed" and answer.tally is not None and target.watches:
        watch = plan.program.watches[target.watches[0]]
        if answer.tally["first"]["fit"] != Fit.EXAMPLE.value and not is_in_sentence(watch):
            found = not_silenced([finding_of(watch, answer.tally, plan.program.path)], source, piece)
            outcome.extra += [placed(finding, piece) for finding in found]


def _at(target: Target, plan: Plan) -> tuple[int, int, int | None]:
    """Where a claim stands: line, column, cell."""
    assert target.judged is not None
    line, column = target.judged.attached.at[:2]
    line, cell = plan.study.piece.place(line)
    return line, column, cell


def _with_answer(finding: Finding, outcome: Outcome) -> Finding:
    for known, answer in outcome.findings:
        same = (known.code, known.line, known.column, known.cell) == (
            finding.code,
            finding.line,
            finding.column,
            finding.cell,
        )
        if same:
            notes = (*finding.notes, f"PyTorch: {answer.note}") if answer.note else finding.notes
            return replace(finding, dynamic=answer.text, notes=notes)
    return finding


HELD = {
    "held": "it held when it was run",
    "failed": "it failed when it was run",
    "mixed": "it held for some inputs and failed for others when it was run",
}


def _with_held(claim: Annotation, outcome: Outcome) -> Annotation:
    answer = outcome.claims.get((claim.line, claim.column, claim.cell))
    if answer is None or claim.verdict is not Verdict.OPEN:
        return claim
    held = HELD.get(answer.text, answer.text)
    return replace(claim, reason=f"{claim.reason}; {held}" if claim.reason else held)


def _left_out(finding: Finding) -> Finding:
    """A finding that no plan had a place for."""
    if finding.dynamic is not None:
        return finding
    return replace(finding, dynamic="not run: there is nothing in it that can be run")

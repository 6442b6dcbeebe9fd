"""The bench of bugs: pairs of small programs, right and wrong, run in torch and linted; prints what is found by kind.

    python benchmarks/bugs/run.py                all pairs: linted, and run in torch where it is installed
    python benchmarks/bugs/run.py --misses       and what is missed or told wrongly, each with its place
    python benchmarks/bugs/run.py --dynamic      and each finding is run, as `shapelint --dynamic` does
    python benchmarks/bugs/run.py head_order     the pairs of one kind

`<kind>/<name>_right.py` and `<kind>/<name>_wrong.py` differ by one realistic shape bug. A line that begins with `#:`
says what to run, and of a wrong program what comes of it:

    #: run: Model(64)(torch.rand(2, 64))         an expression, evaluated in the program
    #: raises                                    an error
    #: differs                                   it runs, and gives something else than its twin
    #: comment                                   it runs as its twin does, a comment or docstring is not true of it

`# BUG` marks the line to blame; where it marks two lines, the bug may be told at either.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapelint.checks.model import Report
    from shapelint.source import Source

HERE = Path(__file__).parent
SEED = 7
MARK = "# BUG"


@dataclass(frozen=True)
class Program:
    """One program of a pair: its text as it is linted, what to run, what is said to come of it, the lines to blame."""

    path: Path
    text: str
    run: str
    fate: str
    blamed: tuple[int, ...]

    @staticmethod
    def read(path: Path) -> Program:
        lines = path.read_text(encoding="utf-8").splitlines()
        said = [line[2:].strip() for line in lines if line.startswith("#:")]
        run = next(text.removeprefix("run:").strip() for text in said if text.startswith("run:"))
        fate = next((text for text in said if not text.startswith("run:")), "runs")
        blamed = tuple(number for number, line in enumerate(lines, start=1) if line.endswith(MARK))
        plain = ["" if line.startswith("#:") else line.replace(MARK, "").rstrip() for line in lines]
        return Program(path, "\n".join(plain) + "\n", run, fate, blamed)


@dataclass(frozen=True)
class Pair:
    """The right and the wrong program of one bug."""

    kind: str
    name: str
    right: Program
    wrong: Program


@dataclass
class Outcome:
    """What came of the pairs of one kind."""

    pairs: int = 0
    found: int = 0
    alarms: int = 0
    untrue: list[str] = field(default_factory=list)  # pairs that do not run in torch as they say
    remarks: list[str] = field(default_factory=list)
    runs: Counter[str] = field(default_factory=Counter)  # what running the findings says, `--dynamic`


def pairs(kinds: Sequence[str] = ()) -> Iterator[Pair]:
    """All pairs, or those of some kinds, in the order of their names."""
    for wrong in sorted(HERE.glob("*/*_wrong.py")):
        if not kinds or wrong.parent.name in kinds:
            name = wrong.stem.removesuffix("_wrong")
            right = wrong.with_name(f"{name}_right.py")
            yield Pair(wrong.parent.name, name, Program.read(right), Program.read(wrong))


def linted(program: Program) -> tuple[Source, Report]:
    """A program as a source, and what is found in it by default."""
    from shapelint.api import lint_source
    from shapelint.checks.rules.rule import rules
    from shapelint.project.settings import Settings
    from shapelint.source import Source, source_from_text

    source = source_from_text(program.text, str(program.path))
    assert isinstance(source, Source)
    opt_in = {rule.code for rule in rules().values() if rule.opt_in}
    report = lint_source(source, Settings())
    return source, replace(report, findings=tuple(one for one in report.findings if one.code not in opt_in))


def found_at(program: Program) -> list[tuple[int, str, str]]:
    """(line, code, message) of what is found in a program by default."""
    return [(one.line, one.code, one.message) for one in linted(program)[1].findings]


def run_findings(pair: Pair, outcome: Outcome) -> None:
    """Run what is found in a wrong program with the sizes that it shows, and count what the runs say."""
    from shapelint.dynamic.confirm import confirmed

    source, report = linted(pair.wrong)
    known = {(one.line, one.column, one.code) for one in report.findings}
    for one in confirmed(report, {str(pair.wrong.path): source}).findings:
        if (one.line, one.column, one.code) not in known:
            continue  # an open claim that the run contradicts
        said = (one.dynamic or "not run").partition(":")[0]
        outcome.runs[said] += 1
        if said != "confirmed":
            place = f"{pair.kind}/{pair.wrong.path.name}:{one.line}"
            outcome.remarks.append(f"dynamic {place}: {one.code} {one.message}: {one.dynamic}")


def result_of(program: Program) -> Any:
    """What a program gives in torch; the exception that it raises."""
    import warnings

    import torch

    torch.manual_seed(SEED)
    names: dict[str, Any] = {"__name__": "program"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(program.text, str(program.path), "exec"), names)
            return eval(program.run, names)
        except Exception as error:
            return error


def are_alike(a: Any, b: Any) -> bool:
    """Whether two results are the same tensors."""
    import torch

    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return a.shape == b.shape and bool(torch.allclose(a.float(), b.float(), equal_nan=True))
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(map(are_alike, a, b))
    return bool(a == b)


def fate_of(pair: Pair) -> tuple[str, str]:
    """What the right and the wrong program come to in torch: `runs`, `raises`, `differs`, `comment`."""
    right, wrong = result_of(pair.right), result_of(pair.wrong)
    if isinstance(right, Exception):
        return f"raises {type(right).__name__}: {right}", "?"
    if isinstance(wrong, Exception):
        return "runs", "raises"
    if not are_alike(right, wrong) and pair.wrong.fate != "comment":
        return "runs", "differs"
    return "runs", "comment"


def judge(pair: Pair, outcome: Outcome, in_torch: bool) -> None:
    """Lint a pair and run it, and count what comes of it."""
    outcome.pairs += 1
    place = f"{pair.kind}/{pair.name}"
    found = found_at(pair.wrong)
    if any(line in pair.wrong.blamed for line, _, _ in found):
        outcome.found += 1
    else:
        told = "; ".join(f"{line}: {code} {message}" for line, code, message in found) or "nothing"
        outcome.remarks.append(f"missed  {place}_wrong.py, to blame {', '.join(map(str, pair.wrong.blamed))}: {told}")
    alarms = found_at(pair.right)
    outcome.alarms += bool(alarms)
    outcome.remarks += [f"alarm   {place}_right.py:{line}: {code} {message}" for line, code, message in alarms]
    if in_torch:
        right, wrong = fate_of(pair)
        if (right, wrong) != ("runs", pair.wrong.fate):
            outcome.untrue.append(f"untrue  {place}: right {right}, wrong {wrong}, said to be: {pair.wrong.fate}")


def has_torch() -> bool:
    """Whether the programs can be run."""
    from importlib.util import find_spec

    return find_spec("torch") is not None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Lint and run pairs of right and wrong programs.")
    parser.add_argument("kinds", nargs="*", help="only pairs of these kinds")
    parser.add_argument("--misses", action="store_true", help="say what is missed or told wrongly")
    parser.add_argument("--dynamic", action="store_true", help="run each finding with the sizes that it shows")
    parser.add_argument("--no-run", action="store_true", help="do not run the programs in torch")
    options = parser.parse_args(arguments)
    in_torch = has_torch() and not options.no_run
    outcomes: dict[str, Outcome] = defaultdict(Outcome)
    for pair in pairs(options.kinds):
        judge(pair, outcomes[pair.kind], in_torch)
        if options.dynamic:
            run_findings(pair, outcomes[pair.kind])
    print(f"{'kind':<18}{'pairs':>6}{'found':>7}{'alarms':>8}")
    for kind, outcome in outcomes.items():
        print(f"{kind:<18}{outcome.pairs:>6}{outcome.found:>7}{outcome.alarms:>8}")
    total, found, alarms = (
        sum(getattr(outcome, name) for outcome in outcomes.values()) for name in ("pairs", "found", "alarms")
    )
    print(f"{'all':<18}{total:>6}{found:>7}{alarms:>8}   {100 * found / max(total, 1):.1f}% of the bugs are found")
    if options.dynamic:
        runs = sum((outcome.runs for outcome in outcomes.values()), Counter())
        print(f"of {runs.total()} findings {', '.join(f'{count} {said}' for said, count in runs.most_common())}")
    untrue = [line for outcome in outcomes.values() for line in outcome.untrue]
    print("\n".join(untrue) if untrue else "each runs in torch as it says" if in_torch else "not run in torch")
    if options.misses:
        print("\n".join(line for outcome in outcomes.values() for line in outcome.remarks))
    return 1 if untrue or alarms else 0


if __name__ == "__main__":
    sys.exit(main())

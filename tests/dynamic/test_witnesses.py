"""Every witness that the linter shows on the fixtures is replayed: with exactly its sizes PyTorch shows the mistake."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dynamic_programs import Program, fixture_programs

from shapelint.dynamic.limits import Limits
from shapelint.dynamic.plan import Plan, Target, plan_of
from shapelint.dynamic.runner import Runner
from shapelint.dynamic.study import studies
from shapelint.dynamic.verdict import answers
from shapelint.interp.objects.loader import Loader
from shapelint.source import Source, read_source

PROGRAMS = fixture_programs()


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(Limits()) as runner:
        yield runner


def planned(program: Program) -> Plan:
    source = read_source(program.wrong)
    assert isinstance(source, Source)
    plans = [plan for study in studies(source, Loader()) if (plan := plan_of(study, source.path, 0)) is not None]
    assert len(plans) == 1
    return plans[0]


def with_the_witness_only(plan: Plan) -> list[Target]:
    """The findings of a plan, each left with the one sizing that the linter shows (and its control)."""
    shown = []
    for target in plan.targets:
        if target.finding is None or not target.finding.witness or target.call is None:
            continue
        target.sizings = target.sizings[:1]
        shown.append(target)
    return shown


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_witness_shows_the_mistake(program: Program, runner: Runner) -> None:
    plan = planned(program)
    shown = with_the_witness_only(plan)
    if not shown:
        pytest.skip("a program of numbers: there is nothing to choose")

    result = runner.run(plan.job)

    for target, answer in answers(plan, result):
        if target not in shown:
            continue
        assert target.finding is not None
        assert target.call is not None
        sizes = plan.sizes[target.call, target.sizings[0]]
        by_name: dict[str, set[int]] = {}
        for symbol, size in sizes.items():
            by_name.setdefault(symbol.name, set()).add(size)
        assert answer.text == "confirmed"
        for name, size in target.finding.witness.items():
            assert size in by_name[name.rstrip("'")]


def test_most_findings_have_a_witness() -> None:
    with_witness = sum(bool(with_the_witness_only(planned(program))) for program in PROGRAMS)

    assert with_witness >= 25

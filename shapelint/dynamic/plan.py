"""What is to be run for one program, and with which inputs, so that its findings and its open claims are decided."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapelint.checks.model import Finding
from shapelint.checks.verdicts.judged import Judged
from shapelint.dims import Dim, Facts, Symbol
from shapelint.dynamic.arguments import (
    RUN,
    Filling,
    arguments_of,
    constructor_params,
    params_of,
    unknown_names,
    variants_of,
)
from shapelint.dynamic.blocks import names_of_block
from shapelint.dynamic.entries import Entry, callables
from shapelint.dynamic.importer import name_of
from shapelint.dynamic.instrument import instrumented
from shapelint.dynamic.sizes import Pairs, Sizes, linked, sizings, symbols_of
from shapelint.dynamic.study import FunctionStudy, Study
from shapelint.dynamic.watch import Program
from shapelint.interp.state.events import ClaimMet, DefinitionMet, Evidence, Failed, Needed, Suspected
from shapelint.program import nodes
from shapelint.program.nodes import Attached, AttachedDefinition, Span

MOST_SIZINGS = 24
LARGE = 1 << 27


@dataclass(slots=True)
class Target:
    """One thing that the run is to decide: a finding, or an open claim (then `finding` is None).

    `watches` are the watch numbers of a claim, `place` the first and last line of an operation, `span` what is told
    apart of others on these lines. `call` and `sizings` say where to look for the answer, `control` where it must not
    fail. Without a call, `reason` says why it is not run.
    """

    finding: Finding | None
    judged: Judged | None
    function: FunctionStudy
    event: Failed | Needed | Suspected | None = None
    watches: tuple[int, ...] = ()
    place: tuple[int, int] | None = None
    span: Span | None = None
    call: int | None = None
    sizings: tuple[int, ...] = ()
    control: int | None = None
    reason: str = ""


@dataclass(slots=True)
class Plan:
    """A job for the child, what it watches, and what its results are asked for."""

    study: Study
    program: Program
    job: dict[str, Any]
    targets: list[Target] = field(default_factory=list)
    sizes: dict[tuple[int, int], Sizes] = field(default_factory=dict)  # by the numbers of call and sizing
    runs: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)  # where they are not RUN
    entries: list[Evidence] = field(default_factory=list)  # of each call


def plan_of(study: Study, path: str, number: int) -> Plan | None:
    """The plan for one program, None where nothing in it has to be run."""
    targets = [target for function in study.functions for target in _targets(function)]
    if not targets:
        return None
    _, program = instrumented(study.piece, path)
    by_place: dict[tuple[int, int, int], list[int]] = {}
    for watch in program.watches:
        by_place.setdefault(watch.key, []).append(watch.index)
    for target in targets:
        if target.judged is not None and target.place is None:
            target.watches = tuple(by_place.get(_key(target.judged.attached), ()))
            if not target.watches:
                target.reason = "the comment stands where no value can be recorded"
    job = base_job(study, path, number)
    plan = Plan(study, program, job, targets)
    job["calls"] = _calls(plan)
    job["instances"] = instances_of(study)
    job["places"] = sorted({target.place[0] for target in targets if target.place is not None})
    return plan


def base_job(study: Study, path: str, number: int) -> dict[str, Any]:
    """A job that runs the module and nothing else."""
    name, roots = name_of(Path(path).resolve())
    piece = study.piece
    names, imports = names_of_block(study) if piece.open_names else ({}, {})
    here = os.getcwd()
    places = [*roots, here, *([src] if os.path.isdir(src := os.path.join(here, "src")) else [])]
    return {
        "id": number,
        "path": os.path.abspath(path),  # the child runs in another folder
        "text": piece.text,
        "first_line": piece.first_line,
        "column": piece.column,
        "open_names": piece.open_names,
        "module": "shapelint_block" if piece.open_names else "__main__" if _runs_main(study) else name,
        "package": name.rpartition(".")[0],
        "sys_path": [os.path.abspath(place) for place in dict.fromkeys(places)],
        "names": names,
        "imports": imports,
        "tolerant": True,
        "trace": False,
        "places": [],
        "calls": [],
        "instances": {},
    }


def instances_of(study: Study) -> dict[str, Any]:
    """How to build each module of the program, for a parameter that is one of them; the last defined first."""
    found: dict[str, Any] = {}
    for function in reversed(study.functions):
        evidence = function.evidence
        owner, _, method = evidence.name.partition(".")
        if method != "forward" or owner in found or evidence.constructor is None:
            continue
        sizes = sizings(evidence.facts, symbols_of(evidence), count=1)
        params = constructor_params(evidence.constructor)
        filling = Filling(sizes[0] if sizes else {})
        found[owner] = arguments_of(params, evidence.constructor, filling, of_constructor=True)
    return found


def _runs_main(study: Study) -> bool:
    """Whether a finding or an open claim stands in what only runs as a script."""
    module = study.functions[0] if study.functions and study.functions[0].evidence.name == "" else None
    if module is None or not (module.findings or module.open):
        return False
    guards = [
        statement
        for statement in study.module.body
        if isinstance(statement, nodes.If)
        and isinstance(statement.test, nodes.Compare)
        and isinstance(statement.test.left, nodes.Name)
        and statement.test.left.id == "__name__"
    ]
    lines = [one.finding.line for one in module.findings] + [claim.attached.at[0] for claim in module.open]
    return any(guard.at[0] <= line <= guard.at[2] for guard in guards for line in lines)


def _key(attached: Attached | AttachedDefinition) -> tuple[int, int, int]:
    return attached.at[0], attached.at[1], attached.claim.index if isinstance(attached, Attached) else -1


# --- what is asked ---


def _targets(function: FunctionStudy) -> Iterator[Target]:
    for one in function.findings:
        if isinstance(one.case, Judged):
            yield Target(one.finding, one.case, function, reason=_why_no_run_shows(one.case))
        else:
            at = _at_of(one.case)
            yield Target(one.finding, None, function, one.case, place=(at[0], at[2]), span=at)
    told = {id(one.case) for one in function.findings}
    for claim in function.open:
        if id(claim) not in told:
            yield Target(None, claim, function)


def _at_of(case: Failed | Needed | Suspected) -> Span:
    """Where the operation stands that a finding is of, in the function that it is told in."""
    return case.sites[-1].at if not isinstance(case, Suspected) and case.sites else case.blame.at


def _why_no_run_shows(claim: Judged) -> str:
    """Why sizes tell nothing of a claim: only its names and those of the code, of one value, are at odds."""
    named_at = claim.given.named_at if claim.given is not None else 0
    return f"sizes do not show it: line {named_at} gives the dims these names in another order" if named_at else ""


# --- where it is asked ---


def _calls(plan: Plan) -> list[dict[str, Any]]:
    """The calls that decide the targets, one for each function that can be called; the targets are told which."""
    study, targets = plan.study, plan.targets
    known = callables(study.module)
    evidence_of = {(f.evidence.name.rpartition(".")[2], f.evidence.line): f for f in study.functions}
    groups: dict[int, list[Target]] = {}
    entries: dict[int, tuple[Entry, FunctionStudy]] = {}
    for target in targets:
        evidence = target.function.evidence
        if not evidence.name or target.reason:
            continue  # the module's own body: the import itself decides
        entry = known.get((evidence.name.rpartition(".")[2], evidence.line))
        outer = evidence_of.get((entry.node.name, entry.node.at[0])) if entry is not None else None
        if entry is None or outer is None:
            target.reason = "what it stands in cannot be called by itself"
            continue
        key = id(entry.node)
        entries[key] = (entry, outer)
        groups.setdefault(key, []).append(target)
    calls: list[dict[str, Any]] = []
    for key, members in groups.items():
        entry, outer = entries[key]
        plan.entries.append(outer.evidence)
        calls.append(_call(len(calls), entry, outer, members, plan))
    return calls


def _call(number: int, entry: Entry, function: FunctionStudy, targets: Sequence[Target], plan: Plan) -> dict[str, Any]:
    call = call_frame(number, entry, function.evidence)
    rows: list[dict[str, Any]] = call["sizings"]
    seen: dict[tuple[Any, ...], int] = {}
    all_sizes: list[Sizes] = []
    for target in targets:
        target.call = number
        numbers = []
        for sizes, fallback in _sizings_for(target, function.evidence):
            key = (fallback, *sorted((symbol.order, size) for symbol, size in sizes.items()))
            if key not in seen and len(rows) < MOST_SIZINGS:
                seen[key] = len(rows)
                all_sizes.append(sizes)
                rows.append({**sizing_row(function.evidence, sizes, call), "fallback": fallback})
            if key in seen:
                numbers.append(seen[key])
        target.sizings = tuple(dict.fromkeys(numbers))
        control = _control(target, function.evidence)
        if control is not None:
            target.control = len(rows)
            all_sizes.append(control)
            rows.append({**sizing_row(function.evidence, control, call), "fallback": False})
        if not numbers:
            target.reason = "no sizes were found that obey what the code needs"
    order = sorted(range(len(rows)), key=lambda number: bool(rows[number]["fallback"]))
    place = {number: at for at, number in enumerate(order)}
    rows[:] = [rows[number] for number in order]
    plan.sizes.update({(number, at): all_sizes[old] for at, old in enumerate(order)})
    for target in targets:
        target.sizings = tuple(place[number] for number in target.sizings)
        target.control = None if target.control is None else place[target.control]
    call["wants"] = sorted({index for target in targets for index in target.watches})
    call["open"] = sorted({index for target in targets if target.finding is None for index in target.watches})
    call["places"] = sorted({target.place for target in targets if target.place is not None})
    return call


def call_frame(number: int, entry: Entry, evidence: Evidence) -> dict[str, Any]:
    """A call of a function, without any sizes yet."""
    static = any(isinstance(d, nodes.Name) and d.id in ("staticmethod", "classmethod") for d in entry.node.decorators)
    bound = bool(entry.owner) and not any(
        isinstance(d, nodes.Name) and d.id == "staticmethod" for d in entry.node.decorators
    )
    constructor = evidence.constructor
    method = entry.node.name
    if method == "__init__":
        constructor = evidence
    params = params_of(entry.node, skip=bound) if method != "__init__" else []
    given = constructor_params(constructor) if constructor is not None else []
    call = {
        "id": number,
        "owner": entry.owner,
        "method": method,
        "static": static,
        "params": params,
        "constructor_params": given,
        "sizings": [],
        "wants": [],
        "open": [],
        "places": [],
    }
    scopes = [(params, evidence)] + ([(given, constructor)] if constructor is not None else [])
    call["unknown"] = {
        name: guess
        for rows, scope in scopes
        for name, guess in unknown_names(rows, scope, scope is constructor).items()
    }
    call["variants"] = variants_of(params, evidence, given, constructor)
    return call


def sizing_row(evidence: Evidence, sizes: Sizes, call: Mapping[str, Any], run: tuple[int, ...] = RUN) -> dict[str, Any]:
    """The arguments of a call for these sizes; `run` are the dims where their number is not known."""
    filling = Filling(sizes, run)
    args = arguments_of(call["params"], evidence, filling, of_constructor=False)
    constructor = evidence if call["method"] == "__init__" else evidence.constructor
    built = (
        arguments_of(call["constructor_params"], constructor, filling, of_constructor=True)
        if constructor is not None
        else {}
    )
    shown = {symbol.name: size for symbol, size in sizes.items() if symbol.free}
    return {"args": args, "constructor": built, "sizes": shown, "large": filling.elements > LARGE}


# --- with which sizes ---


def _sizings_for(target: Target, evidence: Evidence) -> list[tuple[Sizes, bool]]:
    """Sizes to decide a target with; those that are only for when the others lead nowhere are marked so."""
    facts, wanted = case_of(target)
    symbols = symbols_of(evidence, [side for pair in wanted for side in pair])
    if target.finding is None:
        facts = _exact(facts, target)
        found = sizings(facts, symbols)
    else:
        shown = (
            dict(target.judged.witness) if target.judged is not None else _shown(target.finding, symbols, target.event)
        )
        found = sizings(facts, symbols, wanted, shown) or sizings(facts, symbols)
    usual = {size.as_symbol: number for size, number in evidence.defaults.items() if size.as_symbol in symbols}
    return [
        *((sizes, False) for sizes in found),
        *((sizes, True) for sizes in sizings(facts, symbols, wanted, usual, count=1) if usual and sizes not in found),
        *((sizes, True) for sizes in linked(facts, evidence, symbols, wanted)),
    ]


def _shown(finding: Finding, symbols: Sequence[Symbol], event: Failed | Needed | Suspected | None) -> dict[Symbol, int]:
    """The sizes that a finding shows, by their symbols: those of the operation's own tensors first."""
    near: list[Symbol] = []
    if event is not None:
        for size in [*_pair(event), *(size for source in event.sources for size in source.shape.seen())]:
            near += sorted(size.symbols, key=lambda symbol: symbol.name)
    shown: dict[Symbol, int] = {}
    used: set[str] = set()
    for symbol in dict.fromkeys([*near, *symbols]):
        name = symbol.name
        while name in used and f"{name}'" in finding.witness:  # a second symbol of one name has a prime
            name += "'"
        if name in finding.witness and (name not in used or symbol in near):
            shown[symbol] = finding.witness[name]
            used.add(name)
    return shown


def _pair(event: Failed | Needed | Suspected) -> tuple[Dim, ...]:
    if isinstance(event, Suspected):
        return event.apart or ()
    return (event.left, event.right) if isinstance(event, Needed) else event.pair or ()


def case_of(target: Target) -> tuple[Facts, Pairs]:
    """The facts under which a target is looked at, and the sizes of which one has to differ."""
    facts = target.function.evidence.facts
    claim = target.judged
    if claim is not None:
        event = claim.event
        if isinstance(event, DefinitionMet):
            return event.facts.also(facts), ((event.left, event.right),)
        if isinstance(event, ClaimMet):
            return event.facts.also(facts), _wrong_pairs(claim)
        return facts, ()
    if isinstance(target.event, Needed):
        return target.event.before, ((target.event.left, target.event.right),)
    if isinstance(target.event, Suspected):
        return target.event.facts.also(facts), (target.event.apart,) if target.event.apart is not None else ()
    return (target.event.facts.also(facts) if target.event is not None else facts), ()


def _wrong_pairs(claim: Judged) -> Pairs:
    match = claim.match
    if match is None or match.shape is None or match.given is None or not match.given.known:
        return ()
    pairs: list[tuple[Dim, Dim]] = []
    if match.shape.rest is None and len(match.shape.dims) == len(match.given.dims):
        wrong = match.wrong or (tuple(enumerate(match.given.dims)) if claim.note else ())
        for position, given in wrong:
            size = match.shape.dims[position].size
            if size is not None:
                pairs.append((size, given))
    return tuple(pairs)


def _exact(facts: Facts, target: Target) -> Facts:
    """For an open claim: sizes for which the divisions that its author wrote come out, and its numbers hold."""
    claim = target.judged
    if claim is None or not isinstance(claim.event, ClaimMet):
        return facts
    for shape in claim.event.alternatives[:1]:
        given = claim.given.shape if claim.given is not None else None
        for position, dim in enumerate(shape.dims):
            for divisor, size in dim.exact:
                facts = _extended(facts, facts.divides(divisor, size))
            is_number = dim.size is not None and dim.size.value is not None
            if is_number and given is not None and given.known and shape.rest is None and len(shape.dims) == given.rank:
                assert dim.size is not None
                facts = _extended(facts, facts.equal(given.dims[position], dim.size))
    return facts


def _extended(facts: Facts, extended: Facts) -> Facts:
    return facts if extended.contradictory else extended


def _control(target: Target, evidence: Evidence) -> Sizes | None:
    """Sizes for which an operation that equates names has to run: all that it needs holds."""
    event = target.event
    if not isinstance(event, Needed):
        return None
    pairs = [(event.left, event.right)]
    pairs += [
        (other.left, other.right)
        for other in target.function.evidence.events
        if isinstance(other, Needed) and other is not event and _at_of(other) == target.span
    ]
    facts = event.before
    for left, right in pairs:
        facts = _extended(facts, facts.equal(left, right))
    for known in (_extended(facts, facts.also(evidence.facts)), facts):
        found = sizings(known, symbols_of(evidence, [size for pair in pairs for size in pair]), count=1)
        if found:
            return found[0]
    return None

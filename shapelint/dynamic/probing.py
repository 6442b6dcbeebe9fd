"""One function run with dummy tensors: its source comes out with the shape of each line's value beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapelint.dims import Facts, Symbol
from shapelint.dynamic.entries import Entry, callables
from shapelint.dynamic.instrument import instrumented
from shapelint.dynamic.learning import ROUNDS, learned
from shapelint.dynamic.limits import Limits
from shapelint.dynamic.plan import Plan, Target, base_job, call_frame, instances_of, sizing_row
from shapelint.dynamic.runner import JobResult, Runner
from shapelint.dynamic.sizes import Sizes, drawn, symbols_of
from shapelint.dynamic.study import FunctionStudy, Study, studies
from shapelint.dynamic.verdict import Answer
from shapelint.interp.objects.loader import Loader
from shapelint.interp.state.events import ClaimMet, Evidence
from shapelint.source import Source, read_source
from shapelint.source.pieces import Piece

COLUMN = 60


class ProbeError(Exception):
    """There is no such function, or no such size; the text says so."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The text to be shown, and whether the function failed."""

    text: str
    failed: bool


def probed(path: Path, name: str, given: Mapping[str, str], limits: Limits) -> Probe:
    """Run a function and show what each of its lines gives. Raises ProbeError and StartError."""
    source = read_source(path)
    if not isinstance(source, Source):
        raise ProbeError(f"{path} {source.message}")
    study, entry, function = _found(source, name)
    evidence = function.evidence
    numbers = {key: int(value) for key, value in given.items() if value.lstrip("-").isdigit()}
    facts, rest = _bound(evidence, numbers)
    sizes = _sizes(facts, evidence)
    call = call_frame(0, entry, evidence)
    plain = {**{key: value for key, value in given.items() if key not in numbers}, **rest}
    row = {**sizing_row(evidence, sizes, call), "fallback": False}
    _set_plainly(row, call, plain)
    call["sizings"] = [row]
    job = {**base_job(study, source.path, 0), "trace": True, "calls": [call], "instances": instances_of(study)}
    _, program = instrumented(study.piece, source.path)
    target = Target(None, None, function, call=0, sizings=(0,))
    plan = Plan(study, program, job, [target], {(0, 0): sizes}, {}, [evidence])
    result = _run(plan, target, facts, call, plain, limits)
    return _shown(result, plan, entry, source)


def _run(
    plan: Plan, target: Target, facts: Facts, call: dict[str, Any], plain: Mapping[str, Any], limits: Limits
) -> JobResult:
    """Run the call; where an error says which sizes have to be equal and nobody chose them, again with such sizes."""
    known = {id(target): facts}
    with Runner(limits) as runner:
        result = runner.run(plan.job)
        for _ in range(ROUNDS):
            done = len(call["sizings"])
            if result.ended or not _failed(result):
                break
            if not learned(plan, [(target, Answer("not run"))], result.reports, known):
                break
            _set_plainly(call["sizings"][-1], call, plain)
            result = runner.run({**plan.job, "calls": [{**call, "done": done}]})
    return result


def _failed(result: JobResult) -> Mapping[str, Any] | None:
    """The error of the call, or else of the import."""
    reports = [report for report in result.reports if report["call"] is not None] or result.reports
    for report in reports:
        if report["failed"] is None:
            return None
    failed: Mapping[str, Any] | None = reports[0]["failed"] if reports else None
    return failed


def _found(source: Source, name: str) -> tuple[Study, Entry, FunctionStudy]:
    known: list[str] = []
    for study in studies(source, Loader()):
        by_place = callables(study.module)
        for function in study.functions:
            evidence = function.evidence
            entry = by_place.get((evidence.name.rpartition(".")[2], evidence.line))
            if entry is None or entry.node.at[0] != evidence.line:
                continue
            full = f"{entry.owner}.{entry.node.name}" if entry.owner else entry.node.name
            known.append(full)
            if full == name or (entry.owner == name and entry.node.name == "forward"):
                return study, entry, function
    there = ", ".join(known[:12]) or "no function that can be called"
    raise ProbeError(f"{source.path} has no function {name}; it has {there}")


def _bound(evidence: Evidence, numbers: Mapping[str, int]) -> tuple[Facts, dict[str, int]]:
    """The facts with the sizes that were given; what is no size of this name is an argument to be set."""
    facts = evidence.facts
    symbols = _named(evidence)
    rest: dict[str, int] = {}
    for name, size in numbers.items():
        symbol = symbols.get(name)
        if symbol is None:
            if not _is_parameter(evidence, name):
                there = ", ".join(sorted(symbols)) or "none"
                raise ProbeError(f"there is no size {name} here; there are {there}")
            rest[name] = size
            continue
        bound = facts.equal(symbol.dim, size)
        if bound.contradictory:
            against = next((str(each) for each in facts if symbol in each.symbols), "")
            raise ProbeError(f"{name}={size} cannot be: the code needs {against}")
        facts = bound
    return facts, rest


def _named(evidence: Evidence) -> dict[str, Symbol]:
    """The sizes by the names that the code and its comments have for them."""
    found: dict[str, Symbol] = {}
    for symbol in symbols_of(evidence):
        found.setdefault(symbol.name, symbol)
    for event in evidence.events:
        if isinstance(event, ClaimMet):
            for shape in event.alternatives:
                for dim in shape.dims:
                    letter = dim.fresh or dim.letter
                    if letter is not None and dim.size is not None and dim.size.as_symbol is not None:
                        found.setdefault(letter, dim.size.as_symbol)
    return found


def _is_parameter(evidence: Evidence, name: str) -> bool:
    return name in evidence.inputs or (evidence.constructor is not None and name in evidence.constructor.inputs)


def _sizes(facts: Facts, evidence: Evidence) -> Sizes:
    from shapelint.dynamic.sizes import sizings

    symbols = symbols_of(evidence)
    found = sizings(facts, symbols, count=1)
    if found:
        return found[0]
    lots = drawn(facts, symbols, {})
    if lots is None:
        raise ProbeError("no sizes were found that obey what the code needs; give some: NAME=VALUE")
    return lots


def _set_plainly(row: dict[str, Any], call: Mapping[str, Any], plain: Mapping[str, Any]) -> None:
    """Put in arguments that are no sizes."""
    for name, value in plain.items():
        for params, specs in ((call["params"], row["args"]), (call["constructor_params"], row["constructor"])):
            if any(param["name"] == name for param in params):
                specs[name] = {"kind": "value", "value": _read(value)}


def _read(value: Any) -> Any:
    import ast

    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return value


# --- showing ---


def _shown(result: JobResult, plan: Plan, entry: Entry, source: Source) -> Probe:
    failed = _failed(result)
    lines: dict[int, list[Any]] = {}
    sizes: Mapping[str, Any] = {}
    for report in result.reports:
        if report.get("lines"):
            lines = {}
            for number, value in report["lines"]:
                lines.setdefault(number, []).append(value)
            if report["call"] is not None:
                sizes = plan.job["calls"][0]["sizings"][report["sizing"]]["sizes"]
            if report["failed"] is None:
                break
    piece = plan.study.piece
    text = Text((piece.text if piece.cells else source.text).splitlines(), piece)
    called = f"{entry.owner}.{entry.node.name}" if entry.owner else entry.node.name
    rows = [f"{source.path}::{called}" + (" with " + _pairs(sizes) if sizes else "")]
    if result.ended:
        rows.append(f"it did not come to its end: {result.ended}")
    rows += _excerpt(text, range(entry.node.at[0], entry.node.at[2] + 1), lines, failed)
    for start, end in _others(plan, lines, entry):
        rows += ["", *_excerpt(text, range(start, end + 1), lines, failed)]
    if failed is not None:
        rows.append(f"{failed['type']}: {failed['text']}")
    return Probe("\n".join(rows) + "\n", failed is not None or bool(result.ended))


def _pairs(sizes: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={size}" for name, size in sizes.items() if not name.startswith("_"))


def _others(plan: Plan, lines: Mapping[int, Any], entry: Entry) -> Iterable[tuple[int, int]]:
    """The other functions of the file that ran: first and last line."""
    seen: set[int] = set()
    for other in callables(plan.study.module).values():
        node = other.node
        if node is entry.node or node.at[0] in seen or node.name == "__init__":
            continue
        seen.add(node.at[0])
        if any(node.at[0] <= line <= node.at[2] for line in lines):
            yield node.at[0], node.at[2]


@dataclass(frozen=True, slots=True)
class Text:
    """The lines that are shown, and the program that they are of."""

    lines: Sequence[str]
    piece: Piece


def _excerpt(
    text: Text, numbers: range, lines: Mapping[int, list[Any]], failed: Mapping[str, Any] | None
) -> Iterable[str]:
    shown = [number for number in numbers if number <= len(text.lines)]
    width = min(100, max((len(text.lines[number - 1].rstrip()) for number in shown), default=0))
    for number in shown:
        line = text.lines[number - 1].rstrip()
        place = text.piece.called(number)
        note = ""
        if number in lines:
            note = _described(lines[number])
        if failed is not None and failed["lines"] and failed["lines"][-1] == number:
            note = f"{failed['type']}"
        yield f"{place:>4}| {line:<{width}}  | {note}" if note else f"{place:>4}| {line}".rstrip()


def _described(values: Sequence[Any]) -> str:
    """The shape of a line's value; the first and how often, where the line ran several times."""
    words = list(dict.fromkeys(word for value in values if (word := _word(value))))
    if not words:
        return ""
    shown = words[0] if len(words) == 1 else f"{words[0]} ... {words[-1]}"
    return shown + (f"  x{len(values)}" if len(values) > 1 else "")


def _word(value: Any) -> str:
    if value is None:
        return ""
    if "int" in value:
        return str(value["int"])
    if "shape" in value:
        row = "(" + ", ".join(map(str, value["shape"])) + ("," if len(value["shape"]) == 1 else "") + ")"
        dtype = value["dtype"]
        return row if dtype in (None, "float32") else f"{row} {dtype}"
    words = [_word(item) for item in value["items"]]
    return "[" + ", ".join(words) + "]" if any(words) else ""

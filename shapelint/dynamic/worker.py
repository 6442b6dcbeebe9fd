"""In the child: one job, from importing the module to calling its functions with dummies; every attempt is reported."""

from __future__ import annotations

import contextlib
import gc
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from types import CodeType, ModuleType
from typing import Any

from shapelint.dynamic.importer import executed, module_for
from shapelint.dynamic.inputs import Dummies, repaired
from shapelint.dynamic.instrument import instrumented
from shapelint.dynamic.recorder import Recorder
from shapelint.dynamic.refusals import fake_tensors, watcher_of
from shapelint.dynamic.rewriting import RECORDER
from shapelint.dynamic.values import shape_of
from shapelint.source.pieces import Piece

MOST_REPAIRS = 20
NEEDS_NO_GRADIENT = re.compile(r"backward on CPU|requires.?grad")
MOST_LINES = 4_000

Report = Callable[[Mapping[str, Any]], None]
Call = Mapping[str, Any]


def work(job: Mapping[str, Any], report: Report) -> None:
    """Do a job: its module is run once, each of its calls with each of its sizings until what is wanted was seen."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    piece = Piece(job["text"], job["first_line"], job["column"], job["open_names"])
    lines: list[tuple[int, Any]] = []
    code, program = instrumented(piece, job["path"], trace=job["trace"], places=job["places"])
    recorder = Recorder(program, _line_noter(lines) if job["trace"] else None)
    sys.path[:0] = job["sys_path"]
    sys.argv = [job["path"]]
    module, error, result = _imported_best(job, code, recorder)
    report(result)
    if error is not None and not job["tolerant"]:
        return
    for call in job["calls"]:
        if error is not None and not hasattr(module, (call["owner"] or call["method"]).partition(".")[0]):
            report(_result(recorder, {"call": call["id"], "sizing": 0}, error))
            continue
        _do_call(call, module, recorder, job, report, lines)


def _imported_best(
    job: Mapping[str, Any], code: CodeType, recorder: Recorder
) -> tuple[ModuleType, Mapping[str, Any] | None, Mapping[str, Any]]:
    """The module after its body has run, the error that ended it, and what was recorded.

    Where a block leaves open how many dims a tensor has, the number with which it comes furthest.
    """
    import torch

    best: tuple[ModuleType, Mapping[str, Any] | None, Mapping[str, Any]] | None = None
    is_open = any("before" in spec for spec in job["names"].values())
    for middle in MIDDLES if is_open else ((),):
        recorder.clear()
        module = module_for(job["path"], job["module"])
        module.__dict__[RECORDER] = recorder
        for name, spec in job["names"].items():
            if "before" in spec:
                spec = {**spec, "shape": [*spec["before"], *middle, *spec["after"]]}
            module.__dict__[name] = Dummies().value(spec, name)
        for name, full in job["imports"].items():
            with contextlib.suppress(ImportError, AttributeError):
                module.__dict__[name] = _imported(full)
        error = _run(partial(executed, module, code), job["path"])
        if error is not None and NEEDS_NO_GRADIENT.search(error["text"]):
            recorder.clear()
            with torch.no_grad():
                error = _run(partial(executed, module, code), job["path"])
        recorder.finish()
        this = (module, error, _result(recorder, {"call": None, "sizing": 0}, error))
        if error is None:
            return this
        if best is None or _line_of(error) > _line_of(best[1]):
            best = this
    assert best is not None
    return best


MIDDLES = ((2, 3, 5, 7), (2, 3, 5), (2, 3), (2,), ())
"""What a tensor of which the block says nothing may be."""


def _line_of(error: Mapping[str, Any] | None) -> int:
    return max(error["lines"], default=0) if error is not None else 0


def _imported(full: str) -> Any:
    """`torch.nn.functional` as the thing that it names."""
    import importlib

    parts = full.split(".")
    value: Any = importlib.import_module(parts[0])
    for part in parts[1:]:
        with contextlib.suppress(ImportError):
            importlib.import_module(".".join(parts[: parts.index(part) + 1]))
        value = getattr(value, part)
    return value


def _line_noter(lines: list[tuple[int, Any]]) -> Callable[[int, Any], None]:
    def note(number: int, value: Any) -> None:
        if len(lines) < MOST_LINES:
            lines.append((number, described(value)))

    return note


def described(value: Any, depth: int = 0) -> Any:
    """A value for a trace: a tensor's shape and dtype, an int, the items of a row."""
    if isinstance(value, (bool, str, float)) or value is None:
        return None
    shape = shape_of(value)
    if isinstance(value, int):
        return {"int": value}
    if shape is not None:
        dtype = getattr(value, "dtype", None)
        return {"shape": list(shape), "dtype": str(dtype).removeprefix("torch.") if dtype is not None else None}
    if isinstance(value, (list, tuple)) and depth < 2:
        return {"items": [described(item, depth + 1) for item in value[:16]]}
    return None


def _do_call(
    call: Call, module: ModuleType, recorder: Recorder, job: Mapping[str, Any], report: Report, lines: list[Any]
) -> None:
    wants = set(call["wants"])
    places = [tuple(place) for place in call["places"]]
    kinds: dict[str, str] = {}
    first = 0
    never, unreached = set(wants), set(places)  # by any sizing so far
    for number, sizing in enumerate(call["sizings"]):
        if number < call.get("done", 0):
            continue
        if sizing["fallback"] and not never and not unreached:
            break
        left, left_places = set(wants), set(places)
        variants = call["variants"]
        order = [first, *(i for i in range(len(variants)) if i != first)]
        for index in order:
            recorder.clear()
            del lines[:]
            tag = {"call": call["id"], "sizing": number, "variant": index}
            error, stand_ins = _attempt(call, sizing, variants[index], kinds, module, recorder, job)
            recorder.finish()
            result = {**_result(recorder, tag, error), "stand_ins": stand_ins}
            if lines:
                result["lines"] = lines
            report(result)
            decided = {i for i, tally in recorder.tallies.items() if tally.hits > tally.undecided}
            decided -= {i for i in call["open"] if i in decided and not recorder.tallies[i].right and index == order[0]}
            reached = {place for place in left_places if error and _at(error, place)}
            if left & decided or reached or (error is None and index == order[0]):
                first = index if left & decided or reached else first
            left -= decided
            left_places -= reached
            never -= decided
            unreached -= {place for place in unreached if place in reached or place[0] in recorder.places}
            if not left and not left_places:
                break


def _at(error: Mapping[str, Any], place: tuple[Any, ...]) -> bool:
    return any(place[0] <= line <= place[1] for line in error["lines"])


def _attempt(
    call: Call,
    sizing: Mapping[str, Any],
    variant: Mapping[str, Any],
    kinds: dict[str, str],
    module: ModuleType,
    recorder: Recorder,
    job: Mapping[str, Any],
) -> tuple[dict[str, Any] | None, list[str]]:
    """One call with dummies; again with others where an operator refuses what one holds.

    The error that is left, and the names of what stood in for code that is not known.
    """
    import torch

    error: dict[str, Any] | None = None
    unguessed: dict[str, str] | None = None
    stand_ins: list[str] = []
    mode = "fake" if sizing.get("large") else "real"
    led_nowhere = False
    for turn in range(MOST_REPAIRS + 2):
        dummies = Dummies(dict(kinds), fake=mode == "fake")
        stand_ins = dummies.stand_ins
        dummies.build = partial(_instance, module, _sized_alike(job["instances"], sizing), dummies)
        watcher = watcher_of(dummies)
        torch.manual_seed(turn)
        caught: BaseException | None = None
        if turn:
            recorder.clear()
        gradient = contextlib.nullcontext() if kinds.get("gradient") != "off" else torch.no_grad()
        with fake_tensors() if mode == "fake" else contextlib.nullcontext(), gradient, watcher:
            invoke = partial(_invoke, call, sizing, variant, dummies, module)
            caught, error = _guarded(invoke, job["path"])
        if caught is None:
            return None, stand_ins
        if mode == "real" and isinstance(caught, (MemoryError, RuntimeError)) and "allocate memory" in str(caught):
            mode = "fake"
            gc.collect()
            continue
        if kinds.get("gradient") != "off" and NEEDS_NO_GRADIENT.search(str(caught)):
            kinds["gradient"] = "off"
            continue
        change = repaired(caught, watcher.refusal, dummies)
        if change is None and not led_nowhere:
            unguessed = dict(kinds) if unguessed is None else unguessed
            change = _other_guess(caught, call, variant, kinds, job)
        if change is not None and kinds.get(change[0]) != change[1] and turn < MOST_REPAIRS:
            kinds[change[0]] = change[1]
            continue
        if unguessed is None or led_nowhere:
            break
        led_nowhere = True  # what was there before the first guess says most
        _take_back(kinds, unguessed)
    if error is not None:
        has_dummies = bool(sizing["args"] or sizing["constructor"])
        error["dummy"] = has_dummies and repaired_is_due(error)
    return error, stand_ins


def _take_back(kinds: dict[str, str], unguessed: Mapping[str, str]) -> None:
    """Undo what was guessed; that it was tried stays known."""
    tried = {key: kind for key, kind in kinds.items() if key.startswith("tried ")}
    kinds.clear()
    kinds.update(unguessed)
    kinds.update(tried)


def repaired_is_due(error: Mapping[str, Any]) -> bool:
    """Whether an error may be owed to what a dummy holds rather than to its shape."""
    from shapelint.dynamic.inputs import NOT_DEFINITE, OUT_OF_RANGE, TO_BOOL, TO_INDEX

    text = str(error["text"])
    return any(pattern.search(text) for pattern in (TO_INDEX, TO_BOOL, NOT_DEFINITE)) or (
        "dtype" in text or (OUT_OF_RANGE.search(text) is not None and error["type"] == "IndexError" and "self" in text)
    )


GUESSES_IN_TURN = (
    "tensor", "int", "module", "tensor:1", "config", "tensor:2", "tensors", "list", "none", "float", "pair", "tensor:3",
)  # fmt: skip


def _other_guess(
    error: BaseException, call: Call, variant: Mapping[str, Any], kinds: dict[str, str], job: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Another guess for a parameter of which nothing is known, after an error that is not an operator's."""
    if not isinstance(error, (TypeError, AttributeError, ValueError, RuntimeError, KeyError, NotImplementedError)):
        return None
    for name, guess in call["unknown"].items():
        if name in variant["leave"]:
            continue
        tried = [*kinds.get(f"tried {name}", guess).split(",")]
        instances = [f"instance:{owner}" for owner in job["instances"]][:3]
        likely = guess in ("module", "function") or guess.startswith("instance:")
        turn = [*instances, *GUESSES_IN_TURN] if likely else [*GUESSES_IN_TURN[:5], *instances, *GUESSES_IN_TURN[5:]]
        for other in turn:
            if other not in tried:
                kinds[f"tried {name}"] = ",".join([*tried, other])
                return f"guess {name}", other
    return None


def _sized_alike(instances: Mapping[str, Any], sizing: Mapping[str, Any]) -> dict[str, Any]:
    """How to build each module of the program beside one of this sizing: a `dim` of both is the same."""
    own = {name: spec for specs in (sizing["constructor"], sizing["args"]) for name, spec in specs.items()}
    return {
        owner: {name: own[name] if own.get(name, {}).get("kind") == "value" else spec for name, spec in specs.items()}
        for owner, specs in instances.items()
    }


def _instance(module: ModuleType, known: Mapping[str, Any], dummies: Dummies, name: str) -> Any:
    """An instance of a class of the program, with sizes of its own."""
    specs = known.get(name, {})
    if name not in known or not hasattr(module, name):
        return dummies.value({"kind": "unknown", "guess": "module"}, f"{name} (a module)")
    inner = Dummies(dummies.kinds, dummies.made, dummies.fake, stand_ins=dummies.stand_ins)
    inner.build = partial(_instance, module, {other: known[other] for other in known if other != name}, inner)
    return getattr(module, name)(**{key: inner.value(spec, f"{name}.{key}") for key, spec in specs.items()})


def _invoke(
    call: Call, sizing: Mapping[str, Any], variant: Mapping[str, Any], dummies: Dummies, module: ModuleType
) -> None:
    target: Any = module
    if call["owner"]:
        for part in call["owner"].split("."):
            target = getattr(target, part)
        if call["method"] == "__init__" or not call["static"]:
            target = _built(target, call, sizing, variant, dummies)
        if call["method"] == "__init__":
            return
    if variant.get("eval") and hasattr(target, "eval"):
        target.eval()
    function = getattr(target, call["method"])
    args, kwargs = _arguments(sizing["args"], call["params"], variant, dummies)
    result = function(*args, **kwargs) if callable(function) else function
    if inspect.isgenerator(result):
        for _, _item in zip(range(4), result, strict=False):
            pass
    elif inspect.iscoroutine(result):
        with contextlib.suppress(StopIteration):
            result.send(None)


def _built(cls: Any, call: Call, sizing: Mapping[str, Any], variant: Mapping[str, Any], dummies: Dummies) -> Any:
    """An instance with the sizes of the sizing; a subclass may be needed where the class is abstract."""
    args, kwargs = _arguments(sizing["constructor"], call["constructor_params"], variant, dummies)
    return cls(*args, **kwargs)


def _arguments(
    specs: Mapping[str, Any], params: Sequence[Mapping[str, Any]], variant: Mapping[str, Any], dummies: Dummies
) -> tuple[list[Any], dict[str, Any]]:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    positional = True
    for param in params:
        name, kind = param["name"], param["kind"]
        if name not in specs or name in variant["leave"]:
            positional = False
            continue
        spec = variant["set"].get(name, specs[name])
        if kind == "args":
            args += [dummies.value(item, f"{name}[{i}]") for i, item in enumerate(spec.get("items", []))]
        elif kind == "kwargs":
            continue
        elif positional and kind in ("positional", "either"):
            args.append(dummies.value(spec, name))
        else:
            kwargs[name] = dummies.value(spec, name)
    return args, kwargs


def _run(action: Callable[[], Any], path: str) -> dict[str, Any] | None:
    return _guarded(action, path)[1]


def _guarded(action: Callable[[], Any], path: str) -> tuple[BaseException | None, dict[str, Any] | None]:
    """Run something of the program; what it raises, and that as data: its type, its text, the lines of the file.

    `spans` are the places of its expressions at these lines, where Python tells them (from 3.11 on, in bytes).
    """
    try:
        action()
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if frame.filename == path and frame.lineno is not None]
        lines = [frame.lineno for frame in ours]
        inner = frames[-1].filename if frames else ""
        return error, {
            "type": type(error).__name__,
            "text": str(error).strip().split("\n")[0][:300],
            "lines": lines,
            "spans": [span for frame in ours if (span := _span_of(frame)) is not None],
            "own": inner == path,
        }
    return None, None


def _result(recorder: Recorder, tag: Mapping[str, Any], error: Mapping[str, Any] | None) -> dict[str, Any]:
    tallies = {index: asdict(tally) for index, tally in recorder.tallies.items()}
    return {**tag, "tallies": tallies, "reached": sorted(recorder.places), "failed": error}


def _span_of(frame: traceback.FrameSummary) -> tuple[int, int, int, int] | None:
    """The place of the expression at which a frame stands, as nodes have it, on a line where bytes are characters."""
    place = [getattr(frame, name, None) for name in ("lineno", "colno", "end_lineno", "end_colno")]
    if any(number is None for number in place) or not (frame.line or "").isascii():
        return None
    line, column, end_line, end_column = (number or 0 for number in place)
    return line, column + 1, end_line, end_column + 1

"""What scripts do within a folder of code: every call of its functions, with what each line gave to a name."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import multiprocessing
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeAlias

import numpy
import torch

MOST_ITEMS = 16
MOST_ATTRIBUTES = 200

NEXT_TURN = "the next turn"
"""Stands among what a call bound where it went back to a line before: other sizes may have other values from there."""

Seen: TypeAlias = Any
"""A value as it ran: ("tensor", shape), ("row", parts), an int, a bool or None; ("other", type's name) for the rest."""


def kind_of(actual: Seen) -> str:
    """Of what kind a value was that ran; "" for an int, a bool and None."""
    return str(actual[0]) if isinstance(actual, tuple) else ""


@dataclass(slots=True)
class Call:
    """One call of a function: what it was given, what its object held, and what each of its lines gave to a name."""

    path: str
    first_line: int
    name: str
    given: dict[str, Seen]
    held: dict[str, Seen]
    bound: list[tuple[int, str, Seen]] = field(default_factory=list)


def seen(value: object, depth: int = 0) -> Seen:
    """A value of the running program by its shape."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (torch.Tensor, numpy.ndarray)):
        return "tensor", tuple(map(int, value.shape))
    if isinstance(value, (tuple, list)) and depth < 3:
        return ("row", [seen(part, depth + 1) for part in value]) if len(value) <= MOST_ITEMS else ("other", "long row")
    return "other", type(value).__name__


class Recorder:
    """Traces the calls of functions of a tree, `most` of each."""

    def __init__(self, tree: Path, script: str, most: int) -> None:
        self.tree, self.script, self.most = str(tree), script, most
        self.times: Counter[CodeType] = Counter()
        self.calls: list[Call] = []

    def __call__(self, frame: FrameType, event: str, _argument: object) -> Any:
        """The trace function of each new frame, as sys.settrace has it."""
        code = frame.f_code
        if not code.co_filename.startswith(self.tree) and code.co_filename != self.script:
            return None
        if code.co_name.startswith("<") and code.co_name != "<module>":
            return None
        self.times[code] += 1
        return _Frame(self, frame).at_event if self.times[code] <= self.most else None


class _Frame:
    """One frame that is traced: what its names held before the line that runs."""

    def __init__(self, recorder: Recorder, frame: FrameType) -> None:
        code = frame.f_code
        given = dict(frame.f_locals) if code.co_name != "<module>" else {}
        itself = given.get("self")
        held = dict(list(getattr(itself, "__dict__", {}).items())[:MOST_ATTRIBUTES])
        for row in ("_parameters", "_buffers"):
            held.update(held.get(row) or {})
        name = code.co_qualname.replace("<locals>.", "") if hasattr(code, "co_qualname") else code.co_name
        self.call = Call(
            code.co_filename,
            code.co_firstlineno,
            name,
            {key: seen(value) for key, value in given.items()},
            {f"self.{key}": seen(value) for key, value in held.items()},
        )
        self.before, self.line = given, frame.f_lineno
        recorder.calls.append(self.call)

    def at_event(self, frame: FrameType, event: str, argument: object) -> Any:
        """Note what the line that has just run gave to names."""
        now = dict(frame.f_locals)
        if frame.f_lineno < self.line:
            self.call.bound.append((self.line, NEXT_TURN, None))
        for name, value in now.items():
            if name == "_":
                continue
            if name not in self.before or self.before[name] is not value:
                self.call.bound.append((self.line, name, seen(value)))
        if event == "return" and argument is not None:
            self.call.bound.append((self.line, "return", seen(argument)))
        self.before, self.line = now, frame.f_lineno
        return self.at_event


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("took too long")


def _run(script: str, tree: Path, most: int, seconds: float, result: Connection) -> None:
    sys.path.insert(0, str(Path(script).parent))
    recorder = Recorder(tree, script, most)
    failed = ""
    text = Path(script).read_text()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    signal.signal(signal.SIGALRM, _too_long)  # what ran until then is worth as much
    signal.setitimer(signal.ITIMER_REAL, seconds)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = compile(text, script, "exec")
            sys.settrace(recorder)
            exec(code, {"__name__": "__main__", "__file__": script})
        except BaseException as error:
            failed = f"{type(error).__name__}: {error}"
        finally:
            sys.settrace(None)
            signal.setitimer(signal.ITIMER_REAL, 0)
    result.send((recorder.calls, failed))


def calls_of(script: str, tree: Path, most: int, seconds: float) -> tuple[list[Call], str]:
    """The calls that a script makes within a tree, and why it did not come to its end, if it did not."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_run, args=(script, tree, most, seconds, theirs))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(seconds + 15) else ([], "took too long")
    except EOFError:
        return [], "its process ended"
    finally:
        process.kill()
        process.join()


def doctests(tree: Path, into: Path) -> Iterator[str]:
    """The examples of each docstring under a tree, each written into a script of its own."""
    parser = doctest.DocTestParser()
    for path in sorted(tree.rglob("*.py")):
        module = ".".join(path.relative_to(tree.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
                continue
            text = ast.get_docstring(node) or ""
            with contextlib.suppress(ValueError):
                if examples := parser.get_examples(text):
                    name = getattr(node, "name", "module")
                    script = into / f"{module}_{name}_{getattr(node, 'lineno', 0)}.py"
                    script.write_text(
                        f"import numpy as np\nimport torch\nimport {tree.name}\nfrom {module} import *\n"
                        + "".join(each.source for each in examples)
                    )
                    yield str(script)

"""Runs a script or a module as Python would, under a session that records what passes its shape comments."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, TracebackType

from shapelint.dynamic.blocks import IMPORTS
from shapelint.dynamic.rewriting import RECORDER
from shapelint.dynamic.session import OURSELVES, Session, shown_path
from shapelint.source import Source, programs, read_source


class ScriptError(Exception):
    """There is no such script or module, or it cannot be read."""


def run_script(session: Session, script: str, arguments: Sequence[str]) -> int:
    """Run a file (a notebook's cells and an article's blocks as well); its exit status."""
    source = read_source(Path(script))
    if not isinstance(source, Source):
        raise ScriptError(f"{script} {source.message}")
    sys.argv = [script, *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    return _status(lambda: _run_pieces(session, source, script))


def run_module(session: Session, name: str, arguments: Sequence[str]) -> int:
    """Run a module as `python -m` does; its exit status."""
    sys.path[0] = os.getcwd()
    sys.argv = ["-m", *arguments]
    spec = _spec_of(name)
    if spec is None or spec.origin is None:
        raise ScriptError(f"there is no module {name} that can be run")
    source = read_source(Path(spec.origin))
    if not isinstance(source, Source):
        raise ScriptError(f"{spec.origin} {source.message}")
    sys.argv[0] = spec.origin
    return _status(lambda: _run_pieces(session, replace(source, path=shown_path(source.path)), spec.origin or "", spec))


def _spec_of(name: str) -> ModuleSpec | None:
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{name}.__main__")
    except (ImportError, ValueError) as error:
        raise ScriptError(f"the module {name} cannot be found: {error}") from None
    return spec


def _run_pieces(session: Session, source: Source, file: str, spec: ModuleSpec | None = None) -> None:
    for piece in programs(source):
        module = ModuleType("__main__")
        module.__file__ = file
        module.__spec__ = spec
        module.__package__ = spec.parent if spec is not None else None
        sys.modules["__main__"] = module
        if piece.open_names:
            for name, full in IMPORTS.items():
                _offer(module, name, full)
        made = session.code(source, piece)
        if made is None:
            code = compile(piece.text, source.path, "exec", dont_inherit=True)
        else:
            code, module.__dict__[RECORDER] = made
        exec(code, module.__dict__)


def _offer(module: ModuleType, name: str, full: str) -> None:
    head, _, attribute = full.rpartition(".")
    try:
        module.__dict__[name] = (
            getattr(importlib.import_module(head), attribute) if head else importlib.import_module(full)
        )
    except (ImportError, AttributeError):
        return


def _status(run: object) -> int:
    """The exit status of what runs; an error is told as Python does, without our own lines."""
    assert callable(run)
    try:
        run()
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    except Exception as error:
        trace = _without_us(error.__traceback__)
        traceback.print_exception(type(error), error, trace)
        return 1
    return 0


def _without_us(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and OURSELVES in Path(trace.tb_frame.f_code.co_filename).parents:
        trace = trace.tb_next
    return trace

"""Recording in this very process, for `shapelint run` and pytest: the project's modules run under a recorder."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import sysconfig
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from shapelint.checks.findings.cells import lines_to_show, placed, placed_claim
from shapelint.checks.findings.silenced import not_silenced
from shapelint.checks.model import Annotation, Finding, Report, Verdict
from shapelint.dynamic.instrument import instrumented
from shapelint.dynamic.observed import finding_of, is_in_sentence
from shapelint.dynamic.recorder import Recorder
from shapelint.dynamic.rewriting import RECORDER
from shapelint.dynamic.study import studies
from shapelint.dynamic.tally import Tally
from shapelint.dynamic.watch import Watch
from shapelint.interp.objects.loader import Loader
from shapelint.notation import might_hold_claim
from shapelint.program import CannotParse, imports_torch
from shapelint.source import Source, programs, read_source
from shapelint.source.pieces import Piece


@dataclass(slots=True)
class Recorded:
    """One program that is recorded."""

    source: Source
    piece: Piece
    recorder: Recorder


@dataclass(slots=True)
class Session:
    """All that is recorded in this process. `roots` are the folders whose modules are."""

    roots: Sequence[Path]
    programs: list[Recorded] = field(default_factory=list)

    def __enter__(self) -> Session:
        self._finder = _Finder(self)
        sys.meta_path.insert(0, self._finder)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.meta_path.remove(self._finder)

    _finder: Any = None

    def concerns(self, path: Path) -> bool:
        """Whether a file is the project's own, and not of an environment or of Python."""
        resolved = path.resolve()
        if any(part in ("site-packages", "dist-packages") for part in resolved.parts):
            return False
        if _is_below(resolved, Path(sysconfig.get_path("stdlib")).resolve()) or _is_below(resolved, OURSELVES):
            return False
        return any(_is_below(resolved, root) for root in self.roots)

    def code(self, source: Source, piece: Piece) -> tuple[CodeType, Recorder] | None:
        """The code of a program with its recorder, None where there is nothing in it to record."""
        if not (piece.open_names or imports_torch(piece.text)) or not might_hold_claim(piece.text):
            return None
        try:
            code, program = instrumented(piece, source.path)
        except (SyntaxError, CannotParse, RecursionError):
            return None  # Python says itself what is wrong with it
        if not program.watches:
            return None
        recorder = Recorder(program)
        self.programs.append(Recorded(source, piece, recorder))
        return code, recorder

    def report(self) -> Report:
        """What was recorded so far: a finding for each claim that a value contradicts, and each claim."""
        findings: list[Finding] = []
        annotations: list[Annotation] = []
        sources: dict[str, tuple[str, ...]] = {}
        for recorded in self.programs:
            recorded.recorder.finish()
            told = dict(_findings(recorded))
            found = list(told.values())
            source, piece = recorded.source, recorded.piece
            found = [placed(finding, piece) for finding in not_silenced(found, source, piece)]
            if found:
                sources.update(lines_to_show(source, [piece]))
            findings += found
            annotations += _annotations(recorded, told)
        files = len({recorded.source.path for recorded in self.programs})
        return Report(tuple(findings), tuple(annotations), files, 0.0, sources)


OURSELVES = Path(__file__).resolve().parents[1]


def _is_below(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


class _Finder(importlib.abc.MetaPathFinder):
    """Finds what the other finders find, and has the project's own modules loaded under a recorder."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._busy: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module of the project, with a loader that records."""
        if fullname in self._busy:
            return None
        self._busy.add(fullname)
        try:
            spec = next(_specs(fullname, path, target, self), None)
        finally:
            self._busy.discard(fullname)
        if spec is None or type(spec.loader) is not importlib.machinery.SourceFileLoader or spec.origin is None:
            return None
        if not self._session.concerns(Path(spec.origin)):
            return None
        spec.loader = _Loader(self._session, fullname, spec.origin)
        return spec


def _specs(
    fullname: str, path: Sequence[str] | None, target: ModuleType | None, without: _Finder
) -> Iterator[importlib.machinery.ModuleSpec]:
    for finder in sys.meta_path:
        if finder is not without and hasattr(finder, "find_spec"):
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                yield spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from its source; the code that records is never written to the cache of compiled files."""

    def __init__(self, session: Session, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self._session = session

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, under a recorder if it makes claims."""
        source = read_source(Path(self.path))
        made = None
        if isinstance(source, Source):
            shown = replace(source, path=shown_path(self.path))
            made = self._session.code(shown, programs(shown)[0])
        if made is None:
            super().exec_module(module)
            return
        code, recorder = made
        module.__dict__[RECORDER] = recorder
        exec(code, module.__dict__)


def shown_path(path: str) -> str:
    """The path as a person would write it: from here, where it lies below."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


# --- what was recorded, as findings ---


def _findings(recorded: Recorded) -> Iterator[tuple[int, Finding]]:
    """A finding for each claim, by its number, that what passed it contradicts."""
    recorder = recorded.recorder
    letters: set[tuple[int, str]] = set()
    static: dict[tuple[int, int], Finding] | None = None
    for index, tally in sorted(recorder.tallies.items()):
        if tally.first is None or not (tally.wrong or tally.labels or tally.examples):
            continue
        watch = recorder.program.watches[index]
        if static is None:
            static = _static(recorded)
        known = static.get(watch.at[:2])
        if not tally.wrong and tally.labels:
            if tally.hits > tally.labels and known is None and _is_loop(tally):
                continue
            key = (watch.scope.index, tally.first.letter)
            if key in letters:
                continue
            letters.add(key)
        elif not tally.wrong and not watch.scope.concrete and known is None:
            continue  # its numbers are an example's
        if known is None and is_in_sentence(watch):
            continue
        found = finding_of(watch, tally, recorded.source.path)
        if known is not None and known.code == found.code:
            seen = [note for note in _seen(watch, tally) if not any(old.startswith(note) for old in known.notes)]
            found = replace(known, dynamic="confirmed", notes=(*known.notes, *seen))
        yield index, found


def _is_loop(tally: Tally) -> bool:
    return tally.right > 0 and tally.hits > 2


def _seen(watch: Watch, tally: Tally) -> Iterator[str]:
    for note in finding_of(watch, tally, "").notes[-1:]:
        given = "(" + ", ".join(map(str, tally.shape or ())) + ")"
        yield f"{note}: {given}" if tally.shape else note


def _static(recorded: Recorded) -> dict[tuple[int, int], Finding]:
    """The linter's own findings in a program, by line and column; only where something was contradicted."""
    for study in studies(recorded.source, Loader()):
        if study.piece == recorded.piece:
            return {
                (one.finding.line, one.finding.column): one.finding
                for function in study.functions
                for one in function.findings
            }
    return {}


def _annotations(recorded: Recorded, told: Container[int]) -> Iterator[Annotation]:
    recorder = recorded.recorder
    for watch in recorder.program.watches:
        if watch.claim is None:
            continue
        tally = recorder.tallies.get(watch.index)
        verdict, reason = _verdict(tally, watch.index in told)
        shapes = watch.claim.shapes
        seen = None if tally is None or tally.seen is None else "(" + ", ".join(map(str, tally.seen)) + ")"
        claim = Annotation(
            recorded.source.path,
            *watch.at[:2],
            watch.text,
            watch.about,
            shapes[0].text if shapes else watch.text,
            seen,
            verdict,
            reason,
        )
        yield placed_claim(claim, recorded.piece)


def _verdict(tally: Tally | None, is_told: bool) -> tuple[Verdict, str]:
    """What a run says of a claim, of which a finding may be told. It proves nothing: what held is `assumed`."""
    if tally is None or not tally.hits:
        return Verdict.OPEN, "nothing passed it"
    times = "once" if tally.hits == 1 else f"{tally.hits} times"
    wrong = tally.wrong or (tally.examples if is_told else 0)
    if wrong:
        return Verdict.REFUTED, f"contradicted by {wrong} of {tally.hits} values"
    if tally.right == tally.hits:
        return Verdict.ASSUMED, f"it held {times}"
    if tally.labels:
        return Verdict.OPEN, "a letter stood for two sizes"
    if tally.right:
        return Verdict.ASSUMED, f"it held {tally.right} of {tally.hits} times, for the others it could not be told"
    return Verdict.OPEN, tally.reason or "its numbers are an example's"


def closing(report: Report) -> str:
    """One sentence on what was recorded."""
    held = report.count(Verdict.ASSUMED)
    never = sum(1 for one in report.annotations if one.reason == "nothing passed it")
    contradicted = report.count(Verdict.REFUTED)
    rest = len(report.annotations) - held - never - contradicted
    comments = "1 shape comment" if len(report.annotations) == 1 else f"{len(report.annotations)} shape comments"
    return f"{comments}: {held} held, {contradicted} contradicted, {rest} could not be told, {never} never met."

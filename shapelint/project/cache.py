"""Remembers the report of each file until the file, something it imports, the settings or shapelint itself changes."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapelint
from shapelint.checks.model import Report
from shapelint.project.imports import Imports
from shapelint.project.records import from_record, to_record
from shapelint.project.settings import Settings
from shapelint.project.stamps import Stamps, digest

TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of shapelint's: https://bford.info/cachedir/\n"
GRAPH = "imports.json"
KEPT_VERSIONS = 8
"""Folders of other versions and settings that are left in place; older ones are removed."""


def depends_on(report: Report) -> tuple[str, ...]:
    """The files that a report says it was made from, besides its own."""
    return tuple(getattr(report, "depends", ()))


@dataclass(slots=True)
class Cache:
    """The cache of one run: a JSON file for each folder of sources, read when it is asked for, and one of imports."""

    folder: Path
    key: str
    imports: Imports
    stamps: Stamps
    _shards: dict[str, dict[str, Any]] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)
    _is_graph_loaded: bool = False

    def get(self, path: str) -> Report | None:
        """The report of `path`, if nothing that it rests on has changed."""
        stamp = self.stamps.of_file(path)  # before anybody reads the file
        try:
            entry = self._shard(path).get(path)
            if not stamp or entry is None or entry["stamp"] != stamp:
                return None
            if entry["imports"] and entry["imports"] != self._imports().fingerprint(path):
                return None
            if any(self.stamps.of_file(name) != stamp for name, stamp in entry["depends"].items()):
                return None
            return from_record(entry["report"])
        except (AttributeError, KeyError, TypeError, ValueError):
            return None  # not something that `put` wrote

    def put(self, path: str, report: Report) -> None:
        """Keep a report that has just been made."""
        if any(finding.code.startswith("SHP9") for finding in report.findings):
            return  # what went wrong once may go well the next time
        entry: dict[str, Any] = {"stamp": self.stamps.of_file(path), "imports": "", "depends": {}}
        if report.findings or report.annotations or _mentions_torch(path):  # in any other nothing is ever found
            entry["imports"] = self._imports().fingerprint(path)
            entry["depends"] = {name: self.stamps.of_file(name) for name in depends_on(report)}
            if not entry["imports"] or not all(entry["depends"].values()):
                return
        if entry["stamp"]:
            self._shard(path)[path] = {**entry, "report": to_record(report)}
            self._changed.add(_shard_name(path))

    def save(self) -> None:
        """Write what is new. A cache that cannot be written is none, and nothing else."""
        if not self._changed and not self.imports.is_changed:
            return
        try:
            self._open_folder()
            for name in self._changed:
                self._write(name, self._shards[name])
            self._write(GRAPH, self._imports().to_record())
        except OSError:
            return

    def _imports(self) -> Imports:
        if not self._is_graph_loaded:
            self._is_graph_loaded = True
            if record := self._read(GRAPH):
                with suppress(ValueError):
                    self.imports.load(record)
        return self.imports

    def _shard(self, path: str) -> dict[str, Any]:
        name = _shard_name(path)
        if name not in self._shards:
            self._shards[name] = self._read(name)
        return self._shards[name]

    def _read(self, name: str) -> dict[str, Any]:
        try:
            loaded = json.loads((self.folder / self.key / name).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def _write(self, name: str, record: dict[str, Any]) -> None:
        """Write in one step, so that no other process sees half of it."""
        file = self.folder / self.key / name
        part = file.with_name(f"{name}.{os.getpid()}.part")
        part.write_text(json.dumps(record, separators=(",", ":")), encoding="utf-8")
        os.replace(part, file)

    def _open_folder(self) -> None:
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            (self.folder / "CACHEDIR.TAG").write_text(TAG, encoding="utf-8")
            (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")
        (self.folder / self.key).mkdir(exist_ok=True)
        versions = [entry for entry in self.folder.iterdir() if entry.is_dir() and entry.name != self.key]
        versions.sort(key=lambda entry: entry.stat().st_mtime_ns)
        for old in versions[: max(0, len(versions) - KEPT_VERSIONS)]:
            if (old / GRAPH).exists():
                shutil.rmtree(old, ignore_errors=True)


def open_cache(settings: Settings) -> Cache:
    """The cache that `SHAPELINT_CACHE_DIR` or the project's folder holds for these settings and this shapelint."""
    named = os.environ.get("SHAPELINT_CACHE_DIR")
    folder = Path(named) if named else settings.root / ".shapelint_cache"
    key = digest([shapelint.__version__, own_stamp(), settings.fingerprint(), os.getcwd()])
    stamps = Stamps()
    return Cache(folder, key, Imports(str(settings.root), stamps), stamps)


def own_stamp() -> str:
    """What changes when shapelint's own source does."""
    top = Path(shapelint.__file__).parent
    stamps = []
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            status = os.stat(os.path.join(folder, name))
            stamps.append(f"{name} {status.st_mtime_ns} {status.st_size}")
    return digest(stamps)


def _mentions_torch(path: str) -> bool:
    try:
        return b"torch" in Path(path).read_bytes()
    except OSError:
        return True


def _shard_name(path: str) -> str:
    return f"{digest([os.path.dirname(path)])}.json"

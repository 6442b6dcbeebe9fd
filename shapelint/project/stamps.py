"""What tells that a file or a folder has changed, looked at once in a run."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

SETTLED = 50_000_000
"""A file written less than so many nanoseconds before it is looked at could change again under the same time stamp."""


def digest(texts: Iterable[str]) -> str:
    """A short text that differs wherever `texts` do."""
    return blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@dataclass(slots=True)
class Stamps:
    """The stamps of one run, each taken when it is first asked for."""

    _files: dict[str, str] = field(default_factory=dict)
    _names: dict[str, frozenset[str]] = field(default_factory=dict)
    _folders: dict[str, str] = field(default_factory=dict)

    def of_file(self, name: str) -> str:
        """Time and size of a file; empty when there is none, or when it was written only just now."""
        if name not in self._files:
            try:
                status = os.stat(name)
            except (OSError, ValueError):
                self._files[name] = ""
            else:
                settled = time.time_ns() - status.st_mtime_ns >= SETTLED
                self._files[name] = f"{status.st_mtime_ns} {status.st_size}" if settled else ""
        return self._files[name]

    def of_folder(self, folder: str) -> str:
        """What changes when a module or a package appears in `folder`, or goes."""
        if folder not in self._folders:
            self._folders[folder] = digest(sorted(self.names(folder)))
        return self._folders[folder]

    def names(self, folder: str) -> frozenset[str]:
        """The names in `folder` that an import can mean: files of Python, and folders."""
        if folder not in self._names:
            try:
                with os.scandir(folder) as entries:
                    found = [e.name for e in entries if e.name.endswith(".py") or ("." not in e.name and e.is_dir())]
            except (OSError, ValueError):
                found = []
            self._names[folder] = frozenset(found) - {"__pycache__"}
        return self._names[folder]

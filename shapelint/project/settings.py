"""The settings of a run, and where each one came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

OUTPUT_FORMATS = ("full", "concise", "json", "github", "sarif")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told by its configuration file and its command line.

    `select` empty means every rule that is not opt-in. `per_file_ignores` and `exclude` hold gitignore patterns
    relative to `root`, the folder of the configuration file. `operators` gives the signature of each operator that
    only this project knows. `origins` names, for each setting that is not its default, where it came from.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    output_format: str = "full"
    operators: Mapping[str, str] = field(default_factory=dict)
    root: Path = field(default_factory=Path.cwd)
    origins: Mapping[str, str] = field(default_factory=dict)

    def but(self, origin: str, changes: Mapping[str, object]) -> Settings:
        """The same settings with `changes`, which came from `origin`."""
        if not changes:
            return self
        origins = {**self.origins, **dict.fromkeys(changes, origin)}
        return replace(self, **changes, origins=origins)  # type: ignore[arg-type]

    def fingerprint(self) -> str:
        """A text that differs wherever two settings could lead to two results for one file."""
        return repr(
            [(f.name, getattr(self, f.name)) for f in fields(self) if f.name not in ("output_format", "origins")]
        )


def closest(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word: ` (did you mean 'select'?)`, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{near[0]}'?)" if near else ""

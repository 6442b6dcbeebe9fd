"""Settings from the nearest `.shapelint.toml`, `shapelint.toml` or `[tool.shapelint]` in `pyproject.toml`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shapelint.project.settings import OUTPUT_FORMATS, Settings, closest
from shapelint.source import project_of

FILE_NAMES = (".shapelint.toml", "shapelint.toml", "pyproject.toml")
"""In one folder the first of these that configures shapelint counts."""

_CODE = re.compile(r"ALL|SHP\d{0,3}")


class ConfigurationError(Exception):
    """A configuration that cannot be used: the path, the line where it is known, and what is wrong."""

    def __init__(self, path: Path | str, problem: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")


def read_settings(start: Path) -> Settings:
    """The settings that hold for `start`, a file or folder: of the nearest configuration at or above it."""
    start = start.resolve()
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            file = folder / name
            settings = settings_of(file) if file.is_file() else None
            if settings is not None:
                return settings
    folder = start if start.is_dir() else start.parent
    return Settings(root=project_of(folder) or folder)


def settings_of(file: Path) -> Settings | None:
    """The settings that stand in `file`; None for a `pyproject.toml` that says nothing about shapelint."""
    text, table = _read_toml(file)
    if file.name == "pyproject.toml":
        tool = table.get("tool")
        own = tool.get("shapelint") if isinstance(tool, dict) else None
        if own is None:
            return None
        if not isinstance(own, dict):
            raise ConfigurationError(file, "[tool.shapelint] must be a table", _line_of(text, "shapelint"))
        table = own
    changes: dict[str, object] = {}
    for key, value in table.items():
        read = KEYS.get(key)
        line = _line_of(text, key)
        if read is None:
            hint = " (in this file settings stand without [tool.shapelint])" if key == "tool" else closest(key, KEYS)
            raise ConfigurationError(file, f"unknown setting '{key}'{hint}", line)
        try:
            changes[key.replace("-", "_")] = read(value)
        except ValueError as error:
            raise ConfigurationError(file, f"{key}: {error}", line) from None
    return Settings(root=file.parent.resolve()).but(str(file), changes)


def codes(values: Sequence[str]) -> tuple[str, ...]:
    """Rule codes or beginnings of them, in capitals; ValueError where one cannot be a code."""
    found = tuple(value.strip().upper() for value in values)
    for value in found:
        if not _CODE.fullmatch(value):
            raise ValueError(f"'{value}' is no rule code; codes look like SHP102, and SHP1 means all that begin so")
    return found


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of strings")
    return tuple(value)


def _patterns(value: Any) -> tuple[str, ...]:
    from pathspec import GitIgnoreSpec

    patterns = _texts(value)
    for pattern in patterns:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except ValueError:
            raise ValueError(f"'{pattern}' is no pattern that .gitignore files know") from None
    return patterns


def _codes(value: Any) -> tuple[str, ...]:
    return codes(_texts(value))


def _per_file_ignores(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ValueError('must be a table of patterns and codes, as { "tests/*" = ["SHP3"] }')
    _patterns(list(value))
    return tuple((pattern, _codes(listed)) for pattern, listed in value.items())


def _output_format(value: Any) -> str:
    if value not in OUTPUT_FORMATS:
        raise ValueError(
            f"{value!r} is no format{closest(str(value), OUTPUT_FORMATS)}; there are {', '.join(OUTPUT_FORMATS)}"
        )
    return str(value)


def _operators(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError('must be a table of names and signatures, as "mylib.pool" = "(B, C, T) -> (B, C)"')
    if value:
        from shapelint.notation import NotationError
        from shapelint.ops.stated import stated

        for name, text in value.items():
            try:
                stated(name, text)
            except NotationError as error:
                raise ValueError(f'"{name}": {error}') from None
    return dict(value)


KEYS: Mapping[str, Callable[[Any], object]] = {
    "select": _codes,
    "ignore": _codes,
    "extend-select": _codes,
    "per-file-ignores": _per_file_ignores,
    "exclude": _patterns,
    "output-format": _output_format,
    "operators": _operators,
}


def _read_toml(file: Path) -> tuple[str, dict[str, Any]]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(file, (error.strerror or "cannot be read").lower()) from None
    except UnicodeDecodeError:
        raise ConfigurationError(file, "is not UTF-8") from None
    if file.name == "pyproject.toml" and "shapelint" not in text:
        return text, {}
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        problem = re.sub(r"\s*\(at .*\)$", "", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise ConfigurationError(file, f"not valid TOML: {problem}", line) from None


def _line_of(text: str, key: str) -> int | None:
    """The line on which `key` is set, or opens a table of shapelint's; None if the text says it in another way."""
    name = rf"[\"']?{re.escape(key)}[\"']?"
    section = re.search(r"^\s*\[tool\.shapelint\b", text, re.MULTILINE)
    start = section.start() if section else 0
    found = re.compile(rf"^\s*(?:{name}\s*=|\[(?:[\w.-]+\.)?{name}[\].])", re.MULTILINE).search(text, start)
    return text.count("\n", 0, found.end()) + 1 if found else None

"""Takes a path, or the text of standard input, and gives the text and its kind, or why it cannot be read."""

from __future__ import annotations

import ast
import codecs
import io
import os
import stat
import tokenize
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, TypeAlias

from shapelint.source.markdown import holds_python
from shapelint.source.notebooks import NotANotebookError, code_cells

Kind: TypeAlias = Literal["python", "markdown", "notebook"]

MOST_CODE = 5_000_000
MOST_NOTEBOOK = 200_000_000  # with its pictures; its code is held to MOST_CODE
_KINDS: dict[str, Kind] = {
    ".py": "python",
    ".pyi": "python",
    ".pyw": "python",
    ".ipynb": "notebook",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mdx": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
}
_MARKS = (  # the longer one first: UTF-32's mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file, its line ends as they are."""

    path: str
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that cannot be read, and why, in words for its author."""

    path: str
    message: str


def read_source(path: Path) -> Source | Unreadable:
    """The file's text; never raises for what the file is or holds."""
    name = str(path)
    try:
        data = _read(path)
        if isinstance(data, str):
            return Unreadable(name, data)
        text = _decode(data, _kind_of_name(name) in (None, "python"))
    except OSError as error:
        return Unreadable(name, _say(error))
    except ValueError as error:  # a path that holds a null byte, a text that cannot be decoded
        return Unreadable(name, str(error))
    return source_from_text(text, name)


def source_from_text(text: str, path: str) -> Source | Unreadable:
    """The text of standard input, taken for what the ending of `path` says."""
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        return Unreadable(path, "is a binary file (it holds NUL bytes)")
    kind = _kind_of_name(path) or _kind_of_text(text)
    code = text
    if kind == "notebook":
        try:
            code = "\n".join(cell.text for cell in code_cells(text))
        except NotANotebookError as error:
            return Unreadable(path, str(error))
    if len(code) > MOST_CODE:
        return Unreadable(path, _too_large(len(code), MOST_CODE))
    return Source(path, text, kind)


def _kind_of_name(path: str) -> Kind | None:
    return _KINDS.get(PurePath(path).suffix.lower())


def _kind_of_text(text: str) -> Kind:
    """Markdown where a block of Python is fenced off, unless the fences stand in the docstrings of Python."""
    if not holds_python(text):
        return "python"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "markdown"
    return "python"


def _read(path: Path) -> bytes | str:
    """The file's bytes, or why they are not wanted."""
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        return "is a directory"
    if not stat.S_ISREG(mode) and not str(path).startswith("/dev/fd/"):
        return "is not a regular file"
    most = MOST_NOTEBOOK if _kind_of_name(str(path)) == "notebook" else MOST_CODE
    with open(path, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        return _too_large(max(os.stat(path).st_size, len(data)), most)
    return data


def _decode(data: bytes, is_python: bool) -> str:
    """The text of a file's bytes; a ValueError says why there is none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data:
        raise ValueError("is a binary file (it holds NUL bytes)")
    if not is_python:
        return _decoded(data, "utf-8-sig")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        if "unknown encoding" in str(error):
            raise ValueError(f"declares an encoding that Python does not know ({_last_word(str(error))})") from None
        encoding = "utf-8-sig"
    return _decoded(data, encoding)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = encoding.removesuffix("-sig")
        raise ValueError(
            f"is not valid {shown}: byte 0x{data[error.start]:02x} on line {line} cannot be decoded"
            + (" (a first line `# coding: latin-1` would name another encoding)" if shown == "utf-8" else "")
        ) from None
    except (LookupError, UnicodeError, AssertionError) as error:
        raise ValueError(f"cannot be decoded as {encoding}: {error}") from None


def _last_word(message: str) -> str:
    return message.split()[-1]


def _say(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, PermissionError):
        return "cannot be read: no permission"
    if isinstance(error, NotADirectoryError):
        return "does not exist: a part of its path is a file"
    return f"cannot be read: {error.strerror or error}"


def _too_large(size: int, most: int) -> str:
    return f"is too large: {size / 1e6:.1f} MB, at most {most / 1e6:.0f} MB are read"

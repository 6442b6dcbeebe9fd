"""Whatever a path leads to, reading gives its text or a message that says what is wrong with it."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from shapelint.source import Source, Unreadable, programs, read_source, source_from_text
from shapelint.source.reading import MOST_CODE

READABLE = {
    "empty": (b"", ""),
    "plain": (b"x = 1\n", "x = 1\n"),
    "utf-8": ("x = 'é'\n".encode(), "x = 'é'\n"),
    "utf-8 with a mark": (codecs.BOM_UTF8 + "x = 'é'\n".encode(), "x = 'é'\n"),
    "a declared encoding": (
        "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
        "# -*- coding: latin-1 -*-\nx = 'é'\n",
    ),
    "utf-16, either end first": (codecs.BOM_UTF16_LE + "x = 'é'\n".encode("utf-16-le"), "x = 'é'\n"),
    "utf-16, big end first": (codecs.BOM_UTF16_BE + "x = 'é'\n".encode("utf-16-be"), "x = 'é'\n"),
    "utf-32": (codecs.BOM_UTF32_LE + "x = 'é'\n".encode("utf-32-le"), "x = 'é'\n"),
    "line ends of Windows": (b"x = 1\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
}


@pytest.mark.parametrize(("data", "text"), READABLE.values(), ids=READABLE.keys())
def test_a_file_is_decoded(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(data)
    assert read_source(path) == Source(str(path), text, "python")


UNREADABLE = {
    "NUL bytes": (b"\x7fELF\0\0", "is a binary file (it holds NUL bytes)"),
    "another encoding": (
        b"x = 1\ny = '\xe9'\n",
        "is not valid utf-8: byte 0xe9 on line 2 cannot be decoded"
        " (a first line `# coding: latin-1` would name another encoding)",
    ),
    "a wrong encoding declared": (
        b"# coding: ascii\nx = '\xe9'\n",
        "is not valid ascii: byte 0xe9 on line 2 cannot be decoded",
    ),
    "an unknown encoding": (b"# coding: klingon\n", "declares an encoding that Python does not know (klingon)"),
    "an encoding that gives no text": (
        b"# coding: hex\nx = 1\n",
        "cannot be decoded as hex: 'hex' is not a text encoding; use codecs.decode() to handle arbitrary codecs",
    ),
    "half a character of utf-16": (
        codecs.BOM_UTF16_LE + b"x",
        "is not valid utf-16: byte 0x78 on line 1 cannot be decoded",
    ),
    "too much": (b"#" * (MOST_CODE + 100_000), "is too large: 5.1 MB, at most 5 MB are read"),
}


@pytest.mark.parametrize(("data", "message"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(data)
    assert read_source(path) == Unreadable(str(path), message)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    for name, message in [
        ("missing.py", "does not exist"),
        ("", "is a directory"),
        ("file/a.py", "does not exist: a part of its path is a file"),
        ("loop", "cannot be read: Too many levels of symbolic links"),
        ("pipe", "is not a regular file"),
        ("a" * 300 + ".py", "cannot be read: File name too long"),
        ("a\0.py", "embedded null byte"),
    ]:
        found = read_source(tmp_path / name)
        assert isinstance(found, Unreadable), name
        assert message in found.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_without_rights(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "a.py"
    path.write_text("x = 1\n")
    path.chmod(0)
    assert read_source(path) == Unreadable(str(path), "cannot be read: no permission")
    path.chmod(0o644)
    folder.chmod(0)
    try:
        assert read_source(path) == Unreadable(str(path), "cannot be read: no permission")
    finally:
        folder.chmod(0o755)


FENCED = "Text.\n\n```python\nx = 1\n```\n"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.py", FENCED, "python"),
        ("a.pyi", "", "python"),
        ("a.md", "", "markdown"),
        ("A.MARKDOWN", "", "markdown"),
        ("a.txt", FENCED, "markdown"),
        ("a.rst", FENCED, "markdown"),
        ("README", FENCED, "markdown"),
        ("a.txt", "x = 1\n", "python"),
        ("script", f'"""{FENCED}"""\nx = 1\n', "python"),
        ("<stdin>", "x = 1\n", "python"),
        ("<stdin>", FENCED, "markdown"),
        ("a.ipynb", "", "notebook"),
    ],
)
def test_the_kind(name: str, text: str, kind: str) -> None:
    source = source_from_text(text, name)
    assert isinstance(source, Source)
    assert source.kind == kind


def test_the_text_of_standard_input() -> None:
    assert source_from_text("\ufeffx = 1\n", "<stdin>") == Source("<stdin>", "x = 1\n", "python")
    assert isinstance(source_from_text("x\0", "<stdin>"), Unreadable)
    assert isinstance(source_from_text("#" * (MOST_CODE + 1), "<stdin>"), Unreadable)
    assert isinstance(source_from_text("{", "a.ipynb"), Unreadable)


def test_a_py_is_one_piece() -> None:
    source = source_from_text("x = 1\n", "a.py")
    assert isinstance(source, Source)
    [piece] = programs(source)
    assert (piece.text, piece.first_line, piece.column, piece.open_names) == ("x = 1\n", 1, 0, False)
    assert piece.place(7) == (7, None)

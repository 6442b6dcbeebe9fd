"""Imports go one way: a folder of shapelint imports only from those above it in the list of docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "shapelint"

ORDER = (
    "dims",
    "shapes",
    "notation",
    "ops",
    "source",
    "program",
    "interp",
    "checks",
    "fixes",
    "dynamic",
    "report",
    "project",
    "api",
    "cli",
)

WITHIN = {
    "interp": ("state", "paths", "inputs", "objects", "claims", "calls", "running"),
    "checks": ("model", "verdicts", "rules", "findings"),
}
"""The order of the rooms within a folder."""

ALGEBRA = ("dims", "shapes", "notation", "ops")
"""Rooms that know nothing of Python's syntax."""

ROOMS_WITH_LIBCST = ("program", "fixes")


def imports(file: Path) -> Iterator[str]:
    """Every module that `file` imports, at its top or later, for its types or to run."""
    here = file.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join((*here[: len(here) - node.level], *([node.module] if node.module else [])))
            source = module if node.level else node.module or ""
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def room(module: str) -> str | None:
    """The folder of shapelint that a module is in: `dims` for `shapelint.dims.facts`."""
    parts = module.split(".")
    return parts[1] if parts[0] == "shapelint" and len(parts) > 1 and parts[1] in ORDER else None


def wrong_arrows(files: dict[Path, str]) -> list[str]:
    """Each import that goes against the order."""
    return sorted(
        {
            f"{file.relative_to(PACKAGE.parent).as_posix()} imports {target}"
            for file, own in files.items()
            for module in imports(file)
            if (target := room(module)) is not None and target != own and ORDER.index(target) > ORDER.index(own)
        }
    )


def files() -> dict[Path, str]:
    """Every file of the package with the room it is in; `__init__` and `__main__` of the package are in none."""
    found = {file: (*file.relative_to(PACKAGE).with_suffix("").parts, "")[0] for file in PACKAGE.rglob("*.py")}
    return {file: own for file, own in found.items() if own not in ("__init__", "__main__")}


def test_every_folder_has_its_place() -> None:
    assert sorted(set(files().values()) - set(ORDER)) == []


def test_no_import_goes_against_the_order() -> None:
    assert wrong_arrows(files()) == []


@pytest.mark.parametrize("folder", WITHIN)
def test_no_import_goes_against_the_order_within_a_folder(folder: str) -> None:
    order = WITHIN[folder]
    below = PACKAGE / folder
    own = {file: file.relative_to(below).with_suffix("").parts[0] for file in below.rglob("*.py")}

    assert {room for room in own.values() if room != "__init__"} == set(order)
    assert [
        f"{file.relative_to(PACKAGE)} imports {module}"
        for file, room in own.items()
        for module in imports(file)
        if module.startswith(f"shapelint.{folder}.")
        and (target := module.split(".")[2]) in order
        and order.index(target) > order.index(room)
    ] == []


def test_the_algebra_knows_nothing_of_python_syntax() -> None:
    guilty = [
        f"{file.name} imports {module}"
        for file, own in files().items()
        if own in ALGEBRA
        for module in imports(file)
        if module.split(".")[0] in ("ast", "libcst", "tokenize", "symtable")
    ]

    assert guilty == []


def test_libcst_stays_in_its_rooms() -> None:
    guilty = [
        f"{file.relative_to(PACKAGE)} imports {module}"
        for file, own in files().items()
        if own not in ROOMS_WITH_LIBCST
        for module in imports(file)
        if module.split(".")[0] == "libcst"
    ]

    assert guilty == []


def test_report_and_project_do_without_what_lints() -> None:
    """A warm run reads file stamps and writes a report: nothing that it imports may bring in the analysis."""
    heavy = ("interp", "program", "fixes", "dynamic")
    guilty = [
        f"{file.name} imports {module}"
        for file, own in files().items()
        if own in ("report", "project")
        for module in imports(file)
        if room(module) in heavy
    ]

    assert guilty == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from shapelint.interp.state.values import Value\n", True),
        ("def f():\n    import shapelint.cli.main\n", True),
        ("from shapelint import api\n", True),
        ("from ..checks import rule\n", True),
        ("from shapelint.shapes import Shape\nfrom . import other\nimport shapelint\n", False),
    ],
)
def test_a_wrong_arrow_would_be_seen(text: str, found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path / "shapelint", raising=False)
    file = tmp_path / "shapelint" / "ops" / "view.py"
    file.parent.mkdir(parents=True)
    file.write_text(text)

    assert bool(wrong_arrows({file: "ops"})) is found

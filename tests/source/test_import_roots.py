"""Where the imports of a file begin, by what stands in the folders above it."""

from __future__ import annotations

from pathlib import Path

from shapelint.source import import_roots, project_of


def test_what_is_installed_from_a_folder_above_comes_after_what_python_would_find(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    part = tmp_path / "parts" / "ops"
    package = part / "src" / "ops"
    tests = part / "tests"
    for folder in (package, tests):
        folder.mkdir(parents=True)
    (part / "setup.py").touch()
    (package / "__init__.py").touch()

    assert import_roots(tests / "test_ops.py") == [tests, part, part / "src", tmp_path, tmp_path / "src"]
    assert import_roots(package / "conv.py") == [package, part / "src", part, tmp_path, tmp_path / "src"]
    assert project_of(tests) == tmp_path  # and not the part of it that is installed by itself


def test_a_folder_above_the_project_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").touch()
    inner = tmp_path / "inner"
    (inner / ".git").mkdir(parents=True)

    assert import_roots(inner / "train.py") == [inner, inner / "src"]


def test_a_folder_without_an_init_is_part_of_the_package_that_its_file_names(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "speech"
    inner = package / "models" / "blocks"
    inner.mkdir(parents=True)
    (package / "__init__.py").touch()
    (inner / "conv.py").write_text("from speech.layers import Norm\n")
    (inner / "pool.py").write_text("from layers import Norm\n")

    assert import_roots(inner / "conv.py") == [inner, tmp_path / "lib"]
    assert import_roots(inner / "pool.py") == [inner]

"""What the imports of a file are, read without parsing it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.project.imports import Imports, imported
from shapelint.project.stamps import Stamps

Project = Callable[[dict[str, str]], Path]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a", ["a"]),
        ("import a.b as c, d", ["a.b", "d"]),
        ("from a import b", ["a", "a.b"]),
        ("from a import (b,\n  c as d,\n)", ["a", "a.b", "a.c"]),
        ("from . import b", [".", ".b"]),
        ("from ..x.y import *", ["..x.y"]),
        ("    import late  # comment", ["late"]),
        ("import a; x = 1", ["a"]),
        ("important = 3\n# import no", []),
    ],
)
def test_names_in_import_statements(text: str, names: list[str]) -> None:
    assert list(imported(text)) == names


def test_files_that_a_file_names(project: Project) -> None:
    """Absolute names are looked for beside the file, in each folder up to the root, and in `src`; with packages."""
    top = project(
        {
            "root.py": "",
            "src/lib/__init__.py": "",
            "src/lib/inner/__init__.py": "",
            "src/lib/inner/deep.py": (
                "from ..near import x\nimport root, torch\nfrom lib.inner import other\nimport beside\n"
            ),
            "src/lib/inner/other.py": "",
            "src/lib/inner/beside.py": "",
            "src/lib/near.py": "",
        }
    ).resolve()
    imports = Imports(str(top), Stamps())
    direct = imports.direct(str(top / "src/lib/inner/deep.py"))

    assert [os.path.relpath(path, top) for path in direct] == [
        "root.py",
        "src/lib/__init__.py",
        "src/lib/inner/__init__.py",
        "src/lib/inner/beside.py",
        "src/lib/inner/other.py",
        "src/lib/near.py",
    ]


def test_files_that_import_each_other(project: Project) -> None:
    top = project({"a.py": "import b\n", "b.py": "import a\n"}).resolve()
    imports = Imports(str(top), Stamps())

    assert imports.fingerprint(str(top / "a.py")) == imports.fingerprint(str(top / "b.py")) != ""


def test_what_a_file_names_above_the_root_of_the_run_is_looked_for_as_well(project: Project) -> None:
    """A folder that is linted by itself may lie in a package, or in a project with tests beside it."""
    top = project(
        {
            "pyproject.toml": "",
            "lib/__init__.py": "",
            "lib/rows.py": "",
            "lib/inner/__init__.py": "",
            "lib/inner/use.py": "from lib.rows import flat\n",
            "tests/test_rows.py": "from lib.rows import flat\n",
        }
    ).resolve()
    for place in ("lib/inner/use.py", "tests/test_rows.py"):
        direct = Imports(str(top / place.rsplit("/", 1)[0]), Stamps()).direct(str(top / place))
        assert [os.path.relpath(path, top) for path in direct] == ["lib/__init__.py", "lib/rows.py"]

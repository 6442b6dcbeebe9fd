"""What the cache spares, and what makes it forget."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.checks.model import Report
from shapelint.project import cache as cache_room
from shapelint.project.cache import open_cache
from shapelint.project.records import from_record, to_record
from shapelint.project.run import run
from shapelint.project.settings import Settings
from tests import stand_in

Project = Callable[[dict[str, str]], Path]

FILES = {
    "pkg/__init__.py": "",
    "pkg/a.py": "import torch\nfrom pkg.b import f\n# wrong\n",
    "pkg/b.py": "from . import c\n# fine\n",
    "pkg/c.py": "import torch\n",
    "pkg/plain.py": "import os\n",
    "other.py": "import torch\n# odd\n",
}


def linted(settings: Settings | None = None) -> tuple[list[str], Report]:
    """The files that a run over everything lints, and its report."""
    settings = settings or Settings()
    stand_in.LINTED.clear()
    report = run(sorted(FILES), settings, lambda: stand_in.lint, cache=open_cache(settings))
    return list(stand_in.LINTED), report


def touch(name: str, text: str) -> None:
    """Change a file, and let it look settled."""
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    os.utime(name, (1_700_000_100, 1_700_000_100))


def test_a_second_run_lints_nothing_and_says_the_same(project: Project) -> None:
    project(FILES)
    first, cold = linted()
    second, warm = linted()

    assert (first, second) == (sorted(FILES), [])
    assert warm.findings == cold.findings
    assert warm.annotations == cold.annotations
    assert warm.sources == cold.sources
    assert warm.files == cold.files


def test_a_warm_run_opens_no_source(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project(FILES)
    linted()
    opened: list[str] = []
    read = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda path, *rest, **named: opened.append(str(path)) or read(path, *rest, **named)
    )

    assert linted()[0] == []
    assert opened == []


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("other.py", ["other.py"]),
        ("pkg/plain.py", ["pkg/plain.py"]),
        ("pkg/b.py", ["pkg/a.py", "pkg/b.py"]),
        ("pkg/c.py", ["pkg/a.py", "pkg/b.py", "pkg/c.py"]),  # through b
        ("pkg/__init__.py", ["pkg/__init__.py", "pkg/a.py", "pkg/b.py"]),
    ],
)
def test_a_changed_file_is_linted_again_with_all_that_import_it(
    project: Project, changed: str, again: list[str]
) -> None:
    project(FILES)
    linted()
    touch(changed, FILES[changed] + "# more\n")

    assert linted()[0] == again
    assert linted()[0] == []


def test_a_module_that_appears_where_an_import_looked_for_it(project: Project) -> None:
    project(FILES)
    touch("other.py", "import torch\nimport late.module\n# odd\n")
    linted()
    touch("late/module.py", "x = 1\n")

    assert "other.py" in linted()[0]

    os.unlink("late/module.py")
    assert "other.py" in linted()[0]


def test_other_settings_another_shapelint_and_another_folder_share_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(FILES)
    linted()

    assert linted(Settings(operators={"f": "(A) -> (A)"}))[0] == sorted(FILES)
    monkeypatch.setattr(cache_room, "own_stamp", lambda: "another")
    assert linted()[0] == sorted(FILES)


@pytest.mark.parametrize("spoil", [b"", b"{", b"[]", b'{"other.py": 3}', b"\xff\xfe", b"[" * 100_000])
def test_a_spoilt_cache_is_passed_over(project: Project, spoil: bytes) -> None:
    project(FILES)
    _, cold = linted()
    for file in Path(os.environ["SHAPELINT_CACHE_DIR"]).rglob("*.json"):
        file.write_bytes(spoil)
    again, report = linted()

    assert again == sorted(FILES)
    assert report.findings == cold.findings
    assert linted()[0] == []


def test_entries_of_another_form_are_passed_over(project: Project) -> None:
    project(FILES)
    linted()
    for file in Path(os.environ["SHAPELINT_CACHE_DIR"]).rglob("*.json"):
        entries = json.loads(file.read_bytes())
        for entry in entries.values():
            if "report" in entry:
                entry["report"] = {"findings": [3]}
        file.write_text(json.dumps(entries))

    assert linted()[0] == sorted(FILES)


def test_a_file_written_only_just_now_is_not_remembered(project: Project) -> None:
    """Within one tick of the clock it could change again without a trace."""
    project(FILES)
    os.utime("other.py")

    linted()
    assert linted()[0] == ["other.py"]


def test_a_failure_of_the_linter_is_not_remembered(project: Project) -> None:
    project(FILES)
    touch("other.py", "raise\n")

    linted()
    assert linted()[0] == ["other.py"]


def test_a_cache_that_cannot_be_written_is_none(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    top = project(FILES)
    (top / "file").write_text("in the way")
    monkeypatch.setenv("SHAPELINT_CACHE_DIR", str(top / "file" / "cache"))

    assert linted()[0] == linted()[0] == sorted(FILES)


def test_the_folder_says_that_it_is_a_cache_and_keeps_itself_out_of_git(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = project(FILES)
    monkeypatch.delenv("SHAPELINT_CACHE_DIR")
    linted(Settings(root=top))

    assert (top / ".shapelint_cache" / ".gitignore").read_text() == "*\n"
    assert (
        (top / ".shapelint_cache" / "CACHEDIR.TAG")
        .read_text()
        .startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_old_versions_are_removed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project(FILES)
    for number in range(12):
        monkeypatch.setattr(cache_room, "own_stamp", lambda number=number: f"version {number}")
        linted()
    folders = [entry for entry in Path(os.environ["SHAPELINT_CACHE_DIR"]).iterdir() if entry.is_dir()]

    assert len(folders) == cache_room.KEPT_VERSIONS + 1
    assert linted()[0] == []


def test_a_report_survives_the_way_through_json(project: Project) -> None:
    project({"a.py": "# wrong\n# odd\n# open\n"})
    (report,) = [run(["a.py"], Settings(), lambda: stand_in.lint)]

    back = from_record(json.loads(json.dumps(to_record(report))))

    assert (back.findings, back.annotations, back.sources) == (report.findings, report.annotations, report.sources)
    assert all(type(annotation.verdict) is type(report.annotations[0].verdict) for annotation in back.annotations)

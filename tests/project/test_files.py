"""Which files a command line means."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.project.files import MissingPathError, find_files

Project = Callable[[dict[str, str]], Path]


def names(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [name.replace(os.sep, "/") for name in find_files(paths, exclude).files]


def test_a_folder_gives_python_notebooks_and_markdown_sorted(project: Project) -> None:
    """Files of a folder come in one order, whatever the file system's is; others are passed over."""
    project({"b.py": "", "a/z.md": "", "a/b.ipynb": "", "c.txt": "", "d.pyc": ""})

    assert names(".") == ["a/b.ipynb", "a/z.md", "b.py"]
    assert names("a") == ["a/b.ipynb", "a/z.md"]


def test_a_file_that_is_named_is_read_whatever_its_ending(project: Project) -> None:
    project({"notes.txt": "", ".gitignore": "*\n"})

    assert names("notes.txt") == ["notes.txt"]


def test_each_file_comes_once_in_the_order_of_the_command_line(project: Project) -> None:
    project({"b.py": "", "a.py": ""})

    assert names("b.py", ".", "./b.py") == ["b.py", "a.py"]


def test_hidden_folders_and_environments_are_skipped(project: Project) -> None:
    project(
        {
            ".hidden/a.py": "",
            "__pycache__/a.py": "",
            "node_modules/a.py": "",
            "venv/a.py": "",
            "env/pyvenv.cfg": "",
            "env/lib/a.py": "",
            "kept/a.py": "",
        }
    )

    assert names(".") == ["kept/a.py"]
    assert names(".hidden") == [".hidden/a.py"]  # named on purpose


@pytest.mark.parametrize(
    ("ignored", "kept"),
    [
        ("build/\n", ["a.py", "sub/a.py"]),
        ("a.py\n", ["build/b.py"]),
        ("/a.py\n", ["build/b.py", "sub/a.py"]),
        ("sub/*\n!sub/a.py\n", ["a.py", "build/b.py", "sub/a.py"]),
        ("*.py\n!sub/\n", []),
        ("# nothing\n\n", ["a.py", "build/b.py", "sub/a.py"]),
    ],
)
def test_gitignore_is_obeyed(project: Project, ignored: str, kept: list[str]) -> None:
    project({".gitignore": ignored, "a.py": "", "sub/a.py": "", "build/b.py": ""})

    assert names(".") == kept


def test_a_deeper_gitignore_has_the_last_word(project: Project) -> None:
    project({".gitignore": "a.py\n", "a.py": "", "sub/.gitignore": "!a.py\nb.py\n", "sub/a.py": "", "sub/b.py": ""})

    assert names(".") == ["sub/a.py"]


def test_patterns_of_the_repository_above_and_of_git_info_exclude_count(project: Project) -> None:
    """A run in a subfolder obeys what stands at the top of the repository, and not what stands above that."""
    top = project(
        {
            ".gitignore": "*\n",  # outside of the repository
            "repo/.git/info/exclude": "scratch.py\n",
            "repo/.gitignore": "generated/\n",
            "repo/src/scratch.py": "",
            "repo/src/kept.py": "",
            "repo/src/generated/x.py": "",
        }
    )
    os.chdir(top / "repo" / "src")

    assert names(".") == ["kept.py"]


def test_a_folder_named_on_purpose_is_read_though_its_repository_ignores_it(project: Project) -> None:
    project(
        {".git/HEAD": "", ".gitignore": "build/\n", "build/a.py": "", "build/.gitignore": "b.py\n", "build/b.py": ""}
    )

    assert names("build") == ["build/a.py"]
    assert names(".") == []


def test_exclude_leaves_out_what_gitignore_patterns_would(project: Project) -> None:
    project({"a.py": "", "old/a.py": "", "old/new/b.py": ""})

    assert names(".", exclude=("old/",)) == ["a.py"]
    assert names(".", exclude=("a.py",)) == ["old/new/b.py"]


def test_nothing_at_a_path_is_said_with_the_path(project: Project) -> None:
    project({})

    with pytest.raises(MissingPathError, match=r"^no/where\.py: no such file or folder$"):
        names("no/where.py")


def test_a_folder_that_cannot_be_listed_does_not_stop_the_others(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project({"a.py": "", "closed/b.py": "", "open/c.py": ""})
    listed = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find_files(["."])

    assert list(found.files) == ["a.py", os.path.join("open", "c.py")]
    assert [(problem.path, problem.reason) for problem in found.problems] == [("closed", "permission denied")]


def test_a_link_back_to_its_own_folder_ends(project: Project) -> None:
    top = project({"a.py": ""})
    (top / "loop").symlink_to(top, target_is_directory=True)
    (top / "dangling.py").symlink_to(top / "nothing.py")

    assert names(".") == ["a.py"]


def test_a_tree_deeper_than_pythons_stack(project: Project) -> None:
    top = project({})
    here = os.getcwd()
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    Path("a.py").write_text("")
    os.chdir(here)
    found = find_files([str(top)])
    subprocess.run(["rm", "-rf", "d"], check=True)  # pytest's own clearing up would not get to the bottom

    assert [name.count(f"{os.sep}d") for name in found.files] == [1200]

"""Names that come from other files of the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.interp.objects.loader import Loader

FIRST = "class Features:\n    def __init__(self, layers, log_compression): ...\n\n\ndef of_first(x): ...\n"
SECOND = "class Features:\n    def __init__(self, layers): ...\n"
USE = "import torch\nfrom models import Features, of_first\n\nfeatures = Features([1])\ny = of_first(torch.rand(2))\n"


@pytest.mark.parametrize(("order", "lines"), [(("first", "second"), []), (("second", "first"), ["4"])])
def test_a_later_star_import_takes_a_name_from_an_earlier_one(
    order: tuple[str, str],
    lines: list[str],
    project: Callable[[dict[str, str]], Path],
    shapelint: Callable[..., tuple[int, str, str]],
) -> None:
    stars = "".join(f"from .{name} import *\n" for name in order)
    package = f"{order[0]}_first"  # what is read is kept by name and age, which are alike in all tests
    files = {"__init__.py": stars, "first.py": FIRST, "second.py": SECOND}
    use = USE.replace("models", package)
    project({f"{package}.use.py": use, **{f"{package}/{name}": text for name, text in files.items()}})

    _, out, _ = shapelint(f"{package}.use.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == lines


@pytest.mark.parametrize(
    "listed", ['["of_second"]', '["of_second"]\n__all__ += ["_Hidden"]', '("of_second",)', '[*["of_second"]]']
)
@pytest.mark.parametrize("through", ["__init__", "star"])
def test_a_star_import_takes_no_more_than_a_module_lists(
    listed: str,
    through: str,
    project: Callable[[dict[str, str]], Path],
    shapelint: Callable[..., tuple[int, str, str]],
) -> None:
    package = f"listed{abs(hash((listed, through)))}"
    hidden = f"from .second import Features\n\n\ndef of_second(x): ...\n\n\n__all__ = {listed}\n"
    stars = "from .first import *\nfrom .hidden import *\n"
    init = stars if through == "__init__" else "from .star import *\n"
    files = {"__init__.py": init, "star.py": stars, "first.py": FIRST, "second.py": SECOND, "hidden.py": hidden}
    use = USE.replace("models", package)
    project({f"{package}.use.py": use, **{f"{package}/{name}": text for name, text in files.items()}})

    _, out, _ = shapelint(f"{package}.use.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == ["4"]


def test_a_list_for_type_checkers_is_not_followed(
    project: Callable[[dict[str, str]], Path], shapelint: Callable[..., tuple[int, str, str]]
) -> None:
    checked = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING or False:\n    from .first import *\n"
    files = {"__init__.py": checked, "first.py": FIRST}
    project({"checked.use.py": USE.replace("models", "checked"), **{f"checked/{n}": text for n, text in files.items()}})

    _, out, _ = shapelint("checked.use.py", "--output-format", "concise")
    assert not [line for line in out.splitlines() if "SHP" in line]


def test_a_module_is_found_from_within_its_package(
    project: Callable[[dict[str, str]], Path],
    shapelint: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use = "import torch\nfrom within.rows import flat\nfrom ..rows import flat as flat2\n\n"
    use += "y = flat(torch.zeros(2, 3, 4))  # (2, 11)\nz = flat2(torch.zeros(2, 3, 4))  # (3, 12)\n"
    rows = "import torch\n\n\ndef flat(x):\n    return x.flatten(1)\n"
    files = {"__init__.py": "", "rows.py": rows, "inner/__init__.py": "", "inner/use.py": use}
    root = project({f"within/{name}": text for name, text in files.items()})

    monkeypatch.chdir(root / "within")
    _, out, _ = shapelint("inner/use.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == ["5", "6"]


def test_a_module_of_a_package_is_an_attribute_of_it(
    project: Callable[[dict[str, str]], Path], shapelint: Callable[..., tuple[int, str, str]]
) -> None:
    use = "import torch\nimport whole.inner.rows\n\ny = whole.inner.rows.flat(torch.zeros(2, 3, 4))  # (2, 11)\n"
    rows = "def flat(x):\n    return x.flatten(1)\n"
    project({"whole.use.py": use, "whole/__init__.py": "", "whole/inner/__init__.py": "", "whole/inner/rows.py": rows})

    _, out, _ = shapelint("whole.use.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == ["4"]


@pytest.mark.parametrize(
    ("tool", "first", "found"), [("tool", "from tool.rows import flat", []), ("other", "import weird", ["5"])]
)
def test_code_that_names_its_outermost_package_starts_from_there(
    tool: str,
    first: str,
    found: list[str],
    project: Callable[[dict[str, str]], Path],
    shapelint: Callable[..., tuple[int, str, str]],
) -> None:
    use = f"import torch\nimport datasets\n{first}\n\ny = datasets.load(torch.zeros(2, 3))  # (2, 4)\n"
    load = "import torch\n\n\ndef load(x):\n    return x\n"
    files = {"__init__.py": "", "rows.py": "def flat(x):\n    return x\n", "data/__init__.py": ""}
    files.update({"data/datasets/__init__.py": load, "data/datasets/text.py": use})
    project({f"{tool}/{name}": text for name, text in files.items()})

    _, out, _ = shapelint(f"{tool}/data/datasets/text.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a.b\nfrom c import d as e\n\nx = y = 1\nz: int\n\ndef f(): ...\n\nclass G: ...\n", "a e x y f G"),
        ("try:\n    import a\nexcept ImportError:\n    a = None\n", None),
        ("from .other import *\n", None),
        ("a, b = 1, 2\n", None),
        ("_a = 1\nb = 2\n", "b"),
        ('a = 1\n_b = 2\n__all__ = ["_b"]\n', "_b"),
        ('a = 1\n__all__ = ["a"] + more\n', None),
        ('a = 1\n__all__ = ["a"]\n__all__.append("b")\n', None),
    ],
)
def test_names_are_told_by_the_text_alone_where_that_is_plain(text: str, names: str | None, tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text(text)
    found = Loader().names_of(".part", str(tmp_path / "__init__.py"))
    assert found == (names if names is None else names.split())


def test_a_module_that_imports_its_own_name_means_another_one(
    project: Callable[[dict[str, str]], Path], shapelint: Callable[..., tuple[int, str, str]]
) -> None:
    own = (
        "import torch\nimport mlwatch\n\n\ndef watched(x: torch.Tensor):\n"
        "    y = mlwatch.watched(x, 1)  # (B, T)\n    return y.sum(1)  # (B,)\n"
    )
    project({"mlwatch.py": own})

    status, out, _ = shapelint("mlwatch.py", "--output-format", "concise")
    assert (status, "SHP" in out) == (0, False), out


def test_a_package_imports_its_parts_by_its_own_name(
    project: Callable[[dict[str, str]], Path], shapelint: Callable[..., tuple[int, str, str]]
) -> None:
    project(
        {
            "kinds/__init__.py": "from kinds import rows\n",
            "kinds/rows.py": "import torch\n\n\ndef flat(x):\n    return x.flatten(1)\n",
            "use.py": "import torch\nfrom kinds import rows\n\ny = rows.flat(torch.zeros(2, 3, 4))  # (2, 11)\n",
        }
    )

    status, out, _ = shapelint("use.py", "--output-format", "concise")
    assert status == 1
    assert "use.py:4" in out, out


ROWS = "import torch\n\n\ndef flat(x):\n    return x.flatten(1)\n"
ITS_USE = "import torch\nfrom {package}.rows import flat\n\ny = flat(torch.zeros(2, 3, 4))  # (2, 11)\n"


@pytest.mark.parametrize(
    ("package", "place", "mark", "lines"),
    [
        ("rows_flat", "", "pyproject.toml", ["4"]),
        ("rows_in_src", "src/", "setup.py", ["4"]),
        ("rows_unmarked", "", "notes.txt", []),  # nothing says that the two belong together
    ],
)
def test_tests_and_examples_import_what_their_project_holds(
    package: str,
    place: str,
    mark: str,
    lines: list[str],
    project: Callable[[dict[str, str]], Path],
    shapelint: Callable[..., tuple[int, str, str]],
) -> None:
    rows = {f"{place}{package}/__init__.py": "", f"{place}{package}/rows.py": ROWS}
    project({**rows, mark: "", "tests/unit/test_rows.py": ITS_USE.format(package=package)})

    _, out, _ = shapelint("tests/unit/test_rows.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == lines


def test_parts_of_a_package_that_import_each_other_by_its_name(
    project: Callable[[dict[str, str]], Path], shapelint: Callable[..., tuple[int, str, str]]
) -> None:
    """`from nets import base` in a part of which `nets` takes all names, `base` among them, means the module."""
    use = "import torch\nfrom nets import base\n\n\nclass Net(base.Base):\n    def forward(self, x):\n"
    use += "        return self.flat(torch.zeros(2, 3, 4))  # (2, 11)\n"
    base = "import torch\nfrom torch import nn\n\n\nclass Base(nn.Module):\n    def flat(self, x):\n"
    base += "        return x.flatten(1)\n"
    project(
        {"nets/__init__.py": "from .small import *\nfrom .base import *\n", "nets/base.py": base, "nets/small.py": use}
    )

    _, out, _ = shapelint("nets/small.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == ["7"]


@pytest.mark.parametrize(("beside", "lines"), [("shapes", []), ("", ["4"])])
def test_a_module_of_python_is_not_looked_for_within_a_package(
    beside: str,
    lines: list[str],
    project: Callable[[dict[str, str]], Path],
    shapelint: Callable[..., tuple[int, str, str]],
) -> None:
    use = "import random\nimport torch\n\nrandom.seed(torch.rand(2), 3)\n"
    package = f"of_{beside}/" if beside else ""
    own = {f"{package}__init__.py": ""} if beside else {}
    project({**own, f"{package}random/__init__.py": "def seed(): ...\n", f"{package}use.py": use})

    _, out, _ = shapelint(f"{package}use.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == lines


def test_what_a_module_does_as_a_script_is_not_done_where_it_is_imported(
    project: Callable[[dict[str, str]], Path], shapelint: Callable[..., tuple[int, str, str]]
) -> None:
    part = 'import torch\n\nWIDTH = 2\n\nif __name__ == "__main__":\n    WIDTH = 3\n'
    project(
        {"part.py": part, "use.py": "import torch\nfrom part import WIDTH\n\nx = torch.zeros(4, WIDTH)  # (4, 3)\n"}
    )

    _, out, _ = shapelint("use.py", "--output-format", "concise")
    assert [line.split(":")[1] for line in out.splitlines() if "SHP" in line] == ["4"], out

"""Names that come from other files of the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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


def test_a_list_for_type_checkers_is_not_followed(
    project: Callable[[dict[str, str]], Path], shapelint: Callable[..., tuple[int, str, str]]
) -> None:
    checked = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING or False:\n    from .first import *\n"
    files = {"__init__.py": checked, "first.py": FIRST}
    project({"checked.use.py": USE.replace("models", "checked"), **{f"checked/{n}": text for n, text in files.items()}})

    _, out, _ = shapelint("checked.use.py", "--output-format", "concise")
    assert not [line for line in out.splitlines() if "SHP" in line]

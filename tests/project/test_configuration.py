"""Settings from configuration files, and what is said of broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.project.configuration import ConfigurationError, read_settings

Project = Callable[[dict[str, str]], Path]

WHOLE = """
[project]
name = "x"

[tool.shapelint]
select = ["SHP1", "shp2"]
ignore = ["SHP104"]
extend-select = ["SHP401"]
exclude = ["vendored/", "*_pb2.py"]
output-format = "concise"

[tool.shapelint.per-file-ignores]
"tests/*" = ["SHP3"]

[tool.shapelint.operators]
"mylib.pool" = "(B, C, T) -> (B, C)"
"""


def test_every_setting_is_read_with_its_origin(project: Project) -> None:
    top = project({"pyproject.toml": WHOLE, "src/a.py": ""})
    settings = read_settings(top / "src" / "a.py")

    assert settings.select == ("SHP1", "SHP2")
    assert settings.ignore == ("SHP104",)
    assert settings.extend_select == ("SHP401",)
    assert settings.exclude == ("vendored/", "*_pb2.py")
    assert settings.output_format == "concise"
    assert settings.per_file_ignores == (("tests/*", ("SHP3",)),)
    assert settings.operators == {"mylib.pool": "(B, C, T) -> (B, C)"}
    assert settings.root == top.resolve()
    assert settings.origins["select"] == str(top.resolve() / "pyproject.toml")


def test_the_nearest_configuration_counts_and_own_files_before_pyproject(project: Project) -> None:
    top = project(
        {
            "pyproject.toml": WHOLE,
            "sub/shapelint.toml": 'select = ["SHP3"]',
            "sub/pyproject.toml": "[tool.shapelint]\nselect = ['SHP2']\n",
            "other/pyproject.toml": "[tool.black]\n",
            "dotted/.shapelint.toml": 'select = ["SHP0"]',
        }
    )

    assert read_settings(top / "sub").select == ("SHP3",)
    assert read_settings(top / "other").select == ("SHP1", "SHP2")
    assert read_settings(top / "dotted").select == ("SHP0",)


def test_without_a_configuration_the_defaults_hold(project: Project) -> None:
    top = project({"repo/.git/HEAD": "", "repo/src/a.py": ""})
    settings = read_settings(top / "repo" / "src")

    assert (settings.select, settings.output_format, settings.origins) == ((), "full", {})
    assert settings.root == (top / "repo").resolve()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select = [\n", "shapelint.toml:2: not valid TOML: Invalid value"),
        ('a = 1\n\nselct = ["SHP1"]\n', "shapelint.toml:1: unknown setting 'a'"),
        ('\nselct = ["SHP1"]\n', "shapelint.toml:2: unknown setting 'selct' (did you mean 'select'?)"),
        ('select = "SHP1"\n', "shapelint.toml:1: select: must be a list of strings"),
        (
            'select = ["E501"]\n',
            "shapelint.toml:1: select: 'E501' is no rule code; "
            "codes look like SHP102, and SHP1 means all that begin so",
        ),
        (
            'output-format = "jsno"\n',
            "shapelint.toml:1: output-format: 'jsno' is no format (did you mean 'json'?); "
            "there are full, concise, json, github, sarif",
        ),
        ("exclude = 3\n", "shapelint.toml:1: exclude: must be a list of strings"),
        (
            "\n[per-file-ignores]\nx = 3\n",
            "shapelint.toml:2: per-file-ignores: must be a list of strings",
        ),
        (
            "operators = { f = 1 }\n",
            "shapelint.toml:1: operators: must be a table of names and signatures, "
            'as "mylib.pool" = "(B, C, T) -> (B, C)"',
        ),
    ],
)
def test_a_broken_configuration_is_said_with_path_and_line(project: Project, text: str, message: str) -> None:
    top = project({"shapelint.toml": text})

    with pytest.raises(ConfigurationError) as raised:
        read_settings(top)

    assert str(raised.value) == f"{top.resolve()}/{message}"


def test_the_line_in_a_pyproject_is_that_of_shapelints_own_table(project: Project) -> None:
    top = project({"pyproject.toml": '[tool.other]\nselekt = 1\n\n[tool.shapelint]\nselekt = ["SHP1"]\n'})

    with pytest.raises(ConfigurationError, match=r"pyproject\.toml:5: unknown setting 'selekt'"):
        read_settings(top)


def test_a_pyproject_that_never_speaks_of_shapelint_is_not_judged(project: Project) -> None:
    top = project({"pyproject.toml": "not toml at all ["})

    assert read_settings(top).select == ()


def test_bytes_that_are_not_utf_8(project: Project) -> None:
    top = project({})
    (top / "shapelint.toml").write_bytes(b"select = ['\xff']")

    with pytest.raises(ConfigurationError, match=r"shapelint\.toml: is not UTF-8"):
        read_settings(top)

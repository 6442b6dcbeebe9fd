"""Rules and operators as pages."""

from __future__ import annotations

from shapelint.checks.rules.rule import Rule
from shapelint.ops.registry import Example
from shapelint.report import operator_text, rule_text

RULE = Rule(
    "SHP102",
    "dims-differ",
    "error",
    "0.1",
    "A comment names other dims. It has the right rank.",
    "Readers trust it.",
    ("y = x.flatten(1)  # (B, C)  <- found\n",),
    ("y = x  # (B, C)\n",),
)


def test_a_rule_as_markdown() -> None:
    assert rule_text.markdown(RULE) == (
        "# SHP102 dims-differ\n"
        "\n"
        "*error, since 0.1*\n"
        "\n"
        "**What it finds.** A comment names other dims. It has the right rank.\n"
        "\n"
        "**Why it matters.** Readers trust it.\n"
        "\n"
        "Wrong:\n"
        "\n"
        "```python\n"
        "y = x.flatten(1)  # (B, C)  <- found\n"
        "```\n"
        "\n"
        "Right:\n"
        "\n"
        "```python\n"
        "y = x  # (B, C)\n"
        "```\n"
    )


def test_the_page_lists_every_rule_and_links_to_it() -> None:
    page = rule_text.page({"SHP102": RULE})

    assert "| [SHP102](#shp102-dims-differ) | dims-differ | error | A comment names other dims. |" in page
    assert "\n## SHP102 dims-differ\n" in page


def test_the_listing_has_a_line_for_each_rule() -> None:
    assert list(rule_text.listing([RULE])) == ["SHP102  error    dims-differ: A comment names other dims."]
    assert list(rule_text.listing([RULE], 40)) == ["SHP102  error    dims-differ: A comment\n        names other dims."]


class Flatten:
    """An operator as the registry has it."""

    names = ("torch.flatten", "torch.Tensor.flatten")
    formula = "(*a, d1, ..., dn) -> (*a, d1*...*dn) | scalar"
    examples = (
        Example("(B, C), 2", fails="start_dim 2 of a tensor of 2 dims"),
        Example("(B, C, H), 1", gives="(B, C*H)"),
        Example("(B, H), 0", gives="(B*H,)", constructor="dim=1"),
    )
    rule = test_the_listing_has_a_line_for_each_rule


def test_operators_are_listed_by_the_file_of_their_rule() -> None:
    page = operator_text.page([Flatten()])  # type: ignore[list-item]

    assert "## test_rule_text\n" in page
    assert (
        "| `torch.flatten`, `torch.Tensor.flatten` | (\\*a, d1, ..., dn) -> (\\*a, d1\\*...\\*dn) \\| scalar "
        "| `(B, C, H), 1` → `(B, C*H)`<br>`flatten(dim=1)` on `(B, H), 0` → `(B*H,)`"
        "<br>`(B, C), 2` → error: start_dim 2 of a tensor of 2 dims |"
    ) in page
    assert "## test_rule_text\n\nRules and operators as pages.\n" in page
    assert "Missing" not in page


def test_operators_of_which_the_same_is_said_share_a_row() -> None:
    one, other = Flatten(), Flatten()
    other.names = ("torch.flat", "torch.Tensor.flat")
    one.examples = other.examples = Flatten.examples[:2]
    page = operator_text.page([one, other])  # type: ignore[list-item]
    assert page.count("| `torch.flat") == 1
    assert "\n| `torch.flat`, `torch.Tensor.flat`, `torch.flatten`, `torch.Tensor.flatten` |" in page


def test_what_is_missing_is_named_with_the_reason() -> None:
    page = operator_text.page([], {"torch.a": "of no shape", "torch.b": "a gradient", "torch.c": "of no shape"})
    assert page.endswith(
        "| names | reason |\n| --- | --- |\n| `torch.a`, `torch.c` | of no shape |\n| `torch.b` | a gradient |\n"
    )

"""A rule for a reader: for `shapelint explain`, and as a section of docs/rules.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from shapelint.checks.rules.rule import Rule

HEADER = (
    "<!-- Written by `shapelint docs --write` from shapelint/checks/rules/shp*.py; do not edit. -->\n\n"
    "# Rules\n\n"
    "The first digit of a code says what a rule is about:\n"
    "SHP0 the comment itself, SHP1 a claim that the code contradicts, SHP2 code that cannot run, SHP3 suspicious,\n"
    "SHP4 style, SHP5 device and dtype, SHP9 the tool itself. A code once released never changes its meaning.\n"
    "Rules marked *opt-in* are off unless selected. `shapelint explain CODE` prints a rule in the terminal.\n"
)


def markdown(rule: Rule, level: int = 1) -> str:
    """One rule as Markdown."""
    marks = f"{rule.severity}, since {rule.since}" + (", opt-in" if rule.opt_in else "")
    parts = [
        f"{'#' * level} {rule.code} {rule.name}",
        f"*{marks}*",
        f"**What it finds.** {rule.what.strip()}",
        f"**Why it matters.** {rule.why.strip()}",
        *_programs("Wrong", rule.wrong),
        *_programs("Right", rule.right),
    ]
    return "\n\n".join(parts) + "\n"


def page(rules: Mapping[str, Rule]) -> str:
    """docs/rules.md: a table of all rules, then each of them."""
    rows = [
        f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity}"
        f"{', opt-in' if rule.opt_in else ''} | {_first_sentence(rule.what)} |"
        for rule in rules.values()
    ]
    table = "\n".join(["| code | name | severity | finds |", "| --- | --- | --- | --- |", *rows])
    return "\n".join([HEADER, table + "\n", *(markdown(rule, level=2) for rule in rules.values())])


def listing(rules: Iterable[Rule], width: int | None = None) -> Iterator[str]:
    """One line for each rule, folded where a terminal is only so wide."""
    for rule in rules:
        mark = " (opt-in)" if rule.opt_in else ""
        line = f"{rule.code}  {rule.severity:7}  {rule.name}{mark}: {_first_sentence(rule.what)}"
        yield line if width is None else textwrap.fill(line, width, subsequent_indent=" " * 8, break_long_words=False)


def _programs(title: str, programs: tuple[str, ...]) -> Iterator[str]:
    for program in programs:
        yield f"{title}:\n\n```python\n{program.strip(chr(10))}\n```"


def _first_sentence(text: str) -> str:
    flat = " ".join(text.split())
    end = flat.find(". ")
    return flat if end < 0 else flat[: end + 1]

"""The operators for a reader: docs/operators.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Protocol

HEADER = (
    "<!-- Written by `shapelint docs --write` from shapelint/ops/; do not edit. -->\n\n"
    "# Operators\n\n"
    "What shapelint knows the shape of, {count} names by the file of `shapelint/ops/` that their rule stands in.\n"
    "Anything else gives an unknown shape: claims about it are `open`, and no error is reported. `shapelint ops`\n"
    "prints this list, `shapelint ops WORD` a part of it.\n\n"
    "In a rule `(*a, d, *b)` is a shape with any number of dims before and after d. Each method has its twin that\n"
    "works in place (`relu_` of `relu`), each operator takes `out=`, and Python's operators stand for the functions\n"
    "behind them (`@` for `torch.matmul`). Of one row the names are alike in all that is said of them.\n\n"
    "Functions that shapelint cannot see, those of compiled extensions for example, are known once a project states\n"
    "their shapes in its configuration; a name whose last part begins with a capital is a class of modules:\n\n"
    "```toml\n"
    "[tool.shapelint.operators]\n"
    '"flash_attn.flash_attn_func" = "(B, L, H, D), (B, S, H, D), (B, S, H, D) -> (B, L, H, D)"\n'
    '"mamba_ssm.Mamba" = "(B, L, D) -> (B, L, D)"\n'
    "```\n"
)


class Entry(Protocol):
    """What is printed of an operator or a layer."""

    names: tuple[str, ...]
    examples: list[Any]

    @property
    def formula(self) -> str:
        """The rule in one line."""


def page(entries: Iterable[Entry], missing: Mapping[str, str] | None = None) -> str:
    """The page: for each family a table of names, rule and examples; at its end what is missing, and why."""
    by_family = sorted(entries, key=lambda entry: (_module(entry), entry.names[0]))
    parts = [HEADER.replace("{count}", f"{sum(len(entry.names) for entry in by_family):,}")]
    for module, members in groupby(by_family, key=_module):
        about = _about(module)
        rows = "\n".join(_rows(members))
        table = f"| names | rule | for example |\n| --- | --- | --- |\n{rows}\n"
        parts.append(f"## {module.rpartition('.')[2]}\n\n{about}{table}")
    if missing:
        parts.append(_missing(missing))
    return "\n".join(parts)


def _module(entry: Entry) -> str:
    of = getattr(entry, "rule", None) or getattr(entry, "type", None)
    return str(getattr(of, "__module__", "others"))


def _about(module: str) -> str:
    """What the family's file says of itself, in one paragraph."""
    text = (getattr(sys.modules.get(module), "__doc__", None) or "").strip().split("\n\n")[0]
    return f"{' '.join(text.split())}\n\n" if text else ""


def _rows(entries: Iterable[Entry]) -> Iterator[str]:
    """A row for each rule; operators of which the same is to be said share one."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for entry in entries:
        alike.setdefault((_prose(entry.formula), tuple(_examples(entry))), []).extend(entry.names)
    for (formula, examples), names in alike.items():
        yield f"| {', '.join(f'`{name}`' for name in names)} | {formula} | {'<br>'.join(examples)} |"


def _examples(entry: Entry) -> Iterator[str]:
    """Two examples that run, and one that does not."""
    running = [example for example in entry.examples if example.gives is not None][:2]
    failing = [example for example in entry.examples if example.gives is None][:1]
    for example in (*running, *failing):
        method = "" if example.method == "forward" else f".{example.method}"
        made = f"{_cell(_short(entry.names[0]))}({_cell(example.constructor or '')}){method}"
        made = f"`{made}` on " if example.constructor or method else ""
        result = f"`{_cell(example.gives)}`" if example.gives is not None else f"error: {_prose(example.fails)}"
        yield f"{made}`{_cell(example.arguments)}` → {result}"


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _missing(missing: Mapping[str, str]) -> str:
    reasons: dict[str, list[str]] = {}
    for name, reason in missing.items():
        reasons.setdefault(reason, []).append(f"`{name}`")
    rows = "\n".join(f"| {', '.join(names)} | {_cell(reason)} |" for reason, names in reasons.items())
    return f"## Missing\n\nOperators of PyTorch without a rule.\n\n| names | reason |\n| --- | --- |\n{rows}\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _prose(text: str) -> str:
    """Text for a cell, in which a `*` is a star and no emphasis; what stands between backticks stays."""
    return "".join(part if part.startswith("`") else part.replace("*", r"\*") for part in _CODE.split(_cell(text)))


_CODE = re.compile(r"(`[^`]*`)")

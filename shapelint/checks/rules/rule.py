"""What a rule is: a code with its texts, its examples and what it applies to; each stands in a file `shp*.py` here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from shapelint.checks.model import Severity
from shapelint.checks.verdicts.judged import Judged
from shapelint.interp.state.events import Failed, Needed, Suspected

Case: TypeAlias = Judged | Failed | Needed | Suspected
"""What a rule looks at: a claim, an operation that cannot run, sizes that must be equal, something suspicious."""


def _nothing(case: Case) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule code: what it finds, why that is bad, and programs that are wrong and right by it.

    `wrong` holds programs in which exactly this rule is found, at the lines marked `# <- found`; in `right` nothing is.
    `applies` tells whether a case is one of this rule's; a rule of the tool itself has no cases.
    """

    code: str
    name: str
    severity: Severity
    since: str
    what: str
    why: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]
    opt_in: bool = False
    applies: Callable[[Case], bool] = _nothing


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by its code, in the order of the codes."""
    import shapelint.checks.rules as folder

    found: dict[str, Rule] = {}
    for entry in pkgutil.iter_modules(folder.__path__):
        if entry.name.startswith("shp"):
            rule = importlib.import_module(f"{folder.__name__}.{entry.name}").RULE
            found[rule.code] = rule
    return dict(sorted(found.items()))


def rule_for(case: Case) -> Rule | None:
    """The rule that a case belongs to, the first in the order of the codes; None for a case that is no mistake."""
    return next((rule for rule in rules().values() if rule.applies(case)), None)

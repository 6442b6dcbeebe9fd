"""What a file's text binds anew from elsewhere: names of scopes around, and attributes of what may be a class."""

from __future__ import annotations

import ast
import itertools
import re

_DECLARING = re.compile(r"(?:^|[:;])[ \t\f]*(?:global|nonlocal)\b", re.MULTILINE)
_SET = re.compile(r"\.(\w+)[ \t]*(?:[-+*/%@&|^]|//|\*\*|<<|>>)?=(?!=)")
_RECEIVER = re.compile(r"(\w+|\))$")
_SET_TOGETHER = re.compile(r"^[ \t]*([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*=(?!=)", re.MULTILINE)
_SET_BY_NAME = re.compile(r"\bsetattr\([ \t]*(?:\w+\.)*(\w+|type\([^()]*\))[ \t]*,[ \t]*[\"'](\w+)[\"']")
_DELETED = re.compile(r"\bdel +(?:\w+\.)*(\w+)\.(\w+)")
LONGEST_NAME = 80
_ANY_CLASS = frozenset(("cls", "__class__", ")"))


def names_rebound(tree: ast.Module, text: str) -> frozenset[str]:
    """The names that functions say to be `global` or `nonlocal`."""
    if not ("global" in text or "nonlocal" in text) or _DECLARING.search(text) is None:  # as in most files
        return frozenset()
    declared = (node.names for node in ast.walk(tree) if isinstance(node, (ast.Global, ast.Nonlocal)))
    return frozenset(itertools.chain.from_iterable(declared))


def set_on_names(text: str) -> frozenset[tuple[str, str]]:
    """The attributes that are set on what is not `self`, which may be a class, each behind the last name of that.

    It is "" where they are set on some class, `cls.count += 1`, `type(self).count = 0`. What only looks like it, in a
    string, is among them.
    """
    pairs: set[tuple[str, str]] = set()
    for match in _SET.finditer(text):
        if not text.endswith("self", 0, match.start()):
            receiver = _RECEIVER.search(text, max(match.start() - LONGEST_NAME, 0), match.start())
            pairs |= {(receiver[1], match[1])} if receiver is not None else set()
    for match in _SET_TOGETHER.finditer(text):
        parts = (target.strip().rsplit(".", 2)[-2:] for target in match[1].split(","))
        pairs.update((part[0], part[1]) for part in parts if len(part) == 2)
    for word, pattern in (("setattr", _SET_BY_NAME), ("del ", _DELETED)):
        if word in text:  # which is found far sooner
            pairs.update((match[1], match[2]) for match in pattern.finditer(text))
    return frozenset(
        ("" if name in _ANY_CLASS or "(" in name else name, attribute) for name, attribute in pairs if name != "self"
    )

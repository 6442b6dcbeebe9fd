"""Takes a text, and says on which lines its comments silence which codes, and which of these comments did nothing."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")
_NOQA = re.compile(
    r"#\s*noqa(?P<colon>\s*:\s*(?P<codes>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*))?(?![\w-])(?!\s*:\s*[A-Z]+\d)", re.IGNORECASE
)
_IGNORE = re.compile(r"#\s*shapelint\s*:\s*ignore(?![\w-])(?P<bracket>\s*\[(?P<codes>[^\]]*)\])?", re.IGNORECASE)
_SKIP_FILE = re.compile(r"^\s*#\s*shapelint\s*:\s*skip-file\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment that silences codes on its line, or all codes where `codes` is empty; columns from 1."""

    line: int
    column: int
    end_column: int
    codes: tuple[str, ...]
    is_noqa: bool

    def covers(self, code: str) -> bool:
        return not self.codes or any(code.startswith(prefix) for prefix in self.codes)


@dataclass(frozen=True, slots=True)
class Suppressions:
    """All the suppressions of a text."""

    by_line: dict[int, tuple[Suppression, ...]]
    skip_file: bool = False

    def covers(self, line: int, code: str) -> bool:
        """Is a finding of this code on this line silenced?"""
        return self.skip_file or any(each.covers(code) for each in self.by_line.get(line, ()))

    def unused(self, used: Collection[tuple[int, str]]) -> list[Suppression]:
        """The suppressions of which `used`, the (line, code) of all silenced findings, has none.

        A bare `# noqa` and the codes of other tools are left alone: they may serve another tool.
        """
        idle = []
        for line, each in sorted(self.by_line.items()):
            codes = [code for at, code in used if at == line]
            for suppression in each:
                if not suppression.codes:
                    if not suppression.is_noqa and not codes:
                        idle.append(suppression)
                    continue
                ours = [code for code in suppression.codes if code.startswith("SHP")]
                unmet = tuple(own for own in ours if not any(code.startswith(own) for code in codes))
                if unmet:
                    idle.append(
                        Suppression(line, suppression.column, suppression.end_column, unmet, suppression.is_noqa)
                    )
        return idle


def suppressions(text: str) -> Suppressions:
    """What the comments of a text silence."""
    by_line: dict[int, tuple[Suppression, ...]] = {}
    skip_file = False
    lowered = text.lower()
    if "noqa" not in lowered and "shapelint" not in lowered:
        return Suppressions(by_line)
    lines = _LINE_END.split(text)
    for number, line in enumerate(lines, start=1):
        if "#" not in line:
            continue
        found = [*_found(_NOQA.finditer(line), number, True), *_found(_IGNORE.finditer(line), number, False)]
        if found:
            by_line[number] = tuple(found)
        if _SKIP_FILE.match(line):
            skip_file = skip_file or _is_comment(text, number)
    return Suppressions(by_line, skip_file)


def _found(matches: Iterable[re.Match[str]], line: int, is_noqa: bool) -> list[Suppression]:
    found = []
    for match in matches:
        codes = tuple(re.findall(r"[A-Z]+\d+", (match["codes"] or "").upper()))
        if match["codes"] is None or codes:
            found.append(Suppression(line, match.start() + 1, match.end() + 1, codes, is_noqa))
    return found


def _is_comment(text: str, line: int) -> bool:
    """Is the line a comment, and not a part of a string? Where Python cannot tell, it is taken for one."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.start[0] <= line <= token.end[0] and token.type == tokenize.STRING:
                return False
            if token.start[0] > line:
                break
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return True

"""Takes Python text, and gives libcst's tree of it, parsed on a stack that fits all that Python itself parses."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst

# libcst's own parser runs on the machine's stack and takes up to 3 kB for a level of nesting. Measured with 8 MB: 1,000
# nested brackets and 2,900 terms pass, 2,900 brackets end the process. Python itself refuses more than 200 brackets.
_STACK = 64 * 1024 * 1024
_stack_size = threading.Lock()


def warm_up_parser() -> None:
    """Import libcst now, before processes are forked that will all need it."""
    import libcst  # noqa: F401


def parse_tree(text: str) -> libcst.Module | str:
    """The tree, or libcst's reason for having none."""
    result: list[libcst.Module | str] = []
    try:
        with _stack_size:
            usual = threading.stack_size(_STACK)
            try:
                thread = threading.Thread(target=_parse, args=(text, result), name="shapelint-libcst")
                thread.start()
            finally:
                threading.stack_size(usual)
        thread.join()
    except (RuntimeError, ValueError, OSError):  # no room for so large a stack
        _parse(text, result)
    return result[0] if result else "libcst gave no tree"


def _parse(text: str, result: list[libcst.Module | str]) -> None:
    import libcst

    try:
        result.append(libcst.parse_module(text))
    except libcst.ParserSyntaxError as error:
        result.append(error.message)
    except (RecursionError, MemoryError):
        result.append("nested too deeply")
    except Exception as error:
        result.append(f"{type(error).__name__}: {error}")

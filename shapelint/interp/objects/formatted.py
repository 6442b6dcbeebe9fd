"""Texts made with numbers that are not known, `f"conv_{i}"`, and the attributes that objects have under such names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.dims import Dim
from shapelint.interp.objects.rows import any_of
from shapelint.interp.paths.join import choice
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Container, Formatted, Instance, Layer, Ref, Value, unknown
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Tensor, Unknown

GAP = Formatted.GAP
_FIELD = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?([a-zA-Z%])|\{\w*(?:![rsa])?(?::[^{}]*)?\}")


def joined(frame: Frame, parts: Sequence[Value]) -> Value:
    """The text that parts make: a text where all are known, one with gaps where something of it is, else unknown."""
    text = "".join(_text_of(frame, part) for part in parts)
    if GAP not in text:
        return text
    return Formatted(text) if any(map(str.isalpha, text)) else unknown("a formatted string")


def _text_of(frame: Frame, part: Value) -> str:
    if isinstance(part, (str, Formatted)):
        return part if isinstance(part, str) else part.text
    number = frame.world.value_of(part) if isinstance(part, Dim) else None
    return GAP if number is None else str(number)


def filled_in(frame: Frame, text: str, values: Sequence[Value]) -> Value:
    """`text % values` or `text.format(*values)`, as far as the values are texts and whole numbers."""
    parts: list[Value] = []
    end, rest = 0, list(values)
    for field in _FIELD.finditer(text):
        if field[1] == "%" or not rest:
            return unknown("a formatted string")
        is_plain = field[0] in ("%s", "%d", "%i", "{}")
        parts += [text[end : field.start()], rest.pop(0) if is_plain else None]
        end = field.end()
    return unknown("a formatted string") if rest else joined(frame, [*parts, text[end:]])


def attribute_under(frame: Frame, receiver: Value, name: Formatted | str) -> Value | None:
    """The attribute that an object has under a name with gaps: one of those that fit it. None where there is none."""
    content = frame.world.heap.get(receiver.id) if isinstance(receiver, Ref) else None
    if not isinstance(content, Instance):
        return None
    if isinstance(name, str):
        fitting = [value for key, value in content.attrs.items() if _is_kept_under_gaps(key) and _fits(key[1:], name)]
        return choice([_any_under(frame, value) for value in fitting]) if fitting else None
    found = [value for key, value in content.attrs.items() if key[:1] != "(" and _fits(name.text, key)]
    under = content.attrs.get(_key(name))
    if under is not None:
        found.append(_any_under(frame, under))
    return choice(found) if found else None


def may_be_key(key: Value, name: Value) -> bool:
    """Whether a key that is not known, or only in part, may be that of an entry."""
    if isinstance(key, Formatted):
        return isinstance(name, str) and _fits(key.text, name)
    return not isinstance(key, (str, int, float)) or key == name


def set_under(frame: Frame, receiver: Ref, name: Formatted, value: Value) -> None:
    """An object gets an attribute under a name with gaps: one more of those that it has under it."""
    content = frame.world.heap[receiver.id]
    assert isinstance(content, Instance)
    under = content.attrs.get(_key(name))
    held = frame.world.heap.get(under.id) if isinstance(under, Ref) else None
    if isinstance(under, Ref) and isinstance(held, Container):
        frame.world.heap[under.id] = Container.numbered(held.kind, (*held.row, value))
        return
    under = frame.world.allocate(Container.numbered("ModuleList", (value,)))
    frame.world.heap[receiver.id] = Instance(content.type, {**content.attrs, _key(name): under}, True)


def set_by_name(frame: Frame, receiver: Ref, name: Value, value: Value, line: int) -> None:
    """An object gets an attribute under a name that the program makes: any of its own may be this, if nothing tells."""
    content = frame.world.heap.get(receiver.id)
    if not isinstance(content, Instance):
        return
    if isinstance(name, Formatted):
        set_under(frame, receiver, name, value)
    elif isinstance(name, str):
        frame.world.heap[receiver.id] = Instance(content.type, {**content.attrs, name: value}, content.open)
    else:
        attrs = {key: _or_else(key, kept, value, line) for key, kept in content.attrs.items()}
        frame.world.heap[receiver.id] = Instance(content.type, attrs, True)


def _or_else(key: str, kept: Value, value: Value, line: int) -> Value:
    """What an attribute is, or this: numbers and flags are set so, layers and tensors under names of their own."""
    if isinstance(kept, (Tensor, Layer, Ref)) or key[:1] in "(<":
        return kept
    if isinstance(value, Unknown):
        return Unknown(f"{key} may be set by what sets it under a name that is not known", f"self.{key}", line)
    return choice([kept, value])


def _key(name: Formatted) -> str:
    return f"({name.text}"  # beside what an object was made with: no name that a program can write


def _is_kept_under_gaps(key: str) -> bool:
    return key.startswith("(") and GAP in key


def _fits(pattern: str, name: str) -> bool:
    return re.fullmatch(".+".join(map(re.escape, pattern.split(GAP))), name) is not None


def _any_under(frame: Frame, under: Value) -> Value:
    """One of the values that stand under a name with gaps."""
    content = frame.world.heap.get(under.id) if isinstance(under, Ref) else None
    if not isinstance(content, Container):
        return under if isinstance(under, Unknown) else unknown("an attribute whose name is not known")
    row = content.row
    return any_of(frame, row) if len(row) > 1 or isinstance(row[0], Many) else row[0]

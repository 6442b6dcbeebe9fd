"""Names of a comment, a docstring or an annotation that may stand for something else than what the code calls so."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.interp.claims.code_names import attributes_of_self, size_named
from shapelint.interp.claims.names import names_in
from shapelint.interp.objects.lookup import is_defined
from shapelint.interp.state.events import ClaimMet
from shapelint.interp.state.ground import size_of
from shapelint.interp.state.machine import Frame
from shapelint.ops.tensor import Unknown
from shapelint.program.nodes import Attached, Place


def names_two_sizes(frame: Frame, attached: Attached) -> bool:
    """Whether a name of a docstring's result is one size by what is said of the inputs, and another in the code.

    Not so of one that the code makes of those very inputs: they are said in another order, or it is not what it was.
    """
    names = _names_of(attached)
    if any(_is_another_by_now(frame, name) for name in names):
        return True
    letters, facts = frame.letters.bound, frame.world.facts
    found = {name: size_named(frame, name) for name in names if name in letters}
    known = {symbol for size in letters.values() for symbol in facts.normalize(size).symbols}
    return any(
        size is not None and not facts.is_equal(letters[name], size) and not facts.normalize(size).symbols <= known
        for name, size in found.items()
    )


def names_an_attribute(frame: Frame, attached: Attached) -> bool:
    """Whether a name of an annotation is that of an attribute of the object, and no annotation of an input tells it.

    It stands for what a caller gives, of which an annotation that is not seen may tell.
    """
    attributes = attributes_of_self(frame)
    names = {name for name in _names_of(attached) if name in attributes and not is_defined(frame, name)}
    told = (
        name
        for event in frame.evidence.events
        if names and isinstance(event, ClaimMet) and event.is_input and event.attached.place is Place.ANNOTATION
        for name in _names_of(event.attached)
    )
    return bool(names.difference(told))


def names_what_it_was(frame: Frame, attached: Attached) -> bool:
    """Whether a name is that of a local which the code makes of the attribute of that name: `dim = self.dim // 4`.

    Who writes `dim // 2` may well mean the attribute.
    """
    attributes = attributes_of_self(frame)
    for name in _names_of(attached):
        if name not in attributes or name not in frame.env:
            continue
        local, whole = frame.world.settle(frame.env[name]), frame.world.settle(attributes[name])
        if not isinstance(local, Dim) or not isinstance(whole, Dim) or not whole.symbols:
            continue
        facts = frame.world.facts
        if facts.normalize(local).symbols & facts.normalize(whole).symbols and not facts.equality(local, whole):
            return True
    return False


def _names_of(attached: Attached) -> set[str]:
    return {name for spec in attached.claim.shapes for item in spec.items for name in names_in(item)}


def _is_another_by_now(frame: Frame, name: str) -> bool:
    """Whether a parameter that is a size was set to another: `height = height // patch`. Its description tells of it
    as it was."""
    before, now = frame.given.get(name), size_named(frame, name)
    if not before or now is None or any(one is frame.env.get(name) for one in before):
        return False
    given = size_of(frame.world, before[0]) if isinstance(before[0], Unknown) else before[0]
    return isinstance(given, Dim) and not frame.world.facts.is_equal(given, now)

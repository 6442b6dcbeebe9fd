"""The frame in which a function is judged, and what a method takes over from the making of its instance."""

from __future__ import annotations

from dataclasses import dataclass

from shapelint.dims import Dim
from shapelint.interp.state.events import Evidence
from shapelint.interp.state.letters import Letters
from shapelint.interp.state.machine import Frame, Machine
from shapelint.interp.state.values import FunctionValue, Ref
from shapelint.interp.state.world import World
from shapelint.program import nodes


@dataclass(frozen=True, slots=True)
class Made:
    """An instance whose `__init__` has run: its evidence, the letters of its comments, the world after it."""

    ref: Ref
    init: Evidence
    letters: Letters
    world: World


def frame_of(machine: Machine, function: FunctionValue, owner: str = "") -> Frame:
    """A frame with evidence of its own, in which nothing is bound yet; `owner` is the class whose method it is."""
    frame = Frame(
        machine,
        function.frame.module,
        parent=function.frame,
        function=function,
        cls=function.owner,
        recording=True,
        name=function.name,
    )
    name = f"{owner}.{function.name}" if owner else function.name
    node = function.node if isinstance(function.node, nodes.Function) else None
    frame.evidence = Evidence(
        name,
        line=function.node.at[0],
        function=node,
        defaults=machine.defaults,
        roots=machine.roots,
        scaled=machine.world.scaled,
        used=machine.world.used,
        trusting=True,
    )
    return frame


def take_over(frame: Frame, made: Made) -> None:
    """Give a method's frame what the comments of `__init__` say: what is defined there, and words for sizes of it."""
    init, letters = made.init, made.letters
    frame.evidence.groups.update({key: set(places) for key, places in init.groups.items()})
    frame.evidence.constructor = init
    frame.letters.bound.update({name: size for name, size in letters.bound.items() if name in letters.firm})
    words = {name: made.world.facts.normalize(size) for name, size in letters.bound.items() if len(name) > 1}
    frame.letters.of_constructor.update({name: size for name, size in words.items() if _is_of_code(name, size)})
    frame.letters.firm.update(letters.firm)
    frame.letters.defined.update(letters.defined)
    frame.letters.told.extend(letters.told)


def _is_of_code(word: str, size: Dim) -> bool:
    """Whether the size that a word of comments stands for is one that the code gives names to."""
    return bool(size.symbols) and all(one.free and one.name != word for one in size.symbols)

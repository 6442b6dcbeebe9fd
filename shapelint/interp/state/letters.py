"""What is kept of the comments of one function while it runs: what their names stand for, and claims that wait."""

from __future__ import annotations

from dataclasses import dataclass

from shapelint.dims import Dim, Facts, Symbol
from shapelint.interp.state.events import ClaimMet
from shapelint.interp.state.values import Value
from shapelint.program import nodes
from shapelint.shapes import Run


class Letters:
    """What the names in the comments of one function stand for: bound by comments, or defined by where-clauses."""

    __slots__ = (
        "awaited", "axes", "believed", "bound", "counted", "defined", "entries", "factors", "firm",
        "of_branches", "of_constructor", "of_items", "of_optional", "on_paths", "runs", "solved", "told",
    )  # fmt: skip

    def __init__(self) -> None:
        self.awaited: list[nodes.Attached] = []  # claims at the head that speak of what is there at the end
        self.bound: dict[str, Dim] = {}
        self.counted: dict[str, Dim] = {}  # of what inputs are said to have a number, `#batch`, that number
        self.axes: dict[str, Dim] = {}  # what the axes of a layout's word had last, `C` of `NCHW`
        self.defined: dict[str, nodes.AttachedDefinition] = {}
        self.entries: list[nodes.Attached] = []  # claims of the docstring by a name that may be a key of the result
        self.believed: dict[str, Value] = {}  # inputs whose shape a comment gives
        self.told: list[Value] = []  # inputs that are tensors by a docstring's word alone
        self.solved: set[str] = set()  # those first met within an expression, which only says what solves it
        self.factors: set[str] = set()  # those first met as the factors of a size that nothing else tells, `H*W`
        self.firm: set[str] = set()  # those bound by a definition
        self.of_branches: dict[Dim, list[tuple[Facts, Dim]]] = {}  # what they are where each of two branches was taken
        self.of_optional: set[Symbol] = set()  # those that nothing has but an input which may be None
        self.of_constructor: dict[str, Dim] = {}  # what words are in the comments of `__init__`, sizes of the code
        self.runs: dict[str, Run] = {}  # the dims that go by one name, `*dims` of a comment
        self.of_items: dict[str, Dim] = {}  # those of the items of a list, each of which has its own
        self.on_paths: dict[Facts, dict[Dim, Dim]] = {}  # what they are where a value is one of several


@dataclass(slots=True)
class Pending:
    """An own-line claim that may yet speak of a value that the next statements make."""

    event: ClaimMet
    subject: str
    left: int
    above: nodes.Stmt | None  # the statement that it stands over

"""Where a comment stands decides what it is about: one tiny program a row, with what each of its claims is put to."""

from __future__ import annotations

from textwrap import dedent

import pytest

from shapelint.program import lower
from tests.program.reading_back import attachments, notes_of

ROWS: dict[str, tuple[str, list[str]]] = {
    "the end of a line": (
        "y = f(x)  # (B, C)",
        ["(B, C) TRAILING y = f(x)"],
    ),
    "the closing bracket of a statement": (
        """
        y = f(
            x
        )  # (B, C)
        """,
        ["(B, C) TRAILING y = f("],
    ),
    "a return and a bare expression": (
        """
        def f(x):
            x.add_(1)  # (B, C)
            return x  # (B, D)
        """,
        ["(B, C) TRAILING x.add_(1)", "(B, D) TRAILING return x"],
    ),
    "two statements on a line: the last": (
        "H = 4; y = g(x)  # (B, C)",
        ["(B, C) TRAILING y = g(x)"],
    ),
    "two statements and two shapes: one each": (
        "u = f(x); v = g(x)  # (B, C), (B, D)",
        ["(B, C) TRAILING u = f(x)", "(B, D) TRAILING v = g(x)"],
    ),
    "two targets and two shapes: both at the statement": (
        "u, v = f(x)  # (B, C), (B, D)",
        ["(B, C) TRAILING u, v = f(x)", "(B, D) TRAILING u, v = f(x)"],
    ),
    "a string with a hash in it": (
        'y = f(x, "#ffe")  # (B, C)',
        ['(B, C) TRAILING y = f(x, "#ffe")'],
    ),
    "a shape within a string is no comment": (
        'y = f("# (B, C)")',
        [],
    ),
    "a shape within a long string is no comment": (
        '''
        y = """
        # (B, C)
        x = 1  # (B, C)
        """  # (B, D)
        ''',
        ['(B, D) TRAILING y = """'],
    ),
    "the links of a chain": (
        """
        y = (
            x.flatten(2)  # (B, C, N)
            .transpose(1, 2)  # (B, N, C)
        )
        """,
        ["(B, C, N) INSIDE x.flatten(2)", "(B, N, C) INSIDE x.flatten(2) # (B, C, N) .transpose(1, 2)"],
    ),
    "a link whose dot ends the line above": (
        """
        y = (x.flatten(2).  # (B, C, N)
             mean(1))
        """,
        ["(B, C, N) INSIDE x.flatten(2)"],
    ),
    "over a link": (
        """
        y = (x
             # (B, C, N)
             .flatten(2))
        """,
        ["(B, C, N) INSIDE x # (B, C, N) .flatten(2)"],
    ),
    "arguments": (
        """
        y = f(
            g(x),  # (B, C)
            mask=h(
                x
            ),  # (B, D)
        )
        """,
        ["(B, C) INSIDE g(x)", "(B, D) INSIDE h( x )"],
    ),
    "a keyword argument beside the bracket": (
        """
        y = f(g(x),  # (B, C)
              mask=m)  # (B, D)
        """,
        ["(B, C) INSIDE g(x)", "(B, D) TRAILING y = f(g(x),  # (B, C)"],
    ),
    "several arguments on a line: the last, or one each": (
        """
        y = f(a, b,  # (B, C)
              c, d,  # (B, K), (B, N)
              e)
        """,
        ["(B, C) INSIDE b", "(B, K) INSIDE c", "(B, N) INSIDE d"],
    ),
    "elements of a list and values of a dict": (
        """
        y = [
            f(x),  # (B, C)
            g(x)  # (B, D)
        ]
        z = {
            "a": f(x),  # (B, K)
        }
        """,
        ["(B, C) INSIDE f(x)", "(B, D) INSIDE g(x)", "(B, K) INSIDE f(x)"],
    ),
    "layers": (
        """
        self.net = nn.Sequential(
            # (B, C) -> (B, D)
            nn.Linear(C, D),
            nn.ReLU(),  # (B, D)
        )
        """,
        ["(B, C) INSIDE nn.Linear(C, D)", "(B, D) INSIDE nn.Linear(C, D)", "(B, D) INSIDE nn.ReLU()"],
    ),
    "the bracket that opens": (
        """
        y = torch.cat(  # (B, C)
            [a, b]
        )
        """,
        ["(B, C) INSIDE torch.cat( # (B, C) [a, b] )"],
    ),
    "an operand": (
        """
        y = (a @ b  # (B, C)
             + c)
        """,
        ["(B, C) INSIDE a @ b"],
    ),
    "a branch of a conditional": (
        """
        y = (a if t  # (B, C)
             else b)
        """,
        ["(B, C) INSIDE a"],
    ),
    "the element of a comprehension": (
        """
        y = [
            f(x)  # (B, C)
            for x in xs
        ]
        """,
        ["(B, C) INSIDE f(x)"],
    ),
    "a line above": (
        """
        x = 1

        # (B, C)
        y = f(x)
        """,
        ["(B, C) ABOVE y = f(x)"],
    ),
    "first in a body, over the docstring or below it": (
        """
        def f(x):
            "What it does."
            # (B, C)
            y = g(x)
            # (B, D)
            return y
        """,
        ["(B, C) FIRST y = g(x)", "(B, D) ABOVE return y"],
    ),
    "after the last statement of a block": (
        """
        for x in xs:
            y = f(x)
            # (B, C)
        z = 1
        # (B, D)
        """,
        ["(B, C) BELOW -", "(B, D) BELOW -"],
    ),
    "over else, elif and except: nobody's": (
        """
        if a:
            y = 1
        # (B, C)
        elif b:
            y = 2
        # (B, D)
        else:
            y = 3
        try:
            y = 4
        # (B, K)
        except E:
            pass
        """,
        ["(B, C) BELOW -", "(B, D) BELOW -", "(B, K) BELOW -"],
    ),
    "headers": (
        """
        for x in xs:  # (B, C)
            pass
        if a:  # (B, D)
            pass
        elif b:  # (B, K)
            pass
        else:  # (B, N)
            pass
        with a as b:  # (B, H)
            pass
        """,
        [
            "(B, C) HEADER for x in xs:  # (B, C)",
            "(B, D) HEADER if a:  # (B, D)",
            "(B, K) HEADER elif b:  # (B, K)",
            "(B, N) HEADER -",
            "(B, H) HEADER with a as b:  # (B, H)",
        ],
    ),
    "blocks on their header's line": (
        """
        if a: y = f(x)  # (B, C)
        else: y = g(x)  # (B, D)
        def f(x): return x  # (B, K)
        """,
        ["(B, C) TRAILING y = f(x)", "(B, D) TRAILING y = g(x)", "(B, K) TRAILING return x"],
    ),
    "the header of a function": (
        """
        def f(self, x, mask):  # (B, C)
            pass
        """,
        ["(B, C) PARAMETER x"],
    ),
    "two parameters, two shapes": (
        """
        def f(q, k):  # (B, N, C), (B, K, C)
            pass
        """,
        ["(B, N, C) PARAMETER q", "(B, K, C) PARAMETER k"],
    ),
    "a parameter that the comment names": (
        """
        def f(q, k):  # k: (B, K, C)
            pass
        """,
        ["(B, K, C) PARAMETER k"],
    ),
    "an arrow at a function's header": (
        """
        def f(self, x):  # (B, C) -> (B, D)
            pass
        """,
        ["(B, C) PARAMETER x", "(B, D) DOCSTRING f"],
    ),
    "one parameter a line": (
        """
        def f(
            self,
            q,  # (B, N, C)
            # (B, K, C)
            k,
            mask=None,  # (B, N, K)
        ) -> Tensor:  # (B, H)
            pass
        """,
        [
            "(B, N, C) PARAMETER q",
            "(B, K, C) PARAMETER k",
            "(B, N, K) PARAMETER mask",
            "(B, H) DOCSTRING f",
        ],
    ),
    "over a decorator, a function, a class": (
        """
        # (B, C)
        @torch.no_grad()
        # (B, D)
        def f(x):
            pass
        """,
        ["(B, C) ABOVE f", "(B, D) ABOVE f"],
    ),
    "annotations": (
        """
        def f(x: Float[Tensor, "b c"], y: Int[torch.Tensor, "b"] | None) -> Float[Tensor, "b d"]:
            z: Float[Tensor, "b n"] = g(x)
            n: int = 3
        """,
        ["b c ANNOTATION x", "b ANNOTATION y", "b d ANNOTATION f", "b n ANNOTATION z"],
    ),
    "names of classes as text in annotations": (
        """
        def f(x: dict[str, "Node"], y: Union[Tensor, "Node"], z: Annotated[Tensor, "b c"]) -> Union[Node, "Other"]:
            w: Optional["Node"] = g(x)
        """,
        ["b c ANNOTATION z"],
    ),
}


@pytest.mark.parametrize(("source", "expected"), ROWS.values(), ids=ROWS.keys())
def test_what_a_comment_is_about(source: str, expected: list[str]) -> None:
    source = dedent(source).lstrip("\n")
    found = [line.replace('"', "") if "ANNOTATION" in line else line for line in attachments(source, lower(source, ""))]
    assert found == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\n# (B, C)\ny = x\n", False),
        ("x = 1\n\n# (B, C)\ny = x\n", True),
        ("x = 1\n# one\n# (B, C)\ny = x\n", False),
        ("x = 1\n\n# one\n# (B, C)\ny = x\n", True),
        ("# (B, C)\ny = x\n", True),
        ("def f(x):\n    # (B, C)\n    y = x\n", True),
        ('def f(x):\n    "Doc."\n    # (B, C)\n    y = x\n', True),
        ("for x in y:\n    z = x\n    # (B, C)\n", False),
        ("for x in y:\n    z = x\n\n    # (B, C)\n", True),
    ],
)
def test_apart(source: str, expected: bool) -> None:
    [claim] = [claim for _, notes in notes_of(lower(source, "")) for claim in notes.claims]
    assert claim.apart is expected


def test_a_docstring_claims_at_its_own_place() -> None:
    source = 'def f(x):\n    """Sum é.\n\n    x: (B, C)\n    """\n'
    assert attachments(source, lower(source, "")) == ["(B, C) DOCSTRING x"]


@pytest.mark.parametrize(
    ("docstring", "at"),
    [
        (r'"\n\n    x: (B, C)\n"', (2, 17, 2, 23)),
        ('"""Sums\\\n    up.\n\n    x: \\t \\\n    (B, C)\n    """', (6, 5, 6, 11)),
        (r'"\x41\u00e9\N{BULLET}\101\n x: (B, C)"', (2, 36, 2, 42)),
        ('"x: (B, " "C)"', (2, 5, 2, 19)),
    ],
)
def test_a_docstring_with_escapes_claims_at_its_own_place(docstring: str, at: tuple[int, ...]) -> None:
    source = f"def f(x):\n    {docstring}\n"
    [claim] = [claim for _, notes in notes_of(lower(source, "")) for claim in notes.claims]
    assert claim.at == at


def test_columns_count_characters_and_blocks_stand_where_their_file_has_them() -> None:
    source = 'y = f("éé")  # ü (B, C)\n'
    module = lower(source, "", first_line=10, column=4)
    [claim] = [claim for _, notes in notes_of(module) for claim in notes.claims]
    start = source.index("(B, C)") + 1 + 4
    assert claim.at == (10, start, 10, start + 6)
    assert module.body[0].at == (10, 5, 10, 4 + 12)

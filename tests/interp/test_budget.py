"""The work that a part of a program may cost: a part with claims is followed to its end, others as far as is cheap."""

from __future__ import annotations

import pytest

from shapelint.checks.model import Verdict
from shapelint.interp.running.analysis import analyse
from shapelint.interp.state.budget import (
    LEAST_STEPS,
    STEPS_A_LINE,
    STEPS_OF_SCRIPT,
    STEPS_WITH_CLAIMS,
    STEPS_WITH_INPUTS,
    STEPS_WITHOUT,
    Budget,
    Part,
    holds_claims,
    part_of,
)
from shapelint.interp.state.events import Evidence
from shapelint.program import lower
from shapelint.program.nodes import Function
from tests.linted import lint

LONG = "\n".join(f"    a{i} = x + {i}" for i in range(STEPS_WITHOUT // 3))
"""More work than a function without claims may cost, less than one with claims may."""


def _function(first: str, last: str, below: str = "") -> str:
    return f"import torch\n\n\ndef f(x):\n    {first}\n{LONG}\n    {last}\n{below}"


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        (_function("pass", "return x"), True),
        (_function("pass", "return x  # (B, C)"), False),
        (_function('"""Args:\n        x: (B, C).\n    """', "return x"), False),
        ("import torch\n\n\ndef f(x):\n    return x + 1\n", False),
    ],
    ids=["no claim", "a claim", "a claim in the docstring", "short"],
)
def test_a_part_without_claims_is_cut_short(text: str, limited: bool) -> None:
    analysis = analyse(lower(text, "program.py"))
    assert any(evidence.limit for evidence in analysis.evidence) is limited
    assert not analysis.cut_short


def test_methods_of_which_the_docstring_of_the_class_speaks_hold_claims() -> None:
    doc = '"""A layer.\n\n    Shape:\n        - Input: :math:`(B, C)`\n        - Output: :math:`(B, C)`\n    """'
    for docstring, limited in ((doc, False), ("pass", True)):
        body = LONG.replace("    a", "        a")
        text = (
            f"from torch import nn\n\n\nclass Net(nn.Module):\n    {docstring}\n\n    def forward(self, x):\n"
            f"{body}\n        return x\n"
        )
        analysis = analyse(lower(text, "program.py"))
        assert any(evidence.limit for evidence in analysis.evidence) is limited


def test_what_cannot_run_is_found_before_the_limit_in_a_function_without_claims() -> None:
    fails = "torch.zeros(2, 3) @ torch.zeros(4, 5)"
    assert [finding.code for finding in lint(_function(fails, "return x")).findings] == ["SHP201"]
    assert not lint(_function("torch.zeros(2, 3) @ torch.zeros(3, 5)", "return x")).findings


def test_a_claim_below_a_long_function_is_judged_and_not_said_to_be_cut_short() -> None:
    below = (
        "\n\ndef g(y):\n    B, C = y.shape\n    return y.t()  # (C, B)\n\n\nif False:\n    z = torch.zeros(2)  # (3,)\n"
    )
    proved, never = lint(_function("pass", "return x", below)).annotations
    assert proved.verdict is Verdict.PROVED
    assert never.reason == "the code is never reached"


def test_a_function_without_claims_that_is_cut_short_is_told() -> None:
    assert lint(_function("pass", "return x  # (B, C)")).cut_short == ()
    assert lint(_function("pass", "return x")).cut_short == ("the limit of work for one function was reached",)


def test_methods_are_not_judged_on_an_object_that_is_half_made() -> None:
    work = LONG.replace("    a", "        a")
    text = (
        "from torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self, x):\n        super().__init__()\n"
        "        self.up, self.down = nn.Linear(8, 16), nn.Linear(8, 4)\n{work}\n"
        "        self.down = nn.Linear(16, 4)\n\n"
        "    def forward(self, x):\n        return self.down(self.up(x))\n"
    )
    assert not lint(text.format(work=work)).findings
    wrong = text.replace("self.down = nn.Linear(16, 4)", "pass")
    assert [finding.code for finding in lint(wrong.format(work="        pass")).findings] == ["SHP205"]


def test_what_fails_in_a_loop_that_is_cut_short_may_hold_in_its_later_turns() -> None:
    work = LONG.replace("    a", "            a")
    text = (
        "import torch\n\n\ndef f(x, size):\n    rows = []\n    for part in x:\n        if len(rows) < size // 2:\n"
        "            rows.append(part)\n            continue\n        batch = torch.stack(rows)\n        if size:\n"
        "{work}\n        rows = []\n"
    )
    assert not lint(text.format(work=work)).findings
    sure = text.replace("            continue\n", "").replace("rows.append(part)", "pass")
    assert [finding.code for finding in lint(sure.format(work=work)).findings] == ["SHP204"]


def test_the_share_of_a_file_grows_with_its_length_and_is_spent() -> None:
    budget = Budget(lower("import torch\n" * 100, "program.py"))
    assert (budget.limit(Part.CLAIMS), budget.limit(Part.OTHER)) == (STEPS_WITH_CLAIMS, STEPS_WITHOUT)
    budget.spend(STEPS_WITH_CLAIMS, Part.CLAIMS)
    assert budget.limit(Part.OTHER) == STEPS_WITHOUT
    budget.spend(STEPS_A_LINE * 100 - 1200, Part.OTHER)
    assert budget.limit(Part.OTHER) == 1200
    budget.spend(1200, Part.OTHER)
    assert budget.limit(Part.SCRIPT) == STEPS_OF_SCRIPT
    budget.spend(STEPS_OF_SCRIPT, Part.SCRIPT)
    assert budget.limit(Part.SCRIPT) == LEAST_STEPS
    assert (budget.limit(Part.CLAIMS), budget.limit(Part.OTHER)) == (STEPS_WITH_CLAIMS, LEAST_STEPS)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("import torch\ndef f(x):\n    if x:\n        y = x.t()  # (C, B)\n", True),
        ("import torch\ndef f(x):\n    # where D = H*W\n    y = x.t()\n", False),
        ("import torch\ndef f(x):\n    y = x.t()  # turned over\n", False),
    ],
)
def test_claims_are_found_however_deep_they_stand(text: str, held: bool) -> None:
    assert any(map(holds_claims, lower(text, "program.py").body)) is held


@pytest.mark.parametrize(
    ("said", "worth"),
    [
        ('    """Args:\n        x: (B, C)\n    """\n    y = x.t()\n', Part.INPUTS),
        ('    """Args:\n        x: (B, C)\n    """\n    y = x.t()  # (C, B)\n', Part.CLAIMS),
        ('    """Args:\n        x: (B, C)\n    Returns:\n        (C, B)\n    """\n    return x.t()\n', Part.CLAIMS),
        ("    y = x.t()\n", Part.OTHER),
    ],
)
def test_what_is_said_of_inputs_alone_is_worth_less_work(said: str, worth: Part) -> None:
    function = lower(f"import torch\ndef f(x):\n{said}", "program.py").body[1]
    assert isinstance(function, Function)
    assert part_of(function) is worth


def test_a_call_that_does_not_come_to_its_end_is_not_begun_again_where_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spent: list[int] = []
    monkeypatch.setattr(Budget, "spend", lambda _self, steps, _claims: spent.append(steps))
    models = "".join(f"\n\ndef model{i}(pretrained=False):\n    return build({i})\n" for i in range(9))
    analysis = analyse(lower(f"def build(x):\n{LONG}\n    return x\n{models}", "program.py"))
    assert all(evidence.limit for evidence in analysis.evidence[1:])
    assert sum(steps > STEPS_WITHOUT for steps in spent) == 1, "build itself"


def test_a_call_that_came_to_its_end_before_is_followed_each_time() -> None:
    build = "def build(x, y):\n    return x @ y\n"
    text = f"import torch\n\n\n{build}\n\ndef first():\n    return build(torch.zeros(2, 3), torch.zeros(3, 4))\n\n\n"
    text += "def second():\n    return build(torch.zeros(2, 3), torch.zeros(4, 4))\n"
    assert [finding.line for finding in lint(text).findings] == [13]


def test_what_runs_as_it_stands_is_followed_as_far_as_what_holds_claims() -> None:
    work = LONG.replace("x +", "width +")
    build = f"def build(width):\n{work}\n    return nn.Linear(width, 4)\n"
    text = f"import torch\nfrom torch import nn\n\n\n{build}\n\n"
    use = "    model = build(8)\n    return model(torch.zeros(2, 9))\n"
    assert [finding.code for finding in lint(f"{text}def main():\n{use}").findings] == ["SHP205"]
    assert not lint(f"{text}def main(arguments):\n{use}").findings
    assert [finding.code for finding in lint(f"{text}model = build(8)\nmodel(torch.zeros(2, 9))\n").findings] == [
        "SHP205"
    ]


def test_what_tells_of_inputs_alone_is_followed_to_the_private_function_that_it_calls() -> None:
    said = '    """Args:\n        x: (B, C)\n    """\n'
    work = "\n".join([LONG] * (STEPS_WITH_INPUTS // STEPS_WITHOUT + 1))
    inner = f"def _inner(x):\n{said}    return x.sum(0)  # (C,)\n"
    text = f"import torch\n\n\ndef outer(x):\n{said}{work}\n    {{last}}\n\n\n{inner}"
    *_, followed, _ = lint(text.format(last="return _inner(x * 2)")).annotations
    *_, not_followed, _ = lint(text.format(last="return inner(x * 2)")).annotations
    assert (followed.verdict, not_followed.verdict) == (Verdict.PROVED, Verdict.ASSUMED)


def test_a_private_function_that_is_not_followed_to_its_end_is_not_run_with_what_other_calls_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spent: list[int] = []
    monkeypatch.setattr(Budget, "spend", lambda _self, steps, _part: spent.append(steps))
    work = "\n".join([LONG] * (STEPS_WITH_CLAIMS // STEPS_WITHOUT + 1))
    calls = "".join(f"def f{i}():\n    return _inner(torch.zeros({i}, 2))\n\n\n" for i in range(3, 7))
    analyse(lower(f"import torch\n\n\n{calls}def _inner(x):\n{work}\n    return x  # (B, 2)\n", "program.py"))
    assert sum(steps > STEPS_WITH_CLAIMS for steps in spent) == 2, "by itself, and with what the first call gives"


def test_a_private_function_that_others_call_unseen_is_not_run_with_what_calls_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[str] = []

    def run_given(*_: object) -> Evidence:
        begun.append("run")
        return Evidence("")

    monkeypatch.setattr("shapelint.interp.running.in_calls._run_given", run_given)
    calls = "def f(y):\n    return _inner(torch.zeros(3, 2))\n\n\n{unseen}def _inner(x):\n    return x  # (B, 2)\n"
    analyse(lower("import torch\n\n\n" + calls.format(unseen=""), "program.py"))
    assert begun == ["run"]
    unseen = "def g(y):\n    raise ValueError\n    return _inner(y)\n\n\n"
    analyse(lower("import torch\n\n\n" + calls.format(unseen=unseen), "program.py"))
    assert begun == ["run"]


ROWS = "\n".join(f"{'    ' * (i + 1)}for n{i} in range(16):" for i in range(4))
COSTLY = f"def costly(total):\n{ROWS}\n{'    ' * 5}total = total + n0 * n1\n    return total\n"
"""A function that takes more than a part with claims may."""


@pytest.mark.parametrize(
    "calls",
    ["costly(n)", "through(n)"],
    ids=["called itself", "called by another one"],
)
def test_a_call_that_takes_most_of_the_work_is_left_out_where_there_are_claims(calls: str) -> None:
    text = (
        f"import torch\nfrom torch import nn\n\n\n{COSTLY}\n\ndef through(n):\n    return costly(n) + 1\n\n\n"
        "class Net(nn.Module):\n    def __init__(self, n, dim):\n        super().__init__()\n"
        f"        self.seed = {calls}\n        self.fc = nn.Linear(dim, 2 * dim)\n\n"
        "    def forward(self, x):\n"
        '        """\n        x (B, dim)\n        """\n'
        "        return self.fc(x)  # (B, 2*dim)\n\n"
        "    def wrong(self, x):\n"
        '        """\n        x (B, dim)\n        """\n'
        "        return self.fc(x)  # (B, dim)\n\n"
        "    def seeded(self, x):\n        return x + torch.zeros(self.seed)  # (B, C)\n"
    )
    found = lint(text)
    verdicts = [one.verdict.value for one in found.annotations]
    assert verdicts == ["assumed", "proved", "assumed", "refuted", "open"]

"""The formats that programs read: concise, json, github, sarif, and the tables of `--statistics`."""

from __future__ import annotations

import json
from dataclasses import replace

from shapelint.checks.model import Annotation, Report, Verdict
from shapelint.checks.rules.rule import Rule
from shapelint.report import as_json, concise, github, sarif, statistics
from tests.report.sample import FINDING, REPORT, WARNING, claims

BOTH = replace(REPORT, findings=(FINDING, WARNING))


def test_concise_is_a_line_for_each_finding() -> None:
    assert concise.write(BOTH) == (
        "model.py:228:49: error SHP102 comment says (B, C, C), the code gives (B, H*W, H*W)\n"
        "pkg/net.py:3:1: warning SHP302 size: 100%, certain\n"
        "Found 1 error and 1 warning. 34 comments: 30 proved, 1 refuted, 3 assumed, 0 open.\n"
    )
    assert concise.write(Report(files=3), quiet=True) == ""


def test_concise_keeps_to_one_line() -> None:
    assert concise.headline(replace(WARNING, message="a\n  b")) == "pkg/net.py:3:1: warning SHP302 a b"


def test_json_has_the_keys_of_the_contract_in_order() -> None:
    data = json.loads(as_json.write(BOTH, annotations=True))

    assert list(data) == ["version", "findings", "annotations", "summary"]
    assert data["version"] == 1
    assert data["findings"][0] == {
        "code": "SHP102",
        "severity": "error",
        "message": "comment says (B, C, C), the code gives (B, H*W, H*W)",
        "path": "model.py",
        "line": 228,
        "column": 49,
        "end_line": 228,
        "end_column": 58,
        "declared": "(B, C, C)",
        "inferred": "(B, H*W, H*W)",
        "witness": {"B": 4, "C": 3, "H": 4, "W": 4},
        "notes": list(FINDING.notes),
        "fix": {"edits": [{"line": 228, "column": 49, "end_line": 228, "end_column": 58, "text": "(B, H*W, H*W)"}]},
        "dynamic": None,
    }
    assert list(data["findings"][0]) == list(data["findings"][1])
    assert data["findings"][1]["fix"] is None
    assert data["annotations"][0] == {
        "path": "model.py",
        "line": 1,
        "column": 1,
        "text": "# (B, C)",
        "about": "x",
        "declared": "(B, C)",
        "inferred": None,
        "verdict": "proved",
        "reason": None,
    }
    assert data["summary"] == {
        "files": 1,
        "annotations": 34,
        "proved": 30,
        "refuted": 1,
        "assumed": 3,
        "open": 0,
        "findings": 2,
        "seconds": 0.25,
    }


def test_json_has_claims_and_counts_only_when_asked() -> None:
    assert list(json.loads(as_json.write(REPORT))) == ["version", "findings", "summary"]
    report = replace(REPORT, annotations=claims(1, 0, 0, 2), cut_short=("too much work",) * 3)
    told = json.loads(as_json.write(report, with_statistics=True))
    assert told["statistics"] == {
        "findings": {"SHP102": 1},
        "open": {"unknown function f": 2},
        "cut_short": {"too much work": 3},
    }


def test_json_names_the_cell_of_a_notebook() -> None:
    claim = Annotation("a.ipynb", 2, 1, "# (B)", "x", "(B)", None, Verdict.OPEN, "why", cell=4)
    data = json.loads(as_json.write(Report((replace(FINDING, cell=4),), (claim,)), annotations=True))

    assert (data["findings"][0]["cell"], data["annotations"][0]["cell"]) == (4, 4)


def test_json_is_ascii_whatever_a_path_holds() -> None:
    text = as_json.write(Report((replace(FINDING, path="bad\udcff.py", message="形"),)))

    assert text.isascii()
    assert json.loads(text)["findings"][0]["message"] == "形"


def test_github_escapes_what_its_commands_would_take_for_their_own() -> None:
    assert github.write(Report((FINDING, WARNING))) == (
        "::error title=shapelint (SHP102),file=model.py,line=228,endLine=228,col=49,endColumn=57"
        "::model.py:228:49: error SHP102 comment says (B, C, C), the code gives (B, H*W, H*W)"
        "%0Aim1 is (B, H*W, C) from line 222, im2 is (B, C, H*W) from line 223"
        "%0Afor B=4, C=3, H=4, W=4: (4, 16, 16), not (4, 3, 3)\n"
        "::warning title=shapelint (SHP302),file=pkg/net.py,line=3,endLine=3,col=1,endColumn=3"
        "::pkg/net.py:3:1: warning SHP302 size: 100%25, certain\n"
    )
    assert "file=a%3A%2C%25.py" in github.command(replace(WARNING, path="a:,%.py"))


def test_github_gives_no_columns_to_a_span_of_several_lines() -> None:
    assert "line=3,endLine=5::" in github.command(replace(WARNING, end_line=5))


def test_sarif_describes_the_rules_and_places() -> None:
    rule = Rule("SHP102", "dims-differ", "error", "0.1", "Finds it.", "Is bad.", (), ())
    log = json.loads(sarif.write(BOTH, {"SHP102": rule}))
    (run,) = log["runs"]
    driver, (first, second) = run["tool"]["driver"], run["results"]

    assert log["version"] == "2.1.0"
    assert run["columnKind"] == "unicodeCodePoints"
    assert [entry["id"] for entry in driver["rules"]] == ["SHP102", "SHP302"]
    assert driver["rules"][0]["defaultConfiguration"] == {"level": "error", "enabled": True}
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("SHP102", 0, "error")
    assert (second["ruleId"], second["ruleIndex"], second["level"]) == ("SHP302", 1, "warning")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "model.py"},
        "region": {"startLine": 228, "startColumn": 49, "endLine": 228, "endColumn": 58},
    }
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "(B, H*W, H*W)"}
    assert first["properties"]["witness"] == {"B": 4, "C": 3, "H": 4, "W": 4}
    assert "fixes" not in second


def test_sarif_paths_are_uris() -> None:
    log = json.loads(sarif.write(Report((replace(WARNING, path="a b/ü.py"), replace(WARNING, path="/tmp/x.py"))), {}))
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]]

    assert uris == ["a%20b/%C3%BC.py", "file:///tmp/x.py"]


def test_statistics_count_verdicts_codes_and_reasons() -> None:
    reasons = ("rare", "often", "often")
    unsure = tuple(Annotation("a.py", 1, 1, "# (B)", "x", "(B)", None, Verdict.OPEN, reason) for reason in reasons)
    report = replace(BOTH, annotations=(*claims(4, 1, 2), *unsure))

    assert statistics.write(report, {"SHP102": "other-dims"}) == (
        "1 file, 10 comments, 0.25 s\n"
        "\n"
        "Comments\n"
        "      4   40.0%  proved\n"
        "      1   10.0%  refuted\n"
        "      2   20.0%  assumed\n"
        "      3   30.0%  open\n"
        "\n"
        "Findings\n"
        "      1  SHP102  other-dims\n"
        "      1  SHP302\n"
        "\n"
        "Why comments are open\n"
        "      2  often\n"
        "      1  rare\n"
    )
    places = tuple(replace(claim, reason=f"unknown function f at line {n}") for n, claim in enumerate(unsure))
    assert "      3  unknown function f\n" in statistics.write(replace(report, annotations=places), {})
    reasons = tuple(replace(unsure[0], reason=f"reason {n:02}") for n in range(statistics.MOST_ROWS + 5))
    assert statistics.write(replace(report, annotations=reasons), {}).endswith("  reason 29\n      5  5 others\n")
    assert statistics.write(Report(files=2), {}) == "2 files, 0 comments, 0.00 s\n"

"""The pytest plugin: `pytest --shapelint` checks the shape comments of the tested code against what passes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from shapelint.dynamic.session import Session

_SESSION = "_shapelint_session"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("shapelint")
    group.addoption("--shapelint", action="store_true", help="check shape comments against the shapes that pass them")
    group.addoption(
        "--shapelint-strict", action="store_true", help="as --shapelint, and fail the run where one is contradicted"
    )


def _is_asked(config: pytest.Config) -> bool:
    return bool(config.getoption("--shapelint") or config.getoption("--shapelint-strict"))


def pytest_configure(config: pytest.Config) -> None:
    """Before any module of the project is imported: have them recorded."""
    if not _is_asked(config):
        return
    from shapelint.dynamic.confirm import NoTorchError, require_torch
    from shapelint.dynamic.session import Session

    try:
        require_torch()
    except NoTorchError as error:
        raise pytest.UsageError(str(error)) from None
    session = Session([Path(config.rootpath).resolve(), Path.cwd().resolve()])
    session.__enter__()
    setattr(config, _SESSION, session)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the import system as it was."""
    session: Session | None = getattr(config, _SESSION, None)
    if session is not None:
        session.__exit__()
        delattr(config, _SESSION)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Make the report; a worker of xdist sends its own to the main process."""
    recorded: Session | None = getattr(session.config, _SESSION, None)
    if recorded is None:
        return
    from shapelint.cli.run import written

    report = recorded.report()
    data = {"text": written(report, "full"), "findings": json.loads(written(report, "json"))["findings"]}
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["shapelint"] = json.dumps(data)
        return
    reports = _reports(session.config)
    if recorded.programs or not reports:
        reports.append(data)
    if session.config.getoption("--shapelint-strict") and any(one["findings"] for one in reports) and exitstatus == 0:
        session.exitstatus = 1


@pytest.hookimpl(optionalhook=True)  # known only where xdist is
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take the report of a worker of xdist."""
    output = getattr(node, "workeroutput", None) or {}
    if "shapelint" in output:
        _reports(node.config).append(json.loads(output["shapelint"]))


def _reports(config: Any) -> list[dict[str, Any]]:
    if not hasattr(config, "_shapelint_reports"):
        config._shapelint_reports = []
    found: list[dict[str, Any]] = config._shapelint_reports
    return found


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The section at the end."""
    reports = _reports(config)
    if not _is_asked(config) or not reports:
        return
    terminalreporter.section("shape comments")
    for report in reports:
        terminalreporter.write_line(report["text"].rstrip())

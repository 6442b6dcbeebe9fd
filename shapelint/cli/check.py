"""`shapelint check PATH...`: lint files and folders."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shapelint import __version__
from shapelint.cli.output import send
from shapelint.project.configuration import ConfigurationError, codes, read_settings, settings_of
from shapelint.project.settings import OUTPUT_FORMATS, Settings, closest

if TYPE_CHECKING:
    from shapelint.checks.model import Report
    from shapelint.fixes.applied import Change
    from shapelint.project.workers import LintSource


def _codes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Rule codes or beginnings of them, separated by commas."""
    try:
        return None if value is None else codes([part for part in value.split(",") if part.strip()])
    except ValueError as error:
        raise click.BadParameter(str(error), context, option) from None


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 nothing found, 1 findings, 2 usage or configuration error.",
)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--output-format", type=click.Choice(OUTPUT_FORMATS), help="How to write the report.  [default: full]")
@click.option("--annotations", is_flag=True, help="With json: every shape comment and its verdict as well.")
@click.option("--statistics", is_flag=True, help="How much was decided, findings by rule, why comments are open.")
@click.option(
    "--select", callback=_codes, metavar="CODES", help="Only these rules: SHP102, SHP1, ALL; several with commas."
)
@click.option("--extend-select", callback=_codes, metavar="CODES", help="These rules too, on top of those selected.")
@click.option("--ignore", callback=_codes, metavar="CODES", help="Without these rules.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave out files in folders, as .gitignore would.")
@click.option("--config", type=click.Path(dir_okay=False), metavar="FILE", help="Read this configuration file.")
@click.option("--stdin-filename", metavar="PATH", help="The name of what `-` reads from standard input.")
@click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Worker processes.  [default: one per core]")
@click.option("--fix", is_flag=True, help="Replace wrong shapes in comments by what the code gives, then lint again.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--dynamic", is_flag=True, help="Run the code with dummy tensors to confirm findings and open claims.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option("--quiet", "-q", is_flag=True, help="Findings only, without the closing line.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colours; auto: on a terminal."
)
@click.version_option(__version__, "--version", "-V", message="shapelint %(version)s")
@click.option("--output-file", "-o", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report there.")
def command(paths: tuple[str, ...], **options: Any) -> int:
    """Check the shape comments and tensor operations in PyTorch code.

    PATHS are files (of any kind with Python in it) and folders, in which .py, .ipynb and .md files are read.
    Without any, the current folder is linted. `-` is standard input.
    """
    if options["stdin_filename"] and not paths:
        paths = ("-",)
    paths = paths or (".",)
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` cannot be combined with other paths")
    try:
        settings = _settings(paths, options)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    _require_known(settings)
    if options["dynamic"] and "-" in paths:
        raise click.UsageError("--dynamic runs files, it cannot run what comes in on standard input")
    if (options["fix"] or options["diff"]) and (options["dynamic"] or "-" in paths):
        raise click.UsageError("--fix and --diff are for files, and go without --dynamic")
    report = _chosen(_standard_input(settings, options) if "-" in paths else _files(paths, settings, options), settings)
    if options["diff"]:
        send(_diff(report), options["output_file"])
        return 1 if report.findings and not options["exit_zero"] else 0
    if options["fix"] and _fix(report):
        report = _chosen(_files(paths, settings, options), settings)
    if options["dynamic"]:
        report = _chosen(_run(report), settings)
    send(_written(report, settings, options), options["output_file"])
    failing = any(finding.dynamic != "not confirmed" for finding in report.findings)
    return 1 if failing and not options["exit_zero"] else 0


def _run(report: Report) -> Report:
    """The report with what running the code says of it; what is imported is said before it is."""
    from shapelint.dynamic.confirm import NoTorchError, confirmed
    from shapelint.dynamic.runner import StartError

    try:
        return confirmed(report, say=lambda what: click.echo(what, err=True))
    except (NoTorchError, StartError) as error:
        raise click.ClickException(str(error)) from None


def _diff(report: Report) -> str:
    """What the fixes of a report would change; how much that is, is told."""
    from shapelint.fixes.applied import changes

    made = changes(report.findings)
    _tell("Would fix", made)
    return "".join(change.diff() for change in made)


def _fix(report: Report) -> bool:
    """Write the fixes of a report into its files, and tell how many; whether there were any."""
    from shapelint.fixes.applied import changes

    made = changes(report.findings)
    for change in made:
        try:
            change.write()
        except OSError as error:
            raise click.ClickException(f"{change.path}: {(error.strerror or 'cannot be written').lower()}") from None
    _tell("Fixed", made)
    return bool(made)


def _tell(what: str, made: Sequence[Change]) -> None:
    from shapelint.report.counts import plural

    if made:
        comments = plural(sum(change.count for change in made), "comment")
        click.echo(f"{what} {comments} in {plural(len(made), 'file')}.", err=True)


FEW = 8
"""Up to so many files are linted one by one; for more, what linting needs is imported before processes are forked."""


def linter(many: bool = False) -> LintSource:
    """The function that lints one source; imported only when a file needs it."""
    from shapelint import api

    if many:
        api.warm_up()
    return api.lint_source


def _settings(paths: Sequence[str], options: dict[str, Any]) -> Settings:
    """The settings of the configuration file, and on top those of the command line."""
    if options["config"]:
        file = Path(options["config"])
        settings = settings_of(file)
        if settings is None:
            raise ConfigurationError(file, "has no table [tool.shapelint]")
    else:
        settings = read_settings(_where(paths, options["stdin_filename"]))
    changes: dict[str, object] = {
        name: options[name] for name in ("select", "ignore", "output_format") if options[name] is not None
    }
    if options["extend_select"]:
        changes["extend_select"] = settings.extend_select + options["extend_select"]
    settings = settings.but("command line", changes)
    if options["annotations"] and settings.output_format != "json":
        raise click.UsageError("--annotations needs --output-format json")
    return settings


def _where(paths: Sequence[str], stdin_filename: str | None) -> Path:
    """The folder from which the configuration is looked for: the innermost that holds all paths."""
    if "-" in paths:
        return Path(stdin_filename).parent if stdin_filename else Path.cwd()
    folders = [path if os.path.isdir(path) else os.path.dirname(path) or "." for path in map(os.path.abspath, paths)]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # several drives
        return Path.cwd()


def _require_known(settings: Settings) -> None:
    """A selector that no rule answers to is a slip, and would quietly switch nothing on or off."""
    given = [*settings.select, *settings.extend_select, *settings.ignore]
    if not any(len(code) > len("SHP0") for code in given):
        return
    from shapelint.checks.rules.rule import rules

    for code in given:
        if len(code) > len("SHP0") and rules() and not any(known.startswith(code) for known in rules()):
            raise click.ClickException(f"no rule has the code {code}{closest(code, rules())}")


def _files(paths: Sequence[str], settings: Settings, options: dict[str, Any]) -> Report:
    """The report of files and folders."""
    from shapelint.project.cache import open_cache
    from shapelint.project.files import MissingPathError, find_files
    from shapelint.project.run import merge, run
    from shapelint.project.workers import unreadable

    excluded = (*settings.exclude, *options["exclude"])
    try:
        found = find_files(paths, excluded, settings.root)
    except MissingPathError as error:
        from shapelint.cli.main import COMMANDS

        hint = closest(error.path, COMMANDS)
        raise click.ClickException(f"{error}{hint.replace('mean', 'mean the command')}") from None
    cache = None if options["no_cache"] else open_cache(settings)
    report = run(
        found.files,
        settings,
        partial(linter, many=len(found.files) > FEW),
        options["jobs"] or os.cpu_count() or 1,
        cache,
    )
    problems = [unreadable(problem.path, f"this folder cannot be read: {problem.reason}") for problem in found.problems]
    return merge([report, *problems], report.seconds) if problems else report


def _standard_input(settings: Settings, options: dict[str, Any]) -> Report:
    """The report of what comes in on standard input."""
    from shapelint.project.run import merge
    from shapelint.project.workers import lint_text

    start = time.perf_counter()
    data = sys.stdin.buffer.read()
    report = lint_text(data, options["stdin_filename"] or "<stdin>", settings, linter())
    return merge([report], time.perf_counter() - start)


def _chosen(report: Report, settings: Settings) -> Report:
    """The report without the findings that the settings do not want to see."""
    from dataclasses import replace

    from shapelint.project.selection import selected

    return replace(report, findings=selected(report.findings, settings, _is_opt_in)) if report.findings else report


def _is_opt_in(code: str) -> bool:
    from shapelint.checks.rules.rule import rules

    rule = rules().get(code)
    return rule is not None and rule.opt_in


def _written(report: Report, settings: Settings, options: dict[str, Any]) -> str:
    """The report in the format that is wanted."""
    name, quiet = settings.output_format, options["quiet"]
    if name == "json":
        from shapelint.report import as_json

        return as_json.write(report, options["annotations"], options["statistics"])
    if name == "sarif":
        from shapelint.checks.rules.rule import rules
        from shapelint.report import sarif

        return sarif.write(report, rules())
    if name == "github":
        from shapelint.report import github

        text = github.write(report)
    elif name == "concise":
        from shapelint.report import concise

        text = concise.write(report, quiet)
    else:
        from shapelint.report import full, styled

        colour = styled.wants_colour(options["color"], sys.stdout) and not options["output_file"]
        text = full.write(report, colour, quiet, _width(options["output_file"]))
    if options["statistics"]:
        from shapelint.report import statistics

        text += ("\n" if text else "") + statistics.write(report, _names(report))
    return text


def _names(report: Report) -> dict[str, str]:
    """The names of the rules that were broken."""
    if not report.findings:
        return {}
    from shapelint.checks.rules.rule import rules

    return {code: rule.name for code, rule in rules().items()}


def _width(output_file: str | None) -> int:
    """How wide source lines may be: as the terminal, or what fits on a page anywhere else."""
    import shutil

    from shapelint.report.full import WIDTH

    return max(60, shutil.get_terminal_size().columns) if sys.stdout.isatty() and not output_file else WIDTH

"""The console script `yusuan`: what can be asked for, and how.

Belongs here: arguments, their checks, exit codes. Commands that need Dagster import it when they run, so that the others start at once.
"""

import os
import signal
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assets.cli import terminal
from assets.cli.arguments import (
    IsolationLevel,
    check_dataset,
    check_executor,
    check_results,
    check_samples,
    check_target,
    check_writable,
    documents_of,
    made_inbox,
    reasons_of,
    refusals,
    years_of,
)
from assets.cli.build_options import OUT, AsJson, BuildOptions, Out, Results, Strict, build_options
from assets.cli.dataset_commands import commands
from assets.cli.exits import HELD_BACK, SUCCESS, Stopped, show, stop, tell_missing_walls, usage
from assets.cli.explore_commands import commands as explore_commands
from assets.cli.fetch_commands import commands as fetch_commands
from assets.cli.languages import Language, language_of, say, say_help, speak
from assets.environment import INBOX_VARIABLE, sources_set
from pipeline.store.executors import Execution, Executor

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.build import BuildResult

app = typer.Typer(
    name="yusuan",
    help="Read budgets and final accounts of Chinese government departments into a partitioned, proven Parquet dataset.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(commands)
app.add_typer(explore_commands)
app.add_typer(fetch_commands)

Sources = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[SOURCE]...", help="Files, folders, or a registry (CSV). None: the embedded samples.", show_default=False),
]
SourcesOrSet = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[SOURCE]...", help="As for build. None: $YUSUAN_SOURCES, else the embedded samples.", show_default=False),
]


def main() -> None:
    """Run the console script; where a signal ends it, it says so and leaves nothing running."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    speak(language_of(sys.argv[1:], os.environ))
    try:
        say_help(typer.main.get_command(app))()
    except Stopped as stopped:
        sys.stderr.write(f"yusuan: {say(str(stopped))}\n")
        sys.exit(stopped.code)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"yusuan {metadata.version('yusuan')}\n")
        raise typer.Exit(SUCCESS)


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")] = False,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Language of help and messages: en or zh; by default that of the locale.")
    ] = None,
) -> None:
    """Read budgets and final accounts of Chinese government departments into a partitioned, proven Parquet dataset."""


@app.command(epilog="Example: [bold]yusuan build documents/ --out dataset[/]")
@build_options
def build(
    options: BuildOptions,
    sources: Sources = None,
    record: Annotated[bool, typer.Option("--record", help="Keep the record of the runs for `yusuan ui`.")] = False,
) -> None:
    """Read documents and publish the dataset: exactly what the sources hold, in one step. What they no longer hold is gone from it.

    Stages of a document whose input and code did not change are not run again, partitions without a change are not made again. A document
    that cannot be published is listed with the reason, and the others are published.
    """
    _build_and_tell(sources or [], options, _recorded if record else _built)


def _build_and_tell(sources: list[Path], options: BuildOptions, build_by: "Callable[..., BuildResult]", **more: Any) -> None:
    """Check what is asked for, build, and show what came of it."""
    started = time.monotonic()
    check_target(sources, options.out)
    check_results(options.results)
    check_executor(options.executor, options.scheduler)
    reasons = reasons_of(options.acknowledge)
    if options.executor is Executor.PROCESS:
        _warm_up()
    with terminal.steps() as steps, refusals():
        told = {"reading": steps.of("reading documents"), "making": steps.of("making partitions")}
        result = build_by(_or_samples(sources, options.out), options, acknowledged=reasons, **told, **more)
    _tell(result, time.monotonic() - started, options)


def _built(sources: list[Path], options: BuildOptions, **more: Any) -> "BuildResult":
    """Build by plain functions: nothing is recorded, and Dagster is not even imported."""
    from pipeline.build import Inputs
    from pipeline.build import build as run
    from pipeline.store.executors import archives_by, documents_by
    from pipeline.store.results import default_folder

    inputs = Inputs(sources, options.out, options.results or default_folder(), options.keep, options.storage or None)
    execution = _execution(options)
    return run(inputs, documents_by(execution), archives_by(execution), retry=options.retry, **more)


def _execution(options: BuildOptions) -> Execution:
    strict = options.isolation is IsolationLevel.STRICT
    return Execution(options.executor, options.scheduler, options.workers, strict=strict, retry=options.retry)


def _recorded(sources: list[Path], options: BuildOptions, **more: Any) -> "BuildResult":
    """Build by Dagster runs that `yusuan ui` shows."""
    from assets.instance import recording
    from assets.recorded_build import run_build
    from assets.resources import Workspace

    workspace = Workspace(
        sources=[str(source) for source in sources],
        dataset=str(options.out),
        results=str(options.results or ""),
        storage=options.storage,
        executor=options.executor,
        scheduler=options.scheduler,
        workers=options.workers,
        keep_versions=options.keep,
        strict=options.isolation is IsolationLevel.STRICT,
        retry=options.retry,
    )
    with recording() as (instance, storage):
        return run_build(workspace, storage, instance, **more)


@app.command(epilog="Example: [bold]yusuan backfill 2018..2022 archive/ --province CN-SH[/]")
@build_options
def backfill(
    options: BuildOptions,
    years: Annotated[str, typer.Argument(metavar="YEARS", help="A fiscal year, or the first and last: 2018..2022.")],
    sources: SourcesOrSet = None,
    province: Annotated[
        list[str] | None,
        typer.Option("--province", metavar="ISO", help="Only this province: CN-SH, CN for central bodies. May be repeated."),
    ] = None,
    department: Annotated[
        list[str] | None,
        typer.Option("--department", metavar="NAME", help="Only partitions with documents of this department, or part of a name."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="HOST", help="Only partitions with documents from this host, or below this address."),
    ] = None,
    redo: Annotated[
        bool, typer.Option("--redo", help="Read the documents that are meant again, though what was read of them is stored.")
    ] = False,
) -> None:
    """Make earlier years through Dagster: one recorded run per fiscal year and province, its checks filed under it.

    The partitions made replace those in the dataset, all others stay. Runs are recorded in $DAGSTER_HOME, or in .dagster of this folder.
    """
    from pipeline.budget.filing import PROVINCES

    first, last = years_of(years)
    unknown = sorted(set(province or ()) - set(PROVINCES))
    if unknown:
        usage(f"{', '.join(unknown)} is no province: give ISO 3166-2 codes such as CN-SH, or CN for central bodies.")

    def wanted(year: int, where: str) -> bool:
        return first <= year <= last and (not province or where in province)

    tags = {"yusuan/backfill": years}
    about = documents_of(department or [], source or []) if department or source else None
    _build_and_tell(sources or sources_set(), options, _recorded, wanted=wanted, about=about, unchanged_too=True, redo=redo, tags=tags)


@app.command(epilog="Example: [bold]yusuan inspect budget.pdf --page 3 --image page3.png[/]")
def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A document.")],
    page: Annotated[int | None, typer.Option("--page", min=1, metavar="N", help="Only the statements on this page.")] = None,
    image: Annotated[
        Path | None, typer.Option("--image", metavar="PNG", help="Draw the page with what was found on it. Needs --page.")
    ] = None,
    results: Results = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Show one document: what it is, its statements as tables, its checks, what was not understood."""
    if image is not None and page is None:
        usage("--image draws one page: say which with --page N.")
    if image is not None and image.suffix.lower() != ".png":
        usage(f"--image writes PNG: name a file that ends in .png, not {image}.")
    from pipeline.document.inputs.archives import is_inside

    if not file.is_file() and not is_inside(file):
        usage(f"{file} is not a file: give the path of one document.")
    check_results(results)
    from assets.cli import inspection
    from pipeline.document.inputs.collecting import source_of
    from pipeline.store.results import default_folder
    from pipeline.store.workers import archives_in_processes

    source = source_of(file, archives_in_processes(1))
    with refusals():
        frames = inspection.tables_of(source, results or default_folder())
    pages = frames["documents"]["pages"][0]
    if page is not None and pages is not None and page > pages:
        usage(f"There is no page {page}: the document has {pages}.")
    if as_json:
        terminal.print_json(inspection.summary_of(frames))
    else:
        show(inspection.told(frames, page))
    if image is not None and page is not None:
        try:
            inspection.draw(source, frames, page, image)
        except inspection.NoPicture as error:
            usage(str(error))
        if not as_json:
            show(["", f"Page {page} drawn to {image} ({inspection.LEGEND})"])
    held = frames["documents"]["status"][0] != "published" or inspection.has_failed(frames["checks"])
    raise typer.Exit(HELD_BACK if strict and held else SUCCESS)


@app.command(epilog="Example: [bold]yusuan score dataset --json[/]")
def score(
    dataset: Annotated[Path, typer.Argument(metavar="[DATASET]", help="A published dataset.")] = Path("dataset"),
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write the scorecard as one page of HTML.")] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="DATASET", help="Trend since this version; by default the version before."),
    ] = None,
    originals: Annotated[
        Path | None,
        typer.Option("--documents", metavar="DIR", help="Folder of documents to link to where no address is known."),
    ] = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Show how complete and consistent a dataset is: per document, per identity, overall, and what changed since a version before."""
    for folder in (dataset, *([against] if against else [])):
        check_dataset(folder)
    from assets.cli import reports
    from pipeline.checks.scorecard import identity_scores, overall
    from pipeline.publish.description.scorecard_page import read_version, scorecard_page, trend_of, version_before

    version = read_version(dataset)
    older = against or version_before(dataset)
    before = read_version(older) if older else None
    scores, identities = version.scores, identity_scores(version.checks)
    total = overall(scores)
    trend = trend_of(version, before) if before else None
    if html is not None:
        check_writable(html.parent, "--html")
        html.write_text(scorecard_page(version, before, originals), encoding="utf-8")
    if as_json:
        summary = {"dataset": str(dataset), "overall": reports.score_values(total)}
        trends = {} if trend is None else {"trend": trend}
        terminal.print_json({**summary, "identities": identities.to_dicts(), "documents": scores.to_dicts(), **trends})
    else:
        show(reports.scorecard(scores, identities, total))
        show(reports.causes_and_trend(version.findings, trend))
        if html is not None:
            show(["", f"Written as a page to {html}"])
    raise typer.Exit(HELD_BACK if strict and (total.quarantined or total.checks_failed) else SUCCESS)


@app.command(epilog="Example: [bold]yusuan ui documents/ --port 3000[/]")
def ui(
    sources: SourcesOrSet = None,
    out: Out = OUT,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="INBOX", envvar=INBOX_VARIABLE, help="Also fetch documents, into this folder."),
    ] = None,
    registry: Annotated[
        list[Path] | None,
        typer.Option("--registry", metavar="CSV", help="What is fetched; else $YUSUAN_REGISTRIES, else the landing pages that come along."),
    ] = None,
) -> None:
    """Open Dagster's web UI on this machine only, with this project loaded, and keep the dataset up to date. Stop it with Ctrl-C.

    While it is open, inputs that change are read, made and published; `docs/operating.md` says how. Runs are recorded in $DAGSTER_HOME, or
    in .dagster of this folder.
    """
    given = sources or sources_set()
    if into is not None:
        check_writable(into, "--into")
        given = [*given, made_inbox(into)]
    check_target(given, out)
    with refusals():
        if not given:
            check_samples(out)
        from assets.instance import PortInUse, serve

        try:
            raise typer.Exit(serve([str(source) for source in given], out, port, into, registry or []))
        except PortInUse as error:
            usage(str(error))


def _or_samples(sources: list[Path], out: Path) -> list[Path]:
    """Return the sources; the embedded samples stand for none, unless `out` is a dataset of other documents: then they are refused."""
    from pipeline.samples import DOCUMENTS

    if not sources:
        check_samples(out)
    return sources or [DOCUMENTS]


def _warm_up() -> None:
    """Let the process of the document readers start while Dagster is imported here: on two processors that costs no time."""
    from pipeline.store.processes.server_process import warm_up

    warm_up("pipeline.store.workers")


def _tell(result: "BuildResult", seconds: float, options: BuildOptions) -> None:
    from assets.cli import reports

    tell_missing_walls()
    if options.as_json:
        terminal.print_json(reports.summary_of(result, seconds))
    else:
        show(reports.told(result, seconds))
    held = result.score.quarantined or result.score.checks_failed
    raise typer.Exit(HELD_BACK if result.broken or result.held or (options.strict and held) else SUCCESS)

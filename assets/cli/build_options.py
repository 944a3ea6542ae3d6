"""Options that several commands share, each declared once.

Belongs here: their names, meanings and defaults. What is refused of their values is in `arguments.py`.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from assets.cli.arguments import IsolationLevel
from assets.environment import (
    DATASET_VARIABLE,
    EXECUTOR_VARIABLE,
    ISOLATION_VARIABLE,
    RESULTS_VARIABLE,
    SCHEDULER_VARIABLE,
    WORKERS_VARIABLE,
    WORKING_FILES_VARIABLE,
)
from pipeline.store.executors import Executor

Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 if a document was quarantined or a check of severity error failed.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a summary for machines: one JSON object.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", envvar=DATASET_VARIABLE, help="Where the dataset is published.")]
OUT = Path("dataset")
Results = Annotated[
    Path | None,
    typer.Option(
        "--results",
        "--readings",
        metavar="DIR",
        envvar=RESULTS_VARIABLE,
        help="Where results of stages are kept between builds; by default in the user's cache folder.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """What is asked of every command that builds: a field is an option."""

    out: Out = OUT
    results: Results = None
    workers: Annotated[
        int,
        typer.Option("--workers", min=0, metavar="N", envvar=WORKERS_VARIABLE, help="Processes that read documents; 0: one per processor."),
    ] = 0
    executor: Annotated[
        Executor,
        typer.Option("--executor", envvar=EXECUTOR_VARIABLE, help="Where documents are read: in processes here, or on a Dask cluster."),
    ] = Executor.PROCESS
    scheduler: Annotated[
        str,
        typer.Option("--scheduler", metavar="ADDRESS", envvar=SCHEDULER_VARIABLE, help="Of the Dask cluster: tcp://host:8786."),
    ] = ""
    storage: Annotated[
        str,
        typer.Option(
            "--storage",
            metavar="URL",
            envvar=WORKING_FILES_VARIABLE,
            help="Where working files lie instead of --results: s3://bucket/prefix, or a folder that all machines see.",
        ),
    ] = ""
    keep: Annotated[
        int, typer.Option("--keep", min=1, metavar="N", help="Versions of the dataset that are kept beside it, the new one included.")
    ] = 3
    acknowledge: Annotated[
        list[str] | None,
        typer.Option(
            "--acknowledge",
            metavar="YEAR|PROVINCE=REASON",
            help="Publish this partition although its pass rate fell; documents=REASON: publish although many are gone. May be repeated.",
        ),
    ] = None
    isolation: Annotated[
        IsolationLevel,
        typer.Option(
            "--isolation",
            envvar=ISOLATION_VARIABLE,
            help="Walls around the processes that read documents: as many as this system has, or all of them or no reading.",
        ),
    ] = IsolationLevel.USUAL
    retry: Annotated[
        bool, typer.Option("--retry", help="Read documents again that a limit stopped, or that crashed the reader, in an earlier build.")
    ] = False
    strict: Strict = False
    as_json: AsJson = False


_SHARED = [
    inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=option.default, annotation=option.type)
    for option in fields(BuildOptions)
]


def build_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `BuildOptions`, which it takes as one value: its argument `options`."""
    signature = inspect.signature(command)
    own = [argument for argument in signature.parameters.values() if argument.name != "options"]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        options = BuildOptions(**{shared.name: given.pop(shared.name) for shared in _SHARED})
        command(options=options, **given)

    parameters = [*(argument.replace(kind=inspect.Parameter.KEYWORD_ONLY) for argument in own), *_SHARED]
    run.__dict__.pop("__wrapped__")  # the terminal is asked for what `run` takes
    run.__dict__["__signature__"] = signature.replace(parameters=parameters)
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run

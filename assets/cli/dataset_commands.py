"""Commands on a published dataset: prove it, take a table out of it, say what changed.

Belongs here: their arguments and what they show. What they do is in `pipeline.publish`.
"""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assets.cli import terminal
from assets.cli.arguments import check_dataset
from assets.cli.build_options import AsJson
from assets.cli.exits import HELD_BACK, SUCCESS, show, usage

commands = typer.Typer()


@commands.command(epilog="Example: [bold]yusuan verify dataset[/]")
def verify(
    dataset: Annotated[Path, typer.Argument(metavar="[DATASET]", help="A dataset, published here or downloaded.")] = Path("dataset"),
    as_json: AsJson = False,
) -> None:
    """Prove a dataset from its own files: hashes, schemas, keys, counts, identities, marts, database. Exits with 1 if a proof fails."""
    from pipeline.publish.verify import NoDataset
    from pipeline.publish.verify import verify as proofs_of

    try:
        proofs = []
        for proof in proofs_of(dataset):
            proofs.append(proof)
            if not as_json:
                show([f"{'ok   ' if not proof.faults else 'FAULT'} {proof.name}: {proof.tested:,}", *(f"      {f}" for f in proof.faults)])
    except NoDataset as error:
        usage(str(error))
    if as_json:
        terminal.print_json({"dataset": str(dataset), "proofs": [asdict(proof) for proof in proofs]})
    raise typer.Exit(HELD_BACK if any(proof.faults for proof in proofs) else SUCCESS)


@commands.command(epilog="Example: [bold]yusuan export spending_by_function spending.xlsx --dataset dataset[/]")
def export(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A mart or any other table.")],
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .xlsx file; an existing one is replaced.")],
    dataset: Annotated[Path, typer.Option("--dataset", metavar="DIR", help="A published dataset.")] = Path("dataset"),
) -> None:
    """Write one table as CSV or XLSX, for spreadsheets: text stays text, whatever it begins with."""
    check_dataset(dataset)
    from pipeline.publish.spreadsheet_export import NoSheet, write_sheet

    try:
        rows = write_sheet(dataset, table, target)
    except NoSheet as error:
        usage(str(error))
    show([f"{rows:,} rows of {table} written to {target}"])


@commands.command(epilog="Example: [bold]yusuan upload dataset s3://bucket/budgets --endpoint http://127.0.0.1:9000[/]")
def upload(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="A published dataset.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="Where: s3://bucket/prefix.")],
    endpoint: Annotated[str | None, typer.Option("--endpoint", metavar="URL", help="Address of an S3-compatible service.")] = None,
    keep: Annotated[int, typer.Option("--keep", min=1, metavar="N", help="Versions that are kept there, this one included.")] = 3,
) -> None:
    """Publish a dataset as the current version on object storage: seen once `current.json` names it. Credentials: AWS_… variables."""
    check_dataset(dataset)
    from pipeline.publish.versions.object_storage import CannotUpload
    from pipeline.publish.versions.object_storage import upload as publish_to
    from pipeline.publish.versions.replacement import AnotherWriter

    try:
        done = publish_to(dataset, url, keep=keep, endpoint=endpoint)
    except (CannotUpload, AnotherWriter) as error:
        usage(str(error))
    show([f"{url}/current.json names {done.snapshot}: {done.sent} files sent, {done.copied} copied there, {done.there} there before"])


@commands.command(epilog="Example: [bold]yusuan changes dataset --since ../last-month/dataset[/]")
def changes(
    dataset: Annotated[Path, typer.Argument(metavar="[DATASET]", help="A published dataset.")] = Path("dataset"),
    since: Annotated[
        Path | None,
        typer.Option("--since", metavar="DIR", help="The dataset to compare with; by default the version before, as noted when published."),
    ] = None,
) -> None:
    """Show what changed since the version before: documents, lines, checks, rows, as Markdown."""
    for folder in (dataset, since or dataset):
        check_dataset(folder)
    from pipeline.publish.description.release_notes import compare, release_notes
    from pipeline.publish.versions.kept_versions import notes_of

    noted = notes_of(dataset)
    if since is None and noted is None:
        usage(f"no version before is kept beside {dataset}: say with --since what to compare with.")
    notes = release_notes(compare(since, dataset)) if since else noted.read_text(encoding="utf-8") if noted else ""
    sys.stdout.write(terminal.visible(notes))

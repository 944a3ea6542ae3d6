"""The command that shows a dataset: as a site on this machine, or written for any static host.

Belongs here: its arguments and what it says. What the site consists of is in `pipeline.site`, how it is served in `assets.cli.site_server`.
"""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.cli import terminal
from assets.cli.arguments import check_dataset, check_writable, refusals
from assets.cli.build_options import AsJson
from assets.cli.exits import Stopped, show, usage

if TYPE_CHECKING:
    from pipeline.site.pictures import Plan
    from pipeline.site.writer import Written

commands = typer.Typer()

_MEGABYTE = 1e6


@commands.command(epilog="Example: [bold]yusuan explore dataset --documents documents/[/]")
def explore(
    dataset: Annotated[Path, typer.Argument(metavar="[DATASET]", help="A published dataset.")] = Path("dataset"),
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the site there, for any static host, instead of serving it.")
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option("--documents", metavar="FOLDER", help="The documents, or their registry: pages behind numbers are cut out of them."),
    ] = None,
    compressed: Annotated[
        bool, typer.Option("--gzip", help="With --out: a compressed copy (.gz) beside each text file, for hosts that send such copies.")
    ] = False,
    edition: Annotated[bool, typer.Option("--edition", help="Show the edition of real figures that comes with the project.")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")] = 3010,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")] = True,
    as_json: AsJson = False,
) -> None:
    """Show the dataset as a site where every number leads to the page that it is printed on. Stop it with Ctrl-C.

    It is served to this machine only; with --out it is written as plain files that any web server can serve, below any path.
    """
    if edition:
        dataset = _edition()
    check_dataset(dataset)
    if out is not None:
        check_writable(out, "--out")
        if dataset.resolve().is_relative_to(out.resolve()) or out.resolve().is_relative_to(dataset.resolve()):
            usage(f"--out {out} lies in the dataset or around it: write the site elsewhere.")
        written = _write(dataset, out, documents, as_json, compressed=compressed)
        if as_json:
            terminal.print_json(asdict(written))
        else:
            show(_told(written))
        return
    if compressed:
        usage("--gzip is for a site that is written: give --out. What is served here is compressed on its way.")
    from assets.cli.site_server import PortInUse, listening, serve

    try:
        listener = listening(port)
    except PortInUse as error:
        usage(str(error))
    with listener, tempfile.TemporaryDirectory(prefix="yusuan-site-") as scratch:
        site = Path(scratch) / "site"
        _write(dataset, site, documents, as_json)
        show([f"http://127.0.0.1:{port}/ shows {dataset}. Stop it with Ctrl-C."])
        try:
            serve(site, listener, show=browser)
        except Stopped:  # the signal that ends it is how it is meant to end
            return


def _edition() -> Path:
    from pipeline.site.edition import NoEdition, folder_of_edition

    try:
        return folder_of_edition()
    except NoEdition as error:
        usage(str(error))


def _write(dataset: Path, out: Path, documents: Path | None, as_json: bool, *, compressed: bool = False) -> "Written":
    """Write the site, with the pages of documents where they are given; their number and size are told first."""
    from pipeline.site.writer import NotASite, refuse_other_folder, write_site

    try:
        refuse_other_folder(out)
        drawn = None if documents is None else _plan(dataset, documents, as_json)
        with terminal.steps() as steps:
            return write_site(dataset, out, drawn=drawn, compressed=compressed, told=steps.of("writing the site"))
    except NotASite as error:
        usage(str(error))


def _plan(dataset: Path, documents: Path, as_json: bool) -> "Plan":
    from pipeline.site import pictures
    from pipeline.site.writer import pages_wanted

    if not documents.exists():
        usage(f"{documents} does not exist: give the folder of the documents, or their registry (CSV).")
    with refusals():
        wanted = pages_wanted(dataset)
        drawn = pictures.plan(documents, wanted)
    size = pictures.estimate(drawn, {document: kind for document, (kind, _) in wanted.items()})
    if not as_json:
        lost = f"; {len(drawn.missing)} documents are not in {documents}" if drawn.missing else ""
        show([f"{drawn.number:,} pages of {len(drawn.pages)} documents are drawn, about {size / _MEGABYTE:,.0f} MB{lost}"])
    return drawn


def _told(written: "Written") -> list[str]:
    pages = f", {written.pictures:,} of them pages ({written.picture_bytes / _MEGABYTE:,.1f} MB)" if written.pictures else ""
    return [
        f"{written.bodies:,} departments and units, {written.documents:,} documents: {written.files:,} files, "
        f"{written.bytes / _MEGABYTE:,.1f} MB in {written.folder}{pages}",
        f"Any static host can serve it; here: python -m http.server --bind 127.0.0.1 --directory {written.folder}",
    ]

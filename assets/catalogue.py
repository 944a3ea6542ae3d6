"""The unpartitioned beginning: which inputs there are, and what each of them says it is.

Belongs here: materialising the catalogue of sources. New and changed documents are read here, in worker processes; all later
assets only sort what was read.
"""

import dagster as dg
import polars as pl

from assets.io import Workspace
from pipeline.document.sources import Source, collect
from pipeline.samples import DOCUMENTS
from pipeline.store.catalogue import Catalogue, Progress, catalogue_of, digest_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.results import ResultStore
from pipeline.store.workers import in_processes


def inputs_of(workspace: Workspace) -> list[Source]:
    """Return the inputs of a workspace: those of its sources, or the embedded samples.

    Raises:
        SourceError: a source cannot be used; the message says why.
    """
    return collect(workspace.sources or [DOCUMENTS])


def without_display(done: int, total: int, name: str) -> None:
    """Show nothing: a run without a terminal says in its records what it did."""


@dg.asset(
    description="Every input file: the hash of its bytes, where it is filed, and under which key its reading is kept.",
    group_name="inputs",
    kinds={"polars"},
)
def source_catalogue(workspace: Workspace, progress: dg.ResourceParam[Progress]) -> dg.MaterializeResult[pl.DataFrame]:
    """List the inputs and read those that were not read before by this version of the code."""
    store, versions = ResultStore(workspace.results_folder), stage_versions()
    for stage, version in versions.items():
        store.forget_old_versions(stage, version)
    sources = inputs_of(workspace)
    made: Catalogue = catalogue_of(sources, store, versions, in_processes(workspace.workers), progress)
    return dg.MaterializeResult(
        value=made.frame,
        metadata={
            "dagster/row_count": made.frame.height,
            "documents": made.frame["document_id"].n_unique(),
            "documents_read": made.made[Stage.EXTRACTION],
            "stages_made": {str(stage): count for stage, count in made.made.items()},
            "documents_kept": made.kept,
            "partitions": made.frame.select("fiscal_year", "province").unique().height,
        },
        data_version=dg.DataVersion(digest_of(sources, versions.values())),
    )

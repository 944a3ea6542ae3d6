"""Raw documents: which inputs there are, and what each of them says it is.

Belongs here: the catalogue of inputs. Where a document is filed stands in the document, so that listing the inputs takes new and changed
ones through all stages, in worker processes; assets downstream show, or redo, what is stored then.
"""

from datetime import timedelta

import dagster as dg
import polars as pl

from assets.data_versions import INPUTS_SEEN_TAG, inputs_seen, version_over
from assets.metadata import OWNER, columns_listed
from assets.partitions import set_partitions
from assets.resources import Workspace
from assets.seasons import DEADLINE, HOURS_TO_DEADLINE, TIME_ZONE
from pipeline.store.catalogue import Progress, catalogue_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.partitions.input_fingerprints import inputs_fingerprint

_COLUMNS = {
    "document_id": ("String", "First 16 hex digits of the file's sha256."),
    "file_name": ("String", "Its path below the folder that was given, else its name."),
    "fiscal_year": ("Int32", "Year that it is filed under."),
    "province": ("String", "Province that it is filed under."),
    "status": ("String", "What became of it, before it is compared with other documents."),
    "reason": ("String", "Why it is not published, in one sentence."),
    "checked": ("String", "Key of the result of its last stage."),
    "content": ("String", "Hash of that result."),
}


@dg.asset(
    deps=[dg.AssetKey("fetched_documents")],
    description="Every input file: the hash of its bytes, where it is filed, and under which key what was made of it is kept.",
    group_name="raw",
    kinds={"polars", "pdf"},
    owners=[OWNER],
    code_version=version_over({str(stage): version for stage, version in stage_versions().items()}),
    metadata=columns_listed(_COLUMNS),
    freshness_policy=dg.FreshnessPolicy.cron(
        deadline_cron=DEADLINE, lower_bound_delta=timedelta(hours=HOURS_TO_DEADLINE), timezone=TIME_ZONE
    ),
)
def raw_documents(
    context: dg.AssetExecutionContext, workspace: Workspace, progress: dg.ResourceParam[Progress]
) -> dg.MaterializeResult[pl.DataFrame]:
    """List the inputs, and take those through the stages that are new to this version of the code."""
    seen = inputs_seen(workspace)  # before they are read: what changes meanwhile is found by the next look
    store, versions = workspace.store, stage_versions()
    for stage, version in versions.items():
        store.delete_old_versions(stage, version)
    sources = workspace.inputs()
    made = catalogue_of(sources, store, versions, workspace.documents_in_workers(), progress)
    partitions = made.frame.select("fiscal_year", "province").unique().rows()
    set_partitions(context.instance, partitions)
    return dg.MaterializeResult(
        value=made.frame,
        metadata={
            "dagster/row_count": made.frame.height,
            "documents": made.frame["document_id"].n_unique(),
            "documents_read": made.made[Stage.EXTRACTION],
            "stages_made": {str(stage): count for stage, count in made.made.items()},
            "documents_kept": made.kept,
            "partitions": len(partitions),
        },
        tags={INPUTS_SEEN_TAG: seen},
        data_version=dg.DataVersion(inputs_fingerprint(sources, versions.values())),
    )

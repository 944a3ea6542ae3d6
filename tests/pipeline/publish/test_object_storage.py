"""Publication to object storage, against a server that speaks S3 on this machine."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.publish.dataset import publish
from pipeline.publish.versions.object_storage import CURRENT, CannotUpload, upload
from pipeline.publish.versions.replacement import AnotherWriter
from tests.pipeline.publish.samples import sample_dimensions, sample_partitions

obstore = pytest.importorskip("obstore", reason="the extra `s3` is not installed")
server = pytest.importorskip("moto.server", reason="moto's S3 server is not installed")
URL = "s3://budgets/china"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 server on a free port of the loopback, with one empty bucket."""
    import boto3

    names = {"AWS_ACCESS_KEY_ID": "made", "AWS_SECRET_ACCESS_KEY": "up", "AWS_DEFAULT_REGION": "us-east-1"}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=address).create_bucket(Bucket="budgets")
    yield address
    running.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


def store(endpoint: str, url: str) -> Any:
    return obstore.store.from_url(url, config={"aws_endpoint": endpoint}, client_options={"allow_http": True})


def current(endpoint: str, url: str) -> dict[str, Any]:
    return dict(json.loads(bytes(obstore.get(store(endpoint, url), CURRENT).bytes())))


def names(endpoint: str, url: str) -> set[str]:
    return {item["path"].split("/")[1] for batch in obstore.list(store(endpoint, url), prefix="versions") for item in batch}


def test_versions_are_published_kept_and_read_as_from_a_folder(endpoint: str, own_dataset: Path) -> None:
    url = f"{URL}/kept"
    first = upload(own_dataset, url, keep=2, endpoint=endpoint)
    held = current(endpoint, url)
    assert (held["snapshot"], held["versions"], first.copied) == (first.snapshot, [first.snapshot], 0)
    dimensions = sample_dimensions()
    publish(own_dataset, sample_partitions(leave_out=1), dimensions)
    second = upload(own_dataset, url, keep=2, endpoint=endpoint)
    assert second.copied > 10
    assert names(endpoint, url) == {first.snapshot, second.snapshot}
    publish(own_dataset, sample_partitions(leave_out=2), dimensions)
    third = upload(own_dataset, url, keep=2, endpoint=endpoint)
    assert names(endpoint, url) == {second.snapshot, third.snapshot}
    assert current(endpoint, url)["versions"] == [second.snapshot, third.snapshot]
    again = upload(own_dataset, url, keep=2, endpoint=endpoint)
    assert (again.sent, again.copied) == (0, 0)
    settings = {"aws_endpoint_url": endpoint, "aws_allow_http": "true", "aws_region": "us-east-1"}
    where = f"{url}/{current(endpoint, url)['path']}budget_lines/**/*.parquet"
    rows = pl.scan_parquet(where, hive_partitioning=True, storage_options=settings).collect()
    local = pl.read_parquet(f"{own_dataset}/budget_lines/**/*.parquet", hive_partitioning=True)
    assert rows.sort("document_id", "source", "statement_no", "row", "column").equals(
        local.sort("document_id", "source", "statement_no", "row", "column")
    )


def test_of_two_writers_one_wins_and_the_other_is_told(
    endpoint: str, samples_dataset: Path, own_dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{URL}/raced"
    upload(samples_dataset, url, endpoint=endpoint)
    publish(own_dataset, sample_partitions(leave_out=1), sample_dimensions())
    publish_other = obstore.put
    raced: list[bool] = []

    def put(where: Any, path: str, data: Any, **mode: Any) -> Any:
        if path == CURRENT and not raced:
            raced.append(True)
            held = json.dumps({"snapshot": "other", "path": "versions/other/", "versions": ["other"]})
            publish_other(store(endpoint, url), CURRENT, held.encode())
        return publish_other(where, path, data, **mode)

    monkeypatch.setattr(obstore, "put", put)
    with pytest.raises(AnotherWriter, match="its version is current"):
        upload(own_dataset, url, endpoint=endpoint)
    assert current(endpoint, url)["snapshot"] == "other"


def test_a_file_that_was_changed_is_not_published(endpoint: str, own_dataset: Path) -> None:
    (own_dataset / "README.md").write_text("other")
    with pytest.raises(CannotUpload, match=r"README\.md is not what the manifest says"):
        upload(own_dataset, f"{URL}/changed", endpoint=endpoint)
    with pytest.raises(FileNotFoundError):
        current(endpoint, f"{URL}/changed")

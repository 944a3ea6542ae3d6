"""An object store on the loopback for tests: moto's S3, of which each so-many-th answer can be made to fail."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

NAMES = {"AWS_ACCESS_KEY_ID": "made", "AWS_SECRET_ACCESS_KEY": "up", "AWS_DEFAULT_REGION": "us-east-1"}
BUCKET = "working-files"


class Failing:
    """A web application of which each so-many-th answer is 503."""

    def __init__(self, app: Any, every: int) -> None:
        self._app, self._every, self._numbers = app, every, itertools.count(1)
        self.failed = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if self._every and next(self._numbers) % self._every == 0:
            self.failed += 1
            start("503 Slow Down", [("Content-Length", "0")])
            return [b""]
        answer: Iterable[bytes] = self._app(environ, start)
        return answer


@contextmanager
def bucket(every: int = 0) -> Iterator[tuple[str, Failing]]:
    """Yield the URL of an empty bucket, which this process and those that it starts can use, and what serves it."""
    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    app = Failing(DomainDispatcherApplication(create_backend_app), 0)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    endpoint = f"http://127.0.0.1:{server.server_port}"
    set_now = {**NAMES, "AWS_ENDPOINT_URL": endpoint}
    before = {name: os.environ.get(name) for name in set_now}
    os.environ.update(set_now)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=BUCKET)
        app._every = every
        yield f"s3://{BUCKET}", app
    finally:
        server.shutdown()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

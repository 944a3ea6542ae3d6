"""Starting a fetch, and following it from outside: the process that fetches is another one.

Belongs here: the process and its events. Scrapy is loaded in that process alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from pipeline.fetch.inbox import InboxInUse
from pipeline.fetch.job import Ended, Event, Job

COMMAND = (sys.executable, "-m", "pipeline.fetch.crawl")
"""The process that fetches."""

_IN_USE = 2
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class FetchFailed(Exception):
    """The process that fetches ended before it was done; what it had is kept, and the next fetch goes on from there."""


def fetch(job: Job, tell: Callable[[Event], None] = lambda _: None) -> Ended:
    """Do a job in a process of its own, which ends with this one.

    Args:
        job: what is asked.
        tell: is called with every event.

    Raises:
        InboxInUse: another process is fetching into the inbox.
        FetchFailed: the process ended before it was done; the message is what it said last.
    """
    root = Path(__file__).resolve().parents[2]
    pipe = subprocess.PIPE
    with tempfile.TemporaryFile() as errors, subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=errors, cwd=root) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            with suppress(BrokenPipeError):  # it ended at once: its code says why
                process.stdin.write(msgspec.json.encode(msgspec.structs.replace(job, inbox=str(Path(job.inbox).resolve()))) + b"\n")
                process.stdin.flush()
            ended = None
            for line in process.stdout:
                try:
                    event = _DECODER.decode(line)
                except msgspec.DecodeError:
                    break  # the last line of a process that was killed
                tell(event)
                ended = event if isinstance(event, Ended) else ended
            code = process.wait()
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip()
        except BaseException:
            process.kill()
            raise
    if code == _IN_USE:
        raise InboxInUse(said.rpartition("\n")[2])
    if ended is None:
        raise FetchFailed(f"the process that fetches ended with code {code}: {said[-2000:] or 'it said nothing'}")
    return ended

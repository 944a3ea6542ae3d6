"""What parent and workers say to each other: frames of bytes, and inside them values of declared types, never pickles from a worker.

Belongs here: the form of what is said. A worker may be in a document's hands: whatever it says is decoded into these types, or refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

_LENGTH = 4  # bytes of the length before each frame

LONGEST_FRAME = 40 << 20
"""Bytes of a frame at most: a stored result, packed, and what is said about it. A document of 500 pages takes one million."""

LONGEST_SENTENCE = 300
"""Characters of a reason at most."""


class BrokenProtocol(Exception):
    """What came is no frame, or no message."""


class Work(msgspec.Struct, frozen=True):
    """What a worker is to do.

    Attributes:
        function: `module:name` of the function.
        of_main: whether that module is the program that the parent runs, which its items know as `__main__`.
        item: its argument, pickled by the parent.
        file: the one file that it may read.
        memory, cpu: see `pipeline.store.processes.walls.Confinement`.
        strict: refuse to work where a wall is missing.
        programs: of the system that may be run for it, each with its place.
    """

    function: str
    of_main: bool
    item: bytes
    file: bytes | None
    memory: int
    cpu: int
    strict: bool
    programs: dict[str, str] = {}


class Asked(msgspec.Struct, frozen=True, tag=True):
    """The worker asks the parent something, and waits for a frame."""

    question: bytes


class Done(msgspec.Struct, frozen=True, tag=True):
    """The work is done: its result, encoded by msgspec."""

    result: bytes


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The work ended with an exception: its kind, and what it says."""

    kind: str
    text: str


Message = Asked | Done | Failed

encode = msgspec.msgpack.Encoder().encode
work_of = msgspec.msgpack.Decoder(Work).decode
_MESSAGE = msgspec.msgpack.Decoder(Message)


def message_of(frame: bytes) -> Message:
    """Return what a worker said.

    Raises:
        BrokenProtocol: it is no message.
    """
    try:
        return _MESSAGE.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenProtocol(str(error)) from None


def frame(payload: bytes) -> bytes:
    """Return a payload with its length before it."""
    return len(payload).to_bytes(_LENGTH, "big") + payload


@dataclass(slots=True)
class Inbox:
    """Frames put together from what came."""

    received: bytearray = field(default_factory=bytearray)

    def frames(self, more: bytes) -> Iterator[bytes]:
        """Take what came, and yield the frames that are complete.

        Raises:
            BrokenProtocol: a frame says that it is longer than any may be.
        """
        self.received += more
        while len(self.received) >= _LENGTH:
            length = int.from_bytes(self.received[:_LENGTH], "big")
            if length > LONGEST_FRAME:
                raise BrokenProtocol(f"a frame of {length} bytes")
            if len(self.received) < _LENGTH + length:
                return
            payload = bytes(memoryview(self.received)[_LENGTH : _LENGTH + length])
            del self.received[: _LENGTH + length]
            yield payload


def read_frame(descriptor: int) -> bytes:
    """Read one frame, waiting for it.

    Raises:
        EOFError: nobody is at the other end any more.
    """
    return _read(descriptor, int.from_bytes(_read(descriptor, _LENGTH), "big"))


def write_frame(descriptor: int, payload: bytes) -> None:
    """Write one frame, waiting until all of it is taken."""
    rest = memoryview(frame(payload))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _read(descriptor: int, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        more = os.read(descriptor, min(length - len(received), 1 << 20))
        if not more:
            raise EOFError
        received += more
    return bytes(received)

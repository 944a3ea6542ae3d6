"""What readers may ask of programs of the system, as they see them: a name, arguments, bytes in, bytes out.

Belongs here: the question and its answer. Does not belong here: how a program is found, run and held (`pipeline.store.processes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

INPUT = "input"
"""Name of the file that a program finds its bytes in, in the folder that it is started in."""


class Ran(NamedTuple):
    """What came of a program: what it wrote, what it complained of (its beginning), and the code that it ended with."""

    output: bytes
    complaints: str
    code: int

    @property
    def well(self) -> bool:
        """Whether it says that all went well."""
        return self.code == 0


class Programs(Protocol):
    """Programs of the system that may be run on bytes that nobody trusts."""

    def has(self, name: str, /) -> bool:
        """Tell whether a program is there."""
        ...

    def run(self, name: str, arguments: Sequence[str], data: bytes, most: int, /) -> Ran:
        """Run a program that is there, on bytes, which it finds as the file `INPUT`.

        Args:
            name: of the program.
            arguments: of it.
            data: bytes of the file.
            most: bytes that it may write.

        Raises:
            UnreadableDocument: it broke a limit or crashed.
            NotNow: it cannot be started here and now, or was stopped by what else the machine does.
        """
        ...


class NoPrograms:
    """A place where no program may be run."""

    def has(self, _: str, /) -> bool:
        """Tell that none is there."""
        return False

    def run(self, name: str, _: Sequence[str], __: bytes, ___: int, /) -> Ran:
        """Run nothing."""
        raise LookupError(name)


NO_PROGRAMS = NoPrograms()

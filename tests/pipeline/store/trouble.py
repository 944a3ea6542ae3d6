"""Work that goes wrong, importable by worker processes."""

import os
import signal
import time

from pipeline.document.content import UnreadableDocument


def work(item: str) -> str:
    """Do what the item says."""
    match item:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            time.sleep(600)
        case "spin":
            while True:
                pass
        case "bomb":
            bytearray(8 << 30)
        case "deep":
            return work("deep")
        case "refuse":
            raise UnreadableDocument("It is only a picture.")
        case "bug":
            raise ValueError("no such\nthing")
        case _:
            pass
    return item.upper()

"""Whether pictures can be read here: the recogniser is an optional extra of the installation.

Belongs here: what is asked before a library of the extra is imported, and what is said where it is not installed.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

_LIBRARIES = ("onnxruntime", "rapidocr", "cv2")

OCR = "ocr"
"""Name of the reader of pictures (provenance)."""

INSTALL = "install yusuan[ocr] to have it recognised"
"""What to do where the extra is missing."""


@cache  # asked for every page; looking for a library walks all folders of the path
def can_recognise() -> bool:
    """Tell whether the libraries of the extra `ocr` are installed."""
    return all(find_spec(name) is not None for name in _LIBRARIES)

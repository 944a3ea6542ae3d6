"""The one form of a picture in which pages are read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
"""Rows and columns of a picture: 0 is black, 255 is paper."""

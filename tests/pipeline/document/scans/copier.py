"""What a copier makes of a document: pages that are pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageFilter

from pipeline.document.pdf.fonts import use_project_fonts
from pipeline.document.scans.availability import can_recognise

use_project_fonts()

needs_ocr = pytest.mark.skipif(not can_recognise(), reason="the extra `ocr` is not installed (make setup installs it)")


@dataclass(frozen=True)
class Copier:
    """How pages are fed and kept: dots per inch, degrees of slope, noise (standard deviation of gray), quarter turns, black and white."""

    dpi: int = 200
    slope: float = 0.3
    noise: float = 5.0
    quarters: int = 0
    two_tone: bool = False

    def pages(self, data: bytes) -> list[Image.Image]:
        """The pages of a PDF as pictures."""
        document = pdfium.PdfDocument(data)
        return [self._page(document[number], number) for number in range(len(document))]

    def _page(self, page: pdfium.PdfPage, number: int) -> Image.Image:
        image = page.render(scale=self.dpi / 72, grayscale=True).to_pil().convert("L")
        image = image.rotate(self.slope, resample=Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.4))
        noise = np.random.default_rng(number).normal(0, self.noise, (image.height, image.width))
        image = Image.fromarray(np.clip(np.asarray(image) * 0.96 + noise, 0, 255).astype(np.uint8))
        return image.rotate(90 * self.quarters, expand=True).point(lambda value: 255 * (value > 190) if self.two_tone else value)

    def pdf(self, data: bytes) -> bytes:
        """A PDF of pictures of its pages."""
        first, *others = self.pages(data)
        file = io.BytesIO()
        first.save(file, "PDF", resolution=self.dpi, save_all=True, append_images=others, quality=70)
        return file.getvalue()

    def picture(self, data: bytes, form: str) -> bytes:
        """A file of pictures of its pages: TIFF has all, other forms the first."""
        first, *others = self.pages(data)
        file = io.BytesIO()
        more = {"save_all": True, "append_images": others} if form == "TIFF" else {}
        first.save(file, form, dpi=(self.dpi, self.dpi), **more)
        return file.getvalue()

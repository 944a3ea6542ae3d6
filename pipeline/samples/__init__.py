"""The project's own documents: made from figures by the generator here, shipped as samples, printed in many layouts for tests."""

from pathlib import Path

DOCUMENTS = Path(__file__).parent / "documents"
"""The samples shipped with the package."""

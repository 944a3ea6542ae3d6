"""The console script `yusuan`."""

from assets.cli.commands import app, main

__all__ = ["app", "main"]

"""Statements of text dumps: words put back into tables, and the columns that a dump has lost."""

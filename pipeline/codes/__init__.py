"""Printed codes, the code book, and names resolved to codes."""

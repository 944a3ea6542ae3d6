"""The inputs of a build: which documents are read, where each is filed, which version counts."""

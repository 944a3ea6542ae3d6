"""Headers of tables: what their words say, and so what the columns below them hold."""

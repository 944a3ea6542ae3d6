"""What the pipeline costs, and how it fares against damage, kills and other readers: run on demand, never by the tests."""

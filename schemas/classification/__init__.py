"""Code lists of the budget classifications and administrative divisions: reviewed CSV and its loader."""

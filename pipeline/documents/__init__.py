"""Documents as inputs: where they come from and what each is about."""

"""Where fetching begins: `landing_pages.csv`, the pages on which governments list what their departments disclose, as reviewed facts.

Belongs here: addresses and what is known of them. Does not belong here: words (`schemas.vocabulary`), what is found there. How a row is
added is in docs/sources.md.
"""

from pathlib import Path

LANDING_PAGES = Path(__file__).with_name("landing_pages.csv")
"""A registry for `yusuan fetch` with the columns of one, and `entry`, `fiscal_year_in_address`, `checked`, `note` beside."""

ENTRIES = ("section", "front_page", "search")
"""What a landing page is: a section that lists disclosures, the front page of an office or platform, the results of a search."""

"""Records found: pages, searches, and the formulas that select them."""

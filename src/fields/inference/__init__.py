"""Which field type a column of text was meant to be."""

"""Barcodes: what each symbology can hold, the GS1 element strings inside some, and their pictures."""

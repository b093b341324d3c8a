"""The client side of Airtable."""

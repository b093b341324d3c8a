"""A local Airtable: the Web API over one SQLite file."""

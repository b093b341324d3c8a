"""What strict mode asks of a value that Airtable would take: a file for each kind of value."""

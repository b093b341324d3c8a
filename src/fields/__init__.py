"""Every Airtable field type: validate, normalise, format, convert."""

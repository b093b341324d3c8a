"""From the names that people give to the ids that Airtable takes."""

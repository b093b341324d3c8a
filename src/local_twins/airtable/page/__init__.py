"""The web page of the local Airtable: its bases, its records, and what clients asked of it lately."""

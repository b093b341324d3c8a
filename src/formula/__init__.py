"""Airtable's formula language: text in, value out."""

"""Files as attachments: their names, what they are by their first bytes, and how many and how large."""

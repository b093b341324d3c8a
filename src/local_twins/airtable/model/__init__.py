"""What a base is: its schema, its records as they are kept, and their identifiers."""

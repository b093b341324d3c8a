"""The families of field types, a file each."""

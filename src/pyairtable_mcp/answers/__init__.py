"""What a model is shown of a result: values as text, tables, and how much of them."""

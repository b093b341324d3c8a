"""What a model is told when a call is refused, so that its next one succeeds."""

"""What can be wrong with a caller's token."""


class TokenError(Exception):
    """A token is refused; the message says why, in words that show nothing of it."""

"""Date tokens, locales and zones: what formula and fields share."""

"""Records as clients ask for them: listed, filtered, sorted, page by page."""

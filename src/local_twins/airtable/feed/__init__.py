"""Who is told of changes: the feed, and webhooks with their payloads and pings."""

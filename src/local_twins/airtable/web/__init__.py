"""The Web API over HTTP: endpoints, requests, tokens and the rate limit."""

"""The composition root: command line, settings, wiring, roles."""

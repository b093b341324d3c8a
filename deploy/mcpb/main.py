"""Starts the server of a bundle; a question that the person left open counts as not answered."""

import os

from pyairtable_app.cli import main

for name, value in list(os.environ.items()):
    # Hosts leave a reference to an answer that was not given as it stands.
    if value.startswith("${user_config."):
        del os.environ[name]

main(["stdio"])

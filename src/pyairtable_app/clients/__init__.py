"""The programs that people run this server from: how each is told of it, and where it writes that down."""

from pyairtable_app.clients.client import Client, Json, NoReference, Place
from pyairtable_app.clients.files import Configuration, read, shown
from pyairtable_app.clients.launch import IMAGE_USER, RUNNERS, Launch, Remote, Token
from pyairtable_app.clients.table import CLIENTS

__all__ = [
    # The clients
    "CLIENTS",
    "Client",
    "Place",
    "NoReference",
    # How they reach the server
    "RUNNERS",
    "IMAGE_USER",
    "Launch",
    "Remote",
    "Token",
    # Their files
    "Configuration",
    "Json",
    "read",
    "shown",
]

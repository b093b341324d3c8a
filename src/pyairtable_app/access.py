"""The door in front of what is served over HTTP, as the settings want it."""

from starlette.types import ASGIApp

from pyairtable_app.errors import CannotServe
from pyairtable_app.settings import Settings
from pyairtable_mcp.authorisation import ApiKeys, Door, HttpKeys, JwtVerifier, KeyFileError, Limits, Verifier
from pyairtable_mcp.authorisation.metadata import Resource


class Access:
    """Who is let in. Raises CannotServe for a file of keys that cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._verifiers = _verifiers(settings)
        given = settings.access
        burst = max(1, int(given.requests_a_second * 2)) if given.requests_a_second else 1
        self._limits = Limits(given.requests_a_second, burst, given.at_once)

    @property
    def is_asked(self) -> bool:
        """Whether anybody has to say who they are; without it, only this machine is served."""
        return bool(self._verifiers)

    def guarded(self, app: ASGIApp, *, reads_messages: bool = False) -> ASGIApp:
        """The application behind the door; MCP's messages are read for the scopes that they need."""
        if not self._verifiers:
            return app
        return Door(
            app,
            self._verifiers,
            resource=self._resource if reads_messages else None,
            limits=self._limits,
            reads_messages=reads_messages,
        )

    @property
    def _resource(self) -> Resource | None:
        given = self._settings.access
        return Resource(given.resource, given.issuer) if given.resource and given.issuer else None


def _verifiers(settings: Settings) -> list[Verifier]:
    """The server's own key, the file's keys, then the issuer's tokens."""
    given, found = settings.access, list[Verifier]()
    if settings.http.api_key is not None:
        found.append(ApiKeys.one("owner", settings.http.api_key.value))
    if given.keys_file is not None:
        try:
            found.append(ApiKeys.from_file(given.keys_file))
        except KeyFileError as error:
            raise CannotServe(f"API_KEYS_FILE: {error}") from error
    if given.issuer and given.resource:
        found.append(JwtVerifier(given.issuer, given.resource, HttpKeys(given.issuer, given.jwks_url or "")))
    return found

"""What this server says of itself to clients that look for its issuer (RFC 9728)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from pyairtable_mcp.authorisation.scopes import ALL_SCOPES

_WELL_KNOWN = "/.well-known/oauth-protected-resource"


@dataclass(frozen=True, slots=True)
class Resource:
    """This server as a protected resource: `url` is its address as clients write it, `issuer` who lets in."""

    url: str
    issuer: str

    @property
    def metadata_url(self) -> str:
        """Where the metadata are: the well-known part goes before the resource's path (RFC 9728 §3.1)."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{_WELL_KNOWN}{parts.path.rstrip('/')}"

    def describes(self, scope: Scope) -> bool:
        """Whether the request asks for the metadata, at the resource's own place or at the root."""
        places = {_WELL_KNOWN, urlsplit(self.metadata_url).path}
        return scope["type"] == "http" and scope["path"].rstrip("/") in places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The metadata, for anybody."""
        document = {
            "resource": self.url,
            "authorization_servers": [self.issuer],
            "scopes_supported": list(ALL_SCOPES),
            "bearer_methods_supported": ["header"],
            "resource_name": "PyAirtable",
        }
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=3600"}
        status = 200 if scope["method"] in ("GET", "HEAD", "OPTIONS") else 405
        await JSONResponse(document, status, headers)(scope, receive, send)

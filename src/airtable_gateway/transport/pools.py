"""Pools of connections: urllib3 opens them, and what is usual goes over an open one by the shortest way."""

import ssl
from http.client import HTTPException
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ProtocolError, ReadTimeoutError, SSLError

from airtable_gateway.transport.exchange import Answer, exchange
from airtable_gateway.transport.patience import SENDING_SECONDS, PatientResponse


class PatientAdapter(HTTPAdapter):
    """Sends requests; raises ReadTimeout when the whole answer has not come in time."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """See `HTTPAdapter`."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """See `HTTPAdapter`; a SOCKS proxy has pools of its own."""
        manager = super().proxy_manager_for(*args, **options)
        if type(manager) is ProxyManager:
            manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        return manager


class _Connection(HTTPConnection):
    """Gives a request its own time to leave, where urllib3 has it be as quick as a connection is made."""

    response_class = PatientResponse

    def connect(self) -> None:
        """See `HTTPConnection`."""
        super().connect()
        self.sock.settimeout(SENDING_SECONDS)

    def request(self, *args: Any, **options: Any) -> None:
        """See `HTTPConnection`."""
        if self.sock is not None:
            self.timeout = SENDING_SECONDS
        super().request(*args, **options)


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class ShortPool(HTTPConnectionPool):
    """A pool that knows a short way besides that of `urlopen`."""

    def exchange(self, method: str, target: str, request: bytes, seconds: float) -> Answer | None:
        """The answer to a request over a connection that is open; None when there is none, and nothing sent.

        See `exchange` for the seconds. Raises what `urlopen` does.
        """
        connection: Any = self._get_conn()
        if connection.is_closed:
            # It is new, or the other end has left it: to open one may need a proxy, certificates and more.
            self._put_conn(connection)
            return None
        stays = False
        try:
            answer = exchange(connection.sock, method, request, seconds)
            stays = answer.stays
        except TimeoutError as error:
            told = f"Read timed out. (read timeout={seconds})"
            raise ReadTimeoutError(self, target, told) from error
        except ssl.SSLError as error:
            raise SSLError(error) from error
        except (OSError, HTTPException) as error:
            raise ProtocolError("Connection aborted.", error) from error
        finally:
            if not stays:
                connection.close()
            self._put_conn(connection)
        return answer


class _Pool(ShortPool):
    ConnectionCls = _Connection


class _SecurePool(ShortPool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection

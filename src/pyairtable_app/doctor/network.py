"""The way to Airtable: names, connections, certificates, proxies, the clock, the pace."""

import asyncio
import socket
import ssl
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from pyairtable_app.doctor.airtable import Unreached
from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient

_PATIENCE_SECONDS = 5.0
_SLOW_SECONDS = 2.0
_SKEW_SECONDS = 60.0
_AIRTABLES_PACE = 5.0
"""Requests a second for each base; past it a base answers nobody for 30 s (docs: "Rate limits")."""


async def check(patient: Patient) -> list[Finding]:
    """Each step on the way on its own, so that the first one that fails is the one that is named."""
    tell = Findings("network")
    if not patient.asks_airtable:
        return []
    parts = urlsplit(patient.url)
    proxy = _proxy(parts)
    findings = (
        [tell.ok(f"requests go through the proxy {_shown(proxy)} (HTTPS_PROXY, NO_PROXY)")] if proxy else []
    )
    step = await _connected(urlsplit(proxy) if proxy else parts, is_proxy=bool(proxy), tell=tell)
    findings.append(step)
    if step.status == "wrong":
        return findings
    try:
        answer = await patient.airtable.whoami()
    except Unreached as error:
        return [*findings, tell.wrong(f"no answer from {parts.hostname}: {error}", _mend(str(error)))]
    return [*findings, _latency(answer.seconds, tell), *_clock(answer.date, tell)]


async def pace(patient: Patient) -> list[Finding]:
    """The rate limit of the settings against that of the real Airtable."""
    tell = Findings("pace")
    rate, is_real = patient.settings.airtable.requests_a_second, patient.settings.airtable.url is None
    if patient.settings.airtable.is_embedded or not is_real:
        return [tell.ok(f"{'no limit' if rate is None else f'{rate:g} requests a second'} for each base")]
    if rate is None or rate > _AIRTABLES_PACE:
        found = "AIRTABLE_RATE_LIMIT is off" if rate is None else f"AIRTABLE_RATE_LIMIT is {rate:g}"
        return [
            tell.warning(
                f"{found}; Airtable takes 5 requests a second for each base, then nothing for 30 seconds",
                "Set it to 5, or less where other programs use the same bases.",
            )
        ]
    shared = "shared through Redis" if patient.settings.stores.redis_url else "of this process alone"
    return [tell.ok(f"{rate:g} requests a second for each base, {shared}")]


async def _connected(parts: SplitResult, *, is_proxy: bool, tell: Findings) -> Finding:
    """The name resolved, the port reached, the certificate believed."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    what = "the proxy" if is_proxy else "Airtable"
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        mend = "Look at the network and its name server, or set HTTPS_PROXY where there is a proxy."
        reason = getattr(error, "strerror", None) or "it is no name of a host"
        return tell.wrong(f"{host} has no address ({reason})", mend)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except ssl.SSLCertVerificationError as error:
        return tell.wrong(
            f"the certificate of {host} is not believed ({error.verify_message})", _CERTIFICATES
        )
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "no answer in time"
        return tell.wrong(f"{what} at {host}:{port} cannot be reached ({reason})", _mend(reason))
    tls = writer.get_extra_info("ssl_object")
    writer.close()
    version = f", {tls.version()}" if tls else ""
    return tell.ok(f"{what} at {host}:{port} is reached ({found[0][4][0]}{version})")


def _latency(seconds: float, tell: Findings) -> Finding:
    if seconds > _SLOW_SECONDS:
        mend = "Every call will take as long; look at the line, or at the proxy."
        return tell.warning(f"Airtable took {seconds:.1f} s to answer", mend)
    return tell.ok(f"Airtable answers in {seconds * 1000:.0f} ms")


def _clock(date: str, tell: Findings) -> Iterator[Finding]:
    """This machine's clock against that of the answer."""
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return
    skew = (datetime.fromtimestamp(time.time(), UTC) - theirs).total_seconds()
    if abs(skew) > _SKEW_SECONDS:
        way = "ahead" if skew > 0 else "behind"
        yield tell.warning(
            f"this machine's clock is {abs(skew):.0f} s {way}",
            "Let it be set by NTP: tokens of an issuer and times in formulas depend on it.",
        )
    else:
        yield tell.ok("this machine's clock is right")


def _proxy(parts: SplitResult) -> str:
    """The proxy that the environment names for that address, "" for none."""
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return ""
    proxies = urllib.request.getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all") or ""
    return found if "://" in found or not found else f"http://{found}"


def _shown(proxy: str) -> str:
    """The address without what stands before its host, which may be a password."""
    parts = urlsplit(proxy)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


_CERTIFICATES = "Install the system's certificates (ca-certificates), and that of a proxy which reads along."


def _mend(reason: str) -> str:
    if "certificate" in reason.casefold():
        return _CERTIFICATES
    return "Look at the network, a firewall, HTTPS_PROXY and AIRTABLE_ENDPOINT_URL."

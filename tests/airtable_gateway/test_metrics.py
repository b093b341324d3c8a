"""What operators are told of the gateway's work."""

from typing import TYPE_CHECKING

import pytest
from prometheus_client import REGISTRY

from airtable_gateway import Endpoint, FixedEndpoint, OutOfOrder, Unreachable
from airtable_gateway.metrics.prometheus import PrometheusMetrics
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from airtable_gateway.traffic.breaker import FAILURES, REST_SECONDS

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, ScriptedAirtable

BASE, TABLE, RECORD = "appMetricsMetrics1", "tblTestTestTest01", "recTestTestTest01"
ONE = f"/v0/{BASE}/{TABLE}/{RECORD}"
MODEL = {"id": RECORD, "createdTime": "2026-01-01T00:00:00.000Z", "fields": {}}


def _value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"pyairtable_gateway_{name}", labels) or 0.0


async def test_calls_looks_and_the_state_of_the_breaker_are_counted(
    airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", *["drop"] * FAILURES, MODEL)
    before = {
        "ok": _value("calls_total", kind="read", outcome="ok"),
        "lost": _value("calls_total", kind="read", outcome="unreachable"),
        "hits": _value("cache_looks_total", what="records", found="yes"),
    }
    ports = Ports(metrics=PrometheusMetrics(), clock=time.clock)
    endpoints = FixedEndpoint(Endpoint(airtable.url, "patTest"))
    async with PyAirtableGateway(endpoints, rate_limit=None, record_ttl_seconds=60, ports=ports) as gateway:
        with pytest.raises(Unreachable):
            await gateway.record(BASE, TABLE, RECORD)
        with pytest.raises(OutOfOrder):
            await gateway.record(BASE, TABLE, RECORD)
        opened = _value("breaker_state", base=BASE)
        time.now += REST_SECONDS
        for _ in range(2):
            await gateway.record(BASE, TABLE, RECORD)

    assert (opened, _value("breaker_state", base=BASE)) == (1, 0)
    assert _value("calls_total", kind="read", outcome="ok") - before["ok"] == 1
    assert _value("calls_total", kind="read", outcome="unreachable") - before["lost"] == FAILURES
    assert _value("cache_looks_total", what="records", found="yes") - before["hits"] == 1

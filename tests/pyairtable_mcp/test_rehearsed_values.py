"""Whatever is written into a field of whatever type, a rehearsal refuses what the write refuses."""

from typing import Any

import pytest

FIELDS: dict[str, dict[str, Any] | None] = {
    "singleLineText": None,
    "richText": None,
    "email": None,
    "number": {"precision": 1},
    "rating": {"max": 5, "icon": "star", "color": "yellowBright"},
    "duration": {"durationFormat": "h:mm"},
    "checkbox": {"icon": "check", "color": "greenBright"},
    "date": {"dateFormat": {"name": "iso"}},
    "dateTime": {"timeZone": "utc", "dateFormat": {"name": "iso"}, "timeFormat": {"name": "24hour"}},
    "singleSelect": {"choices": [{"name": "A"}, {"name": "b, c"}]},
    "multipleSelects": {"choices": [{"name": "A"}, {"name": 'q"t'}]},
    "multipleRecordLinks": None,
    "multipleAttachments": None,
    "barcode": None,
}

VALUES: list[Any] = [
    *(None, "", " ", [], {}, True, False, 0, -1, 1.5, 1e308, 10**20, 2**53 + 1),
    *("A", "b, c", "words", "2026-01-05", "2026-02-30", "5 Jan 2026", "2026-01-05T10:00:00Z", "9999-12-31"),
    *(
        "1h 30m",
        "50%",
        "$1,234.50",
        "١٢٣",
        "NaN",
        "yes",
        "a\nb",
        "\x00",
        "\ud83d",
        "\u202e",
        "{Name}",
        "=1+1",
    ),
    *(["A"], ["A", "A"], ["A", "x"], ["", ""], [1], [None], [["A"]], {"text": "1"}, {"name": "x"}),
    *(["recAda00000000001"], ["recNobody00000001"], [{"id": "recAda00000000001"}], "Ada O'Brien"),
    *([{"url": "https://example.com/a.png"}], [{"url": "ftp://x"}], [{"url": "https://x/a", "size": 1}]),
]


@pytest.mark.parametrize("typecast", [False, True])
@pytest.mark.parametrize("type", FIELDS)
async def test_a_rehearsal_refuses_what_the_write_refuses(call, context, type, typecast):
    linked = {"linkedTableId": (await context.gateway.schema("Work")).table("People").id}
    options = linked if type == "multipleRecordLinks" else FIELDS[type]
    await context.gateway.create_field("Work", "Tasks", "Odd", type, options=options)
    arguments = {"records": [{"Odd": value} for value in VALUES], "typecast": typecast}
    unheld = call.held_to("off")

    rehearsed = await unheld("batch_create_records", **arguments, dry_run=True)
    written = await unheld("batch_create_records", **arguments)

    def refused(answer):
        return {repr(VALUES[row["index"]]) for row in answer.get("errors", ())}

    assert refused(rehearsed) == refused(written)

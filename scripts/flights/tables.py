"""The tables of NYC Flights 2013 as Airtable holds them: a tuple of columns each.

Every column says where its value comes from. A table links only to tables that stand before it in TABLES.
"""

from flights.columns import (
    DATE,
    DATE_TIME,
    TEXT,
    clock,
    count,
    formula,
    inverse,
    link,
    lookup,
    number,
    number_type,
    percent_type,
    plain,
    rollup,
    select,
    text,
)
from flights.original import day_of, departure_of, hour_of
from flights.table import GRID, Table, View

MINUTES = number_type()
AVERAGE_MINUTES = number_type(1)
MEAN = "IF(COUNT(values), AVERAGE(values))"  # the average of nothing is NaN in Airtable
FLIGHT_NAME = (
    '{Airline} & " " & {Flight number} & " " & {Origin} & "-" & {Destination code} & " " & '
    'DATETIME_FORMAT(SET_TIMEZONE({Scheduled departure}, "America/New_York"), "YYYY-MM-DD HH:mm")'
)
# A delay of 0 is equal to BLANK() in Airtable, so absence is tested by length.
STATUS = (
    'IF(LEN({Departed at} & "") = 0, "Cancelled", IF(LEN({Arrival delay} & "") = 0, "Diverted", '
    'IF({Arrival delay} >= 15, "Late", "On time")))'
)
RULES = {"A": "US rules", "U": "Unknown", "N": "None"}
ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Vancouver",
    "Pacific/Honolulu",
    "Asia/Chongqing",
)
PLANE_TYPES = ("Fixed wing multi engine", "Fixed wing single engine", "Rotorcraft")
ENGINES = ("Turbo-fan", "Turbo-jet", "Turbo-prop", "Turbo-shaft", "Reciprocating", "4 Cycle")

AIRLINES = Table(
    "Airlines",
    "airlines",
    ("carrier",),
    "Carriers that flew from New York in 2013.",
    (
        text("Code", "carrier", "Two-character carrier code, e.g. UA."),
        text("Name", "name"),
        inverse("Flights", "Flights", "Airline", "Flights of this airline."),
        count("Flight count", "Flights", "How many flights are in this base, cancelled ones too."),
        rollup(
            "Average departure delay",
            "Flights",
            ("Flights", "Departure delay"),
            MEAN,
            AVERAGE_MINUTES,
            "Minutes over the flights that departed; early ones count as negative.",
        ),
        rollup(
            "Longest departure delay",
            "Flights",
            ("Flights", "Departure delay"),
            "MAX(values)",
            MINUTES,
            "Minutes.",
        ),
        rollup(
            "Delayed flights",
            "Flights",
            ("Flights", "Delayed?"),
            "SUM(values)",
            number_type(),
            "How many departed later than scheduled.",
        ),
        formula(
            "Share delayed",
            "IF({Flight count}, {Delayed flights} / {Flight count})",
            percent_type(),
            "Part of the flights that departed later than scheduled.",
        ),
    ),
)

AIRPORTS = Table(
    "Airports",
    "airports",
    ("faa",),
    "Airports by FAA code, mostly in the United States. San Juan (SJU) and three others are not among them.",
    (
        text("Code", "faa", "FAA code, e.g. JFK."),
        text("Name", "name"),
        number("Latitude", "lat", "Degrees north.", precision=7),
        number("Longitude", "lon", "Degrees east; west is negative.", precision=7),
        number("Altitude", "alt", "Feet above the sea."),
        number("UTC offset", "tz", "Hours from UTC in winter."),
        select("Daylight saving", "dst", RULES, "Whether clocks change with the rest of the country."),
        select("Time zone", "tzone", {zone: zone for zone in ZONES}, "IANA time zone."),
        inverse("Departures", "Flights", "Origin", "Flights from here."),
        inverse("Arrivals", "Flights", "Destination", "Flights to here."),
        inverse("Weather", "Weather", "Airport", "Hourly observations made here."),
        count("Departure count", "Departures", "How many flights in this base leave from here."),
        count("Arrival count", "Arrivals", "How many flights in this base go to here."),
        rollup(
            "Average arrival delay",
            "Arrivals",
            ("Flights", "Arrival delay"),
            MEAN,
            AVERAGE_MINUTES,
            "Minutes over the flights that arrived here; early ones count as negative.",
        ),
    ),
)

PLANES = Table(
    "Planes",
    "planes",
    ("tailnum",),
    "Planes of the FAA registry that fly in this base. Manufacturers are written as the registry has them.",
    (
        text("Tail number", "tailnum"),
        number("Year built", "year", "Year of manufacture."),
        select("Type", "type", {name: name for name in PLANE_TYPES}),
        text("Manufacturer", "manufacturer"),
        text("Model", "model"),
        number("Engines", "engines", "How many engines."),
        number("Seats", "seats", "How many seats."),
        number("Cruising speed", "speed", "Miles an hour; known for a few planes only."),
        select("Engine", "engine", {name: name for name in ENGINES}, "Kind of engine."),
        inverse("Flights", "Flights", "Plane", "Flights of this plane."),
        count("Flight count", "Flights", "How many flights are in this base, cancelled ones too."),
        rollup(
            "Miles flown",
            "Flights",
            ("Flights", "Miles flown"),
            "SUM(values)",
            number_type(),
            "Miles over the flights that arrived where they should.",
        ),
        rollup(
            "Destinations",
            "Flights",
            ("Flights", "Destination code"),
            'ARRAYJOIN(ARRAYUNIQUE(values), ", ")',
            TEXT,
            "Codes of the airports it was sent to, each once.",
        ),
        formula("Age", "IF({Year built}, 2013 - {Year built})", number_type(), "Years old in 2013."),
    ),
)

WEATHER = Table(
    "Weather",
    "weather",
    ("origin", "time_hour"),
    "Hourly observations at the three airports of New York. Some hours are missing.",
    (
        formula(
            "Observation",
            '{Airport} & " " & DATETIME_FORMAT(SET_TIMEZONE({Time}, "America/New_York"), "YYYY-MM-DD HH:mm")',
            TEXT,
            "Airport and hour in New York time.",
        ),
        link("Airport", "Airports", "Weather", ("origin",), "Where it was observed."),
        plain("Time", DATE_TIME, hour_of, "The hour, in UTC; shown in New York time."),
        number("Temperature", "temp", "Degrees Fahrenheit.", precision=2),
        number("Dew point", "dewp", "Degrees Fahrenheit.", precision=2),
        number("Humidity", "humid", "Relative humidity in percent, 0 to 100.", precision=2),
        number("Wind direction", "wind_dir", "Degrees clockwise from north; 0 in a calm."),
        number("Wind speed", "wind_speed", "Miles an hour.", precision=1),
        number("Wind gust", "wind_gust", "Miles an hour; empty when there was none.", precision=1),
        number("Precipitation", "precip", "Inches in the hour.", precision=2),
        number("Pressure", "pressure", "Millibars at sea level.", precision=1),
        number("Visibility", "visib", "Miles, at most 10.", precision=2),
        formula(
            "Conditions",
            'IF({Visibility} < 3, "Poor visibility", IF({Precipitation} > 0, "Wet", "Dry"))',
            TEXT,
            "Poor visibility is under 3 miles.",
        ),
        inverse("Flights", "Flights", "Weather", "Flights scheduled to leave here within the hour."),
        count("Flight count", "Flights", "How many flights were scheduled to leave within the hour."),
        rollup(
            "Average departure delay",
            "Flights",
            ("Flights", "Departure delay"),
            MEAN,
            AVERAGE_MINUTES,
            "Minutes over the flights of the hour that departed.",
        ),
    ),
)

FLIGHTS = Table(
    "Flights",
    "flights",
    ("year", "month", "day", "carrier", "flight", "origin"),
    "Departures from the three airports of New York (EWR, JFK, LGA). A cancelled flight has no delays.",
    (
        formula(
            "Flight", FLIGHT_NAME, TEXT, "Airline, number, route and scheduled departure in New York time."
        ),
        plain("Date", DATE, lambda row: str(day_of(row)), "Day of the scheduled departure in New York."),
        plain(
            "Scheduled departure",
            DATE_TIME,
            departure_of,
            "The instant, in UTC; shown in New York time.",
        ),
        link("Airline", "Airlines", "Flights", ("carrier",), "The carrier."),
        number("Flight number", "flight", "The airline's number; the same each day."),
        text("Tail number", "tailnum", "As reported; not every plane is in Planes."),
        link("Plane", "Planes", "Flights", ("tailnum",), "The plane, if the registry has it."),
        link("Origin", "Airports", "Departures", ("origin",), "EWR, JFK or LGA."),
        link("Destination", "Airports", "Arrivals", ("dest",), "The airport, if Airports has it."),
        text("Destination code", "dest", "As reported; SJU, BQN, STT and PSE are not in Airports."),
        clock("Departed at", "dep_time", "Clock in New York, HH:MM; empty when cancelled."),
        number("Departure delay", "dep_delay", "Minutes; negative is early; empty when cancelled."),
        clock("Scheduled arrival", "sched_arr_time", "Clock at the destination, HH:MM."),
        clock("Arrived at", "arr_time", "Clock at the destination, HH:MM."),
        number(
            "Arrival delay",
            "arr_delay",
            "Minutes; negative is early; empty when it did not arrive as planned.",
        ),
        number("Air time", "air_time", "Minutes in the air."),
        number("Distance", "distance", "Miles between the airports."),
        link(
            "Weather",
            "Weather",
            "Flights",
            ("origin", "time_hour"),
            "The observation at the origin in the hour of the scheduled departure.",
        ),
        formula(
            "Actual departure",
            'IF({Departed at}, DATEADD({Scheduled departure}, {Departure delay}, "minutes"))',
            DATE_TIME,
            "The instant; empty when cancelled.",
        ),
        formula(
            "Delayed?",
            "IF({Departure delay} > 0, 1, 0)",
            number_type(),
            "1 if it departed later than scheduled.",
        ),
        formula(
            "Status",
            STATUS,
            TEXT,
            "Late: 15 minutes or more at arrival, as US statistics count. "
            "Diverted: departed, but no delay at its destination is known.",
        ),
        formula(
            "Speed",
            "IF({Air time}, ROUND({Distance} / {Air time} * 60, 1))",
            number_type(1),
            "Miles an hour in the air.",
        ),
        formula(
            "Miles flown", "IF({Air time}, {Distance}, 0)", number_type(), "Distance if it arrived, else 0."
        ),
        formula(
            "Time made up",
            'IF(LEN({Arrival delay} & "") > 0, {Departure delay} - {Arrival delay})',
            MINUTES,
            "Minutes won between departure and arrival; negative is lost.",
        ),
        lookup("Airline name", "Airline", ("Airlines", "Name"), TEXT, "Name of the airline."),
        lookup("Destination name", "Destination", ("Airports", "Name"), TEXT, "Name of the destination."),
        lookup("Seats", "Plane", ("Planes", "Seats"), number_type(), "Seats of the plane."),
        lookup(
            "Origin temperature", "Weather", ("Weather", "Temperature"), number_type(2), "Degrees Fahrenheit."
        ),
    ),
    (
        GRID,
        View("More than an hour late", "{Departure delay} > 60", ("Departure delay", "desc")),
        View("Longest flights first", sort=("Distance", "desc")),
    ),
)

TABLES = (AIRLINES, AIRPORTS, PLANES, WEATHER, FLIGHTS)

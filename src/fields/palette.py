"""Airtable's forty colours: ten hues in four shades (docs: "Select", "Rating", "Checkbox")."""

_HUES = ("blue", "cyan", "teal", "green", "yellow", "orange", "red", "pink", "purple", "gray")
_SHADES = ("Light2", "Light1", "Bright", "Dark1")

CHOICE_COLORS = tuple(hue + shade for shade in _SHADES for hue in _HUES)
"""What a choice of a select may wear, in the order in which Airtable hands them out."""

BRIGHT_COLORS = tuple(hue + "Bright" for hue in _HUES)
"""What ratings and checkboxes may wear."""

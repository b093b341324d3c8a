"""How a server looks for garbage, which its start did without."""

import gc

_NEW_OBJECTS = 10_000
"""After so many it looks, where Python does after 700: nearly all that a call makes goes by itself."""


def collect_seldom() -> None:
    """Begin to look for garbage, now and then, and only among what is made from now on."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    gc.enable()

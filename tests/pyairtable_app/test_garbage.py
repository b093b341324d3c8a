"""When a server looks for garbage."""

import gc

from pyairtable_app.garbage import collect_seldom


def test_a_server_looks_seldom_and_only_among_what_is_new():
    before = gc.get_threshold()
    gc.disable()
    try:
        collect_seldom()

        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] > before[0]
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
        gc.enable()

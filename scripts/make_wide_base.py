"""A wide base for the local Airtable, made from a seed: 34 tables, 539 fields, and faults at known places.

python scripts/make_wide_base.py [SEED] > wide.json
pyairtable-mcp twin airtable --import wide.json
"""

import json
import sys

from wide_base import make

if __name__ == "__main__":
    document, _ = make(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)

import subprocess
import sys


def test_importing_the_engine_loads_nothing_heavy() -> None:
    heavy = ["re2", "pydantic", "decimal", "asyncio", "urllib.request"]
    program = f"import sys, formula; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"

"""pydantic-ai over the same fake Gemini, without a store; run by an environment of its own. Prints JSON."""

import asyncio
import json
import statistics
import sys
import time

from pydantic_ai import Agent
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google import GoogleProvider


async def main(url: str, rounds: int, calls: int) -> None:
    """The median milliseconds of a run with no call, and with some."""
    provider = GoogleProvider(api_key="key", base_url=url)
    agent = Agent(GoogleModel("gemini-3.8-flash", provider=provider))

    @agent.tool_plain
    async def get_record(record_id: str) -> dict[str, str]:
        """Read."""
        return {"id": record_id}

    async def timed(count: int) -> float:
        times = []
        for _ in range(rounds):
            before = time.perf_counter()
            await agent.run(f"calls: {count}")
            times.append((time.perf_counter() - before) * 1000)
        return statistics.median(times)

    await timed(1)
    print(json.dumps({"none": await timed(0), "some": await timed(calls)}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

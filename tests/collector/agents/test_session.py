import asyncio

from collector.agents.session import Sweep


def test_the_sweep_stops_when_nothing_waits() -> None:
    async def inside() -> bool:
        sweep = Sweep(tick_s=0.01)
        await asyncio.sleep(0.05)
        sweep.close()
        return sweep._timer is None

    assert asyncio.run(inside())

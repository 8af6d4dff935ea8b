"""Checking now: which collector is sent, and what it learns."""

import asyncio
from collections.abc import Callable

from pydantic import SecretStr

from api.house import House
from api.polling.checking import Asked, check_now
from collector.target import SnmpV2c, Target
from inventory.books import open_books, prepare
from inventory.settings import Settings as InventorySettings
from tests.support.api import settings_for

CORE = Target(instance="core", site="a", probe="icmp", address="127.0.0.1", interval_s=1, timeout_s=0.1)
HUB = CORE.model_copy(update={"instance": "hub", "probe": "snmp_system", "credential": "hub"})


def test_a_collector_learns_the_credentials_of_what_it_asks_and_no_other(
    new_settings: Callable[[], InventorySettings],
) -> None:
    settings = settings_for(new_settings())
    books = open_books(settings.inventory)
    prepare(books)
    house = House(settings, books)
    secrets = {name: SnmpV2c(community=SecretStr(name)) for name in ("hub", "other")}

    async def sent() -> set[str]:
        asking = asyncio.create_task(house.errands.fetch("main"))
        await asyncio.sleep(0)
        checking = asyncio.create_task(check_now(house, Asked([CORE, HUB], secrets)))
        errand = await asking
        checking.cancel()
        assert errand is not None
        return set(errand.credentials)

    assert asyncio.run(sent()) == {"hub"}
    house.close()

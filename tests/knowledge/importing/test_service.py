"""A file through the whole import, on a real catalogue: applied once, and never mixed."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from knowledge.importing import service
from knowledge.importing.errors import LinesBad, PreviewOutdated, ShopUnknown
from store import imports
from store.app import Product
from store.session import Store
from tests.builders import MONDAY
from tests.knowledge.importing.taking import FILE, applied, catalogue, csv, proposed


async def test_a_file_is_applied_and_recorded(store: Store, stocked: UUID) -> None:
    done = await applied(store, stocked, FILE)

    rows = await catalogue(store, stocked)
    assert (rows["MOC-001"]["price"], rows["MOC-001"]["stock"]) == (19_990, 30)
    assert rows["MOC-001"]["description"].startswith("Mochila de 22 litros"), "not in the file"
    assert (rows["NEW-1"]["name"], rows["NEW-1"]["active"]) == ("Llavero Cobre", True)
    async with store.reading() as session:
        (one,) = await imports.recent(session, stocked)
    assert (one.id, one.file, one.by, one.state) == (done.id, "precios.csv", "Carla", "applied")
    assert (one.counts["new"], one.counts["changed"], len(one.sha256)) == (1, 1, 64)


async def test_a_preview_changes_nothing(store: Store, stocked: UUID) -> None:
    before = await catalogue(store, stocked)

    proposal = await proposed(store, stocked, FILE)

    assert proposal.seen.counts()["changed"] == 1
    assert len(proposal.seen.missing) == len(before) - 1
    assert await catalogue(store, stocked) == before


async def test_the_same_file_twice_changes_nothing(store: Store, stocked: UUID) -> None:
    await applied(store, stocked, FILE)
    before = await catalogue(store, stocked)

    again = await applied(store, stocked, FILE)

    assert again.id is None
    assert await catalogue(store, stocked) == before
    async with store.reading() as session:
        assert len(await imports.recent(session, stocked)) == 1


async def test_bad_lines_stop_the_file_unless_they_are_to_be_left_out(
    store: Store, stocked: UUID
) -> None:
    data = csv("MOC-001;Mochila Urbana Azul;consultar;30", "NEW-1;Llavero Cobre;2990;5")
    with pytest.raises(LinesBad, match=r"1 line"):
        await applied(store, stocked, data)
    assert "NEW-1" not in await catalogue(store, stocked)

    done = await applied(store, stocked, data, skip_bad=True)

    rows = await catalogue(store, stocked)
    assert (rows["NEW-1"]["price"], rows["MOC-001"]["price"]) == (2_990, 24_990)
    assert done.counts["bad"] == 1


async def test_a_preview_that_was_overtaken_is_not_applied(store: Store, stocked: UUID) -> None:
    """What nobody was warned of does not happen."""
    proposal = await proposed(store, stocked, csv("MOC-001;Mochila Urbana Azul;$19.990;14"))
    one = (Product.shop_id == stocked) & (Product.sku == "MOC-001")
    async with store.transaction() as session:
        await session.execute(update(Product).where(one).values(price=1_990))

    with pytest.raises(PreviewOutdated):
        await service.apply(store, proposal, by="Carla", at=MONDAY)

    assert (await catalogue(store, stocked))["MOC-001"]["price"] == 1_990


async def test_two_at_once_do_not_mix(store: Store, stocked: UUID) -> None:
    """Each is whole: whoever comes second sees what the first one wrote."""
    files = [
        csv(*(f"P-{number};Producto {number};{price};{price}" for number in range(300)))
        for price in (2_000, 3_000)
    ]
    proposals = [await proposed(store, stocked, data) for data in files]

    both = await asyncio.gather(
        *(service.apply(store, one, by="Carla", at=MONDAY) for one in proposals)
    )

    rows = await catalogue(store, stocked)
    made = {(rows[f"P-{n}"]["price"], rows[f"P-{n}"]["stock"]) for n in range(300)}
    assert len(made) == 1
    assert sorted(done.counts["new"] for done in both) == [0, 300]
    assert sorted(done.counts["changed"] for done in both) == [0, 300]


async def test_a_shop_that_never_was_has_no_catalogue(store: Store) -> None:
    with pytest.raises(ShopUnknown):
        await proposed(store, uuid4(), FILE)


async def test_a_failure_in_the_middle_leaves_nothing(store: Store, stocked: UUID) -> None:
    lines = [f"P-{number};Producto {number};2000;1" for number in range(1_500)]
    proposal = await proposed(store, stocked, csv(*lines))
    before = await catalogue(store, stocked)

    def broken(_count: int) -> None:
        raise KeyError("in the middle")

    with pytest.raises(KeyError, match="in the middle"):
        await service.apply(store, proposal, by="Carla", at=MONDAY, progress=broken)

    assert await catalogue(store, stocked) == before
    async with store.reading() as session:
        assert await imports.recent(session, stocked) == []

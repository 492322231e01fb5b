"""Two who do the same at once: one of them does it, and nothing is torn."""

import asyncio
from pathlib import Path

import httpx2

from services.files import Files
from store.audit import Actor
from store.people import is_led
from tests.web.conftest import HOME
from tests.web.staff import person, staff
from web.app import WebParts, build
from web.membership import Membership

BAG = {"sku": "MOCH-1", "name": "Mochila", "price": {"amount": "24990", "currency": "CLP"}}
HERS, HIS = Actor("person:eva"), Actor("person:leo")


async def test_of_two_owners_who_shut_each_other_out_one_stays_in_charge(
    parts: WebParts,
) -> None:
    eva, leo = [await person(parts, "owner", email=f"{one}@tienda.cl") for one in ("eva", "leo")]
    shop, tenant = parts.shop, parts.store.tenant
    async with tenant(shop) as second:
        async with tenant(shop) as first:
            assert await Membership(first, shop, HERS).change_role(leo, "viewer") is None
            late = asyncio.create_task(Membership(second, shop, HIS).disable(eva))
            await asyncio.sleep(0.3)
        assert await late == "last"
    async with tenant(shop) as session:
        assert await is_led(session, shop)


async def test_of_two_who_make_the_same_product_one_is_told_that_it_is_there(
    parts: WebParts,
) -> None:
    transport = httpx2.ASGITransport(build(parts), raise_app_exceptions=False)
    async with staff(parts, "owner") as owner:
        cookies = dict(owner.cookies)
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(
        transport=transport, base_url=HOME, headers=headers, cookies=cookies
    ) as client:
        asked = (client.post("/api/v1/products", json=BAG) for _ in range(6))
        answers = await asyncio.gather(*asked)
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, *[409] * 5]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"conflict"}


async def test_the_same_file_left_twice_at_once_is_kept_once(tmp_path: Path) -> None:
    files, data = Files(tmp_path), b"x" * 2_000_000
    for number in range(5):
        mine = data + str(number).encode()
        keeping = (asyncio.to_thread(files.keep, "ana", mine) for _ in range(6))
        kept = await asyncio.gather(*keeping)
        assert len(set(kept)) == 1
        found = files.path(kept[0][1])
        assert found is not None
        assert found.read_bytes() == mine
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 5

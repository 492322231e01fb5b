"""Every list of an administrator is a file, too, of the shop's own rows."""

from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.api.seeds import sow
from tests.web.roles import acting
from web.app import WebParts
from web.pages.listings import listings


async def test_a_list_is_a_file_with_the_shops_own_rows(parts: WebParts, store: Store) -> None:
    other = await add_shop(store, "otra")
    await sow(store, other)
    async with acting(parts, "admin") as admin:
        for one in listings(store, parts.shop):
            empty = await admin.get(f"{one.path}.csv")
            assert (empty.status_code, len(empty.text.splitlines())) == (200, 1), one.path
        await sow(store, parts.shop)
        for one in listings(store, parts.shop):
            file = (await admin.get(f"{one.path}.csv")).text
            header, *rows = file.splitlines()
            assert header.endswith(one.columns[-1]), one.path
            assert len(rows) == 1, one.path


async def test_a_list_tells_no_more_than_its_role_may_see(parts: WebParts) -> None:
    async with acting(parts, "viewer") as viewer:
        told = {one.path: (await viewer.get(f"{one.path}.csv")).status_code
                for one in listings(parts.store, parts.shop)}  # fmt: skip
    assert {path for path, status in told.items() if status == 200} == {"/documentos", "/glosario"}

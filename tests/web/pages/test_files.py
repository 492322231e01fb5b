"""Our files and the sample photos."""

import httpx2

from web.rendering import static


async def test_a_file_is_kept_for_ever_under_its_own_address(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get(static("vendor/htmx.min.js"))

    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_an_old_address_gives_todays_file_but_not_to_keep(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.get("/static/000000000000/app.js")

    assert answer.status_code == 200
    assert "cache-control" not in answer.headers


async def test_no_path_leads_out_of_the_folder(visitor: httpx2.AsyncClient) -> None:
    for name in ("../app.py", "..%2fapp.py", "vendor/VENDOR.toml", "/etc/passwd", ""):
        assert (await visitor.get(f"/static/x/{name}")).status_code == 404


async def test_a_photo_shows_the_product(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/fotos/MOC-001.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert "Mochila Urbana Azul" in answer.text
    assert (await visitor.get("/photos/MOC-001.svg")).text == answer.text


async def test_there_is_no_photo_of_what_is_not_sold(visitor: httpx2.AsyncClient) -> None:
    assert (await visitor.get("/fotos/NADA.svg")).status_code == 404

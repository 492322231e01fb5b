"""Trying the bot when there is nothing to answer, or nobody who could."""

import httpx2


async def test_nothing_asked_and_nobody_there_are_said(seller: httpx2.AsyncClient) -> None:
    empty = await seller.post("/probar", data={"pregunta": "  "})
    silent = await seller.post("/probar", data={"pregunta": "¿hola?"})

    assert (empty.status_code, silent.status_code) == (422, 503)
    assert "Escribe una pregunta." in empty.text
    assert "Ningún modelo contesta ahora" in silent.text

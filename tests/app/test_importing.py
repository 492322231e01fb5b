"""`main.py catalogue` at the terminal: the preview, the question, what was applied and undone."""

from pathlib import Path

import pytest

from app.shop_commands import catalogue
from tests.app.terminal import Ended, typed

GOOD = "Código;Producto;Precio;Stock\nMOC-001;Mochila Urbana Azul;$19.990;30\nNEW-1;Llavero;990;5\n"


async def said(env: dict[str, str], *words: str) -> Ended:
    return await typed(catalogue, env, *words)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "precios.csv"
    path.write_text(GOOD)
    return path


async def test_a_file_is_looked_at_applied_listed_and_taken_back(
    env: dict[str, str], file: Path
) -> None:
    assert "No file was imported" in (await said(env, "imports")).said
    dry = await said(env, "import", str(file), "--dry-run")
    assert (dry.code, "$24.990 → $19.990" in dry.said) == (0, True)
    assert "1 new, 1 changed" in dry.said
    assert (await said(env, "show", "--find", "llavero", "--json")).json == []

    done = (await said(env, "import", str(file), "--json")).json
    assert done["columns"]["price"] == "Precio"
    assert done["applied"]["changed"] == 1
    (one,) = (await said(env, "show", "--find", "llaveros", "--json")).json
    assert (one["sku"], one["price"]) == ("NEW-1", 990)
    assert "$19.990" in (await said(env, "show")).said
    assert "Nothing changes" in (await said(env, "import", str(file))).said

    (listed,) = (await said(env, "imports", "--json")).json
    assert (listed["id"], listed["state"]) == (done["id"], "applied")
    assert "precios.csv" in (await said(env, "imports")).said
    back = await said(env, "undo", done["id"][:8])
    assert "undone: 1 as before, 1 off" in back.said
    assert (await said(env, "show", "--find", "llavero")).said == "Nothing is found for that."
    again = await said(env, "undo", done["id"], "--json")
    assert (again.code, "undone already" in again.said) == (1, True)
    assert (await said(env, "undo", "ffff")).code == 1


async def test_what_cannot_be_taken_is_told_in_three_lines(
    env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "malo.csv"
    path.write_text("Producto;Precio web;Precio oferta\nVaso;990;890\n")
    unsure = await said(env, "import", str(path), "--dry-run")
    assert 'price may be Precio web or Precio oferta: choose by --map price="' in unsure.said
    assert (await said(env, "import", str(path))).code == 1
    chosen = await said(env, "import", str(path), "--map", "price=precio oferta", "--json")
    assert chosen.json["changes"][0]["after"]["price"] == 890

    assert (await said(env, "import", str(tmp_path / "none.csv"))).code == 2
    assert (await said(env, "import", str(path), "--map", "price")).code == 2
    wrong = await said(env, "import", str(path), "--map", "cost=Precio web")
    assert (wrong.code, "there is no field 'cost'" in wrong.said) == (1, True)
    (tmp_path / "foto.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    broken = await said(env, "import", str(tmp_path / "foto.xlsx"))
    assert (broken.code, "next: save it as .xlsx or CSV" in broken.said) == (1, True)
    assert "there is no shop" in (await said(env, "imports", "--shop", "nobody")).said


async def test_a_program_has_to_say_yes_to_what_looks_wrong(
    env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "precios.csv"
    path.write_text("SKU,Nombre,Precio\nMOC-001,Mochila Urbana Azul,2499\nXX-1,Nada,\n")
    bad = await said(env, "import", str(path))
    assert (bad.code, "line 3, price: «XX-1» is new and has no price" in bad.said) == (1, True)

    asked = await said(env, "import", str(path), "--skip-bad")
    assert (asked.code, "something in the file looks wrong" in asked.said) == (1, True)
    assert (await said(env, "imports", "--json")).json == []

    sure = await said(env, "import", str(path), "--skip-bad", "--yes", "--deactivate-missing")
    assert (sure.code, "1 changed" in sure.said) == (0, True)

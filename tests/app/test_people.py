"""`main.py user`, `key` and `audit` at the terminal."""

import json
from pathlib import Path

from app.commands_people import audits, keys, users
from store.session import open_connection
from tests.app.terminal import Ended, typed

PASSWORD = "caballo-grapa-pila-sol"


async def user(env: dict[str, str], *words: str) -> Ended:
    return await typed(users, env, *words)


async def test_somebody_is_added_by_a_link_and_comes_and_goes(terminal: dict[str, str]) -> None:
    added = await user(terminal, "add", "Ana@Tienda.cl", "--role", "owner", "--json")
    assert added.json["email"] == "ana@tienda.cl"
    assert added.json["link"].startswith("http://127.0.0.1:8765/invitacion/")
    again = await user(terminal, "add", "ana@tienda.cl")
    assert (again.code, "already" in again.said) == (1, True)
    (ana,) = (await user(terminal, "list", "--json")).json
    assert (ana["name"], ana["role"], ana["state"]) == ("Ana", "owner", "invited")
    reset = await user(terminal, "reset", "ana@tienda.cl", "--json")
    assert reset.json["link"] != added.json["link"]
    assert (await user(terminal, "disable", "ana@tienda.cl", "--json")).json["may_enter"] is False
    assert "shut out" in (await user(terminal, "list")).said
    assert (await user(terminal, "enable", "ana@tienda.cl")).said.endswith("may enter")
    nobody = await user(terminal, "disable", "eva@tienda.cl")
    assert (nobody.code, "main.py user list" in nobody.said) == (1, True)


async def test_a_password_comes_from_a_file_and_is_shown_nowhere(
    terminal: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nsecond line\n")
    words = ("add", "ana@tienda.cl", "--role", "owner", "--password-file", str(file))
    added = await user(terminal, *words, "--json")
    assert "link" not in added.json
    listed = await user(terminal, "list", "--json")
    assert listed.json[0]["state"] == "in"
    told = await typed(audits, terminal, "list", "--json")
    assert PASSWORD not in added.out + added.err + listed.out + told.out
    assert "argon2" not in listed.out + told.out
    last = await user(terminal, "disable", "ana@tienda.cl")
    assert (last.code, "nobody else is in charge" in last.said) == (1, True)


async def test_what_cannot_be_is_refused_with_what_to_do(
    terminal: dict[str, str], tmp_path: Path
) -> None:
    easy = tmp_path / "easy"
    easy.write_text("tienda123456\n")
    cases = {
        ("add", "ana"): "that is no e-mail",
        ("add", "ana@tienda.cl", "--password-file", str(easy)): "easy to guess",
        ("add", "ana@tienda.cl", "--password-file", "/nowhere"): "cannot be read",
        ("add", "ana@tienda.cl", "--role", "boss"): "boss",
    }
    for words, why in cases.items():
        refused = await user(terminal, *words)
        assert refused.code == 2, words
        assert why in refused.said
    assert (await user(terminal, "list", "--json")).json == []


async def test_a_key_is_shown_once_and_taken_back(terminal: dict[str, str]) -> None:
    made = (await typed(keys, terminal, "new", "web", "--scope", "serving", "--json")).json
    assert made["key"].startswith(f"bk_live_{made['id'].replace('-', '')}_")
    listed = await typed(keys, terminal, "list", "--json")
    assert [(one["name"], one["scopes"], one["state"]) for one in listed.json] == [
        ("web", ["serving"], "stands")
    ]
    secret = made["key"].rpartition("_")[2]
    assert secret not in listed.out
    assert (await typed(keys, terminal, "revoke", made["id"][:8])).code == 0
    assert (await typed(keys, terminal, "revoke", made["id"][:8])).code == 1
    assert "revoked" in (await typed(keys, terminal, "list")).said
    unknown = await typed(keys, terminal, "new", "web", "--scope", "key.write")
    assert (unknown.code, "serving" in unknown.said) == (2, True)
    told = (await typed(audits, terminal, "list", "--action", "key.", "--json")).out
    assert [one["action"] for one in json.loads(told)] == ["key.revoked", "key.created"]
    assert secret not in told


async def test_a_change_of_what_is_written_is_found(
    terminal: dict[str, str], database_url: str
) -> None:
    assert (await typed(audits, terminal, "verify", "--json")).json["entries"] == 0
    for name in ("ana", "eva", "isa"):
        await user(terminal, "add", f"{name}@tienda.cl")
    good = (await typed(audits, terminal, "verify", "--json")).json
    assert (good["good"], good["entries"], good["note"].split(":")[0]) == (True, 3, "3")
    assert (await typed(audits, terminal, "verify", "--noted", good["note"])).code == 0
    cut = await typed(audits, terminal, "verify", "--noted", "3:00")
    assert (cut.code, "cut off" in cut.said) == (1, True)
    powerful = await open_connection(database_url)
    await powerful.execute("UPDATE app.audit_event SET actor = 'terminal:eva' WHERE number = 2")
    await powerful.close()
    bad = await typed(audits, terminal, "verify")
    assert (bad.code, "entry 2" in bad.said) == (1, True)
    assert (await typed(audits, terminal, "verify", "--noted", "x")).code == 2

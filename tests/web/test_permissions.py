"""Every route × every role: what the table says, what is checked in, and what really happens."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from config.settings import ROOT
from handlers.word import Place
from learning.correcting import CorrectionRefused, Editor, Proposed
from tests.web.conftest import asking
from tests.web.desks import equipped
from tests.web.lenders import lending
from tests.web.staff import a_key, staff
from web.api.means import Means
from web.api.problems import PREFIX
from web.app import WebParts, build
from web.permissions import GRANTS, SCOPES, SERVICE, Perm, Role, allowed
from web.routing import PUBLIC, Need

WRITTEN = Path(__file__).with_name("permissions.csv")
ROLES: tuple[Role, ...] = ("admin", "owner", "seller", "viewer", "customer", "service")
STAFF: tuple[Role, ...] = ("admin", "owner", "seller", "viewer")
UNLIKE_THE_REST = ("/vivo", "/stream", "/events", "/sessions/current")
"""Streams do not end, and whoever leaves opens nothing any more."""
OF_A_PERSON = "/api/v1/views"
"""Somebody's own; a key is nobody."""
NOBODY = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def parts(parts: WebParts, means: Means) -> WebParts:
    """A lender has every page that others have, and those of risks; with all that can be asked of
    workers and models, and the buttons of a demo."""
    ready, _ = equipped(lending(parts), means.settings)
    return replace(
        ready,
        means=means,
        demo={"Eva": "eva@demo.cl"},
        suggest=nothing_to_say,
        improve=nobody_helps,
    )


async def nothing_to_say(_place: Place) -> str:
    return ""


async def nobody_helps(_editor: Editor, _reply: UUID) -> Proposed:
    raise CorrectionRefused("no model is near")


def test_no_route_of_the_api_is_missing_from_the_table() -> None:
    """As the reference has it, which is written from the same code."""
    told = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    with WRITTEN.open(encoding="utf-8") as table:
        known = {(line["method"], line["path"]) for line in csv.DictReader(table)}
    said = {(method.upper(), path) for path, methods in told.items() for method in methods}
    assert {f"{method} {path}" for method, path in said - known} == set()


def needs_of(parts: WebParts) -> dict[tuple[str, str], Need]:
    needs: dict[tuple[str, str], Need] = build(parts).state.needs
    return {route: need for route, need in sorted(needs.items()) if route[0] != "HEAD"}


def opens(need: Need, role: Role) -> bool:
    return need == PUBLIC or Perm(need) in GRANTS[role]


def test_the_table_that_is_checked_in_is_what_the_routes_say(
    parts: WebParts, tmp_path: Path
) -> None:
    """After a change: look at what it opens, then copy the new table over the old one."""
    told = io.StringIO()
    lines = csv.writer(told, lineterminator="\n")
    lines.writerow(["method", "path", "needs", *ROLES])
    for (method, path), need in needs_of(parts).items():
        lines.writerow(
            [method, path, str(need), *("yes" if opens(need, role) else "" for role in ROLES)]
        )
    found = tmp_path / WRITTEN.name
    found.write_text(told.getvalue(), encoding="utf-8")
    assert WRITTEN.read_text(encoding="utf-8") == told.getvalue(), f"cp {found} {WRITTEN}"


def test_every_permission_is_given_to_somebody_and_asked_for_by_its_name() -> None:
    assert set().union(*GRANTS.values()) == set(Perm)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", one) for one in Perm)


def test_whoever_has_more_has_all_of_those_who_have_less() -> None:
    assert GRANTS["viewer"] < GRANTS["seller"] < GRANTS["owner"] < GRANTS["admin"]
    assert GRANTS["customer"] == {Perm.OWN_DATA}


@pytest.mark.parametrize("role", STAFF)
async def test_a_role_opens_what_the_table_says_and_nothing_else(
    parts: WebParts, role: Role
) -> None:
    wrong = []
    async with staff(parts, role) as client:
        for (method, path), need in needs_of(parts).items():
            may = opens(need, role)
            if need == PUBLIC or (may and path.endswith(UNLIKE_THE_REST)):
                continue
            filled = re.sub(r"\{\w+\}", NOBODY, path)
            answer = await client.request(method, filled)
            if (answer.status_code in {401, 403}) is may:
                wrong.append((method, path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("scope", sorted(SCOPES))
async def test_a_key_opens_its_scope_of_the_api_and_no_page(parts: WebParts, scope: str) -> None:
    key, wrong = await a_key(parts, [scope]), []
    async with asking(build(parts)) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        for (method, path), need in needs_of(parts).items():
            if need == PUBLIC or path.endswith("/events"):
                continue
            answer = await client.request(method, re.sub(r"\{\w+\}", NOBODY, path))
            if path.startswith(PREFIX):
                may = need in allowed([scope])
                right = (answer.status_code not in {401, 403}) if may else answer.status_code == 403
                if path.startswith(OF_A_PERSON):
                    right = answer.status_code in {403, 422}
            else:
                right = answer.status_code == 303
            if not right:
                wrong.append((method, path, answer.status_code))
    assert wrong == []


def test_a_key_that_serves_does_not_train_and_one_that_trains_does_not_serve() -> None:
    serving, training = allowed(["serving"]), allowed(["training"])
    assert not serving & {Perm.TRAINING_WRITE, Perm.EXAMPLE_WRITE, Perm.MODEL_ACTIVATE}
    assert not training & {Perm.BOT_ASK, Perm.CONVERSATION_READ, Perm.CONVERSATION_WRITE}
    assert all(scope <= SERVICE for scope in SCOPES.values())


def test_a_scope_that_nobody_knows_opens_nothing() -> None:
    assert allowed(["everything", "key.write", "member.write", "pii.reveal"]) == frozenset()
    assert allowed(["term.read", "unknown"]) == {Perm.TERM_READ}

"""What the checks found wrong is counted by the same rails, whether a customer got it or nobody."""

from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from knowledge.verify import Evidence, verify
from learning.guards import Window
from store import shadows
from store.rails import BESIDE, RAILS
from store.rollouts import Rollout
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.served import Stage, Talked

INVENTIONS = Path(__file__).parents[1] / "knowledge" / "inventions.txt"
NOTHING = Evidence(())
SAID = [
    ("Cuesta $1.234.", "price", "invented"),
    ("La tasa es de 1,9% mensual.", "percent", "invented"),
    ("Son 24 cuotas.", "instalments", "invented"),
    ("Llámame al +56 9 8765 4321.", "phone", "leaked"),
    ("Escribe a ana@correo.cl.", "email", "leaked"),
    ("Su RUT es 12.345.678-5.", "identity", "leaked"),
    ("Paga con la tarjeta 4111 1111 1111 1111.", "identity", "leaked"),
    ("Llega el 5 de enero.", "date", ""),
    ("Paga en malo.xyz/paga.", "link", ""),
    ("Quedan 40 unidades.", "stock", ""),
    ("Ya te lo reservé.", "action", ""),
    ("Tiene 10.000 mAh.", "measure", ""),
    ("Te vamos a devolver el dinero.", "promise", ""),
    ("Escribe a nuestro correo [MAIL_7].", "mark", ""),
]
MIXED = [
    ("Cuesta $1.234, llega el 5 de enero.", {"invented"}),
    ("Paga $1.234 en malo.xyz/paga.", {"invented"}),
    ("Ya te lo reservé con 30% menos.", {"invented"}),
    ("El RUT 12.345.678-5 debe $1.234 desde el 5 de enero.", {"invented", "leaked"}),
]
WRITTEN = [("replaced:sum", "invented"), ("replaced:leak", "leaked"), ("replaced:insult", "rude")]
"""Verdicts of other checks than that of the sources."""


@pytest.fixture
async def stage(store: Store) -> Stage:
    return Stage(store, await add_shop(store))


async def seen(stage: Stage, verdict: str) -> list[Window]:
    """As a customer's answer, and as one in the shadow."""
    rollout = await stage.start()
    await stage.talked(Talked(1, variant="canary", checks=(verdict, "ok")))
    await overheard(stage, rollout, verdict)
    (_, canary), _ = await stage.controller.windows(rollout)
    return [canary, (await stage.controller.shadow(rollout)).window]


async def overheard(stage: Stage, rollout: Rollout, verdict: str) -> None:
    checks = msgspec.json.encode([verdict, "ok"]).decode()
    key = (stage.shop, uuid4(), rollout.id, rollout.version_id, uuid4())
    async with stage.store.batch() as connection:
        row = (*key, "", "repaired:again", checks, None, 9, 9, 100, 0, stage.clock())
        await shadows.keep(connection, row)


def touched(window: Window) -> set[str]:
    assert window.answers == 1
    return {rail for rail in RAILS if getattr(window, rail)}


@pytest.mark.parametrize(("said", "kind", "rail"), SAID)
async def test_each_kind_touches_its_rail(stage: Stage, said: str, kind: str, rail: str) -> None:
    verdict = verify(said, NOTHING).verdict

    assert verdict == f"replaced:{kind}"
    for window in await seen(stage, verdict):
        assert touched(window) == ({rail} if rail else set())


@pytest.mark.parametrize(("said", "rails"), MIXED)
async def test_a_sentence_with_more_than_one_fault_touches_all_its_rails(
    stage: Stage, said: str, rails: set[str]
) -> None:
    for window in await seen(stage, verify(said, NOTHING).verdict):
        assert touched(window) == rails


@pytest.mark.parametrize(("verdict", "rail"), WRITTEN)
async def test_other_checks_touch_theirs(stage: Stage, verdict: str, rail: str) -> None:
    for window in await seen(stage, verdict):
        assert touched(window) == {rail}


def test_every_kind_that_is_found_is_known() -> None:
    known = {kind for kinds in RAILS.values() for kind in kinds} | set(BESIDE)
    lines = [*INVENTIONS.read_text(encoding="utf-8").splitlines(), *(said for said, _, _ in SAID)]

    found = {kind for line in lines for kind in NOTHING.unsupported(line)}

    assert found <= known
    assert found == known - {"sum", "leak", "insult", "never"}

"""What the audit holds is told in words, whoever wrote it down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from learning.lessons import TOLD
from web.wording import LISTS

WEB = Path(__file__).parents[2] / "web"
ACT = re.compile(r"([a-z]+)\.[a-z_]+")
KINDS = {str(act).partition(".")[0] for act in LISTS["action"]}
STEPS = ("aprobar", "cancelar", "reintentar", "pausar", "seguir")
STEPPED = "rollout.to_"
"""Its percentage follows, and is what there is to tell."""
CHOSEN = (
    "product.created", "product.changed", "product.removed", "improvement.accepted",
    "improvement.refused",
)  # fmt: skip
RIGHTS = ("export", "erasure", "rectification", "opposition", "restriction")


def test_every_act_that_is_recorded_has_words() -> None:
    acts = {*_acts(), *CHOSEN, *(f"training.{one}" for one in STEPS)}
    acts |= {f"customer.{one}" for one in RIGHTS} | {*TOLD.values(), "example.undone"}
    assert {"person.role", "dataset.download", "customer.csv", "term.created"} <= acts
    bare = acts - set(LISTS["action"]) - {STEPPED}
    assert bare == set(), "say them in web/wording_deeds.py, and in English in web/locale/en"


def _acts() -> Iterator[str]:
    for path in WEB.rglob("*.py"):
        if path.name == "permissions.py":
            continue
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                found = ACT.fullmatch(one.value)
                if found and found[1] in KINDS:
                    yield one.value

"""What the page about ratings shows is what is printed, and its tables are those of the code."""

import doctest
import re
import runpy
import shlex

from config.packs import load_pack
from knowledge.verify import Evidence
from learning.proofing import LONGEST, SHORTEST, Grounds, proofread
from services.state import Endpoints
from tests.app.graded import a_bad_answer
from tests.app.terminal import typed
from tests.capture.test_takeovers import FILE
from tests.docs.pages import ROOT, codes, page, rows

PAGE = page("docs/ratings.md")
SHOWN = re.findall(
    r"^\$ main\.py (.+)\n((?:(?!\$ ).*\n)*)", "".join(PAGE.blocks("console")), re.MULTILINE
)
SAME = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


async def test_every_command_of_the_page_prints_what_stands_under_it(
    database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    """In its order, on one answer that a customer did not like."""
    correction, cli = "CORRECTION", runpy.run_path(str(ROOT / "main.py"))["cli"]
    env = {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
    }
    bad = await a_bad_answer(database_url)
    assert len(SHOWN) == 7
    for command, expected in SHOWN:
        words = shlex.split(command.replace("REPLY", bad).replace("CORRECTION", correction))
        done = await typed(cli, env, *words)
        assert done.code == 0, done.said
        if words[0] == "improve":
            correction = done.out.rpartition("proposed: ")[2].partition(" ")[0]
        wanted = expected.replace("REPLY", bad).replace("CORRECTION", correction)
        assert doctest.OutputChecker().check_output(wanted, done.out, SAME), done.out


def test_the_checks_are_those_of_the_code() -> None:
    known = Grounds(load_pack("ventas"), Evidence(()))
    told = {codes(name)[0]: why for name, why in rows(PAGE.section("A better answer"))}
    assert list(told) == [one.name for one in proofread("Sí, claro", known)]
    assert told["length"] == f"fewer than {SHORTEST} letters, or more than {LONGEST:,}"


def test_the_measured_dialogues_are_those_of_the_test() -> None:
    lines = [line for line in FILE.read_text().splitlines() if not line.startswith("#")]
    answers = sum(line.count("p>") for line in lines)
    assert f"Of {answers} such answers in {len(lines)} scripted dialogues 50" in PAGE.text

"""The console, also when it is a pipe."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path
from uuid import UUID

from bot.channels.base import Part, Permanent
from bot.channels.console import ConsoleChannel
from events.happened import Happened
from events.vocabulary import MessageReceived
from tests.conftest import ROOT

COMMAND = [sys.executable, "-m", "tests.bot.channels.console_process"]


def test_a_piped_conversation_is_answered_and_ends_with_its_input() -> None:
    said = "hola\n\n¿precio?\nsin fin de línea"

    run = subprocess.run(
        COMMAND, input=said, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )

    assert run.stdout == "bot> HOLA\nbot> ¿PRECIO?\nbot> SIN FIN DE LÍNEA\n"
    assert run.stderr == ""


def test_a_file_can_be_played(tmp_path: Path) -> None:
    script = tmp_path / "said.txt"
    script.write_text("uno\ndos\n")

    with script.open() as lines:
        run = subprocess.run(
            COMMAND, stdin=lines, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
        )

    assert run.stdout == "bot> UNO\nbot> DOS\n"


def test_a_silent_customer_does_not_keep_the_process_from_ending() -> None:
    process = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write("hola\n")
    process.stdin.flush()
    assert process.stdout.readline() == "bot> HOLA\n"

    process.send_signal(signal.SIGINT)

    # Only then: asking for the rest closes its input, at which it would end by itself.
    assert process.wait(timeout=60) == -signal.SIGINT
    _, complaints = process.communicate(timeout=60)
    assert "Fatal" not in complaints


async def test_bytes_that_are_no_text_are_cleaned() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"hola \xff\x00 mundo\n")
    os.close(writing)
    found: list[Happened] = []

    async def ingest(event: Happened) -> bool:
        found.append(event)
        return True

    with os.fdopen(reading, encoding="utf-8", errors="surrogateescape") as lines:
        console = ConsoleChannel(UUID(int=1), lines=lines, page=StringIO())
        await console.receive(ingest)

    assert [event.text for event in found if isinstance(event, MessageReceived)] == ["hola  mundo"]
    assert console.ended.is_set()


async def test_a_closed_page_is_an_answer_not_an_error() -> None:
    page = StringIO()
    console = ConsoleChannel(UUID(int=1), page=page)
    page.close()

    result = await console.send(Part(key="k", conversation=UUID(int=2), chat="c", text="hola"))

    assert isinstance(result, Permanent)
    assert result.unreachable


async def test_two_runs_never_share_a_message() -> None:
    first = ConsoleChannel(UUID(int=1), session="a").message("hola")
    second = ConsoleChannel(UUID(int=1), session="b").message("hola")

    assert first.id != second.id
    assert first.customer == second.customer


async def test_a_line_that_was_being_stored_is_heard_again_after_a_change_of_hands() -> None:
    console = ConsoleChannel(UUID(int=1), lines=StringIO("uno\ndos\n"), page=StringIO())
    found: list[str] = []

    async def stuck(_: Happened) -> bool:
        await asyncio.Event().wait()
        return True

    async def ingest(event: Happened) -> bool:
        found.append(event.text if isinstance(event, MessageReceived) else "")
        return True

    with suppress(TimeoutError):
        await asyncio.wait_for(console.receive(stuck), 0.1)
    await console.receive(ingest)

    assert found == ["uno", "dos"]

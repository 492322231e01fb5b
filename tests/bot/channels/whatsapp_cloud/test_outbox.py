"""How a send over the Cloud API ends, and how the number is told to be."""

import socket
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from bot.channels.base import Accepted, Ambiguous, Part, Permanent, RetryAfter, SendResult
from bot.channels.whatsapp_cloud.outbox import Outbox
from bot.channels.whatsapp_cloud.transport import CloudTransport
from bot.states import State
from events.contents import Attachment, Choice, Extra
from tests.servers import graph_faults as faults
from tests.servers.graph import TOKEN, GraphApi, serving
from tests.servers.graph_faults import Fault, error

PHONE = "56911112222"
KEY = "5f0c7a52-0000-5000-8000-000000000001:0"


class Told(list[tuple[State, str]]):
    def tell(self, state: State, detail: str) -> None:
        if not self or self[-1][0] != state:
            self.append((state, detail))

    @property
    def states(self) -> list[State]:
        return [state for state, _ in self]


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with serving(GraphApi()) as api:
        yield api
        assert api.wrong == []


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def outbox(api: GraphApi, told: Told) -> AsyncIterator[Outbox]:
    transport = CloudTransport(TOKEN, api.url, "v24.0", api.number.phone_id)
    yield Outbox(transport, "whatsapp_cloud:main", told.tell)
    await transport.close()


def a_part(
    text: str = "hola",
    *,
    chat: str = PHONE,
    extra: Extra | None = None,
    choices: tuple[Choice, ...] = (),
    reply_to: str | None = None,
) -> Part:
    text = text if extra is None else ""
    return Part(KEY, UUID(int=1), chat, text, reply_to=reply_to, choices=choices, extra=extra)


PERMANENT = (100, 33, 131008, 131009, 131021, 131026, 131030, 131047, 131049, 131050, 131051,
             131052, 131053, 131062, 132000, 132001, 132005, 132007, 132012, 132015, 132016,
             999999)  # fmt: skip
STOPPED = (0, 3, 10, 190, 200, 219, 299, 368, 131031, 131042, 131045, 131048, 131057)
LATER = (1, 2, 4, 80007, 130429, 131016, 131000, 131056)
ENDS: list[tuple[Fault, type[SendResult], int]] = [
    *((error(code), Permanent, 0) for code in PERMANENT),
    *((error(code), RetryAfter, 0) for code in (*STOPPED, *LATER)),
    (error(100, is_transient=True), RetryAfter, 0),
    (error(424242, status=500), RetryAfter, 0),
    (faults.HTML, RetryAfter, 0),
    (faults.EMPTY, RetryAfter, 0),
    (Fault(404, b"<html>no such page</html>"), RetryAfter, 0),
    (Fault(429, b""), RetryAfter, 0),
    (Fault(401, b""), RetryAfter, 0),
    (Fault(413, b"<html>too large</html>"), Permanent, 0),
    (Fault(400, b"[1]"), RetryAfter, 0),
    (Fault(400, {"error": "odd"}), RetryAfter, 0),
    (Fault(400, {"error": {"code": "190"}}), RetryAfter, 0),
    (faults.HTML_OK, Ambiguous, 0),
    (Fault(200, b""), Ambiguous, 0),
    (Fault(200, {"messages": [{"id": 5}]}), Ambiguous, 0),
    (faults.NAMELESS, Ambiguous, 1),
    (faults.RESETS, Ambiguous, 0),
    (faults.RESETS_DELIVERED, Ambiguous, 1),
]


@pytest.mark.parametrize(("fault", "end", "delivered"), ENDS)
async def test_each_answer_ends_as_a_value(
    api: GraphApi, outbox: Outbox, fault: Fault, end: type[SendResult], delivered: int
) -> None:
    api.fail("messages", fault)

    assert isinstance(await outbox.send(a_part()), end)
    assert len(api.sent) == delivered


async def test_a_message_travels_with_its_key_and_comes_back_with_its_name(
    api: GraphApi, outbox: Outbox
) -> None:
    result = await outbox.send(a_part())

    assert result == Accepted(api.sent[0]["id"])
    assert api.sent[0]["biz_opaque_callback_data"] == KEY


async def test_the_closed_window_is_named_and_who_cannot_be_reached_is_told(
    api: GraphApi, outbox: Outbox
) -> None:
    api.fail("messages", faults.WINDOW, faults.UNDELIVERABLE)

    assert await outbox.send(a_part()) == Permanent("window")
    undelivered = await outbox.send(a_part())
    assert isinstance(undelivered, Permanent)
    assert undelivered.unreachable


async def test_a_customer_written_to_too_often_waits_alone_for_the_time_meta_names(
    api: GraphApi, outbox: Outbox, told: Told
) -> None:
    api.fail("messages", faults.PAIR, to=PHONE)

    limited = await outbox.send(a_part())
    other = await outbox.send(a_part(chat="56933334444"))

    assert isinstance(limited, RetryAfter)
    assert limited.seconds == 6
    assert isinstance(other, Accepted)
    assert told.states == ["ready"]


async def test_a_number_that_must_be_mended_is_told_and_its_replies_wait(
    api: GraphApi, outbox: Outbox, told: Told
) -> None:
    api.fail("messages", faults.LOCKED, faults.LOCKED)

    with capture_logs() as logs:
        results = [await outbox.send(a_part()) for _ in range(3)]

    assert isinstance(results[0], RetryAfter)
    assert results[0].seconds == 60
    assert told.states == ["refused", "ready"]
    assert "131031" in told[0][1]
    assert [line["event"] for line in logs] == ["whatsapp_cloud.refused"] * 2


async def test_a_closed_door_is_safe_to_try_again(told: Told) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        transport = CloudTransport(TOKEN, address, "v24.0", "1")
        assert isinstance(
            await Outbox(transport, "whatsapp_cloud:main", told.tell).send(a_part()), RetryAfter
        )
    assert told.states == ["unwell"]
    await transport.close()


async def test_an_answer_to_a_message_that_is_gone_is_sent_all_the_same(
    api: GraphApi, outbox: Outbox
) -> None:
    api.fail("messages", error(131009, "context.message_id does not exist"))

    assert isinstance(await outbox.send(a_part(reply_to="wamid.GONE")), Accepted)
    assert "context" not in api.sent[0]
    assert [body["context"] for _, body in api.calls[:1]] == [{"message_id": "wamid.GONE"}]


async def test_what_no_message_can_say_is_never_tried(api: GraphApi, outbox: Outbox) -> None:
    for text in ("", " ", "x" * 4097):
        assert isinstance(await outbox.send(a_part(text)), Permanent)
    assert api.calls == []


NOTE = Attachment(kind="document", data=b"La respuesta", name="respuesta.txt", mime="text/plain")


async def test_a_file_is_uploaded_once_however_often_its_message_fails(
    api: GraphApi, outbox: Outbox
) -> None:
    api.fail("messages", faults.INTERNAL)

    results = [await outbox.send(a_part(extra=NOTE)) for _ in range(2)]

    assert [type(result) for result in results] == [RetryAfter, Accepted]
    assert [what for what, _ in api.calls] == ["media", "messages", "messages"]
    (file,) = api.files.kept.values()
    assert (file.data, file.mime) == (b"La respuesta", "text/plain")
    assert api.sent[0]["document"]["filename"] == "respuesta.txt"


@pytest.mark.parametrize("fault", [faults.RESETS_DELIVERED, faults.INTERNAL, faults.HTML_OK])
async def test_an_upload_may_be_repeated(api: GraphApi, outbox: Outbox, fault: Fault) -> None:
    api.fail("media", fault)

    results = [await outbox.send(a_part(extra=NOTE)) for _ in range(2)]

    assert [type(result) for result in results] == [RetryAfter, Accepted]
    assert len(api.sent) == 1


async def test_a_file_meta_does_not_take_is_permanent(api: GraphApi, outbox: Outbox) -> None:
    program = Attachment(kind="document", data=b"x", name="a.exe")

    assert isinstance(await outbox.send(a_part(extra=program)), Permanent)


@pytest.mark.parametrize("fault", [faults.INTERNAL, faults.RESETS_DELIVERED])
async def test_what_goes_ahead_is_not_repeated_with_the_part_it_announces(
    api: GraphApi, outbox: Outbox, fault: Fault
) -> None:
    text, choices = "x" * 4096, (Choice(id="a", title="Sí"), Choice(id="b", title="No"))
    part = a_part(text, choices=choices)
    assert isinstance(await outbox.send(a_part("primero")), Accepted)
    api.fail("messages", fault)

    results = [await outbox.send(part) for _ in range(2)]

    assert [type(result) for result in results] == [RetryAfter, Accepted]
    assert api.texts() == ["primero", text, "1. Sí\n2. No"]


async def test_a_part_whose_own_answer_was_lost_is_ambiguous_though_a_text_went_ahead(
    api: GraphApi, outbox: Outbox
) -> None:
    photo = Attachment(kind="voice", ref="7", caption="escucha")
    api.fail("messages", faults.NAMELESS)

    ahead = await outbox.send(a_part(extra=photo))
    api.fail("messages", faults.RESETS_DELIVERED)
    own = await outbox.send(a_part(extra=photo))

    assert isinstance(ahead, RetryAfter)
    assert isinstance(own, Ambiguous)
    assert [body["type"] for body in api.sent] == ["text", "audio"]


def test_its_rates_are_those_of_the_number_and_of_the_pair(outbox: Outbox) -> None:
    everybody, pair = outbox.rates(a_part())

    assert (everybody.of, pair.of) == ("all", f"chat:{PHONE}")
    assert everybody.burst + 1000 / everybody.every_ms < 80
    assert (pair.every_ms, pair.burst) == (6000, 10)

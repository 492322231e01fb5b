"""One customer, one conversation, whatever the network calls them today."""

import pytest

from bot.channels.whatsapp_cloud.normaliser import normalise, person_of, split
from bot.directory import Directory
from events.contents import Alias
from events.happened import Happened
from events.vocabulary import MessageReceived
from services.wire import Wire
from tests.bot.channels.whatsapp_cloud.payloads import (
    ANA,
    BSUID,
    NOW,
    PHONE,
    US,
    Json,
    a_message,
    a_value,
    a_webhook,
    received,
    with_echo,
    with_message,
    with_status,
)

NEW_PHONE, NEW_BSUID, PARENT = "56933334444", "CL.777", "CL.ENT.1"


@pytest.fixture
def directory(wire: Wire, prefix: str) -> Directory:
    return Directory(wire, prefix)


async def heard(directory: Directory, *bodies: Json) -> list[Happened]:
    """As the webhook hears them: each chat under the name the directory gives."""
    found: list[Happened] = []
    for body in bodies:
        for item in split(body):
            who = person_of(item)
            names, phones = who.names, who.phones
            name = await directory.canonical(US.key, names, phones) if names else ""
            found += normalise(item, account=US, known_as=name, received_at=NOW)
    return found


def who(phone: str | None = None, bsuid: str | None = None) -> Json:
    """A message that names its sender by these alone, and no contact."""
    named: Json = {"from": phone or (), "from_user_id": bsuid or ()}
    return a_webhook(a_value(contacts=[], messages=[a_message(**named)]))


def renamed(kind: str, old: Json, **system: str) -> Json:
    told = {"type": kind, "body": "User Ana changed", **system}
    message = a_message("system", told, **{"from": (), **old})
    return a_webhook(a_value(contacts=[], messages=[message]))


def test_a_sender_carries_every_name_the_network_told() -> None:
    contact = {**ANA, "parent_user_id": PARENT, "profile": {"name": "Ana", "username": "ana.cl"}}
    event = received(a_webhook(a_value(contacts=[contact], messages=[a_message()])))

    assert (event.chat, event.sender.id) == (PHONE, PHONE)
    assert (event.sender.name, event.sender.username) == ("Ana", "ana.cl")
    assert set(event.sender.aliases) == {
        Alias("bsuid", BSUID),
        Alias("wa_id", PHONE),
        Alias("phone", PHONE),
        Alias("bsuid", PARENT),
    }


def test_who_hides_the_phone_is_written_to_by_the_other_id() -> None:
    contact = {"profile": {"name": "Ana"}, "user_id": BSUID}
    hidden: Json = {"from": ()}
    quiet = received(a_webhook(a_value(contacts=[contact], messages=[a_message(**hidden)])))
    swapped = received(who(phone=BSUID))

    assert (quiet.chat, quiet.sender.aliases) == (BSUID, (Alias("bsuid", BSUID),))
    assert swapped.sender.aliases == quiet.sender.aliases


async def test_a_hidden_phone_changes_no_conversation(directory: Directory) -> None:
    events = await heard(
        directory,
        who(phone=PHONE),
        with_message(id="wamid.2"),
        who(bsuid=BSUID),
        with_status("read"),
        a_webhook(a_value(statuses=[{"id": "w", "status": "sent", "recipient_user_id": BSUID}])),
        with_echo(id="wamid.3"),
    )

    assert len({event.conversation for event in events}) == 1
    assert len({event.customer for event in events if isinstance(event, MessageReceived)}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("5215512345678", "525512345678"), ("551187654321", "5511987654321")],
)
async def test_a_number_spelled_anew_is_the_same_chat(
    directory: Directory, one: str, other: str
) -> None:
    first, again = await heard(directory, who(phone=one), who(phone=other))

    assert isinstance(again, MessageReceived)
    assert first.conversation == again.conversation
    assert again.chat == other


@pytest.mark.parametrize(
    ("change", "then", "chat"),
    [
        (
            renamed("user_changed_number", {"from": PHONE}, wa_id=NEW_PHONE),
            who(phone=NEW_PHONE),
            NEW_PHONE,
        ),
        (
            renamed(
                "user_changed_number", {"from": PHONE},
                wa_id=NEW_PHONE, user_id=NEW_BSUID, previous_user_id=BSUID,
            ),
            who(bsuid=NEW_BSUID),
            NEW_PHONE,
        ),
        (
            renamed("user_changed_user_id", {}, user_id=NEW_BSUID, previous_user_id=BSUID),
            who(bsuid=NEW_BSUID),
            NEW_BSUID,
        ),
    ],
)  # fmt: skip
async def test_a_new_name_keeps_the_conversation(
    directory: Directory, change: Json, then: Json, chat: str
) -> None:
    before, told, after = await heard(directory, with_message(), change, then)

    assert isinstance(told, MessageReceived)
    assert (told.content, told.addressed, told.chat) == ("service", False, chat)
    assert before.conversation == told.conversation == after.conversation


async def test_an_account_knows_nothing_of_anothers_chats(directory: Directory) -> None:
    await directory.canonical("whatsapp_cloud:other", [BSUID, PHONE])
    (event,) = await heard(directory, who(phone=PHONE))

    assert event.conversation == US.conversation(PHONE)


def test_in_a_batch_each_message_has_its_own_sender() -> None:
    bea = {"profile": {"name": "Bea"}, "wa_id": "5215512345678", "user_id": "MX.1"}
    messages = [a_message(), a_message(**{"from": "525512345678"}, id="wamid.2")]
    first, second = split(a_webhook(a_value(contacts=[ANA, bea], messages=messages)))

    assert (person_of(first).name, person_of(second).name) == ("Ana", "Bea")
    assert person_of(second).names == ("MX.1", "525512345678")
    assert "Bea" not in str(first.whole)


def test_a_strangers_contact_is_not_taken_for_the_senders() -> None:
    (item,) = split(a_webhook(a_value(messages=[a_message(**{"from": "56999999999"})])))

    assert person_of(item).names == ("56999999999",)


def test_a_card_with_a_phone_proves_nothing_about_its_sender() -> None:
    card = {"name": {"formatted_name": "Ana"}, "phones": [{"phone": "+1 555", "wa_id": "1555"}]}

    assert received(with_message("contacts", [card])).sender == received(with_message()).sender

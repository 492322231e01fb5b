"""A draft holds everything its customer is to get: texts as the network writes them, and more."""

from dataclasses import replace
from uuid import UUID

import pytest

from bot.channels.base import Channel
from bot.channels.memory import MemoryChannel
from bot.channels.whatsapp.markup import compose
from bot.composing import compose_for
from events.contents import Attachment, Choice, Composed, Mark, Reaction
from events.happened import named
from handlers.custom import Custom, Say, Turn
from handlers.drafting import Drafter
from handlers.reply import Replier
from store.app import Product
from store.session import Store
from tests.handlers.replying import PACK, SHOP, ask
from text.splitting import split, utf16_length

PHOTO = Attachment(kind="photo", url="https://x.cl/a.jpg")
YES, NO = Choice(id="yes", title="Sí"), Choice(id="no", title="No")


def answering(replier: Replier, answer: str | Say | None) -> Replier:
    async def then(_turn: Turn) -> str | Say | None:
        return answer

    return replace(replier, custom=(Custom(lambda _: True, then),))


def written_by(replier: Replier, channel: Channel | None) -> Replier:
    drafter = Drafter(PACK, lambda _account, text: compose_for(channel, text))
    return replace(replier, drafter=drafter)


class Whatsapp(MemoryChannel):
    def compose(self, text: str) -> Composed:
        return compose(text)


async def test_a_long_reply_travels_in_parts_that_fit(replier: Replier) -> None:
    short = replace(replier, drafter=Drafter(PACK, lambda _, text: Composed(parts=split(text, 60))))

    draft = await ask(short, "qué tienen de tecnología?")

    assert len(draft.parts) > 1
    assert all(utf16_length(part) <= 60 for part in draft.parts)
    assert "".join("".join(draft.parts).split()) == "".join(draft.text.split())


async def test_a_draft_speaks_as_its_network_writes(replier: Replier) -> None:
    bold = answering(replier, "**Sí**, hay.")

    assert (await ask(written_by(bold, Whatsapp(SHOP)), "hola")).parts == ("*Sí*, hay.",)
    for plain in (MemoryChannel(SHOP), None):
        assert (await ask(written_by(bold, plain), "hola")).parts == ("Sí, hay.",)


async def test_marks_and_files_of_the_writing_travel_along(replier: Replier) -> None:
    look = Mark(kind="bold", offset=0, length=2)
    file = Attachment(kind="document", data=b"x", name="respuesta.txt")
    made = Composed(parts=("Sí",), marks=((look,),), extras=(file,))
    own = answering(replier, Say("**Sí**", extras=(PHOTO,)))

    draft = await ask(replace(own, drafter=Drafter(PACK, lambda *_: made)), "hola")

    assert (draft.text, draft.parts, draft.marks) == ("**Sí**", ("Sí",), ((look,),))
    assert draft.extras == (file, PHOTO)


async def test_a_rich_answer_brings_choices_and_extras(replier: Replier) -> None:
    said = Say("¿La quieres?", choices=(YES, NO), menu="Opciones", extras=(PHOTO,))

    draft = await ask(answering(replier, said), "hola")

    assert (draft.text, draft.choices, draft.menu) == ("¿La quieres?", (YES, NO), "Opciones")
    assert draft.extras == (PHOTO,)
    assert draft.generation.verdict == "custom"


async def test_an_answer_may_be_a_reaction_alone_but_not_nothing(replier: Replier) -> None:
    thumb = Reaction(target="1", emoji="👍")

    draft = await ask(answering(replier, Say("", extras=(thumb,))), "hola")
    assert (draft.text, draft.parts, draft.extras) == ("", (), (thumb,))

    for nothing in ("  ", Say(" "), None):
        assert (await ask(answering(replier, nothing), "hola")).text.startswith("¡Hola!")


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("¿Sí?", (YES, YES)),
        ("¿Sí?", (Choice(id="é" * 33, title="Sí"),)),
        ("¿Sí?", (Choice(id="", title="Sí"),)),
        ("¿Sí?", (Choice(id="yes", title=" "),)),
        (" ", (YES,)),
    ],
)
def test_what_no_network_takes_is_told_where_it_is_written(
    text: str, choices: tuple[Choice, ...]
) -> None:
    with pytest.raises(ValueError, match="choice"):
        Say(text, choices=choices)


async def test_a_draft_remembers_what_else_its_customer_may_have_wanted(replier: Replier) -> None:
    several = await ask(replier, "¿cuánto cuesta el termo y tienen stock?")
    only = await ask(replier, "hola")

    assert several.generation is not None
    first, *others = several.generation.trace["likely"]
    assert (first["intent"], first["confidence"]) == (
        several.generation.intent,
        several.generation.confidence,
    )
    assert [one["intent"] for one in others] == ["consulta_precio"]
    assert only.generation is not None
    assert "likely" not in only.generation.trace


async def test_a_draft_says_which_products_its_text_names_whatever_it_rests_on(
    replier: Replier,
) -> None:
    told = "Tenemos el TERMO acero 1 litro y las mochilas urbanas negras; del resto te cuento."

    draft = await ask(answering(replier, told), "hola")

    ids = {article.name: named("product", "demo", article.sku) for article in PACK.products}
    expected = (ids["Termo Acero 1 Litro"], ids["Mochila Urbana Negra"])
    assert draft.generation.named == expected
    assert (await ask(answering(replier, "Mañana te digo."), "hola")).generation.named == ()


async def test_of_products_that_share_a_name_the_one_that_was_found_is_named(
    replier: Replier, store: Store, shop: UUID
) -> None:
    twins = {color: named("product", color) for color in ("celeste", "fucsia")}
    async with store.transaction() as session:
        for color, one in twins.items():
            row = {"shop_id": shop, "id": one, "sku": color, "name": "Poncho Altiplano"}
            session.add(Product(**row, description=color, price=1, stock=1, active=True))
    own = answering(replier, "El poncho altiplano, sí.")

    assert (await ask(own, "poncho fucsia")).generation.named == (twins["fucsia"],)
    assert set((await ask(own, "hola")).generation.named) == set(twins.values())

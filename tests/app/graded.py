"""An answer that a customer did not like."""

from app.shop import set_up_shop
from capture.recorder import Recorder
from config.packs import load_pack
from config.settings import Settings
from events.happened import named
from store.session import open_store
from tests.capture.talk import Talk, capture


async def a_bad_answer(database_url: str) -> str:
    """Its id, in the sample shop."""
    store = open_store(database_url, role="pipeline", pool=2)
    await set_up_shop(store, Settings.model_validate({}), load_pack("ventas"))
    talk = Talk(named("shop", "demo"))
    said = [talk.says("¿cuánto cuesta la mochila urbana azul?"), talk.replies("No sé.")]
    await capture(Recorder(store), *said, talk.sent("r1"), talk.reacts("r1", "👎"))
    await store.close()
    assert talk.reply is not None
    return str(talk.reply.reply)

"""The models of the settings that read prompts, for commands that need one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.console import CONFIG, UNREACHABLE, refuse, talk
from app.desk import Desk
from app.money import models, purse_of
from llm.base import ModelError
from llm.chain import Chain
from services.clock import now

OFFLINE = "offline"


@asynccontextmanager
async def hosted(desk: Desk, why: str) -> AsyncIterator[Chain]:
    """Refuses where there is none, and tells in three lines when none answers; `why` the offline
    model will not do."""
    order = tuple(name for name in desk.settings.models.order if name != OFFLINE)
    knobs = desk.settings.models.model_copy(update={"order": order})
    purse = purse_of(desk.settings, desk.store, desk.wire, now)
    chain = models(desk.settings.model_copy(update={"models": knobs}), purse)
    try:
        if not chain.links:
            hint = "set GROQ_API_KEY, OPENAI_API_KEY or OLLAMA_HOST"
            refuse("this needs a language model", why, hint, code=CONFIG)
        talk.print(f"  asking {', '.join(order)}…", markup=False)
        yield chain
    except ModelError as error:
        refuse("no model answered", str(error), "main.py doctor", code=UNREACHABLE)
    finally:
        await chain.close()

"""`demo`: the whole bot with a sample shop, on this machine alone."""

import logging
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import structlog

from app.backing import backing
from app.bygone import Bygone
from app.console import result, said_once, talk
from app.lent import lend
from app.networks import without_configured
from app.running import Running, Wanted
from app.schooling import school
from config.packs import load_pack
from config.settings import Settings, WebSettings
from events.happened import caused_by, named
from store.people import NewPerson, add_person
from store.session import Store, open_store

PEOPLE: Final[Mapping[str, tuple[str, str, str]]] = {
    "Entrar como vendedora demo": ("camila@demo.aprendiz.cl", "Camila", "seller"),
    "Entrar como administradora demo": ("ada@demo.aprendiz.cl", "Ada", "admin"),
}
"""By the words of their buttons, on this machine alone. They have no passwords, so that the shop's
own key goes on working."""
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


async def demo(settings: Settings, *, port: int, reset: bool, empty: bool) -> int:
    """Chats with the offline model unless a key is configured. Accounts that the environment
    happens to name stay off; those that were added here serve."""
    begun = time.monotonic()
    if reset and settings.app.var.exists():
        shutil.rmtree(settings.app.var)
    web = settings.web.model_copy(update={"port": port})
    quiet = without_configured(settings).model_copy(update={"web": web})
    buttons = doors(quiet.web)

    def ready(url: str | None, key: str) -> None:
        talk.print(f"ready in {time.monotonic() - begun:.1f} s; Ctrl+C stops, data stay in var/")
        result.print(f"\n  customer  [bold]{url}/chat[/]", soft_wrap=True)
        if buttons:
            result.print(f"  shop      [bold]{url}/entrar[/]  (as its seller or its administrator)")
        result.print(f"  owner     [bold]{url}/entrar?clave={key}[/]\n", soft_wrap=True)
        sys.stdout.flush()

    await _set_up(quiet, empty=empty)
    return await Running(quiet, Wanted(), ready, demo=buttons).until_stopped()


def doors(web: WebSettings) -> Mapping[str, str]:
    """Accounts that anybody may take, where nobody from elsewhere comes."""
    alone = web.host in LOOPBACK and not web.public_url
    return {words: email for words, (email, _, _) in PEOPLE.items() if alone}


async def _set_up(settings: Settings, *, empty: bool) -> None:
    """The past of the sample shop, its people, and of a lender its clients."""
    async with backing(settings, said_once()) as here:
        past = Bygone(settings, here)
        if not empty:
            with _quietly():
                if await past.live():
                    await school(settings, here)
        store = open_store(here.database_url, role="pipeline", pool=1)
        try:
            await past.know_shop()
            shop = named("shop", settings.app.shop)
            await people(store, shop)
            if not empty and "lending" in load_pack(settings.app.pack).identity.abilities:
                with talk.status("a lender's past"):
                    await lend(store, shop, settings)
        finally:
            await store.close()


@contextmanager
def _quietly() -> Iterator[None]:
    """Nobody wants to read what a thousand invented messages led to."""
    before = structlog.get_config()
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    try:
        yield
    finally:
        structlog.configure(**before)


async def people(store: Store, shop: UUID) -> None:
    """Whoever is known already stays as they are."""
    async with store.tenant(shop) as session:
        for email, name, role in PEOPLE.values():
            one = caused_by(shop, f"demo:{role}")
            await add_person(
                session, NewPerson(shop_id=shop, id=one, email=email, name=name, role=role)
            )

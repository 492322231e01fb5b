"""`demo`: the whole bot with a sample shop, on this machine alone."""

import shutil
import sys
import time

from app.console import result, talk
from app.running import Running, Wanted
from config.settings import Settings


async def demo(settings: Settings, *, port: int, reset: bool) -> int:
    """Chats with the offline model unless a key is configured; other channels stay off."""
    begun = time.monotonic()
    if reset and settings.app.var.exists():
        shutil.rmtree(settings.app.var)
    quiet = settings.model_copy(
        update={
            "web": settings.web.model_copy(update={"port": port}),
            "telegram": settings.telegram.model_copy(update={"token": None}),
        }
    )

    def ready(url: str | None, key: str) -> None:
        talk.print(f"ready in {time.monotonic() - begun:.1f} s; Ctrl+C stops, data stay in var/")
        result.print(f"\n  customer  [bold]{url}/chat[/]", soft_wrap=True)
        result.print(f"  seller    [bold]{url}/entrar?clave={key}[/]\n", soft_wrap=True)
        sys.stdout.flush()

    return await Running(quiet, Wanted(), ready).until_stopped()

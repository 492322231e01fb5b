"""`demo`: the whole bot with a sample shop, on this machine alone."""

import shutil
import sys
import time

from app.console import result, talk
from app.networks import without_configured
from app.running import Running, Wanted
from config.settings import Settings


async def demo(settings: Settings, *, port: int, reset: bool) -> int:
    """Chats with the offline model unless a key is configured. Accounts that the environment
    happens to name stay off; those that were added here serve."""
    begun = time.monotonic()
    if reset and settings.app.var.exists():
        shutil.rmtree(settings.app.var)
    web = settings.web.model_copy(update={"port": port})
    quiet = without_configured(settings).model_copy(update={"web": web})

    def ready(url: str | None, key: str) -> None:
        talk.print(f"ready in {time.monotonic() - begun:.1f} s; Ctrl+C stops, data stay in var/")
        result.print(f"\n  customer  [bold]{url}/chat[/]", soft_wrap=True)
        result.print(f"  seller    [bold]{url}/entrar?clave={key}[/]\n", soft_wrap=True)
        sys.stdout.flush()

    return await Running(quiet, Wanted(), ready).until_stopped()

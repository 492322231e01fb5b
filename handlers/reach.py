"""How something that nobody asked for just now reaches a chat: as a text, or as a template."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from events.contents import Composed, Template
from events.stream import Stream


@dataclass(frozen=True, slots=True)
class Reach:
    """`compose` turns a text into what the network of an account takes; `windowed` says whether
    free texts need an open window on it."""

    stream: Stream
    compose: Callable[[str, str], Composed]
    windowed: Callable[[str], bool]

    async def closed(self, account: str, conversation: UUID) -> bool:
        """Whether only a template gets through."""
        if not self.windowed(account):
            return False
        key = self.stream.keys.window(conversation)
        return not await self.stream.wire.command("EXISTS", key)

    async def composed(
        self, account: str, conversation: UUID, text: str, template: Template | None
    ) -> Composed:
        """The template where the window is closed. Where none is known the text stays, and the
        claim withholds it, which is seen."""
        if template is not None and (not text or await self.closed(account, conversation)):
            return Composed(parts=(), extras=(template,))
        return self.compose(account, text)


def template_of(written: str | None) -> Template | None:
    """As settings and commands write it: "name:language:parameter|parameter"."""
    if not written:
        return None
    name, language, parameters = (*written.split(":", 2), "", "")[:3]
    return Template(
        name=name,
        language=language or "es",
        parameters=tuple(parameters.split("|")) if parameters else (),
    )

"""The channels of this process by their account; they come and go while it runs."""

from collections.abc import Callable, Iterator, Mapping

from bot.channels.base import Called, Channel, Hook, Ingest


class Registry(Mapping[str, Channel]):
    """Whoever holds it sees every change at once: the sender, the pages, those who compose."""

    def __init__(self, channels: Mapping[str, Channel] | None = None) -> None:
        self._channels = dict(channels or {})
        self._hooks: dict[str, Hook] = {}

    def __getitem__(self, account: str) -> Channel:
        return self._channels[account]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._channels))

    def __len__(self) -> int:
        return len(self._channels)

    def put(self, account: str, channel: Channel) -> Channel | None:
        """Gives back the one that stood there, which is the caller's to close."""
        before = self.take(account)
        self._channels[account] = channel
        return before

    def take(self, account: str) -> Channel | None:
        self._hooks.pop(account, None)
        return self._channels.pop(account, None)

    def hooks(self, path: str, ingest: Callable[[Channel], Ingest]) -> list[Hook]:
        """Of all channels whose network calls that path; the numbers of one app share theirs."""
        return [
            self._hooks.get(account) or self._hooks.setdefault(account, one.webhook(ingest(one)))
            for account, one in self._channels.items()
            if isinstance(one, Called) and one.path == path
        ]

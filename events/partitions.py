"""Where a conversation lives: one of a fixed number of partitions, all its keys in one slot."""

from binascii import crc32
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Keys:
    """`partitions` is fixed at install: changing it means draining and another prefix."""

    prefix: str
    partitions: int

    def partition(self, conversation: UUID) -> int:
        return crc32(conversation.bytes) % self.partitions

    def stream(self, partition: int) -> str:
        return f"{self.prefix}:{{{partition}}}:stream"

    def lease(self, partition: int) -> str:
        return f"{self.prefix}:{{{partition}}}:lease"

    def timers(self, partition: int) -> str:
        return f"{self.prefix}:{{{partition}}}:timers"

    def timer_events(self, partition: int) -> str:
        return f"{self.prefix}:{{{partition}}}:timer-events"

    def attempts(self, partition: int) -> str:
        return f"{self.prefix}:{{{partition}}}:attempts"

    def dead(self, partition: int, group: str) -> str:
        return f"{self.prefix}:{{{partition}}}:dead:{group}"

    def seen(self, partition: int, event: UUID) -> str:
        return f"{self.prefix}:{{{partition}}}:seen:{event}"

    def claim(self, partition: int, draft: UUID) -> str:
        return f"{self.prefix}:{{{partition}}}:claim:{draft}"

    def turn(self, conversation: UUID | str, partition: int) -> str:
        """A broken entry names no conversation; its partition is known all the same."""
        return f"{self.prefix}:{{{partition}}}:turn:{conversation}"

    def history(self, conversation: UUID, partition: int | None = None) -> str:
        return self._of(conversation, "history", partition)

    def silence(self, conversation: UUID, partition: int | None = None) -> str:
        return self._of(conversation, "silence", partition)

    def shut(self, conversation: UUID, partition: int | None = None) -> str:
        """The customer has closed the chat to us."""
        return self._of(conversation, "shut", partition)

    def window(self, conversation: UUID, partition: int | None = None) -> str:
        """The network's time for free answers has not run out."""
        return self._of(conversation, "window", partition)

    def spoken(self, conversation: UUID, partition: int | None = None) -> str:
        return self._of(conversation, "spoken", partition)

    def nudge(self, conversation: UUID, partition: int | None = None) -> str:
        """What a message we want to write first needs; whoever speaks takes it away."""
        return self._of(conversation, "nudge", partition)

    def poll(self, conversation: UUID, partition: int | None = None) -> str:
        """What the question how content somebody is needs; whoever speaks takes it away."""
        return self._of(conversation, "poll", partition)

    def pause(self, shop: UUID, partition: int, account: str = "") -> str:
        """The bot says nothing in the whole shop, or by one of its accounts; each partition has its
        own copy."""
        place = f"{shop}:{account}" if account else str(shop)
        return f"{self.prefix}:{{{partition}}}:pause:{place}"

    def notes(self, conversation: UUID | str, partition: int | None = None) -> str:
        """What the handlers remember of the conversation."""
        return self._of(conversation, "notes", partition)

    def _of(self, conversation: UUID | str, what: str, partition: int | None) -> str:
        slot = self.partition(UUID(str(conversation))) if partition is None else partition
        return f"{self.prefix}:{{{slot}}}:{what}:{conversation}"

    @property
    def groups(self) -> str:
        return f"{self.prefix}:groups"

    @property
    def members(self) -> str:
        return f"{self.prefix}:members"


def position(entry: bytes | str) -> int:
    """A stream entry's id as one growing number: milliseconds, then 20 bits of sequence."""
    text = entry.decode() if isinstance(entry, bytes) else entry
    milliseconds, _, sequence = text.partition("-")
    return (int(milliseconds) << 20) + int(sequence)

"""What keeps an account from serving, in a word beside the sentence."""

from typing import Literal, TypeAlias

from bot.channels.base import ChannelRefused

Why: TypeAlias = Literal["token", "shared", "left", "address", "access", "number", "app"]


class Unfit(ChannelRefused):
    """`why` is for whoever says it in words of their own: the network does not know the token,
    another program receives with it or is called in our place, or we have no address to be called;
    Meta gives no access with the token, does not know the number, or knows the app by another
    secret.
    """

    def __init__(self, reason: str, why: Why) -> None:
        super().__init__(reason)
        self.why = why

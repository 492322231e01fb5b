"""Whom the file of settings has told of what waits for a person, as an owner reads it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.states import Told
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Warned:
    """`staff` are chats as the settings write them; of those the `weekly` get the report, too, on
    `weekday` (0 is Monday) at `hour`. Without a `template` WhatsApp takes what the bot writes only
    within a day of their own last word. `webhook`: a program hears of alerts."""

    staff: tuple[str, ...] = ()
    weekly: tuple[str, ...] = ()
    weekday: int = 0
    hour: int = 9
    template: bool = False
    webhook: bool = False

    def people(self, known: Mapping[str, Told | None]) -> list["Person"]:
        """Beside how the accounts are that reach them."""
        return [self._person(one, known) for one in self.staff]

    def _person(self, chat: str, known: Mapping[str, Told | None]) -> "Person":
        network, name, number = chat.split(":", 2)
        account = f"{network}:{name}"
        told, reach = known.get(account), "well"
        if account not in known:
            reach = "missing"
        elif told is not None and told.state == "refused":
            reach = "refused"
        elif network == "whatsapp_cloud" and not self.template:
            reach = "window"
        return Person(network, account, number, reach, chat in self.weekly)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the shop, by the chat where they are told."""

    network: str
    account: str
    number: str
    reach: str
    weekly: bool


def warned(settings: Settings) -> Warned:
    staff, often = settings.takeover.staff, settings.cadences
    chosen = [one for one in staff if not often.report_to or one in often.report_to]
    weekly = chosen if often.report else ()
    return Warned(
        staff=staff,
        weekly=tuple(weekly),
        weekday=often.report_weekday,
        hour=often.report_hour,
        template=settings.handover.template is not None,
        webhook=settings.alerts.posted,
    )

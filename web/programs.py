"""What programs are given: the API, and the page that shows it."""

from handlers.pausing import Pause
from web.api.allowance import Allowance
from web.api.areas import areas
from web.api.cursors import Cursors, secret_of
from web.api.house import House
from web.api.near import Near
from web.api.repeating import Repeats
from web.pages.reference import Reference
from web.parts import Desk
from web.routing import Area


def programs(desk: Desk) -> list[Area]:
    parts, prefix = desk.parts, desk.parts.channel.prefix
    house = House(
        store=parts.store,
        wire=parts.wire,
        shop=parts.shop,
        shop_name=parts.shop_name,
        pack=parts.pack,
        prefix=prefix,
        cursors=Cursors(secret_of(parts.key.get_secret_value(), str(parts.shop))),
        repeats=Repeats(parts.wire, prefix),
        allowance=Allowance(parts.wire, prefix, parts.api_per_minute),
        still=desk.guard.still,
    )
    stream = parts.word.stream
    near = Near(
        word=parts.word,
        payments=parts.payments,
        pause=Pause(stream.wire, stream.keys, parts.shop),
        lines=desk.lines,
        terms=parts.observed.terms,
        budget=parts.budget,
        rights=parts.rights,
        var=parts.media.folder.parent,
        chatting=desk.chatting,
        doorman=desk.doorman,
        links=parts.links,
    )
    known = areas(house, near, parts.hours, parts.means)
    return [Reference(desk.pages), *known]

"""A chat that is slow, limited or closed never stalls another one: the bot as it is deployed."""

from services.state import Endpoints
from tests.fixtures.bots import until
from tests.flow.test_run import TOKEN, bot
from tests.flow.test_run import env as env  # noqa: PLC0414  a fixture
from tests.servers.telegram import BotApi, serving
from tests.servers.telegram_faults import BLOCKED, HANGS, limited

SLOW, LIMITED, CLOSED, OTHERS = 7, 8, 9, range(20, 30)


def answered(api: BotApi) -> set[int]:
    return {message["chat"]["id"] for message in api.sent}


async def test_the_others_are_answered_while_one_chat_hangs_waits_or_is_closed(
    env: dict[str, str], endpoints: Endpoints
) -> None:
    async with serving(BotApi(token=TOKEN)) as api:
        env["APRENDIZ_TELEGRAM__BASE_URL"] = api.url
        api.fail("sendMessage", HANGS, chat=str(SLOW))
        api.fail("sendMessage", limited(3), chat=str(LIMITED))
        api.fail("sendMessage", BLOCKED, chat=str(CLOSED))
        async with bot(env, "--no-web", "--no-jobs"):
            for chat in (SLOW, LIMITED, CLOSED):
                await api.customer_says("hola", chat=chat)
            await until(lambda: _tried(api, 3))

            for chat in OTHERS:
                await api.customer_says("hola", chat=chat)
            await until(lambda: _all(api, set(OTHERS)))
            assert answered(api) == set(OTHERS) or answered(api) == {*OTHERS, LIMITED}
            await until(lambda: _all(api, {*OTHERS, LIMITED}))
            assert CLOSED not in answered(api)


async def _tried(api: BotApi, count: int) -> bool:
    return len(api.called("sendMessage")) >= count


async def _all(api: BotApi, chats: set[int]) -> bool:
    return chats <= answered(api)

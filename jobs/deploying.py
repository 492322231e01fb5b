"""The jobs about models on a server of one's own: put there, and taken away when nobody needs them.

A deployment that dies with its worker is gone on with by the next attempt: what the server has of
it already is not sent again.
"""

from typing import Final
from uuid import UUID

from config.settings import Settings
from jobs import statements
from jobs.attempts import Attempt
from jobs.schedule import DEPLOYMENT, Run
from jobs.telling import told_of
from learning.answerable import OLLAMA, Unanswerable, server_of
from learning.deploying import Wishes, sweep
from learning.deploying import deploy as deployed
from learning.ollama import DeploymentError, ServerUnavailable
from learning.trainers.base import Trained
from store import registry
from store.session import Store, WriteSession
from store.versions import ModelVersion

FOLDER: Final = "folder"
"""What the trainer of this machine leaves in a version's parameters."""


def deployment_of(shop: UUID, version: UUID, by: str = "") -> Run:
    return Run(DEPLOYMENT, shop, str(version), by)


def deployable(version: ModelVersion) -> bool:
    """Whether its adapter lies on this machine; what others trained stands where it is asked."""
    return version.provider == OLLAMA and FOLDER in version.parameters


async def order(store: Store, settings: Settings, version: ModelVersion, by: str) -> Run:
    """Written down as wanted, also again; whoever asks for it next is told to offer it. Raises
    Unanswerable."""
    what = f"{version.name} is not deployed"
    if not deployable(version):
        raise Unanswerable(what, "it was not trained on this machine")
    if settings.ollama.url is None:
        raise Unanswerable(what, "no Ollama server is configured")
    run = deployment_of(version.shop_id, version.id, by)
    async with store.transaction() as session:
        await session.execute(statements.ASK, run.key)
        await session.execute(statements.HURRY, run.key)
    return run


async def begin(settings: Settings, session: WriteSession, version: ModelVersion) -> None:
    """The last step of a training on this machine: in the transaction of the version's row."""
    if deployable(version) and settings.ollama.url is not None:
        await session.execute(statements.ASK, deployment_of(version.shop_id, version.id).key)


async def deploy(attempt: Attempt, settings: Settings) -> None:
    """Raises DeploymentError: a server that is out of reach is tried again, what it refuses waits
    for a person. The adapter stays where it is."""
    shop, which = attempt.run.shop, UUID(attempt.run.period)
    async with attempt.store.reading() as session:
        version = await session.get_one(ModelVersion, (shop, which))
    trained = Trained(version.provider, version.model, version.parameters)
    async with told_of(settings, shop) as tell, server_of(settings) as server:

        async def moved(stage: str, percent: int) -> None:
            async with attempt.store.transaction() as session:
                await attempt.mark(session, {"stage": stage, "progress": percent})
            await tell("model", id=which)

        try:
            told = await deployed(server, trained, Wishes(progress=moved))
        except DeploymentError as error:
            if not isinstance(error, ServerUnavailable):
                attempt.hopeless()
            raise
        async with attempt.store.transaction() as session:
            await attempt.end(session, told.summary())
        await tell("model", id=which)


async def sweep_away(attempt: Attempt, settings: Settings) -> None:
    """After a rollout has ended: what was retired or withdrawn leaves the server, but for what
    one may go back to. No rollout begins meanwhile."""
    shop, found = attempt.run.shop, "no server"
    gone: list[str] = []
    async with attempt.store.transaction() as session:
        if settings.ollama.url is not None:
            await registry.alone(session, shop)
            old = await registry.outdated(session, shop)
            found, gone = await _swept(settings, old)
        await attempt.end(session, {"outcome": found, "models": gone})


async def _swept(settings: Settings, old: frozenset[str]) -> tuple[str, list[str]]:
    """Models of others, and of shops that stand in another database, are none of ours."""
    try:
        async with server_of(settings) as server:
            others = frozenset(await server.models()) - old
            return "swept", await sweep(server, others)
    except DeploymentError as error:
        return str(error), []

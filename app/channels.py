"""`channels add`, `test` and `remove`: a bot that runs meanwhile follows within two seconds."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import typer

from app.console import CONFIG, FAILED, USAGE, asking, emit, refuse, result, say, talk
from app.desk import Desk, known_shop, opened
from app.examination import Standing, Verdict, examine
from app.gathering import Asked, Gathered, gather, tell_origins
from app.guessing import unknown
from app.networks import (
    NAME,
    NETWORKS,
    AccountRefused,
    Network,
    configured,
    forget_session,
)
from app.parting import hung_up, stopped
from bot.states import States
from config.manners import Section
from config.networks import TelegramSettings
from config.settings import Settings
from services.vault import VaultError
from store.accounts import (
    AccountRow,
    ChannelAccount,
    remove_account,
    reseal_account,
    save_account,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    network: str
    name: str = "main"
    shop: str = ""
    asked: Asked = field(default_factory=Asked)
    test: bool = True


async def add(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    network = NETWORKS.get(wanted.network)
    if network is None:
        unknown("network", wanted.network, NETWORKS)
    if NAME.fullmatch(wanted.name) is None:
        why = "it has to be of letters, digits, - and _, forty at most"
        refuse(f"the name {wanted.name!r} cannot be used", why, "--name tienda", code=USAGE)
    account = network.account(wanted.name)
    async with opened(settings, wanted.shop) as desk:
        await known_shop(desk, wanted.shop)
        before = _before(desk, await desk.row(account))
        given = gather(network, account, wanted.asked, before)
        tell_origins(given, before.all)
        section = _made(network, account, network.shared(settings) | given.all)
        await _alone(desk, network, account, section)
        sealed = desk.vault.seal(desk.shop, account, given.secrets)
        verdict = await _tested(desk, account, section) if wanted.test else None
        row = AccountRow(
            shop_id=desk.shop,
            account=account,
            network=network.name,
            name=wanted.name,
            options=given.options,
            secrets=sealed,
        )
        async with desk.store.transaction() as session:
            done = await save_account(session, row)
    if done == "foreign":
        refuse(f"{account} belongs to another shop", hint="choose another --name", code=CONFIG)
    _told(settings, account, done, verdict, as_json=as_json)


def _before(desk: Desk, row: ChannelAccount | None) -> Gathered:
    """Secrets that no key of ours opens have to be given again."""
    if row is None:
        return Gathered()
    try:
        secrets = desk.vault.open(row.shop_id, row.account, row.secrets or b"")
    except VaultError as error:
        talk.print(f"  {error}: give them again", markup=False)
        secrets = {}
    return Gathered(row.options, secrets)


def _made(network: Network, account: str, given: Mapping[str, str]) -> Section:
    try:
        return network.made(account.partition(":")[2], given)
    except AccountRefused as error:
        place = str(error).partition(":")[0]
        hint = f"--option {place}=…" if place in network.options else "give it anew"
        refuse(f"{account} was not stored", str(error), hint)


async def _alone(desk: Desk, network: Network, account: str, section: Section) -> None:
    """Two accounts of one bot or number would take each other's messages."""
    for row in await desk.rows():
        if row.account != account and row.network == network.name:
            try:
                other = desk.read(row)[1]
            except (AccountRefused, VaultError):
                continue
            if network.same(section, other):
                hint = f"main.py channels remove {row.account}, or give another"
                refuse(f"{row.account} has the same {network.identity}", hint=hint, code=CONFIG)


async def _tested(desk: Desk, account: str, section: Section) -> Verdict:
    """What the running bot said of the account as it was does not count."""
    process = (await desk.standing(account)).process
    talk.print(f"  asking {account.partition(':')[0]}…", markup=False)
    verdict = await examine(section, desk.setting(account), Standing(None, process), new=True)
    if not verdict.fine:
        hint = "mend it, or store it as it is with --no-test"
        refuse(f"{account} was not stored", verdict.line, hint, code=FAILED)
    return verdict


def _told(
    settings: Settings, account: str, done: str, verdict: Verdict | None, *, as_json: bool
) -> None:
    detail = verdict.line if verdict else "not tested"
    shadowed = account in configured(settings)
    if shadowed:
        talk.print(f"  a bot started with these settings takes {account} from them", markup=False)
    if as_json:
        emit({"account": account, "done": done, "detail": detail, "in_settings": shadowed})
        return
    result.print(f"{account} {done}: {detail}", markup=False, soft_wrap=True)


async def test(settings: Settings, account: str, *, as_json: bool) -> int:
    async with opened(settings) as desk:
        here = await desk.standing(account)
        try:
            section = await desk.section(account)
        except (AccountRefused, VaultError) as error:
            verdict = Verdict(fine=False, line=str(error))
        else:
            verdict = await examine(section, desk.setting(account), here)
    if as_json:
        emit({"account": account, "ok": verdict.fine, "detail": verdict.line})
    else:
        said = "OK " if verdict.fine else ""
        result.print(f"{said}{account}: {verdict.line}", markup=False, soft_wrap=True)
    return 0 if verdict.fine else FAILED


async def remove(settings: Settings, account: str, *, sure: bool, as_json: bool) -> None:
    """Its secrets are deleted; what was said there stays."""
    async with opened(settings) as desk:
        row = await desk.row(account)
        if row is None:
            _not_stored(settings, account)
        if not sure and sys.stdin.isatty():
            with asking():
                sure = typer.confirm(f"Remove {account}?", err=True)
            if not sure:
                raise typer.Exit(FAILED)
        try:
            section = desk.read(row)[1]
        except (AccountRefused, VaultError):
            section = None
        async with desk.store.transaction() as session:
            await remove_account(session, desk.shop, account)
        gone = await stopped(desk.wire, desk.prefix, account)
        if isinstance(section, TelegramSettings) and (ended := await hung_up(section)):
            talk.print(f"  {ended}", markup=False)
        if gone:
            await States(desk.wire, desk.prefix).forget(account)
            forget_session(settings.app.var, account)
    told = {"account": account, "served": not gone}
    say(f"{account} is removed; its secrets are deleted", told, as_json=as_json)
    if not gone:
        talk.print("  a bot serves it still: its own settings name it, or it hangs", markup=False)


def _not_stored(settings: Settings, account: str) -> NoReturn:
    if (found := configured(settings).get(account)) is not None:
        network = found[0]
        fields = [network.variable(name) for name in network.needs] or [network.variable("enabled")]
        hint = f"unset {', '.join(fields)} and start the bot again"
        refuse(f"{account} was never added", "the settings name it", hint, code=FAILED)
    refuse(f"there is no account {account!r}", hint="main.py channels list", code=FAILED)


async def rekey(settings: Settings, *, as_json: bool) -> None:
    """Afterwards the older keys can go. One that nothing opens is left as it is, and told."""
    async with opened(settings) as desk:
        rows = await desk.rows()
        done = []
        for row in rows:
            try:
                secrets = desk.vault.open(row.shop_id, row.account, row.secrets or b"")
            except VaultError as error:
                talk.print(f"  {error}", markup=False)
                continue
            sealed = desk.vault.seal(row.shop_id, row.account, secrets)
            async with desk.store.transaction() as session:
                await reseal_account(session, desk.shop, row.account, (row.secrets, sealed))
            done.append(row.account)
    if not rows:
        say("no account was added: there is nothing to seal", [], as_json=as_json)
    elif done or as_json:
        say(f"{', '.join(done)}: sealed with the first key", done, as_json=as_json)

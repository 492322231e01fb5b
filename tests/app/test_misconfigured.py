"""Settings that cannot be: what is wrong, why, and what to type next; never a traceback."""

from pathlib import Path

import pytest

from tests.app.test_commands import run


@pytest.mark.parametrize(
    ("file", "env", "told"),
    [
        (b"[app\n", {}, ("aprendiz.toml cannot be read", "line 1", "aprendiz.example.toml")),
        (b"\xff\xfe[app]", {}, ("aprendiz.toml cannot be read", "utf-8", "aprendiz.example.toml")),
        (b"[app]\nshp = 'x'", {}, ("no setting app.shp", "did you mean app.shop?", "config show")),
        (b"[rollouts]\nerrors = 1", {}, ("no setting rollouts", "did you mean rollout?")),
        (b"[app]\nzzzzzz = 1", {}, ("no setting app.zzzzzz", "config show")),
        (b"[rollout]\nerrors = 7", {}, ("rollout.errors is wrong", "less than 1")),
        (b"", {"DATABASE_URL": "nonsense"}, ("database.url is wrong", "begins with postgresql://")),
        (b"", {"REDIS_URL": "http://x"}, ("redis.url is wrong", "begins with redis://")),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_three_lines(
    tmp_path: Path, file: bytes, env: dict[str, str], told: tuple[str, ...]
) -> None:
    (tmp_path / "aprendiz.toml").write_bytes(file)
    done = run("key", "list", env=env, cwd=tmp_path)
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (3, b""), said
    assert said.startswith("error: ")
    assert "  next: " in said
    assert "Traceback" not in said
    assert "Value error" not in said
    assert [one for one in told if one not in said] == [], said

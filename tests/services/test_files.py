from pathlib import Path

from services.files import Files


def test_the_same_contents_are_kept_once_for_an_owner(tmp_path: Path) -> None:
    files = Files(tmp_path)
    digest, place = files.keep("ana", b"hola")
    assert files.keep("ana", b"hola") == (digest, place)
    assert files.keep("eva", b"hola")[1] != place
    found = files.path(place)
    assert found is not None
    assert (found.read_bytes(), found.stat().st_mode & 0o777) == (b"hola", 0o600)


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(tmp_path: Path) -> None:
    files = Files(tmp_path)
    _, place = files.keep("ana", b"hola")
    for _ in range(2):
        files.forget(place)
        assert files.path(place) is None


def test_a_name_that_no_file_can_have_is_of_no_file(tmp_path: Path) -> None:
    assert Files(tmp_path).path("palabra " * 1000) is None


def test_nothing_outside_the_folder_is_found_or_forgotten(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine")
    files = Files(tmp_path / "kept")
    files.forget("../other")
    assert files.path("../other") is None
    assert (tmp_path / "other").read_text() == "mine"

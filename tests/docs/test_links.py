"""Links inside the documentation lead somewhere."""

import pytest

from tests.docs.pages import ROOT, Page, pages


def inner(page: Page) -> list[str]:
    return [link for link in page.links() if "://" not in link]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.path.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading_of_it(page: Page) -> None:
    for link in inner(page):
        name, _, anchor = link.partition("#")
        target = (page.path.parent / name).resolve() if name else page.path
        assert target.is_file(), f"{link} leads nowhere"
        assert not anchor or anchor in Page(target).anchors(), f"{link} names no heading"


def test_every_page_can_be_found_from_the_readme() -> None:
    found, waiting = set(), [ROOT / "README.md"]
    while waiting:
        here = waiting.pop()
        found.add(here)
        for link in inner(Page(here)):
            target = (here.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target not in found:
                waiting.append(target)
    assert {page.path for page in pages()} <= found


def test_every_decision_has_its_four_parts_and_fits_on_a_page() -> None:
    for path in (ROOT / "docs" / "decisions").glob("0*.md"):
        text = path.read_text()
        parts = [f"**{part}.**" for part in ("Context", "Decision", "Consequences", "Alternatives")]
        places = [text.find(part) for part in parts]
        assert -1 not in places, f"{path.name} lacks a part"
        assert places == sorted(places)
        assert text.startswith(f"# {path.name[:4]} ")
        assert len(text.splitlines()) <= 60

"""The registry of sections: order, choosing, and a contents page that agrees with the pages."""

import re
from dataclasses import replace

import pytest

from reports.choices import Choices
from reports.documents.readers import READERS
from reports.documents.sections import (
    LAYOUTS,
    chosen_sections,
    document_html,
    sections_of,
)
from tests.reports.samples import small_snapshot

FULL = tuple(section.id for section in sections_of("full"))


def anchors(html: str) -> list[str]:
    contents = html[html.index('class="toc"') : html.index("</section>", html.index('class="toc"'))]
    return re.findall(r'href="#([^"]+)"', contents)


def test_every_section_has_an_id_of_its_own_and_belongs_to_its_document() -> None:
    for document, layout in LAYOUTS.items():
        names = [section.id for section in layout.sections]
        assert len(names) == len(set(names))
        assert all(document in section.documents for section in layout.sections)


def test_without_a_choice_the_usual_sections_stand_in_their_order() -> None:
    usual = [section.id for section in sections_of("full") if section.is_usual]

    assert [section.id for section in chosen_sections(Choices())] == usual


def test_all_answers_stand_where_they_were_chosen_or_everything_is_told() -> None:
    def has_answers(choices: Choices) -> bool:
        return "answers" in [section.id for section in chosen_sections(choices)]

    assert not has_answers(Choices())
    assert has_answers(Choices(detail="everything"))
    assert has_answers(Choices(sections=("answers",)))


def test_chosen_sections_stand_in_the_chosen_order_once_and_unknown_ones_are_dropped() -> None:
    choices = Choices(sections=("method", "gone", "summary", "method"))

    assert [section.id for section in chosen_sections(choices)] == ["method", "summary"]


@pytest.mark.parametrize("audience", READERS)
def test_reader_finds_what_to_begin_with_behind_the_summary(audience: str) -> None:
    choices = Choices(audience=audience)
    begun = [one.section for one in READERS[audience] if one.section != "summary"]
    order = [section.id for section in chosen_sections(choices)]

    assert sorted(order) == sorted(section.id for section in chosen_sections(Choices()))
    assert order[:2] == ["summary", "changes"]
    if audience != "leaders":
        assert order[2 : 2 + len(begun)] == begun
    html = document_html(small_snapshot(), choices)
    printed = [name for name in begun if f'id="{name}"' in html]
    begin = html[html.index('class="begin"') :].partition("</ul>")[0]
    linked = re.findall(r'href="#([^"]+)"', begin)
    assert [name for name in linked if name != "summary"] == printed != []


def test_readers_name_sections_there_are() -> None:
    known = {section.id for section in sections_of("full")}

    assert {one.section for begins in READERS.values() for one in begins} <= known


def test_order_put_by_hand_stays_whoever_reads() -> None:
    choices = Choices(audience="auditors", sections=("method", "summary", "compliance"))

    assert [section.id for section in chosen_sections(choices)] == list(choices.sections)


@pytest.mark.parametrize("choices", [Choices(), Choices(sections=("sources", "summary"))])
def test_contents_list_exactly_what_is_printed(choices: Choices) -> None:
    html = document_html(small_snapshot(), choices)

    listed = anchors(html)
    assert listed
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(listed) <= ids
    chapters = re.findall(
        r'<section class="(?:chapter|summary|legal-note)[^"]*" id="([^"]+)"', html
    )
    assert [name for name in listed if name in FULL] == chapters


def test_section_without_anything_to_say_is_left_out_of_the_contents_too() -> None:
    html = document_html(replace(small_snapshot(), gates=(), sources=()))

    assert not {"gates", "charter", "sources"} & set(anchors(html))

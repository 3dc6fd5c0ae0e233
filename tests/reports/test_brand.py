"""How documents look: colours that can be read, and logos that are drawn anew."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from accounts.enums import Role
from accounts.models import AuditEntry, Membership
from reports import logos
from reports.brands import brand_for, brand_of, logos_sweep
from reports.frozen.brand import BrandEntry
from reports.logo_drawing import LogoRefused, is_light, logo_of
from reports.models import Report
from reports.models.brand import Brand
from reports.pictures.colors import contrast, mix, parse, shade_for
from reports.pictures.palette import PALETTE, branded
from reports.printing.own_files import cover
from tests.factories import make_engagement, make_member, make_organization

INK = (20, 40, 110, 255)
colors = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def picture(
    form: str, mode: str, size: tuple[int, int], ink: Any = INK, ground: Any = 0, **options: Any
) -> bytes:
    """A filled shape on its ground."""
    made = Image.new(mode, size, ground)
    ink = ink[: len(mode)] if isinstance(ink, tuple) else ink
    made.paste(Image.new(mode, (size[0] // 2 or 1, size[1]), ink), (size[0] // 4, 0))
    body = BytesIO()
    made.save(body, form, **options)
    return body.getvalue()


def svg(inside: str, attributes: str = 'viewBox="0 0 100 40"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


SHAPE = '<rect x="10" y="10" width="60" height="20" fill="#cc0000"/>'


# Colours


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#0E5C52", "#0e5c52"),
        (" abc ", "#aabbcc"),
        ("0e5c52", "#0e5c52"),
        ("green", None),
        ("#12345", None),
        ("#٠٠٠٠٠٠", None),
    ],
)
def test_color_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert parse(typed) == read


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@given(color=colors, ground=st.sampled_from(["#ffffff", "#0a463f", "#000000", "#7a1f3d"]))
@examples(max_examples=50)
def test_offered_shade_always_reaches_what_is_wanted(color: str, ground: str) -> None:
    wanted = 3.0
    shade = shade_for(color, ground, wanted)

    assert contrast(shade, ground) >= wanted
    assert (shade == color) == (contrast(color, ground) >= wanted)


@given(color=colors)
@examples(max_examples=50)
def test_every_accepted_main_color_carries_the_text_of_the_cover(color: str) -> None:
    main = shade_for(color, "#ffffff", 4.5)
    palette = branded(BrandEntry(main=main))

    for text in ("#ffffff", palette.tint):
        assert contrast(text, palette.brand_deep) >= 4.5
    assert contrast(palette.brand, "#ffffff") >= 4.5
    assert palette.band == PALETTE.band


def test_cover_is_drawn_in_the_brands_colors() -> None:
    drawn = cover(BrandEntry(name="Elm", main="#1d3f8f", accent="#e05a1c")).decode()

    used = set(re.findall(r"#[0-9a-f]{6}", drawn))
    assert {"#1d3f8f", mix("#1d3f8f", "#000000", 0.28), "#e05a1c"} <= used
    assert not {PALETTE.brand, PALETTE.brand_deep, PALETTE.blaze} & used


# Logos


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("JPEG", "RGB"), ("JPEG", "CMYK")],
)
def test_logo_of_any_kind_becomes_a_plain_png(form: str, mode: str) -> None:
    ink: Any = {"P": 9, "1": 1, "LA": (30, 255)}.get(mode, INK)

    drawn = logo_of(picture(form, mode, (90, 30), ink))

    made = Image.open(BytesIO(drawn.body))
    assert (made.format, made.mode) == ("PNG", "RGBA")
    assert (drawn.width, drawn.height) == made.size


def test_logo_keeps_its_colors_and_loses_its_notes() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    drawn = logo_of(picture("JPEG", "CMYK", (90, 30), (255, 255, 0, 0), exif=exif))

    red, green, blue, _alpha = Image.open(BytesIO(drawn.body)).getpixel((45, 15))
    # Full cyan and magenta are blue: CMYK taken for RGB would be yellow.
    assert blue > 200 > 80 > max(red, green)
    assert b"taken at home" not in drawn.body


def test_large_logo_is_made_smaller_and_loses_its_empty_border() -> None:
    drawn = logo_of(picture("PNG", "RGBA", (4000, 1000)))

    assert (drawn.width, drawn.height) == (1200, 600)


def test_wide_logo_of_sixteen_bits_keeps_its_grey() -> None:
    drawn = logo_of(picture("PNG", "I;16", (90, 30), 40000, 65535))

    assert Image.open(BytesIO(drawn.body)).getpixel((45, 15))[0] == pytest.approx(156, abs=2)


BAD = {
    "20 MB": (b"\x89PNG" + b"0" * 20_000_000, "larger than 5 MB"),
    "a banner": (picture("PNG", "RGB", (1, 10_000)), "a line, not a logo"),
    "a bomb": (picture("PNG", "1", (9000, 9000), 1), "too many"),
    "cut off": (picture("PNG", "RGB", (300, 300))[:120], "damaged"),
    "transparent all over": (picture("PNG", "RGBA", (60, 60), (0, 0, 0, 0)), "Nothing can be seen"),
    "tiny": (picture("PNG", "RGB", (5, 5)), "too few"),
    "a GIF": (picture("GIF", "P", (60, 60), 3), "Use PNG, JPEG or SVG"),
    "no picture": (b"hello", "Use PNG, JPEG or SVG"),
    "an SVG without a size": (svg(SHAPE, ""), "viewBox"),
    "an SVG in a font": (svg("<text y='9'>Elm</text>"), "into paths"),
    "a broken SVG": (b"<svg><g>", "cannot be read"),
    "an SVG of nothing": (svg(""), "Nothing can be seen"),
    "an SVG that reads a file": (
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("&x;"),
        "cannot be read",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_logo_is_refused_with_what_to_do(case: str) -> None:
    body, said = BAD[case]

    with pytest.raises(LogoRefused, match=said):
        logo_of(body)


def test_svg_is_drawn_without_what_could_act_or_reach_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.write_bytes(picture("PNG", "RGB", (60, 60)))
    evil = (
        f'<script>alert(1)</script><image href="{outside}" width="100" height="40"/>'
        '<foreignObject width="100" height="40"><p>x</p></foreignObject>'
        "<style>@import url(http://127.0.0.1/x.css); .a{fill:#00ff00}</style>"
        f'<use href="{outside}#x"/><g onclick="alert(2)" fill="url(http://127.0.0.1/)">{SHAPE}</g>'
    )

    drawn = logo_of(svg(evil, 'viewBox="0 0 100 40" onload="alert(3)"'))

    made = Image.open(BytesIO(drawn.body))
    assert made.getcolors() == [(drawn.width * drawn.height, (204, 0, 0, 255))]
    assert b"alert" not in drawn.body


def test_svg_with_endless_copies_ends() -> None:
    layers = "".join(f'<g id="a{n + 1}">{f"""<use href="#a{n}"/>""" * 10}</g>' for n in range(12))

    with pytest.raises(LogoRefused):
        logo_of(svg(f'<defs><g id="a0">{SHAPE}</g>{layers}</defs><use href="#a12"/>'))


def test_only_a_light_logo_stands_on_the_cover_itself() -> None:
    white = logo_of(
        svg(SHAPE.replace("rect", "circle cx='20' cy='20' r='9'").replace("#cc0000", "#fff"))
    )
    dark = logo_of(svg("<circle cx='20' cy='20' r='9'/>"))
    paper = logo_of(picture("JPEG", "RGB", (90, 30), INK, (255, 255, 255)))

    assert [is_light(logo.body) for logo in (white, dark, paper)] == [True, False, False]


def test_logo_is_stored_once_under_the_hash_of_its_bytes() -> None:
    body = logo_of(svg(SHAPE)).body

    name = logos.write(body)

    assert logos.write(body) == name
    assert logos.read(name) == body
    assert [path.name for path in logos.folder().iterdir()] == [name]
    with pytest.raises(ValueError, match="not the name of a logo"):
        logos.read("../reports/1-abc.pdf")


# The page


@pytest.fixture
def owner(db: None) -> Membership:
    return make_member(make_organization(name="Mercy Hospital"), Role.OWNER)


@pytest.fixture
def page(owner: Membership, client: Client) -> str:
    client.force_login(owner.user)
    return reverse("look:brand", args=[owner.organization.slug])


def upload(body: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


TYPED = {"version": "0", "name": "Elm Health", "main": "#1d3f8f", "footer": "Confidential"}


def test_brand_is_saved_and_frozen_into_reports(
    page: str, client: Client, owner: Membership
) -> None:
    logo = upload(picture("PNG", "RGBA", (90, 30)))

    answer = client.post(page, {**TYPED, "accent": "E05A1C", "new_logo": logo, "save": "1"})

    assert answer.status_code == 302
    entry = brand_for(owner.organization, owner.user)
    assert entry is not None
    assert (entry.name, entry.main, entry.accent) == ("Elm Health", "#1d3f8f", "#e05a1c")
    assert logos.path_of(entry.logo).exists()
    assert AuditEntry.objects.filter(verb="brand.changed").count() == 1
    shown = client.get(page).content.decode()
    assert 'fill="#1d3f8f"' in shown or 'stroke="#1d3f8f"' in shown
    assert "data:image/png;base64," in shown


def test_pale_color_is_refused_kept_as_typed_and_a_darker_shade_offered(
    page: str, client: Client
) -> None:
    logo = upload(picture("PNG", "RGBA", (90, 30)))

    refused = client.post(page, {**TYPED, "main": "#7FC8F0", "new_logo": logo, "save": "1"})

    shown = refused.content.decode()
    assert refused.status_code == 422
    assert 'value="#7FC8F0"' in shown
    assert not Brand.objects.exists()
    offer = re.search(r'name="use" value="(main:(#[0-9a-f]{6}))"', shown)
    kept = re.search(r'name="kept" value="([^"]+)"', shown)
    assert offer and kept
    # The file is not sent again: the page carries the drawn logo.
    again = {**TYPED, "main": "#7FC8F0", "kept": kept[1]}
    taken = client.post(page, {**again, "use": offer[1]})
    assert taken.status_code == 200
    assert f'value="{offer[2]}"' in taken.content.decode()
    assert client.post(page, {**again, "main": offer[2], "save": "1"}).status_code == 302
    assert Brand.objects.get().logo


def test_second_color_has_to_stand_out_from_the_cover(page: str, client: Client) -> None:
    refused = client.post(page, {**TYPED, "accent": "#1d3f8e", "save": "1"})

    assert refused.status_code == 422
    assert "a mark needs 3 : 1" in refused.content.decode()


def test_word_is_no_color(page: str, client: Client) -> None:
    refused = client.post(page, {**TYPED, "main": "mint green", "save": "1"})

    assert refused.status_code == 422
    assert "Write it like #0e5c52" in refused.content.decode()
    assert 'value="mint green"' in refused.content.decode()


def test_bad_logo_keeps_what_was_typed(page: str, client: Client) -> None:
    sent = {**TYPED, "new_logo": upload(b"0" * 5_000_001), "save": "1"}

    refused = client.post(page, sent)

    assert refused.status_code == 422
    assert "larger than 5 MB" in refused.content.decode()
    assert 'value="Elm Health"' in refused.content.decode()


def test_kept_logo_of_somebody_else_is_not_taken(page: str, client: Client) -> None:
    client.post(page, {**TYPED, "kept": f"{'a' * 64}.png", "save": "1"})

    assert Brand.objects.get().logo == ""


def test_look_saved_meanwhile_is_shown_before_it_is_replaced(
    page: str, client: Client, owner: Membership
) -> None:
    Brand.objects.create(organization=owner.organization, name="Theirs", version=3)

    refused = client.post(page, {**TYPED, "save": "1"})

    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "Theirs" in shown
    assert 'value="Elm Health"' in shown
    assert Brand.objects.get().name == "Theirs"
    assert client.post(page, {**TYPED, "version": "3", "save": "1"}).status_code == 302
    assert Brand.objects.get().name == "Elm Health"


def test_cover_can_be_looked_at_before_saving(page: str, client: Client) -> None:
    answer = client.post(page, {**TYPED, "look": "1"})

    assert answer.status_code == 200
    assert "#1d3f8f" in answer.content.decode()
    assert not Brand.objects.exists()


def test_logo_can_be_taken_away(page: str, client: Client) -> None:
    logo = upload(picture("PNG", "RGBA", (90, 30)))
    client.post(page, {**TYPED, "new_logo": logo, "save": "1"})

    client.post(page, {**TYPED, "version": "1", "no_logo": "on", "save": "1"})

    assert Brand.objects.get().logo == ""


# Whose look


def test_report_made_by_a_consultancy_wears_its_look(db: None) -> None:
    consultancy = make_organization(name="Elm Advisers", advises=True)
    consultant = make_member(consultancy, Role.EDITOR).user
    client_of_theirs = make_organization(name="Mercy Hospital")
    make_engagement(client_of_theirs, consultancy=consultancy)
    Brand.objects.create(organization=client_of_theirs, name="Mercy", main="#7a1f3d")

    without = brand_for(client_of_theirs, consultant)
    Brand.objects.create(organization=consultancy, main="#1d3f8f")
    worn = brand_for(client_of_theirs, consultant)

    assert without == BrandEntry(name="Elm Advisers")
    assert worn == BrandEntry(name="Elm Advisers", main="#1d3f8f")
    member = make_member(client_of_theirs, Role.EDITOR).user
    own = brand_for(client_of_theirs, member)
    assert own == brand_of(client_of_theirs) == BrandEntry(name="Mercy", main="#7a1f3d")


def test_organization_without_a_look_looks_as_usual(owner: Membership) -> None:
    assert brand_for(owner.organization, owner.user) is None
    assert brand_for(owner.organization, None) is None


def test_sweep_spares_logos_of_brands_and_of_frozen_reports(
    owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.reports.factories import make_report

    names = [logos.write(picture("PNG", "RGBA", (60 + n, 30))) for n in range(3)]
    Brand.objects.create(organization=owner.organization, logo=names[0])
    report = make_report()
    report.snapshot["brand"] = {"logo": names[1]}
    Report.objects.filter(pk=report.pk).update(snapshot=report.snapshot)
    monkeypatch.setattr(logos, "SWEEP_AFTER_SECONDS", -1)

    assert logos_sweep() == 1
    assert {path.name for path in logos.folder().iterdir()} == set(names[:2])

"""The form for how documents look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import logos
from reports.brands import StoredLogo
from reports.frozen.brand import BrandEntry
from reports.logo_drawing import MOST_BYTES, LogoRefused, logo_of, too_large
from reports.models.brand import Brand
from reports.pictures.colors import SHAPES, TEXT, WHITE, contrast, parse, shade_for
from reports.pictures.palette import PALETTE, branded

SALT = "reports.brand.logo"


class BrandForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # A logo that came with a form that had a mistake elsewhere: a browser sends no file twice.
    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    # As it is typed first, judged below: the database has room for seven characters.
    main = forms.CharField(label=gettext_lazy("Main colour"), required=False, max_length=40)
    accent = forms.CharField(label=gettext_lazy("Second colour"), required=False, max_length=40)
    new_logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "PNG, JPEG or SVG, at most 5 MB. It is drawn anew; nothing else of the file is kept."
        ),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
        error_messages={"empty": gettext_lazy("This file is empty. Choose the logo again.")},
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Take the logo away"), required=False)

    class Meta:
        model = Brand
        fields = ("name", "main", "accent", "footer", "legal")
        help_texts = {
            "name": gettext_lazy("Stands on the cover, also in place of a logo."),
            "footer": gettext_lazy("For example: Confidential. Otherwise the day of the report."),
            "legal": gettext_lazy("Printed at the end of each document."),
        }
        widgets = {"legal": forms.Textarea(attrs={"rows": 4})}

    field_order = ("name", "new_logo", "no_logo", "main", "accent", "footer", "legal")

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large
        self.offers: list[tuple[str, str, str]] = []
        """Field, its label and a shade that would do."""
        self.stored: StoredLogo | None = None
        self.fields["main"].help_text = _(
            "Like #0e5c52. White text stands on it, so it has to be dark enough."
        )
        self.fields["accent"].help_text = _(
            "Like #e2a12b. Marks the way on the cover, so it has to stand out from it."
        )
        if not self.instance.logo:
            del self.fields["no_logo"]

    def clean_main(self) -> str:
        color = self._color("main")
        if color and contrast(WHITE, color) < TEXT:
            shade = shade_for(color, WHITE, TEXT)
            self._offer("main", shade)
            raise forms.ValidationError(
                _(
                    "White on %(color)s has a contrast of %(found)s : 1; reading needs 4.5 : 1. "
                    "%(shade)s, a darker shade, would do."
                )
                % {"color": color, "found": f"{contrast(WHITE, color):.1f}", "shade": shade}
            )
        return color

    def clean_accent(self) -> str:
        color = self._color("accent")
        ground = branded(BrandEntry(main=self.cleaned_data.get("main") or PALETTE.brand)).brand_deep
        if color and contrast(color, ground) < SHAPES:
            shade = shade_for(color, ground, SHAPES)
            self._offer("accent", shade)
            raise forms.ValidationError(
                _(
                    "%(color)s on the cover has a contrast of %(found)s : 1; a mark needs 3 : 1. "
                    "%(shade)s, a lighter shade, would do."
                )
                % {"color": color, "found": f"{contrast(color, ground):.1f}", "shade": shade}
            )
        return color

    def clean_kept(self) -> str:
        """Only what this server gave away itself."""
        kept: str = self.cleaned_data["kept"]
        if kept:
            try:
                self.stored = StoredLogo(*signing.loads(kept, salt=SALT))
            except (signing.BadSignature, TypeError):
                return ""
        return kept

    def clean_new_logo(self) -> Any:
        upload = self.cleaned_data.get("new_logo")
        if self.is_too_large or (upload and upload.size > MOST_BYTES):
            raise forms.ValidationError(too_large())
        if upload:
            try:
                drawn = logo_of(upload.read())
            except LogoRefused as refused:
                raise forms.ValidationError(str(refused)) from None
            self.stored = StoredLogo(logos.write(drawn.body), drawn.width, drawn.height)
        return upload

    def again(self) -> str:
        """The logo that came along, for the next time the form is sent."""
        if self.stored is None:
            return ""
        return signing.dumps((self.stored.name, self.stored.width, self.stored.height), salt=SALT)

    def _color(self, field: str) -> str:
        typed: str = self.cleaned_data[field]
        color = parse(typed) if typed else ""
        if color is None:
            raise forms.ValidationError(_("This is no colour. Write it like #0e5c52."))
        return color

    def _offer(self, field: str, shade: str) -> None:
        self.offers.append((field, str(self.fields[field].label), shade))

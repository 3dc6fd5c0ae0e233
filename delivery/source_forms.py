"""What people say about a source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import refuse_control_characters
from delivery.enums import SourceKind
from delivery.models import Source, System

HELP_PRODUCTION = _(
    "Names of environments, stages, jobs or workflows that mean production, separated by commas. "
    "Empty: “production” and “prod”."
)


class SourceForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("How your colleagues know it, such as “GitLab of the portal team”."),
        validators=[refuse_control_characters],
    )
    kind = forms.ChoiceField(label=_("Which tool sends"), choices=SourceKind.choices)
    system = forms.ModelChoiceField(
        label=_("System"),
        queryset=System.objects.none(),
        required=False,
        empty_label=_("None: each project is named below"),
        help_text=_("What it sends is about this system, unless its project is named as another."),
    )
    production = forms.CharField(
        label=_("What counts as production"),
        required=False,
        max_length=1000,
        help_text=HELP_PRODUCTION,
    )

    def __init__(self, *args: Any, systems: Iterable[System], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].queryset = systems  # type: ignore[attr-defined]

    def clean_production(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["production"].split(",")]


class SourceEditForm(SourceForm):
    """The kind stays: addresses of another kind prove themselves in another way."""

    systems = forms.CharField(
        label=_("Names of projects"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_(
            "One a line: what the tool calls a project, repository or job, then = and the short "
            "name of the system. For example: hospital/portal-web = portal"
        ),
    )

    field_order = ("name", "system", "systems", "production")

    def __init__(self, *args: Any, source: Source, systems: Any, **kwargs: Any) -> None:
        lines = [f"{name} = {key}" for name, key in source.systems.items()]
        kwargs.setdefault(
            "initial",
            {
                "name": source.name,
                "system": source.system,
                "production": ", ".join(source.production),
                "systems": "\n".join(lines),
            },
        )
        super().__init__(*args, systems=systems, **kwargs)
        del self.fields["kind"]
        self.keys = {system.key.casefold(): system.key for system in systems}
        self.fields["system"].empty_label = _(  # type: ignore[attr-defined]
            "None: only what is named below is taken"
        )

    def clean_systems(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["systems"].splitlines(), 1):
            if not line.strip():
                continue
            name, sign, key = (part.strip() for part in line.rpartition("="))
            if not sign or not name:
                raise forms.ValidationError(
                    _("Line %(n)s needs a name, = and the short name of a system."),
                    params={"n": number},
                )
            if key.casefold() not in self.keys:
                raise forms.ValidationError(
                    _("Line %(n)s: no system has the short name “%(key)s”. There are: %(all)s."),
                    params={
                        "n": number,
                        "key": key[:80],
                        "all": ", ".join(sorted(self.keys.values())) or "–",
                    },
                )
            found[name[:300]] = self.keys[key.casefold()]
        return found

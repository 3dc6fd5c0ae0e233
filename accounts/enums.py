"""The closed lists of the accounts app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do in an organization.

    Each role does what the ones before it do; only reading an assessment under way differs
    (`accounts.tenancy.NOT_FOR`).
    """

    VIEWER = "viewer", _("Viewer")
    CONTRIBUTOR = "contributor", _("Contributor")
    EDITOR = "editor", _("Editor")
    OWNER = "owner", _("Owner")

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    @property
    def summary(self) -> str:
        return ROLE_SUMMARIES[self]


ROLE_SUMMARIES = {
    Role.VIEWER: _("Reads everything and changes nothing."),
    Role.CONTRIBUTOR: _(
        "Answers the questions assigned to them, reads what is submitted, reports progress."
    ),
    Role.EDITOR: _(
        "Reads and answers everything, assigns questions, submits assessments, makes roadmaps "
        "and reports, opens gates."
    ),
    Role.OWNER: _("Does everything, and manages people and settings."),
}


class Area(models.TextChoices):
    """A part of an organization that its consultancy may be let into."""

    ASSESSMENTS = "assessments", _("Assessments and scores")
    ROADMAP = "roadmap", _("Roadmap, progress and metrics")
    REPORTS = "reports", _("Reports")

    @property
    def summary(self) -> str:
        return AREA_SUMMARIES[self]


AREA_SUMMARIES = {
    Area.ASSESSMENTS: _("Questions, answers, evidence and the readiness that follows from them."),
    Area.ROADMAP: _(
        "Plans, gates, work under way and delivery metrics, with the answers given as reasons."
    ),
    Area.REPORTS: _(
        "Reports made so far: they hold scores, answers and the plan. Making new ones also needs "
        "both other parts."
    ),
}

# A new report would tell whoever asks for it what these hold.
REPORTS_ARE_MADE_FROM = (Area.ASSESSMENTS, Area.ROADMAP)


class OrganizationKind(models.TextChoices):
    """The options of the guide's profile question P.01, as plain choices."""

    HOSPITAL = "hospital", _("Hospital or hospital group")
    ACADEMIC_CENTRE = "academic_centre", _("Academic medical centre")
    CLINIC_GROUP = "clinic_group", _("Group of clinics or practices")
    TELEHEALTH = "telehealth", _("Telehealth provider")
    PAYER = "payer", _("Health insurer or payer")
    DEVICE_MAKER = "device_maker", _("Medical device maker")
    SOFTWARE_FIRM = "software_firm", _("Health software or services firm")
    PUBLIC_HEALTH_BODY = "public_health_body", _("Public health body")
    LAB = "lab", _("Laboratory")
    PHARMACY = "pharmacy", _("Pharmacy")
    OTHER = "other", _("Another kind")

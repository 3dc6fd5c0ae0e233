from django.urls import include, path

from api.service import api
from api.views.document import document
from roadmap.views.what_if import what_if

handler400 = "api.views.bad_request.bad_request"

urlpatterns = [
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    # A page of an assessment that needs the planner: assessments can't know of it.
    path("o/<slug:organization>/assessments/<int:pk>/what-if/", what_if, name="what_if"),
    path("o/<slug:organization>/assessments/", include("assessments.urls")),
    path("o/<slug:organization>/roadmaps/<int:pk>/reports/", include("reports.urls")),
    path("o/<slug:organization>/roadmaps/<int:pk>/shares/", include("reports.share_urls")),
    path("o/<slug:organization>/roadmaps/", include("roadmap.urls")),
    path("o/<slug:organization>/scenarios/", include("roadmap.scenario_urls")),
    path("o/<slug:organization>/pilots/", include("roadmap.pilot_urls")),
    path("o/<slug:organization>/my-work/", include("roadmap.work_urls")),
    path("o/<slug:organization>/metrics/", include("delivery.urls")),
    path("o/<slug:organization>/inbox/", include("inbox.urls")),
    path("o/<slug:organization>/advisers/", include("accounts.adviser_urls")),
    path("o/<slug:organization>/workshops/", include("assessments.workshop_urls")),
    path("o/<slug:organization>/batches/", include("reports.batch_urls")),
    path("o/<slug:organization>/look/", include("reports.look_urls")),
    path("o/<slug:organization>/clients/", include("desk.urls")),
    path("o/<slug:organization>/handover/", include("handover.urls")),
    path("o/<slug:organization>/api/", include("api.urls")),
    path("api/", document, name="api_document"),
    path("api/v1/", api.urls),
    # Secret addresses: whoever holds one needs no account.
    path("hooks/", include(("delivery.hook_urls", "hooks"))),
    path("mail/", include(("inbox.mail_urls", "mail"), namespace="mail")),
    path("shared/", include(("roadmap.shared_urls", "shared"))),
    path("shared/", include("reports.link_urls")),
]

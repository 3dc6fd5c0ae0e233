from django.urls import path

from accounts.views import advisers, history, invitations, members, organizations, public

app_name = "accounts"

urlpatterns = [
    path("", public.start, name="start"),
    path("sample-report.pdf", public.sample_report, name="sample_report"),
    path("appearance/", public.theme, name="theme"),
    path("you/", organizations.profile, name="profile"),
    path("organizations/", organizations.index, name="organizations"),
    path("organizations/new/", organizations.create, name="organization_create"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("advise/<str:token>/", advisers.answer, name="engagement_request"),
    path("o/<slug:organization>/", organizations.home, name="organization_home"),
    path(
        "o/<slug:organization>/settings/",
        organizations.settings,
        name="organization_settings",
    ),
    path("o/<slug:organization>/history/", history.history, name="history"),
    path(
        "o/<slug:organization>/history/history.csv",
        history.export,
        {"form": "csv"},
        name="history_csv",
    ),
    path(
        "o/<slug:organization>/history/history.json",
        history.export,
        {"form": "json"},
        name="history_json",
    ),
    path("o/<slug:organization>/people/", members.index, name="members"),
    path("o/<slug:organization>/people/leave/", members.leave, name="leave"),
    path("o/<slug:organization>/people/<int:pk>/", members.change, name="member"),
    path("o/<slug:organization>/people/<int:pk>/remove/", members.remove, name="member_remove"),
    path("o/<slug:organization>/people/invite/", invitations.create, name="invite"),
    path(
        "o/<slug:organization>/people/invitations/<int:pk>/resend/",
        invitations.resend,
        name="invitation_resend",
    ),
    path(
        "o/<slug:organization>/people/invitations/<int:pk>/revoke/",
        invitations.revoke,
        name="invitation_revoke",
    ),
]

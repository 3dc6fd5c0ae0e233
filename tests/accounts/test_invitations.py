import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import services
from accounts.enums import Role
from accounts.models import Invitation, Membership, User
from tests.accounts.hostile import HTML, LONG, RIGHT_TO_LEFT
from tests.factories import PASSWORD, make_invitation, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db

OFFER = {"email": "guest@example.org", "role": "contributor"}


@pytest.fixture
def owner():
    return make_member(
        make_organization(name="North Clinic", slug="north"), Role.OWNER, user=make_user(name="Ada")
    )


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner.user)
    return client


def link_of(invitation):
    return f"/invitations/{invitation.token}/"


def test_invite_mails_a_link_as_text_and_html(as_owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_owner.post("/o/north/people/invite/", OFFER, follow=True)

    message, invitation = mail.outbox[0], Invitation.objects.get()
    assert message.subject == "You are invited to North Clinic on Waymark"
    assert message.to == ["guest@example.org"]
    assert f"http://testserver{link_of(invitation)}" in message.body
    assert f'href="http://testserver{link_of(invitation)}"' in message.alternatives[0][0]
    assert invitation.sent_at is not None
    assert "guest@example.org" in response.content.decode()


def test_invite_escapes_names_in_the_html_mail(owner, django_capture_on_commit_callbacks):
    owner.organization.name = HTML
    owner.organization.save()
    owner.user.name = RIGHT_TO_LEFT + HTML

    with django_capture_on_commit_callbacks(execute=True):
        services.invitation_create(
            organization=owner.organization, user=owner.user, site="http://testserver", **OFFER
        )

    html = mail.outbox[0].alternatives[0][0]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert RIGHT_TO_LEFT in html


def test_invite_subject_cannot_be_given_more_headers(owner, django_capture_on_commit_callbacks):
    owner.organization.name = "North\r\nBcc: everyone@example.org"
    owner.organization.save()

    with django_capture_on_commit_callbacks(execute=True):
        services.invitation_create(
            organization=owner.organization, user=owner.user, site="http://testserver", **OFFER
        )

    assert mail.outbox[0].subject == (
        "You are invited to North Bcc: everyone@example.org on Waymark"
    )
    assert mail.outbox[0].recipients() == ["guest@example.org"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "nobody"),
        ("email", LONG + "@example.org"),
        ("email", HTML),
        ("email", "a@example.org, b@example.org"),
        ("role", ""),
        ("role", "root"),
    ],
)
def test_invite_refuses_bad_input(as_owner, field, value):
    response = as_owner.post("/o/north/people/invite/", OFFER | {field: value})

    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()
    assert not Invitation.objects.exists()


def test_invite_refuses_someone_who_is_a_member(as_owner, owner):
    make_member(owner.organization, user=make_user(email="guest@example.org"))

    response = as_owner.post("/o/north/people/invite/", OFFER | {"email": "Guest@Example.org"})

    assert response.status_code == 422
    assert "belongs to the organization already" in response.content.decode()


def test_invite_twice_keeps_one_invitation_with_the_newest_link(as_owner):
    as_owner.post("/o/north/people/invite/", OFFER)
    first = Invitation.objects.get().token
    as_owner.post("/o/north/people/invite/", OFFER | {"role": "editor"})

    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.token == first) == (Role.EDITOR, False)


def test_invite_stops_at_a_number_no_honest_start_needs(as_owner, monkeypatch):
    monkeypatch.setattr(services, "INVITATIONS_A_DAY", 2)

    statuses = [
        as_owner.post("/o/north/people/invite/", OFFER | {"email": f"p{n}@example.org"}).status_code
        for n in range(3)
    ]

    assert statuses == [302, 302, 422]


def test_invite_stands_when_the_mail_server_is_away(
    as_owner, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post("/o/north/people/invite/", OFFER)

    assert Invitation.objects.get().sent_at is None
    assert "the mail could not be sent" in as_owner.get("/o/north/people/").content.decode()


def test_resend_ends_the_old_link_and_gives_full_time(as_owner, owner):
    invitation = make_invitation(owner.organization)
    old = invitation.token
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    as_owner.post(f"/o/north/people/invitations/{invitation.pk}/resend/")

    invitation.refresh_from_db()
    assert invitation.is_open
    assert as_owner.get(f"/invitations/{old}/").status_code == 404


def test_revoke_ends_the_link(as_owner, owner, client):
    guest = make_user()
    invitation = make_invitation(owner.organization, email=guest.email)
    as_owner.post(f"/o/north/people/invitations/{invitation.pk}/revoke/")
    client.force_login(guest)

    response = client.post(link_of(invitation))

    assert response.status_code == 409
    assert "was taken back" in response.content.decode()
    assert not Membership.objects.filter(user=guest).exists()


def test_accept_makes_a_member_with_the_offered_role_once(client, owner):
    guest = make_user()
    invitation = make_invitation(owner.organization, email=guest.email, role=Role.EDITOR)
    client.force_login(guest)

    shown = client.get(link_of(invitation)).content.decode()
    first = client.post(link_of(invitation))
    client.post(link_of(invitation))

    assert "Accept the invitation" in shown
    assert first.headers["Location"] == "/o/north/"
    assert [member.role for member in Membership.objects.filter(user=guest)] == [Role.EDITOR]


def test_accept_with_another_address_says_what_to_do(client, owner):
    invitation = make_invitation(owner.organization, email="guest@example.org")
    other = make_user(email="other@example.org")
    client.force_login(other)

    shown = client.get(link_of(invitation)).content.decode()
    response = client.post(link_of(invitation))

    assert "You are signed in as other@example.org" in shown
    assert "Accept the invitation" not in shown
    assert response.status_code == 409
    assert not Membership.objects.filter(user=other).exists()


def test_accept_works_with_a_further_confirmed_address(client, owner):
    user = make_user()
    user.emailaddress_set.create(email="guest@example.org", verified=True)
    invitation = make_invitation(owner.organization, email="guest@example.org")
    client.force_login(user)

    client.post(link_of(invitation))

    assert Membership.objects.filter(user=user).exists()


def test_accept_does_not_count_a_further_unconfirmed_address(client, owner):
    user = make_user()
    user.emailaddress_set.create(email="guest@example.org", verified=False)
    invitation = make_invitation(owner.organization, email="guest@example.org")
    client.force_login(user)

    assert client.post(link_of(invitation)).status_code == 409


def test_accept_after_the_time_is_refused(client, owner):
    guest = make_user()
    invitation = make_invitation(owner.organization, email=guest.email)
    Invitation.objects.update(expires_at=timezone.now())
    client.force_login(guest)

    response = client.post(link_of(invitation))

    assert response.status_code == 409
    assert "has run out" in response.content.decode()


def test_accept_as_a_member_changes_no_role(client, owner):
    invitation = make_invitation(owner.organization, email=owner.user.email, role=Role.VIEWER)
    client.force_login(owner.user)

    client.post(link_of(invitation))

    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_newcomer_signs_up_from_the_link_without_a_second_mail(client, owner, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    invitation = make_invitation(owner.organization, email="guest@example.org")

    page = client.get(link_of(invitation)).content.decode()
    sign_up = re.search(r'href="(/accounts/signup/\?next=[^"]+)"', page)[1]
    form = client.get(sign_up).content.decode()
    response = client.post(
        sign_up,
        {
            "name": "Guest",
            "email": "guest@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    client.post(response.headers["Location"])

    assert 'value="guest@example.org"' in form
    assert response.headers["Location"] == link_of(invitation)
    assert Membership.objects.get(user=User.objects.get(email="guest@example.org"))
    assert mail.outbox == []


@pytest.mark.parametrize("token", ["nope", "%00", "x" * 500, "🏥"])
def test_unknown_link_says_so(client, token):
    response = client.get(f"/invitations/{token}/")

    assert response.status_code == 404
    assert "This invitation link does not work" in response.content.decode()


def test_list_of_organizations_shows_invitations_of_proven_addresses_only(client, owner):
    proven, unproven = make_user(), make_user(verified=False)
    pages = []
    for user in (proven, unproven):
        make_invitation(owner.organization, email=user.email)
        client.force_login(user)
        pages.append(client.get("/organizations/").content.decode())

    assert ["See the invitation" in page for page in pages] == [True, False]

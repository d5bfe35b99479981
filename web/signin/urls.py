"""Addresses of signing in and of one's account, under the names by which allauth knows them."""

from django.urls import path, re_path
from django.views.decorators.http import require_http_methods
from django.views.generic import RedirectView, TemplateView

from web.shared.asking import asks_first
from web.shared.signed_out import asks_who
from web.signin import (
    account,
    passwords,
    provider,
    security,
    session_lengths,
    sessions,
    steps,
    tokens,
)
from web.signin.backchannel_logout import ended
from web.signin.confirmation import confirms
from web.signin.login import LogIn, LogOut
from web.signin.second_step import ByPasskey, EnterCode

_renamed = RedirectView.as_view(pattern_name="mfa_index")
urlpatterns = [
    path("session/left/", session_lengths.left, name="session_left"),
    path("login/", LogIn.as_view(), name="account_login"),
    path("logout/", LogOut.as_view(), name="account_logout"),
    path("login/code/", EnterCode.as_view(), name="mfa_authenticate"),
    path("login/passkey/", ByPasskey.as_view(), name="mfa_login_webauthn"),
    path("login/not-here/", account.not_here, name="socialaccount_login_cancelled"),
    path("login/provider/", account.not_here, name="socialaccount_login_error"),
    path("login/provider/new/", account.not_here, name="socialaccount_signup"),
    path("login/provider/<slug:provider_id>/", provider.go, name="openid_connect_login"),
    path("login/provider/<slug:provider_id>/back/", provider.back, name="openid_connect_callback"),
    path("login/provider/<slug:provider_id>/ended/", ended, name="openid_connect_ended"),
    path("password/forgotten/", passwords.Forgotten.as_view(), name="account_reset_password"),
    path(
        "password/forgotten/sent/",
        TemplateView.as_view(template_name="web/signin/forgotten_sent.html"),
        name="account_reset_password_done",
    ),
    path(
        "password/new/done/",
        TemplateView.as_view(template_name="web/signin/new_password_done.html"),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        passwords.New.as_view(),
        name="account_reset_password_from_key",
    ),
    path("account/", account.show, name="account"),
    path("account/confirm/", account.confirm, name="account_reauthenticate"),
    path(
        "account/password/",
        asks_who(passwords.Change.as_view()),
        name="account_change_password",
    ),
    path("account/password/none/", account.no_password, name="account_set_password"),
    path("account/provider/", account.show, name="socialaccount_connections"),
    path(
        "account/sessions/",
        asks_who(asks_first(confirms()(sessions.Sessions.as_view()))),
        name="usersessions_list",
    ),
    path("account/second-step/", asks_who(steps.Overview.as_view()), name="mfa_index"),
    path("account/second-step/app/", asks_who(steps.SetUpApp.as_view()), name="mfa_activate_totp"),
    path(
        "account/second-step/app/remove/",
        asks_who(steps.RemoveApp.as_view()),
        name="mfa_deactivate_totp",
    ),
    path("account/second-step/passkeys/", asks_who(_renamed), name="mfa_list_webauthn"),
    path(
        "account/second-step/passkeys/new/",
        asks_who(steps.AddPasskey.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "account/second-step/passkeys/<int:pk>/remove/",
        asks_who(steps.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "account/second-step/codes/",
        asks_who(steps.Codes.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/second-step/codes/new/",
        asks_who(steps.NewCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("account/tokens/", tokens.listed, name="tokens"),
    path("account/tokens/new/", tokens.new, name="new_token"),
    path("account/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("security/", security.listed, name="security"),
    path("security/events.csv", security.export, name="security_export"),
]
# Django's forms take a PUT as a POST: no page sends one.
for _pattern in urlpatterns:
    _pattern.callback = require_http_methods(["GET", "HEAD", "POST"])(_pattern.callback)

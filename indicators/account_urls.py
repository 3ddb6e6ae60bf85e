"""Accounts. Of allauth's addresses only those that are needed; the others don't exist."""

from allauth.account.views import reauthenticate
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from indicators.views import accounts

sign_in, sign_out = accounts.SignIn.as_view(), accounts.SignOut.as_view()
CITY = {"provider_id": "city"}

urlpatterns = [
    path("login/", sign_in, name="login"),
    path("login/", sign_in, name="account_login"),  # what allauth calls it
    path("logout/", sign_out, name="logout"),
    path("logout/", sign_out, name="account_logout"),
    path("login/code/", mfa.authenticate, name="mfa_authenticate"),
    path("login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("login/city/", accounts.city_sign_on, CITY, name="openid_connect_login"),
    path(
        "login/city/callback/", accounts.city_sign_on_callback, CITY, name="openid_connect_callback"
    ),
    path("reset/<str:token>/", accounts.reset_link, name="password_reset_link"),
    path("reset/", accounts.reset_password, name="password_reset"),
    path("account/", accounts.account, name="account"),
    path("account/", accounts.account, name="mfa_index"),
    path("account/", accounts.account, name="mfa_list_webauthn"),
    path("account/mail/", accounts.mail_settings, name="mail_settings"),
    path("account/sessions/", accounts.end_sessions, name="end_sessions"),
    path("account/password/", accounts.ChangePassword.as_view(), name="account_change_password"),
    path("account/confirm/", reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "account/codes/download/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]

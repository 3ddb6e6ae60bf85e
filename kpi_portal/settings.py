"""All settings. What differs between machines comes from the environment, safe by default.

Without DATABASE_URL the data is in var/portal.sqlite3.

| variable | meaning |
|---|---|
| DATABASE_URL | sqlite:////absolute/path or postgres://user:password@host:port/name |
| SECRET_KEY | needed by a server; commands make one in var/ when it is missing |
| ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS | comma-separated; default: this machine only |
| PORTAL_LOCAL | 1: plain HTTP on this machine (`make run`, `make serve`), no HTTPS redirect |
| CITY_NAME | the government that publishes; default 臺中市政府 |
| CONTACT_EMAIL | shown on the contact page |
| EVIDENCE_ROOT | folder of the evidence files, never served as it is; default var/evidence |
| EVIDENCE_MAX_BYTES | the largest evidence file; default 20971520 (20 MB) |
| REPORT_FONT_DIR | folder of the TW-Kai fonts, if not Debian's |
| SESSION_IDLE_MINUTES, SESSION_HOURS | logged out when idle (30), and at the latest after (12) |
| UNUSED_ACCOUNT_DAYS | an account nobody used for so long is disabled (180); 0: never |
| RESET_LINK_HOURS | how long a link for a new password is good (24) |
| REQUIRE_MFA_FOR_APPROVERS | 1: who approves or administers needs a second factor |
| MFA_SECRET_KEY | seals the secrets of the second factor; default: made from SECRET_KEY |
| BEHIND_PROXY, TRUSTED_PROXY_COUNT | a proxy ends TLS; how many add to X-Forwarded-For (1 if so) |
| OIDC_SERVER_URL, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME | city sign-on (docs/accounts.md) |
| EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS | the mail server (587, 1); without it they are printed |
| EMAIL_HOST_USER, EMAIL_HOST_PASSWORD | the portal's account on it, if it asks for one |
| DEFAULT_FROM_EMAIL | from whom letters come; default CONTACT_EMAIL |
| PORTAL_URL | how links in letters begin, https://…; default this machine's `make run` |
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from kpi_portal import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = False
LOCAL = env.flag("PORTAL_LOCAL")
SECRET_KEY = env.secret("SECRET_KEY", VAR_DIR)
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")

CITY_NAME = env.text("CITY_NAME", "臺中市政府")
CONTACT_EMAIL = env.text("CONTACT_EMAIL")

INSTALLED_APPS = [
    "indicators",
    "reports",
    "crispy_forms",
    "crispy_bootstrap5",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",  # after indicators: the audit record sees an attempt before it is counted
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kpi_portal.middleware.ResponseHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kpi_portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "indicators.accounts.middleware.SessionLimitsMiddleware",
    "indicators.accounts.middleware.LogInMiddleware",
    "indicators.accounts.middleware.DutiesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kpi_portal.middleware.SentencesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it replaces the answer of a locked attempt
]
ROOT_URLCONF = "kpi_portal.urls"
WSGI_APPLICATION = "kpi_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kpi_portal.navigation.navigation",
            ],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", VAR_DIR / "portal.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {  # shared by all processes: rate limits, codes that were used
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "indicators.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "indicators.views.pages.form_expired"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "indicators.accounts.passwords.KindsValidator"},
    {"NAME": "indicators.accounts.passwords.FormerPasswordValidator"},
]

# Accounts; see docs/accounts.md
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: refuses during a lockout
    "allauth.account.auth_backends.AuthenticationBackend",
]
SESSION_LIMIT = timedelta(hours=env.number("SESSION_HOURS", 12, least=1))
UNUSED_ACCOUNT_DAYS = env.number("UNUSED_ACCOUNT_DAYS", 180)
RESET_LINK_LIFE = timedelta(hours=env.number("RESET_LINK_HOURS", 24, least=1))
REQUIRE_MFA_FOR_APPROVERS = env.flag("REQUIRE_MFA_FOR_APPROVERS")
MFA_SECRET_KEY = env.text("MFA_SECRET_KEY", SECRET_KEY)
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", int(env.flag("BEHIND_PROXY")))

ACCOUNT_ADAPTER = "indicators.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # there is no sign-up; quietens a check
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "indicators.accounts.forms.SignInForm",
    "change_password": "indicators.accounts.forms.ChangePasswordForm",
    "reauthenticate": "indicators.accounts.forms.ConfirmPasswordForm",
}
# Whole offices share an address. The lockout is by account; these only slow machines down.
ACCOUNT_RATE_LIMITS = {
    "login": "100/m/ip",
    "login_failed": "60/m/ip",
    "change_password": "20/m/user",
}

MFA_ADAPTER = "indicators.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = f"{CITY_NAME}施政績效"
MFA_FORMS = {
    "authenticate": "indicators.accounts.forms.CodeForm",
    "reauthenticate": "indicators.accounts.forms.ConfirmCodeForm",
    "activate_totp": "indicators.accounts.forms.ActivateAppForm",
    "add_webauthn": "indicators.accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "indicators.accounts.passkey_forms.RenamePasskeyForm",
    "authenticate_webauthn": "indicators.accounts.passkey_forms.PasskeyForm",
    "login_webauthn": "indicators.accounts.passkey_forms.PasskeyLogInForm",
    "reauthenticate_webauthn": "indicators.accounts.passkey_forms.ConfirmPasskeyForm",
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "indicators.accounts.callers.account_name"
AXES_CLIENT_IP_CALLABLE = "indicators.accounts.callers.address"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_DISABLE_ACCESS_LOG = True  # the history has it
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # by account alone: an address may be a whole office's
AXES_SENSITIVE_PARAMETERS = [  # what was typed is stored without these
    "username",
    "ip_address",
    "code",
    "credential",
    "csrfmiddlewaretoken",
    "oldpassword",
    "password1",
    "password2",
]

OIDC_SERVER_URL = env.web_address("OIDC_SERVER_URL")
OIDC_NAME = env.text("OIDC_NAME", f"{CITY_NAME}單一簽入") if OIDC_SERVER_URL else ""
OIDC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER_URL)) if OIDC_NAME else ""
SOCIALACCOUNT_ADAPTER = "indicators.accounts.adapters.CitySignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = env.oidc(OIDC_SERVER_URL, OIDC_NAME)

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Taipei"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Letters: reminders and what follows from deadlines; see indicators/mail.py
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10  # seconds: whoever presses the button waits for it
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", CONTACT_EMAIL or "portal@localhost")
PORTAL_URL = env.web_address("PORTAL_URL") or "http://127.0.0.1:8000"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

SESSION_COOKIE_AGE = 60 * env.number("SESSION_IDLE_MINUTES", 30, least=2)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
EVIDENCE_ROOT = Path(env.text("EVIDENCE_ROOT", str(VAR_DIR / "evidence")))
EVIDENCE_MAX_BYTES = env.number("EVIDENCE_MAX_BYTES", 20 * 1024 * 1024, least=1)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a plan's owners and deadlines are one form

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.security.DisallowedHost": {"level": "ERROR"},
        "axes": {"level": "ERROR"},  # it logs every failure with what was typed
    },
}

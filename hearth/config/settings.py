"""Settings of one installation. Each `HEARTH_…` variable is described in docs/users/settings.md."""

import secrets
from ipaddress import ip_network
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from hearth.config import environment as env
from hearth.config.pool import forget_what_was_told
from hearth.config.work_apps import work_apps

ROOT = env.ROOT
VAR = env.folder("HEARTH_VAR", ROOT / "var")
DEBUG = env.flag("HEARTH_DEBUG", default=False)


def _secret_key(path: Path) -> str:
    """Read the installation's secret, made once with access for its user only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = env.text("HEARTH_SECRET_KEY") or _secret_key(VAR / "secret_key")
KEY_RING = env.folder("HEARTH_KEY_RING", VAR / "keys.json")
ALLOWED_HOSTS = env.items("HEARTH_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.items("HEARTH_TRUSTED_ORIGINS")
PUBLIC_ADDRESS = env.text("HEARTH_PUBLIC_ADDRESS", "http://127.0.0.1:8000")

DATABASE_URL = env.text("DATABASE_URL", "postgres://hearth_owner@127.0.0.1/hearth")
# The web and the worker run as the application role; migrations and tests as the owner.
AS_APPLICATION = env.flag("HEARTH_AS_APPLICATION", default=False)
# Whether the owner's login may serve, as the application's role, which it could give up again.
ONE_LOGIN = env.flag("HEARTH_ONE_LOGIN", default=False)
_application_url = env.text("DATABASE_APP_URL")
if AS_APPLICATION:
    DATABASES = {
        "default": env.database(
            _application_url or DATABASE_URL,
            role="" if _application_url else "hearth_app",
            helpers=env.text("HEARTH_QUERY_HELPERS"),
        )
    }
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 1,
        "max_size": 8,
        "timeout": 10,
        "reset": forget_what_was_told,
    }
else:
    DATABASES = {"default": env.database(DATABASE_URL)}

APPS = [
    "hearth.core",
    "hearth.accounts",
    "hearth.organization",
    "hearth.lists",
    "hearth.audit",
    "hearth.exports",
    "hearth.imports",
    "hearth.webhooks",
    "hearth.custom_fields",
    "hearth.properties",
    "hearth.customers",
    "hearth.families",
    "hearth.privacy",
    "hearth.vigilance",
    "hearth.warehouse",
    "hearth.channels",
    "hearth.tasks",
    "hearth.books",
    "hearth.inventory",
    "hearth.sales",
    "hearth.leads",
    "hearth.brokers",
    "hearth.contract_changes",
    "hearth.cases",
    "hearth.repairs",
    "hearth.mailroom",
    "hearth.radar",
    "hearth.payment_reminders",
    "hearth.promises",
    "hearth.contract_texts",
    "hearth.market",
    "hearth.sales_figures",
    "hearth.case_figures",
    "hearth.group_cases",
    "hearth.segments",
    "hearth.campaigns",
    "hearth.insight",
    "hearth.registers",
    "hearth.workspace",
    "hearth.portal",
    "hearth.api",
    "hearth.demo",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "csp",
    "procrastinate.contrib.django",
    # Ours before allauth: our templates take the place of its own.
    *APPS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hearth.accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hearth.accounts.sessions.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hearth.organization.middleware.ActorMiddleware",
    "hearth.organization.second_step.SecondStepPolicy",
    "hearth.vigilance.emergency_views.EmergencyMiddleware",
    "hearth.vigilance.middleware.ReadsMiddleware",
    "hearth.core.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "hearth.config.urls"
WSGI_APPLICATION = "hearth.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "hearth.core.context.shell",
            ],
            "builtins": ["hearth.core.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "hearth.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
# Five wrong passwords for one account within five minutes lock it for that time; thirty a minute lock an address.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
# An unknown address gets the same answer as a known one, and no mail.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "hearth.accounts.forms.SignInForm",
    "change_password": "hearth.accounts.forms.ChangePasswordForm",
    "set_password": "hearth.accounts.forms.SetPasswordForm",
    "reset_password": "hearth.accounts.forms.AskResetForm",
    "reset_password_from_key": "hearth.accounts.forms.ResetPasswordForm",
    "reauthenticate": "hearth.accounts.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "hearth.accounts.adapter.MfaAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey replaces the password, so the device always asks who holds it, by finger, face or PIN.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Hearth"
MFA_FORMS = {
    "authenticate": "hearth.accounts.forms.SecondStepForm",
    "reauthenticate": "hearth.accounts.forms.ConfirmCodeForm",
    "activate_totp": "hearth.accounts.forms.ActivateTotpForm",
    "add_webauthn": "hearth.accounts.passkeys.AddPasskeyForm",
    "edit_webauthn": "hearth.accounts.passkeys.RenamePasskeyForm",
    "authenticate_webauthn": "hearth.accounts.passkeys.SecondStepPasskeyForm",
    "login_webauthn": "hearth.accounts.passkeys.PasskeySignInForm",
    "reauthenticate_webauthn": "hearth.accounts.passkeys.ConfirmPasskeyForm",
}
# Single sign-on at a provider of OpenID Connect, where one is named.
OIDC_URL = env.text("HEARTH_OIDC_URL")
OIDC_NAME = env.text("HEARTH_OIDC_NAME", "OpenID Connect")
# Whether an address the provider calls verified opens the account with this e-mail; else people connect theirs once.
OIDC_MATCHES_EMAIL = env.flag("HEARTH_OIDC_MATCH_EMAIL", default=False)
# Whether the provider asks for a second step itself, so that roles that want one are content.
OIDC_IS_SECOND_STEP = env.flag("HEARTH_OIDC_SECOND_STEP", default=False)
SOCIALACCOUNT_ADAPTER = "hearth.accounts.sso.SsoAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "provider_class": "hearth.accounts.sso.Provider",
        "APPS": [
            {
                "provider_id": "company",
                "name": OIDC_NAME,
                "client_id": env.text("HEARTH_OIDC_CLIENT"),
                "secret": env.secret("HEARTH_OIDC_SECRET"),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    },
    **work_apps(),
}
# Private networks that hold a work app's own servers; without it, they are asked at public addresses only.
SSO_NETWORKS = [ip_network(text) for text in env.items("HEARTH_SSO_NETWORKS")]
# How many proxies stand before the server: without this, all visitors would share one address and its limits.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("HEARTH_PROXIES", 0)
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.number("HEARTH_SESSION_HOURS", 12) * 3600
SESSION_IDLE_SECONDS = env.number("HEARTH_IDLE_MINUTES", 60) * 60
SESSION_COOKIE_HTTPONLY = True
SECURE_COOKIES = env.flag("HEARTH_HTTPS", default=False)
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# One cache for all processes: rate limits and lock-outs must be shared.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "hearth_language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = VAR / "files"
# Folders that files are picked up from lie below this one: a page must not lead to any other file of the server.
BACKUPS = env.folder("HEARTH_BACKUPS", VAR / "backups")
INBOX = env.folder("HEARTH_INBOX", VAR / "inbox")
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

WAREHOUSE = env.folder("HEARTH_WAREHOUSE", VAR / "warehouse")
WAREHOUSE_ENGINE = env.text("HEARTH_WAREHOUSE_ENGINE", "duckdb")

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("HEARTH_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.number("HEARTH_SMTP_PORT", 1025)
EMAIL_HOST_USER = env.text("HEARTH_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("HEARTH_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("HEARTH_SMTP_STARTTLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("HEARTH_MAIL_FROM", "Hearth <no-reply@hearth.invalid>")

API_REQUESTS_PER_MINUTE = env.number("HEARTH_API_REQUESTS_PER_MINUTE", 600)
API_BULK_REQUESTS_PER_MINUTE = env.number("HEARTH_API_BULK_REQUESTS_PER_MINUTE", 120)
API_BATCH_OPERATIONS_PER_MINUTE = env.number("HEARTH_API_BATCH_OPERATIONS_PER_MINUTE", 6_000)

# Files are fetched over SFTP from public addresses only, and these.
SFTP_NETWORKS = [ip_network(text) for text in env.items("HEARTH_SFTP_NETWORKS")]
# Webhooks reach public addresses only, and these.
WEBHOOK_NETWORKS = [ip_network(text) for text in env.items("HEARTH_WEBHOOK_NETWORKS")]
# Mailboxes are fetched from at public addresses only, and these.
MAILBOX_NETWORKS = [ip_network(text) for text in env.items("HEARTH_MAILBOX_NETWORKS")]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

MESSAGE_TAGS = {10: "secondary", 20: "info", 25: "success", 30: "warning", 40: "danger"}
LANGUAGE_NAMES = {"zh-hans": _("Simplified Chinese"), "en": _("English")}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "hearth.core.log_lines.MaskedLines",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("HEARTH_LOG_LEVEL", "WARNING")},
    # The digests of the audit log's blocks belong into a log that the database's owner cannot write.
    "loggers": {"hearth.audit": {"level": "INFO"}},
}

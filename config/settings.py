"""Settings of every process: web, worker and commands.

Everything that differs between machines comes from the environment (docs/operating.md has the
table). `WAYMARK_ENV=production` switches the safeguards on and takes the conveniences away.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.local_secret import local_secret_key
from jobs import embedded_broker

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

PRODUCTION = env.str("WAYMARK_ENV", "development") == "production"
DEBUG = env.bool("DEBUG", False) and not PRODUCTION

# The start page tells the demo logins; only where the demo organizations may exist.
WAYMARK_DEMO = env.bool("WAYMARK_DEMO", True) and not PRODUCTION

# Everything Waymark writes lives in one folder, so there is one folder to keep private and back up.
DATA_DIR = Path(env.str("WAYMARK_DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = (
    env.str("SECRET_KEY")
    if PRODUCTION
    else env.str("SECRET_KEY", "") or local_secret_key(DATA_DIR / "secret_key")
)
# Earlier keys, so that secret addresses and webhooks stay good while the key is changed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where people find this site: for links in e-mails that no page asked for.
WAYMARK_URL = env.str(
    "WAYMARK_URL",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if PRODUCTION and ALLOWED_HOSTS
    # As ./waymark prints it.
    else f"http://127.0.0.1:{env.int('PORT', 8000)}",
).rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "template_partials",
    "guide",
    "accounts",
    "jobs",
    "inbox",
    "assessments",
    "delivery",
    "roadmap",
    "reports",
    "desk",
    "handover",
    "api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.draft_receipts.DraftReceiptMiddleware",
    "accounts.middleware.NothingToLookAtMiddleware",
    "roadmap.middleware.ReplacedRoadmapMiddleware",
    "api.middleware.ApiProblemMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "django.template.context_processors.i18n",
                "accounts.context_processors.tenancy",
                "accounts.context_processors.appearance",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"


# Database

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Deferred transactions fail with "database is locked" as soon as two people save at once;
    # IMMEDIATE ones wait their turn (measured: docs/structure.md).
    # Opening a connection, its pragmas and closing the last one (which empties the log into the
    # database) cost more than a webhook's insert (measured: docs/structure.md).
    _database["CONN_MAX_AGE"] = 600
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
        ),
    }
else:
    # One pool in each process: as many connections as gunicorn has threads, and a spare.
    _database.setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("WAYMARK_DATABASE_POOL", 8),
        "timeout": 10,
    }

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}


# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/organizations/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.allauth_forms.LoginForm",
    "signup": "accounts.allauth_forms.SignupForm",
    "add_email": "accounts.allauth_forms.AddEmailForm",
    "change_password": "accounts.allauth_forms.ChangePasswordForm",
    "set_password": "accounts.allauth_forms.SetPasswordForm",
    "reset_password": "accounts.allauth_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.allauth_forms.ResetPasswordKeyForm",
}
# A hospital comes to us from one address: the limits by address are wide, those by account tight.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "signup": "40/m/ip",
}
ACCOUNT_UNIQUE_EMAIL = True
# allauth does this only in the browser that signed up.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# On a laptop nobody reads the mail; where it counts an address must be proven.
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "WAYMARK_EMAIL_VERIFICATION", "mandatory" if PRODUCTION else "optional"
)

# Without a mail server every e-mail becomes a file, where one can read it.
vars().update(
    env.email_url(
        "EMAIL_URL",
        default="smtp://localhost:25" if PRODUCTION else f"filemail:///{DATA_DIR / 'mail'}",
    )
)
# A mail server that accepts the connection and says nothing must not hold a worker for long.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Waymark <waymark@localhost>")


# When mails wait unless a person chose otherwise, as "19:00-07:00"; "none" for no such hours.
WAYMARK_QUIET_HOURS = env.str("WAYMARK_QUIET_HOURS", "19:00-07:00")


# Language and time. Dates are shown in the organization's time zone.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


# Files: static ones are public; people's files and reports are served by views only.

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
FILES_DIR = DATA_DIR / "files"
# Of one token. Without Redis each web process counts for itself.
API_CALLS_PER_MINUTE = env.int("WAYMARK_API_CALLS_PER_MINUTE", default=600)
# Networks that webhooks may reach although they are private ("10.1.0.0/16,…"): a hospital's own.
WEBHOOK_NETWORKS = env.list("WAYMARK_WEBHOOK_NETWORKS", default=[])
# For tests alone: webhooks go by https.
WEBHOOK_PLAIN_HTTP = False
# Report files are let go of after that, and made again from their frozen input when asked for.
REPORT_KEEP_DAYS = env.int("WAYMARK_REPORT_KEEP_DAYS", default=90)
MEDIA_ROOT = FILES_DIR
MEDIA_URL = ""
# No uploaded file may be larger; what is beyond is dropped while it arrives.
WAYMARK_UPLOAD_BYTES = env.int("WAYMARK_UPLOAD_MB", 15) * 1_000_000
FILE_UPLOAD_HANDLERS = [
    "assessments.evidence_files.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Outside production WhiteNoise finds the files where they lie, so nothing has to be collected.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG


# Safeguards of the browser

CSRF_FAILURE_VIEW = "accounts.views.public.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("WAYMARK_TLS_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("WAYMARK_HSTS_SECONDS", 60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
    if env.bool("WAYMARK_BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        # Or all people would share the proxy's address in the limits on signing in.
        ALLAUTH_TRUSTED_PROXY_COUNT = 1


# Background jobs. The row in the database is the truth and the broker only a hint (jobs/), so
# messages need no acknowledgement, no result and no retry of their own.

JOB_LEASE_SECONDS = env.int("WAYMARK_JOB_LEASE_SECONDS", 30)
JOB_SWEEP_SECONDS = env.float("WAYMARK_JOB_SWEEP_SECONDS", 5.0)
JOB_RESEND_SECONDS = env.int("WAYMARK_JOB_RESEND_SECONDS", 20)
JOB_MAX_ATTEMPTS = 5

# The search for a better plan ends at counted limits, so that the same input gives the same plan
# on any machine: 8 to 12 seconds of a processor for 80 to 95 initiatives. The seconds are a cap far
# above that; what it ends says so and may come out differently elsewhere.
SOLVE_SECONDS = env.float("WAYMARK_SOLVE_SECONDS", 60.0)
SOLVE_SCHEDULES = 30_000
SOLVE_DETERMINISTIC = 0.8
SOLVE_SEED = 1
FORECAST_RUNS = 1_000

CELERY_TASK_IGNORE_RESULT = True
# A job that hangs is ended here: first by an exception in it, then by the end of its process.
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {
        "task": "jobs.tasks.sweep",
        "schedule": JOB_SWEEP_SECONDS,
        # A sweep that waited for long is worthless: the next one does the same.
        "options": {"expires": max(JOB_SWEEP_SECONDS, 5.0)},
    },
    # An entry stands unsealed until then.
    "seal-history": {
        "task": "jobs.tasks.seal_history",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    # Days whose records changed: what a burst of webhooks brings is counted together.
    "count-days": {
        "task": "delivery.tasks.count_days",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    # What webhooks brought: the door keeps it and tells nobody, so that it stays quick.
    "work-off-events": {
        "task": "delivery.tasks.work_off",
        "schedule": 2.0,
        "options": {"expires": 5.0},
    },
    # By days, in each organization's own zone; each silence is told once.
    "tell-of-silence": {"task": "delivery.tasks.tell_of_silence", "schedule": 3 * 3600.0},
    "prune-events": {"task": "delivery.tasks.prune_events", "schedule": 24 * 3600.0},
    # Due at an hour of each person's own: asked often, sent once.
    "send-digests": {
        "task": "inbox.tasks.send_digests",
        "schedule": 900.0,
        "options": {"expires": 900.0},
    },
    # What was sealed since, and what was not taken before.
    "send-webhooks": {
        "task": "api.tasks.send_webhooks",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "prune-webhooks": {"task": "api.tasks.prune_webhooks", "schedule": 24 * 3600.0},
    "prune-repeats": {"task": "api.tasks.prune_repeats", "schedule": 3600.0},
    "sweep-batches": {
        "task": "reports.tasks.sweep_batches",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "expire-reports": {"task": "reports.tasks.expire_reports", "schedule": 24 * 3600.0},
    "prune-notices": {"task": "inbox.tasks.prune_notices", "schedule": 24 * 3600.0},
    "prune-turns": {"task": "jobs.tasks.prune_turns", "schedule": 24 * 3600.0},
    "retry-mails": {"task": "jobs.tasks.retry_mails", "schedule": 3600.0},
    # Every hour, because it is morning at another hour in each time zone; each reminder goes once.
    "remind-of-assignments": {"task": "assessments.tasks.remind", "schedule": 3600.0},
    "tell-of-expiries": {"task": "assessments.tasks.tell_of_expiries", "schedule": 3600.0},
    # Due at an hour of the organization's: asked often, sent once.
    "send-status-mails": {"task": "roadmap.tasks.send_status_mails", "schedule": 600.0},
    # At two in the night of each organization; once a night, however often it is asked.
    "follow-roadmaps": {"task": "roadmap.tasks.follow_roadmaps", "schedule": 3600.0},
    # In the morning of each organization; each reminder goes once.
    "remind-of-work": {"task": "roadmap.tasks.remind_of_work", "schedule": 3600.0},
    # Figures of the consultant's desk: what anybody did is counted within the minute.
    "count-clients": {
        "task": "desk.tasks.count_clients",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    # Once a day at most, and of each consultancy once a month.
    "publish-peers": {"task": "assessments.tasks.publish_peers", "schedule": 3600.0},
    # Removed files go within a day, also where the clock is stopped every night.
    "sweep-evidence": {"task": "assessments.tasks.sweep_evidence", "schedule": 6 * 3600.0},
    # Archives are kept for seven days, also where nobody asks for another one.
    "sweep-handover": {"task": "handover.tasks.sweep", "schedule": 6 * 3600.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "broker" / "beat-schedule")
BROKER_DIR = DATA_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        # Sending tries once: kombu's own patience would hold a page up for six seconds while the
        # broker is down. A worker that lost the broker still waits for it for ever.
        "max_retries": 0,
    }
else:
    CELERY_BROKER_URL = f"{embedded_broker.SCHEME}://here"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "polling_interval": 0.1,
    }
    # Remote control would leave files for workers that are long gone.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
for _folder in (FILES_DIR, STATIC_ROOT, BROKER_DIR / "queue"):
    _folder.mkdir(parents=True, exist_ok=True)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"hide_secrets": {"()": "config.secrets_in_logs.HideSecretAddresses"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["hide_secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}

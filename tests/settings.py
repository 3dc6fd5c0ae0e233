"""Settings of the tests: the real ones, with a private data folder and a cheap password hasher."""

import os
import tempfile

os.environ.setdefault("WAYMARK_DATA_DIR", tempfile.mkdtemp(prefix="waymark-tests-"))

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# WhiteNoise would walk the static folders for every client of every test.
WHITENOISE_AUTOREFRESH = True

"""Settings of the tests: the real ones, with a private data folder and a cheap password hasher."""

import atexit
import os
import shutil
import tempfile

# Each process of pytest has its own, whatever the environment says: never the real one.
os.environ["WAYMARK_DATA_DIR"] = tempfile.mkdtemp(prefix="waymark-tests-")
atexit.register(shutil.rmtree, os.environ["WAYMARK_DATA_DIR"], ignore_errors=True)

from config.settings import *  # noqa: E402  after the folder is chosen

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Most tests are about what a mail says, and run at any hour.
WAYMARK_QUIET_HOURS = "none"
# WhiteNoise would walk the static folders for every client of every test.
WHITENOISE_AUTOREFRESH = True

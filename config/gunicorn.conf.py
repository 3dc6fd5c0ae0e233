"""gunicorn --config config/gunicorn.conf.py config.wsgi (docs/operating.md)."""

import os

bind = f"{os.environ.get('WAYMARK_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WAYMARK_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WAYMARK_WEB_THREADS", "4"))
# Imports once instead of once per worker; a new version needs a restart, not a reload.
preload_app = True
timeout = 60
graceful_timeout = 10
# Nothing uses it, and it would leave a socket file beside the code.
control_socket_disable = True

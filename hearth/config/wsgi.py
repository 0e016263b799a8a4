"""The web application for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearth.config.settings")
application = get_wsgi_application()
# Every page's module is read now, not by the first who asks; what stays for good is then never collected again,
# so that a request pays only for its own garbage.
get_resolver().url_patterns  # noqa: B018  (read for its effect)
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 50)

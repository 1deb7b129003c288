"""The web application."""

import os
import warnings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tminus.site.settings")
from django.core.asgi import get_asgi_application

from tminus.site.collector import calm

# WhiteNoise hands static files over as plain iterators; they are small, and reading them at once does no harm.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = get_asgi_application()
calm()

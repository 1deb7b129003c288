from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tminus.site"
    label = "tminus_site"

    def ready(self) -> None:
        import_module("tminus.site.commands")  # registers what search finds of pages and acts

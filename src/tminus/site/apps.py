from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tminus.site"
    label = "tminus_site"

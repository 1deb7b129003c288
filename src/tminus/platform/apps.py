from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "tminus.platform"
    label = "platform"
    verbose_name = "platform"

    def ready(self) -> None:
        from tminus.platform.registry import load_registry

        load_registry()

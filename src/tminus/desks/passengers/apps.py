from django.apps import AppConfig


class PassengersConfig(AppConfig):
    name = "tminus.desks.passengers"
    label = "passengers"

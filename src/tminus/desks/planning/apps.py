from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "tminus.desks.planning"
    label = "planning"

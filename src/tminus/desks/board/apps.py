from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "tminus.desks.board"
    label = "board"

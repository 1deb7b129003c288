"""The job worker process; ``tminus serve`` keeps one an installation running."""

from __future__ import annotations

import logging
import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tminus.site.settings")
    import django

    django.setup()
    from django_tasks_db.management.commands.db_worker import Worker

    from tminus.platform.jobs import recover

    for name in ("django_tasks", "django_tasks_db"):
        logging.getLogger(name).setLevel(logging.ERROR)
    recover()
    worker = Worker(
        queue_names=["*"],
        interval=0.2,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"tminus-{os.getpid()}",
        excluded_queue_names=[],
    )
    worker.configure_signals()
    worker.run()


if __name__ == "__main__":
    main()

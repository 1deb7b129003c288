"""Writes the whole event folder."""

from pathlib import Path

from . import (
    areas,
    attendance,
    basemap,
    counted_days,
    crews,
    day_scenarios,
    event,
    people,
    plan,
    posts,
    ridership,
    risks,
    services,
    site_network,
    truth,
    units,
    visitors,
)
from .days import AS_OF_T, calendar_document, on
from .plain_files import write_csv, write_json, write_lines, write_rows

_REPORT = ["ID", "Actual start", "Actual finish", "Remaining", "Progress", "Reported"]


def _report_row(line: truth.Report) -> list[str]:
    finish = line.actual_finish.isoformat() if line.actual_finish else ""
    start, day = line.actual_start.isoformat(), line.reported.isoformat()
    return [line.task, start, finish, f"{line.remaining_days}d", f"{line.percent}%", day]


def write_organisation(out: Path) -> None:
    write_json(out / "event.json", event.document())
    write_json(out / "calendar.json", calendar_document())
    write_csv(
        out / "units.csv", ["id", "name_en", "name_zh", "kind", "parent", "temporary", "from", "until"], units.rows()
    )
    write_csv(out / "people.csv", ["id", "name_en", "name_zh", "email", "phone", "language"], people.rows())
    heads = ["id", "unit", "title_en", "title_zh", "rank", "reach", "holder", "from", "until", "home_unit", "place"]
    write_csv(out / "posts.csv", heads, posts.rows())
    write_csv(
        out / "areas.csv",
        ["id", "name_en", "name_zh", "dimension", "weight"],
        [[a.id, a.name_en, a.name_zh, a.dimension, a.weight] for a in areas.AREAS],
    )


def write_plan(out: Path) -> None:
    works, published = plan.publish()
    write_csv(out / "plan.csv", plan.HEADINGS, plan.rows(works, published))
    write_rows(out / "resources.json", crews.document(works))
    write_csv(out / "drivers.csv", risks.HEADINGS, risks.rows())
    actual = truth.what_happened(works, published)
    history = truth.reports(works, actual)
    write_csv(
        out / "progress_truth.csv",
        ["ID", "Actual start", "Actual finish"],
        [[w.id, *(day.isoformat() for day in actual[w.id])] for w in works if w.days is not None],
    )
    write_csv(out / "progress_reports.csv", _REPORT, map(_report_row, history))
    now = truth.known_at(history, on(AS_OF_T))
    write_csv(out / "progress.csv", _REPORT, [_report_row(now[w.id]) for w in works if w.id in now])


def write_city(out: Path) -> None:
    write_csv(out / "nodes.csv", site_network.NODE_HEADINGS, site_network.node_rows())
    write_csv(out / "links.csv", site_network.LINK_HEADINGS, site_network.link_rows())
    write_json(out / "day_scenarios.json", day_scenarios.document())
    write_csv(out / "services.csv", services.HEADINGS, services.rows())
    write_lines(out / "map.geojson", basemap.head(), "features", basemap.features())


def write_attendance(out: Path) -> None:
    write_csv(out / "registrations.csv", attendance.HEADINGS, attendance.rows())
    write_csv(out / "attendance.csv", ["Day", "Visits"], attendance.counted())
    write_csv(out / "analogues.csv", attendance.ANALOGUE_HEADINGS, attendance.ANALOGUES)


def write_visitors(out: Path) -> None:
    write_csv(out / "audiences.csv", visitors.AUDIENCE_HEADINGS, visitors.audience_rows())
    write_csv(out / "gates.csv", ["node", "day", "from", "to", "lanes", "service_s"], visitors.gate_rows())
    write_csv(out / "programme.csv", visitors.PROGRAMME_HEADINGS, visitors.programme_rows())
    write_csv(out / "history.csv", counted_days.HISTORY_HEADINGS, counted_days.history_rows())
    (out / "live.jsonl").write_text("\n".join(counted_days.live_lines()) + "\n", "utf-8", newline="\n")
    expo = {on(t): ridership.overlay(*counted_days.by_metro(t)) for t in range(counted_days.LIVE_T)}
    ridership.write_history(out / "history.npz", expo)


def write_event(out: Path) -> None:
    """Writes every file of the event into `out`, which is made where it is missing."""
    out.mkdir(parents=True, exist_ok=True)
    write_organisation(out)
    write_plan(out)
    write_city(out)
    write_attendance(out)
    write_visitors(out)

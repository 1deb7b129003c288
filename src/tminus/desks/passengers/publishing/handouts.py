"""The papers handed out with published duties: the plan of the day, the unit's own measures, the map."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from tminus.desks.passengers.day_papers import DayPaper, day_pdf
from tminus.desks.passengers.element_names import kept_names
from tminus.desks.passengers.models import DayWalk, PublishedMeasure
from tminus.desks.passengers.publishing.beside import beside
from tminus.desks.passengers.publishing.carriers import Carriers
from tminus.desks.passengers.publishing.pictures import document_of, worst_picture
from tminus.desks.passengers.publishing.plan import measures_of, published
from tminus.desks.passengers.publishing.table import table_heads, table_row
from tminus.formats.book_writer import workbook
from tminus.formats.event_folder.day_scenarios import Measure
from tminus.platform.duties.attachments import Paper, attach
from tminus.platform.languages import day_text
from tminus.platform.papers.picture import png_of
from tminus.platform.registry import Context

XLSX_WIDTHS = [6, 8, 8, 60, 26, 22, 16, 18]


def hand_out(ctx: Context, walk: DayWalk, rows: Sequence[PublishedMeasure]) -> None:
    """Attach the papers to the duties of ``rows``, in the language of whoever holds each."""
    plans: dict[str, list[Paper]] = {}
    units: dict[tuple[str, int | None], Paper] = {}
    for row in rows:
        duty = row.duty
        if duty is None or duty.holder is None:
            continue
        language = duty.holder.language
        with override(language):
            if language not in plans:
                plans[language] = [plan_paper(ctx, walk), *map_papers(ctx, walk)]
            if (language, row.unit_id) not in units:
                units[language, row.unit_id] = unit_paper(ctx, row)
        attach(ctx, duty, [*plans[language], units[language, row.unit_id]])


def plan_paper(ctx: Context, walk: DayWalk) -> Paper:
    """The whole plan of the day as it is published."""
    rows = published(ctx, walk.scenario.day)
    measures = tuple(_measure(row) for row in rows)
    return _paper(ctx, walk, measures, [(_unit(row), _holder(row)) for row in rows], [row.number for row in rows])


def walk_paper(ctx: Context, walk: DayWalk) -> Paper:
    """The plan of a walk, published or not: its measures with whoever answers for them, or would."""
    measures = measures_of(walk.measures, walk.scenario.day)
    holders = {_measure(row): _holder(row) for row in published(ctx, walk.scenario.day)}
    carriers = Carriers(ctx, walk.scenario.day, {one.unit for one in measures}, {})
    told = []
    for one in measures:
        unit, head = carriers.proposed(one.unit)[0], carriers.answers(one.unit)
        told.append((unit.name if unit else "–", holders.get(one) or (head.name if head else "–")))
    return _paper(ctx, walk, measures, told)


def _measure(row: PublishedMeasure) -> Measure:
    return measures_of([row.what], row.day)[0]


def _paper(
    ctx: Context,
    walk: DayWalk,
    measures: Sequence[Measure],
    carriers: Sequence[tuple[str, str]],
    numbers: Sequence[int] = (),
) -> Paper:
    event, document, day = ctx.the_event, document_of(walk), walk.scenario.day
    paper = DayPaper(event, walk, measures, kept_names(event), document, carriers, beside(walk), numbers)
    picture = worst_picture(ctx, walk, document)
    content = day_pdf(paper, picture.svg, picture.at) if picture else day_pdf(paper)
    return Paper(f"{event.slug}-{day}-plan.pdf", content, _("Plan of %(day)s") % {"day": day_text(day)})


def map_papers(ctx: Context, walk: DayWalk) -> list[Paper]:
    """The map at the worst quarter of an hour as a picture any phone shows; none of a day without a map."""
    picture = worst_picture(ctx, walk, document_of(walk))
    if picture is None:
        return []
    said = _("The worst quarter of an hour: %(at)s") % {"at": picture.at}
    return [Paper(f"{ctx.the_event.slug}-{walk.scenario.day}-map.png", png_of(picture.svg), said)]


def unit_paper(ctx: Context, row: PublishedMeasure) -> Paper:
    """What the unit of ``row`` has to do that day, as a workbook."""
    names = kept_names(ctx.the_event)
    own = [one for one in published(ctx, row.day) if one.unit_id == row.unit_id]
    content = workbook([(f"{row.day}", table_heads(), [table_row(one, names) for one in own], XLSX_WIDTHS)])
    name = f"{ctx.the_event.slug}-{row.day}-{row.unit.code if row.unit else 'hq'}.xlsx"
    return Paper(name, content, _("Measures of %(unit)s") % {"unit": _unit(row)})


def _unit(row: PublishedMeasure) -> str:
    return row.unit.name if row.unit else "–"


def _holder(row: PublishedMeasure) -> str:
    return row.duty.holder.name if row.duty and row.duty.holder else "–"

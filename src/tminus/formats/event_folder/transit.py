"""``gtfs.zip`` in an event folder: its stations and rides stand beside those of nodes.csv and links.csv."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from tminus.formats.event_folder.folder import EventFolder, Row, Rows
from tminus.formats.gtfs import Feed, read_gtfs

FILE = "gtfs.zip"


def with_transit(folder: EventFolder, path: Path, day: date) -> EventFolder:
    """The folder with the feed's stations of ``day``; a station nodes.csv names by the same id is taken from there.

    Where the feed does not reach ``day`` all its trips are taken.
    """
    if not (path / FILE).exists():
        return folder
    feed = read_gtfs(path / FILE, day)
    if not feed.rides:
        feed = read_gtfs(path / FILE)
    nodes, links = _nodes(feed, folder), _links(feed)
    return replace(folder, tables={**folder.tables, "nodes": _more(folder.table("nodes"), nodes), "links": _more(
        folder.table("links"), links
    )})  # fmt: skip


def _nodes(feed: Feed, folder: EventFolder) -> list[Row]:
    there = {row["id"] for row in folder.table("nodes")}
    return [
        {
            "id": one.id, "kind": "station" if one.rail else "bus_stop", "lon": str(one.lon), "lat": str(one.lat),
            "name_en": one.name,
        }
        for one in feed.stations
        if one.id not in there
    ]  # fmt: skip


def _links(feed: Feed) -> list[Row]:
    rail = {one.id for one in feed.stations if one.rail}
    return [
        {
            "id": f"gtfs-{number}", "from": ride.origin, "to": ride.destination, "length_m": "0", "twoway": "0",
            "kind": "rail" if {ride.origin, ride.destination} <= rail else "bus", "travel_s": f"{ride.travel_s:g}",
        }
        for number, ride in enumerate(feed.rides, start=1)
    ]  # fmt: skip


def _more(rows: Rows, added: list[Row]) -> Rows:
    headings = tuple(dict.fromkeys([*rows.headings, *(name for row in added for name in row)]))
    return Rows(headings, (*rows.rows, *({**dict.fromkeys(headings, ""), **row} for row in added)))

"""Counts of persons: ``.npz`` arrays, or long CSV and Parquet tables ``time,node,in,out``, as a flow panel."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast import DayContext, FlowPanel, ForecastError
from tminus.formats.problems import BadFile, Problem, Rejected, read_bytes

DAY_CHANGES_MINUTE = 240
"""A service day goes on until 04:00."""
MINUTES_OF_DAY = 1440
MOST_CELLS = 400_000_000
NPZ_SLOT_MINUTES = 15
"""Where an ``.npz`` does not say and no whole-day number of slots tells."""


def read_flows(path: Path) -> FlowPanel:
    """The panel of a file.

    :raises BadFile: not such a file, or values that cannot be taken (line, column and what is allowed are named).
    """
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return _of_arrays(path, _arrays(path))
    if suffix in (".csv", ".parquet"):
        return _of_table(path, _csv(path) if suffix == ".csv" else _parquet(path))
    raise BadFile(f"{path}: {suffix or 'no suffix'}; allowed: .npz, .csv, .parquet")


def _arrays(path: Path) -> Mapping[str, NDArray[Any]]:
    content = read_bytes(path)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise BadFile(f"{path.name}: is no .npz; allowed: arrays kept together by numpy, {LAYOUT}")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files if name in KEYS or name.startswith(PREFIXES)}
    except (ValueError, OSError, zipfile.BadZipFile, EOFError, KeyError, zlib.error) as error:
        raise BadFile(f"{path.name}: is no .npz of plain arrays; allowed: {LAYOUT}") from error


LAYOUT = "flow [day, slot, node, channel]"


KEYS = frozenset({"flow", "dates", "nodes", "channels", "slot_minutes", "first_minute", "kinds", "event_load"})
PREFIXES = ("policy_", "weather_")
"""Of arrays with a number a day, each named by what follows."""


def _of_arrays(path: Path, stored: Mapping[str, NDArray[Any]]) -> FlowPanel:
    if "flow" not in stored:
        raise BadFile(f"{path.name}: no array 'flow'; allowed: flow [day, slot, node, channel]")
    flow = stored["flow"]
    if flow.ndim == 3:
        flow = flow[..., None]
    if flow.ndim != 4 or not flow.size or flow.dtype.kind not in "iuf":
        raise BadFile(
            f"{path.name}, flow: {flow.dtype} of shape {flow.shape}; allowed: numbers [day, slot, node, channel]"
        )
    many = flow.shape[3]
    nodes = _names(path, stored, "nodes", flow.shape[2], tuple(str(at) for at in range(flow.shape[2])))
    channels = _names(
        path, stored, "channels", many, ("in", "out")[:many] if many <= 2 else tuple(map(str, range(many)))
    )
    minutes = _number(path, stored, "slot_minutes", _slot_of(flow.shape[1]))
    first = _number(path, stored, "first_minute", 0)
    days = _days(path, stored, flow.shape[0])
    try:
        return FlowPanel(flow.astype(np.float32), days, minutes, first, nodes, channels)
    except ForecastError as error:
        raise BadFile(f"{path.name}: {error}") from error


def _slot_of(slots: int) -> int:
    """A whole day divides into 24, 48, 96 …; anything else is taken as a service day of quarters of an hour."""
    whole = slots in (24, 48, 72, 96, 144, 288) and MINUTES_OF_DAY % slots == 0 and slots != 72
    return MINUTES_OF_DAY // slots if whole else NPZ_SLOT_MINUTES if slots * NPZ_SLOT_MINUTES <= MINUTES_OF_DAY else 5


def _names(
    path: Path, stored: Mapping[str, NDArray[Any]], key: str, many: int, otherwise: tuple[str, ...]
) -> tuple[str, ...]:
    if key not in stored:
        return otherwise
    if stored[key].shape != (many,):
        raise BadFile(f"{path.name}, {key}: shape {stored[key].shape}; allowed: ({many},), as in flow")
    return tuple(str(one) for one in stored[key])


def _number(path: Path, stored: Mapping[str, NDArray[Any]], key: str, otherwise: int) -> int:
    if key not in stored:
        return otherwise
    try:
        return int(stored[key].item())
    except (ValueError, TypeError, OverflowError) as error:
        raise BadFile(f"{path.name}, {key}: {stored[key]!s}; allowed: one whole number of minutes") from error


def _days(path: Path, stored: Mapping[str, NDArray[Any]], many: int) -> tuple[DayContext, ...]:
    """What is told of each day: date, kind, event load, policies, weather; NaN is not told."""
    dates, kinds = _dates(path, stored, many), _names(path, stored, "kinds", many, ("",) * many)
    told = {name: _figures(path, name, stored[name], many) for name in stored if name.startswith(PREFIXES)}
    loads = _figures(path, "event_load", stored["event_load"], many) if "event_load" in stored else [None] * many
    return tuple(
        DayContext(dates[at], kinds[at], loads[at], _told("policy_", told, at), _told("weather_", told, at))
        for at in range(many)
    )


def _told(prefix: str, told: Mapping[str, list[float | None]], at: int) -> dict[str, float]:
    every = ((name.removeprefix(prefix), one[at]) for name, one in told.items() if name.startswith(prefix))
    return {name: figure for name, figure in every if figure is not None}


def _figures(path: Path, name: str, stored: NDArray[Any], many: int) -> list[float | None]:
    if stored.shape != (many,) or stored.dtype.kind not in "iufb" or np.isinf(stored.astype(np.float64)).any():
        raise BadFile(f"{path.name}, {name}: {stored.dtype} of shape {stored.shape}; allowed: ({many},) finite numbers")
    return [None if np.isnan(one) else float(one) for one in stored.astype(np.float64)]


def _dates(path: Path, stored: Mapping[str, NDArray[Any]], many: int) -> list[date | None]:
    if "dates" not in stored:
        return [None] * many
    if stored["dates"].shape != (many,):
        raise BadFile(f"{path.name}, dates: shape {stored['dates'].shape}; allowed: ({many},), one a day")
    found: list[date | None] = []
    for at, one in enumerate(stored["dates"]):
        try:
            found.append(date.fromisoformat(str(one)[:10]))
        except ValueError as error:
            raise BadFile(f"{path.name}, dates[{at}]: {str(one)!r}; allowed: ISO dates, 2026-10-18") from error
    return found


def _csv(path: Path) -> Any:
    from pyarrow import ArrowException, csv, string

    content = read_bytes(path, most=4 * 1024**3)
    if not content.strip():
        raise BadFile(f"{path.name}: is empty; allowed: a table time,node,in,out")
    options = csv.ConvertOptions(column_types={"node": string(), "time": string(), "in": string(), "out": string()})
    try:
        return csv.read_csv(io.BytesIO(content), convert_options=options)
    except ArrowException as error:
        raise BadFile(f"{path.name}: is no table ({str(error).splitlines()[0]}); allowed: time,node,in,out") from error


def _parquet(path: Path) -> Any:
    from pyarrow import ArrowException, parquet

    try:
        return parquet.read_table(io.BytesIO(read_bytes(path, most=4 * 1024**3)))
    except (ArrowException, OSError) as error:
        raise BadFile(f"{path.name}: is no Parquet table ({str(error).splitlines()[0]})") from error


def _of_table(path: Path, table: Any) -> FlowPanel:
    names = [str(name).strip().lstrip("\ufeff").lower() for name in table.column_names]
    table = table.rename_columns(names)
    channels = tuple(name for name in ("in", "out") if name in names)
    for needed in ("time", "node"):
        if needed not in names:
            raise BadFile(f"{path.name}: no column {needed!r} among {', '.join(names[:8])}; allowed: time,node,in,out")
    if not channels:
        raise BadFile(f"{path.name}: neither column 'in' nor 'out'; allowed: one or both")
    if not table.num_rows:
        raise BadFile(f"{path.name}: has headings and no rows; allowed: one row a slot and node")
    minutes = _minutes(path, table["time"])
    nodes, node_of = _nodes(path, table["node"])
    values = np.stack([_counts(path, name, table[name]) for name in channels], axis=1)
    return _laid_out(path, minutes, nodes, node_of, values, channels)


def _minutes(path: Path, column: Any) -> NDArray[np.int64]:
    """Minutes since 1970 of each row, local time as written; a zone's offset is dropped."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        if column.null_count:
            row = column.is_valid().to_pylist().index(False) + 2
            raise Rejected([Problem(path.name, row, "time", "", "an ISO time, 2026-10-18 07:15")])
        moments = pc.local_timestamp(column) if column.type.tz else column
        return _buffer(moments.cast(pa.timestamp("s"), safe=False), np.int64) // 60
    unique, place = _texts(column)
    found = np.empty(len(unique), dtype=np.int64)
    for at, text in enumerate(unique):
        found[at] = _minute(path, str(text), place, at)
    return found[place]


def _minute(path: Path, text: str, place: NDArray[np.int64], at: int) -> int:
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(text.strip().replace("/", "-")).replace(tzinfo=None)
    except ValueError as error:
        row = int(np.flatnonzero(place == at)[0]) + 2
        raise Rejected([Problem(path.name, row, "time", text, "an ISO time, 2026-10-18 07:15")]) from error
    return (moment - datetime(1970, 1, 1)) // timedelta(minutes=1)


def _nodes(path: Path, column: Any) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    names, place = _texts(column)
    if names[0] == "":
        row = int(np.flatnonzero(place == 0)[0]) + 2
        raise Rejected([Problem(path.name, row, "node", "", "the name of a station, gate or hall")])
    return tuple(map(str, names)), place


def _texts(column: Any) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    """The texts of a column, sorted, "" where a cell is empty, and which of them each row has."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = pc.dictionary_encode(column.cast(pa.string()).combine_chunks(), null_encoding="encode")
    unique, place = np.unique([text or "" for text in coded.dictionary.to_pylist()], return_inverse=True)
    return unique, place[_buffer(coded.indices, np.int32)].astype(np.int64)


def _buffer(column: Any, kind: type[Any]) -> NDArray[Any]:
    """The numbers of a column as they lie in memory, whatever stands where it has none.

    Arrow's own ways to an array, and its filling of empty cells, import the whole of pandas where that is installed.
    """
    array = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * np.dtype(kind).itemsize)


def _counts(path: Path, name: str, column: Any) -> NDArray[np.float64]:
    """NaN where the cell is empty."""
    import pyarrow as pa

    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        numbers = column.cast(pa.float64())
        return np.where(_buffer(numbers.is_valid().cast(pa.int8()), np.int8), _buffer(numbers, np.float64), np.nan)
    texts, place = _texts(column)
    wrong = [at for at, text in enumerate(texts) if not _is_number(str(text))]
    if wrong:
        row = int(np.flatnonzero(np.isin(place, wrong))[0])
        text = str(texts[place[row]]).strip()
        raise Rejected([Problem(path.name, row + 2, name, text, "a number of persons, or empty")])
    numbers = [np.nan if str(text).strip() in NOTHING else float(text) for text in texts]
    return np.array(numbers, dtype=np.float64)[place]


NOTHING = frozenset({"", "nan", "NaN", "NA", "null"})
"""Cells without a count."""


def _is_number(text: str) -> bool:
    text = text.strip()
    try:
        float(text if text not in NOTHING else "0")
    except ValueError:
        return False
    return "_" not in text


def _laid_out(
    path: Path,
    minutes: NDArray[np.int64],
    nodes: tuple[str, ...],
    node_of: NDArray[np.int64],
    values: NDArray[np.float64],
    channels: tuple[str, ...],
) -> FlowPanel:
    slot_minutes = _slot_minutes(path, minutes)
    service = minutes - DAY_CHANGES_MINUTE
    day_of, minute_of = service // MINUTES_OF_DAY, service % MINUTES_OF_DAY
    first = int(minute_of.min())
    off = (minute_of - first) % slot_minutes != 0
    if off.any():
        row = int(np.flatnonzero(off)[0])
        text = str(np.datetime64(int(minutes[row]), "m")).replace("T", " ")
        raise Rejected([Problem(path.name, row + 2, "time", text, f"the start of a slot of {slot_minutes} minutes")])
    slot_of = (minute_of - first) // slot_minutes
    days, day_at = np.unique(day_of, return_inverse=True)
    shape = (len(days), int(slot_of.max()) + 1, len(nodes), len(channels))
    if np.prod(shape, dtype=np.float64) > MOST_CELLS:
        raise BadFile(
            f"{path.name}: {' × '.join(map(str, shape))} days × slots × nodes × channels; allowed: {MOST_CELLS}"
        )
    place = np.ravel_multi_index((day_at, slot_of, node_of), shape[:3])
    _once(path, place, minutes, nodes, node_of)
    flow = np.full((int(np.prod(shape[:3])), len(channels)), np.nan, dtype=np.float32)
    flow[place] = values
    epoch = date(1970, 1, 1)
    contexts = tuple(DayContext(epoch + timedelta(days=int(one))) for one in days)
    return FlowPanel(flow.reshape(shape), contexts, slot_minutes, first + DAY_CHANGES_MINUTE, nodes, channels)


def _slot_minutes(path: Path, minutes: NDArray[np.int64]) -> int:
    """The commonest distance of neighbouring starts."""
    apart = np.diff(np.unique(minutes))
    if not len(apart):
        raise BadFile(f"{path.name}, column time: a single moment; allowed: at least two slots")
    lengths, many = np.unique(apart, return_counts=True)
    found = int(lengths[many.argmax()])
    if MINUTES_OF_DAY % found:
        raise BadFile(f"{path.name}, column time: slots of {found} minutes; allowed: a divisor of {MINUTES_OF_DAY}")
    return found


def _once(
    path: Path,
    place: NDArray[np.int64],
    minutes: NDArray[np.int64],
    nodes: tuple[str, ...],
    node_of: NDArray[np.int64],
) -> None:
    order = np.argsort(place, kind="stable")
    again = np.flatnonzero(np.diff(place[order]) == 0)
    if len(again):
        row = int(order[again + 1].min())
        text = f"{str(np.datetime64(int(minutes[row]), 'm')).replace('T', ' ')}, {nodes[node_of[row]]}"
        raise Rejected([Problem(path.name, row + 2, "time", text, "each slot of a node once")])

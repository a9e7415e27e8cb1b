"""The side of a Python kernel: what it reads is noted, and frames come and go by name. It needs nothing but Python."""

import datetime
import json
import math
import os
import sys
import threading
import types
from typing import Any


class _ReadLog:
    """What the kernel reads from its beginning on: files, not those that it wrote itself; folders; modules."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.searched: dict[str, None] = {}
        self.written: set[str] = set()
        self.begun = set(sys.modules)
        self.threads = threading.enumerate()

    def heard(self, event: str, arguments: Any) -> None:
        """Note what Python opens."""
        try:
            if event == "open":
                self._opened(*arguments)
            elif event == "coursewright.searched" or (event == "os.listdir" and _is_import(sys._getframe(1))):
                self.searched[os.path.abspath(os.fsdecode(arguments[0]))] = None
            elif event in ("os.listdir", "os.scandir", "sqlite3.connect"):
                self._note(arguments[0] or ".")
        except Exception:
            pass

    def _opened(self, path: Any, _mode: Any, flags: Any) -> None:
        if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            if isinstance(path, (str, bytes, os.PathLike)):
                self.written.add(os.path.abspath(os.fsdecode(path)))
        else:
            self._note(path)

    def _note(self, path: Any) -> None:
        if isinstance(path, (str, bytes, os.PathLike)):
            name = os.path.abspath(os.fsdecode(path))
            if name not in self.written:
                self.files[name] = None

    def report(self, to: str) -> None:
        """Write it to a file, with where this Python is."""
        loaded = {}
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and name not in self.begun:
                loaded[name] = os.path.abspath(file)
        python = [sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(os.__file__)]
        python += [path for path in sys.path if path.endswith("-packages")]
        runtime = [os.path.realpath(sys.executable)]
        said = {"files": list(self.files), "searched": list(self.searched), "modules": loaded, "python": python}
        said.update(runtime=runtime, written=list(self.written), running=list(self._running()))
        with open(to, "w", encoding="utf-8") as file:
            json.dump(said, file)

    def _running(self) -> Any:
        """The names of threads and tasks in which code of the page still runs: it may say something yet."""
        frames = sys._current_frames()
        for thread in threading.enumerate():
            if thread not in self.threads and _is_of_page(thread, frames.get(thread.ident or 0)):
                yield thread.name
        if asyncio := sys.modules.get("asyncio"):
            try:
                tasks = asyncio.all_tasks()
            except RuntimeError:  # no loop runs
                return
            for task in tasks:
                if _is_written(getattr(getattr(task.get_coro(), "cr_code", None), "co_filename", "")):
                    yield task.get_name()


def _is_of_page(thread: Any, frame: Any) -> bool:
    """Whether a thread carries out code of the page, and does not wait for work, as those of libraries do."""
    if isinstance(thread, threading.Timer):
        return not thread.finished.is_set()
    while frame:
        if _is_written(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return isinstance(getattr(thread, "_target", None), types.BuiltinFunctionType)


def _is_written(file: str) -> bool:
    """Whether code is from a cell, or from a file that is no part of Python and of no package."""
    library = os.path.dirname(os.__file__) + os.sep
    return bool(file) and not file.startswith(("<", library)) and f"-packages{os.sep}" not in file


def _is_import(frame: Any) -> bool:
    """Whether it is Python's own search for modules."""
    file = frame.f_code.co_filename
    return bool(file.startswith("<frozen importlib") or file.endswith("importlib/metadata/__init__.py"))


def _space() -> Any:
    """The variables of the notebook."""
    return get_ipython().user_ns  # type: ignore[name-defined]  # noqa: F821 - every kernel of IPython has it


def _pandas() -> Any:
    try:
        import pandas
    except ImportError:
        return None
    return pandas


def _missing(value: Any) -> bool:
    """Whether it is None, NaN, or what pandas has for missing values."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def _columns(frame: Any, name: Any) -> Any:
    """The columns of a frame: names, values of Python, and levels for what is categorical."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        if not isinstance(frame.index, pandas.RangeIndex):
            frame = frame.reset_index()
        for place, label in enumerate(frame.columns):
            column = frame.iloc[:, place]
            levels = None
            if isinstance(column.dtype, pandas.CategoricalDtype):
                levels = column.cat.categories.tolist(), bool(column.cat.ordered)
            yield str(label), column.tolist(), levels, str(column.dtype)
        return
    if isinstance(frame, dict):
        columns = frame
    elif hasattr(frame, "to_dict") and type(frame).__module__.startswith("polars"):
        columns = frame.to_dict(as_series=False)
    elif hasattr(frame, "to_pydict"):
        columns = frame.to_pydict()
    else:
        raise TypeError(f"{name} is no frame, but {type(frame).__name__}")
    for label, values in columns.items():
        if not isinstance(values, (list, tuple)):
            raise TypeError(f"{name} is no frame: its {label} is no list")
        yield str(label), list(values), None, ""


_KINDS = (
    ("logical", bool),
    ("integer", int),
    ("number", float),
    ("text", str),
    ("moment", datetime.datetime),
    ("date", datetime.date),
)


def _kind(values: Any, dtype: Any) -> Any:
    found = []
    for value in values:
        if not _missing(value):
            kind = next((kind for kind, of in _KINDS if isinstance(value, of)), None)
            if kind is None:
                return None, type(value).__name__
            if kind not in found:
                found.append(kind)
    if sorted(found) == ["integer", "number"]:
        return "number", ""
    if len(found) > 1:
        return None, " and ".join(found)
    if found:
        return found[0], ""
    for word, kind in (("float", "number"), ("int", "integer"), ("bool", "logical"), ("date", "moment")):
        if word in dtype.lower():
            return kind, ""
    return "text", ""


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def _written(kind: Any, value: Any) -> Any:
    if _missing(value):
        return None
    if kind == "logical":
        return "1" if value else "0"
    if kind == "number":
        value = float(value)
        return value.hex() if abs(value) != float("inf") else ("Inf" if value > 0 else "-Inf")
    if kind == "date":
        return value.isoformat()
    if kind == "moment":
        aware = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        passed = aware - _EPOCH
        return str((passed.days * 86400 + passed.seconds) * 1000000 + passed.microseconds)
    return str(value)


def give(name: Any, to: Any) -> None:
    """Write the frame `name` to a file, or say there why not."""
    space = _space()
    try:
        if name not in space:
            raise KeyError(f'there is no variable called "{name}"')
        columns = []
        for label, values, levels, dtype in _columns(space[name], name):
            if levels and all(isinstance(level, str) for level in levels[0]):
                columns.append(
                    {
                        "name": label,
                        "kind": "factor",
                        "values": [None if _missing(v) else v for v in values],
                        "levels": levels[0],
                        "ordered": levels[1],
                    }
                )
                continue
            kind, what = _kind(values, dtype)
            if kind is None:
                raise TypeError(f'the column "{label}" of {name} has values of the kind {what}')
            zone = next((str(v.tzinfo) for v in values if kind == "moment" and not _missing(v) and v.tzinfo), None)
            columns.append({"name": label, "kind": kind, "values": [_written(kind, v) for v in values], "zone": zone})
        if len({len(column["values"]) for column in columns}) > 1:
            raise TypeError(f"the columns of {name} are not of one length")
        said: Any = {"columns": columns}
    except (KeyError, TypeError) as error:
        said = {"error": str(error.args[0])}
    with open(to, "w", encoding="utf-8") as file:
        json.dump(said, file)


def _read(kind: Any, value: Any, zone: Any) -> Any:
    if value is None:
        return None
    if kind == "integer":
        return int(value)
    if kind == "number":
        return float.fromhex(value) if "x" in value else float(value)
    if kind == "logical":
        return value == "1"
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "moment":
        moment = _EPOCH + datetime.timedelta(microseconds=int(value))
        return moment if zone else moment.replace(tzinfo=None)
    return value


def _series(pandas: Any, column: Any, values: Any) -> Any:
    kind, empty = column["kind"], any(value is None for value in values)
    if kind == "integer" and all(value is None or abs(value) < 2**63 for value in values):
        return pandas.Series(values, dtype="Int64" if empty else "int64")
    if kind == "number":
        return pandas.Series(values, dtype="float64")
    if kind == "logical":
        return pandas.Series(values, dtype="boolean" if empty else "bool")
    if kind == "factor":
        kept = pandas.CategoricalDtype(column["levels"], ordered=column["ordered"])
        return pandas.Series(pandas.Categorical(values, dtype=kept))
    if kind == "moment":
        series = pandas.Series(pandas.to_datetime(values, utc=True))
        return series.dt.tz_convert(column["zone"]) if column.get("zone") else series.dt.tz_localize(None)
    if kind == "text" and int(pandas.__version__.split(".")[0]) > 2:
        return pandas.Series(values, dtype="str")
    return pandas.Series(values, dtype="object")


def take(name: Any, origin: Any) -> None:
    """Make the variable `name` of what a file holds: a pandas frame or, without pandas, a dictionary of lists."""
    with open(origin, encoding="utf-8") as file:
        columns = json.load(file)["columns"]
    values = [[_read(column["kind"], value, column.get("zone")) for value in column["values"]] for column in columns]
    pandas = _pandas()
    if pandas is None:
        made = {column["name"]: each for column, each in zip(columns, values)}
    elif not columns:
        made = pandas.DataFrame()
    else:
        made = pandas.concat([_series(pandas, *each) for each in zip(columns, values)], axis=1)
        made.columns = [column["name"] for column in columns]
    _space()[name] = made


def _begin() -> None:
    here: Any = types.ModuleType("_coursewright")
    get_ipython().unobserve_all("exit_now")  # type: ignore[name-defined]  # noqa: F821 - exit() would end it before it reports
    reading = _ReadLog()
    here.give, here.take, here.report = give, take, reading.report
    sys.modules["_coursewright"] = here
    sys.addaudithook(reading.heard)
    loaded: Any = sys.modules.pop("_coursewright_loaded", None)
    if loaded:  # before the kernel began, for the page: these imports are the page's own
        reading.begun -= loaded.settle()


if __name__ == "_coursewright":  # and not where a notebook takes frames from another kernel
    _begin()

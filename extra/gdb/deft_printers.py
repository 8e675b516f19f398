"""How gdb shows deft's containers: flat_set, flat_multiset, sorted_vector and what a search_index looks at as sequences, flat_map,
flat_multimap and counter as maps.

    (gdb) source /usr/share/deft/gdb/deft_printers.py

What a container of deft keeps its elements in is shown by its own printer, the standard library's for instance: nothing here
knows how a std::vector or std::deque is laid out. Without such a printer the members are shown as they are."""
import itertools

import gdb
import gdb.printing


# What reading raises that is optimised away, or garbage because no constructor has run yet.
UNREADABLE = (gdb.error, OverflowError)


class Columns:
    """A container over one container of elements, or over one of keys and one of values of equal length."""

    def __init__(self, value, name, paths):
        self.name = name
        self.parts = []
        for path in paths:
            part = value
            for member in path.split("."):
                part = part[member]
            self.parts.append((path.split(".")[-1], part))
        self.printers = [gdb.default_visualizer(part) for _, part in self.parts]
        self.readable = all(hasattr(printer, "children") for printer in self.printers)

    def to_string(self):
        shown = [self.described(printer) for printer in self.printers] if self.readable else []
        return " ".join([f"deft::{self.name}", *(["of", " and ".join(shown)] if all(shown) and shown else [])])

    @staticmethod
    def described(printer):
        """What the container says of itself: "std::vector of length 3, capacity 4"."""
        try:
            text = printer.to_string()
        except UNREADABLE as error:
            return f"<{error}>"
        return text if isinstance(text, str) else ""

    def children(self):
        if not self.readable:
            yield from self.parts
            return
        try:
            elements = [printer.children() for printer in self.printers]
            # Alternately a key and its value, as the hint "map" promises.
            for i, (_, element) in enumerate(itertools.chain.from_iterable(zip(*elements))):
                yield f"[{i}]", element
        except UNREADABLE:
            return  # to_string() has said so

    def display_hint(self):
        return None if not self.readable else "map" if len(self.parts) == 2 else "array"


def shown_as(name, *paths):
    return lambda value: Columns(value, name, paths)


def printers():
    found = gdb.printing.RegexpCollectionPrettyPrinter("deft")
    keys, values = "engine_.columns.keys", "engine_.columns.values"
    for name, paths in {
        "flat_set": [keys],
        "flat_multiset": [keys],
        "flat_map": [keys, values],
        "flat_multimap": [keys, values],
        "sorted_vector": ["storage_.items"],
        "search_index": ["data_"],
        "counter": [f"counts_.{keys}", f"counts_.{values}"],
    }.items():
        found.add_printer(name, f"^deft::{name}<.*>$", shown_as(name, *paths))
    return found


gdb.printing.register_pretty_printer(None, printers(), replace=True)

"""How gdb shows deft's containers: flat_set, flat_multiset, sorted_vector, sorted_set, sorted_list and what a search_index looks at
as sequences, flat_map, flat_multimap, sorted_map and counter as maps.

    (gdb) source /usr/share/deft/gdb/deft_printers.py

What a flat container keeps its elements in is shown by its own printer, the standard library's for instance: nothing here
knows how a std::vector or std::deque is laid out. Without such a printer the members are shown as they are. The nodes of
trees are read as include/deft/sorted/detail/tree_node.hpp and tree_columns.hpp lay them out, without calling anything in
the program, so that core files will do."""
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


class Frozen:
    """A container, and an index over its keys."""

    def __init__(self, value):
        self.container = gdb.default_visualizer(value["container_"])

    def to_string(self):
        return f"deft::frozen of {self.container.to_string()}"

    def children(self):
        return self.container.children()

    def display_hint(self):
        return self.container.display_hint()


class Leaves:
    """Where the elements of a counted tree's leaves lie. `engine` is a deft::detail::counted_btree."""

    HEADER = 32

    def __init__(self, engine):
        engine = engine.strip_typedefs()
        # Named where the nodes are, in a base class.
        nodes = self.base_of(engine, "deft::detail::tree_nodes<")
        self.is_map = engine.template_argument(1).code != gdb.TYPE_CODE_VOID
        self.key, self.key_boxed = self.column(nodes, "stored_key", engine.template_argument(0))
        if self.is_map:
            self.mapped, self.mapped_boxed = self.column(nodes, "stored_mapped", engine.template_argument(1))
        self.extra, self.extra_each = self.before_keys(engine)

    @staticmethod
    def base_of(found, name):
        while not str(found.name).startswith(name):
            found = next(field.type for field in found.fields() if field.is_base_class).strip_typedefs()
        return found

    @classmethod
    def before_keys(cls, engine):
        """The bytes between a leaf's header and its keys: how many, and how many for each element."""
        try:
            # Only where strings are searched as such is there a class of this name.
            keys = gdb.lookup_type(f"deft::detail::tree_string_keys<{engine.template_argument(0)}, {engine.template_argument(2)} >")
        except gdb.error:
            return 0, 0
        keys = cls.base_of(keys.strip_typedefs(), "deft::detail::tree_leaf_keys<")
        return int(keys.template_argument(2)), int(keys.template_argument(3))

    @staticmethod
    def column(nodes, name, element):
        stored = gdb.lookup_type(f"{nodes}::{name}").strip_typedefs()
        # Kept in a box, or a pointer by itself?
        return stored, stored.code == gdb.TYPE_CODE_PTR and stored != element.strip_typedefs()

    @staticmethod
    def aligned(offset, element):
        return -(-offset // element.alignof) * element.alignof

    def element(self, leaf, slot):
        """The key at `slot`, and in a map its value."""
        leaf, capacity = leaf.dereference(), int(leaf["capacity"])
        keys = self.aligned(self.extra + self.extra_each * capacity, self.key)
        found = [self.at(leaf, keys, slot, self.key, self.key_boxed)]
        if self.is_map:
            mapped = self.aligned(keys + capacity * self.key.sizeof, self.mapped)
            found.append(self.at(leaf, mapped, slot, self.mapped, self.mapped_boxed))
        return found

    def at(self, leaf, offset, slot, stored, boxed):
        address = int(leaf.address) + self.HEADER + offset + slot * stored.sizeof
        there = gdb.Value(address).cast(stored.pointer()).dereference()
        return there.dereference() if boxed else there


class Tree:
    """A sorted_set, sorted_list or sorted_map: leaves in order."""

    def __init__(self, value, name):
        self.name = name
        self.engine = value["engine_"]
        self.leaves = Leaves(self.engine.type)

    def to_string(self):
        try:
            self.check()
            return f"deft::{self.name} of length {int(self.engine['size_'])}"
        except UNREADABLE as error:
            return f"deft::{self.name} <{error}>"

    def children(self):
        try:
            self.check()
            leaf, left, i = self.engine["first_"], int(self.engine["size_"]), 0
            while leaf and left > 0:
                for slot in range(min(int(leaf["count"]), left)):
                    for part in self.leaves.element(leaf, slot):
                        yield f"[{i}]", part
                        i += 1
                # Not for ever round where something has overwritten the leaves.
                left -= max(int(leaf["count"]), 1)
                leaf = leaf["next"]
        except UNREADABLE:
            return

    def check(self):
        """Before any constructor has run there is anything in a tree's place; showing that as elements would not end well."""
        first, last, size = self.engine["first_"], self.engine["last_"], int(self.engine["size_"])
        if size == 0:
            return
        if size >= 1 << 32 or first["previous"] or last["next"] or not 0 < int(first["count"]) <= int(first["capacity"]):
            raise gdb.error("not a tree")

    def display_hint(self):
        return "map" if self.leaves.is_map else "array"


class TreeIterator:
    """What an iterator of theirs points to."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            leaf, slot = self.value["leaf_"], int(self.value["slot_"])
            if not leaf:
                return "deft iterator to nothing"
            # What it pointed to may have been freed: this is what lies there now.
            if int(leaf["generation"]) != int(self.value["generation_"]):
                return "deft iterator, invalid"
            if slot >= int(leaf["count"]):
                return "deft iterator to the end"
            leaves = Leaves(self.value.type.strip_typedefs().template_argument(0))
            return f"deft iterator to {' = '.join(str(part) for part in leaves.element(leaf, slot))}"
        except UNREADABLE as error:
            return f"deft iterator <{error}>"


def shown_as(name, *paths):
    return lambda value: Columns(value, name, paths)


def tree_shown_as(name):
    return lambda value: Tree(value, name)


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
    for name in "sorted_set", "sorted_list", "sorted_map":
        found.add_printer(name, f"^deft::{name}<.*>$", tree_shown_as(name))
    found.add_printer("frozen", "^deft::frozen<.*>$", Frozen)
    found.add_printer("tree_iterator", "^deft::detail::tree_iterator<.*>$", TreeIterator)
    return found


gdb.printing.register_pretty_printer(None, printers(), replace=True)

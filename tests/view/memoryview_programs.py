#!/usr/bin/env python3
"""Runs programs that the program memoryview_programs makes up, on CPython's memoryview, and compares what comes out
with what deft::any_view gave.

    memoryview_programs.py PROGRAM [COUNT [SEED]]

DEFT_MEMORYVIEW_PROGRAMS and DEFT_MEMORYVIEW_SEED take the place of COUNT and SEED, for ctest.

What memoryview refuses with NotImplementedError deft may do. Slices of several dimensions, which are of that kind, are
compared with slices of nested lists."""
import os
import struct
import subprocess
import sys

REFUSED = object()


def number(text):
    return None if text == "N" else int(text)


def numbers(text):
    return [] if text == "-" else [int(n) for n in text.split(",")]


def joined(values):
    return ",".join(str(v) for v in values) or "-"


def encoded(value):
    if isinstance(value, bool):
        return "b1" if value else "b0"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return "fnan" if value != value else f"f{struct.unpack('<Q', struct.pack('<d', value))[0]}"
    return "c" + value.hex()


def decoded(text):
    kind, rest = text[0], text[1:]
    if kind == "b":
        return rest == "1"
    if kind == "i":
        return int(rest)
    if kind == "f":
        return float("nan") if rest == "nan" else struct.unpack("<d", struct.pack("<Q", int(rest)))[0]
    return bytes.fromhex(rest)


def flat(nested):
    if isinstance(nested, list):
        for part in nested:
            yield from flat(part)
    else:
        yield nested


def listed(nested):
    return "[" + ",".join(encoded(v) for v in flat(nested)) + "]"


def described(m):
    flags = ("C" if m.c_contiguous else "") + ("F" if m.f_contiguous else "") + ("A" if m.contiguous else "") + ("R" if m.readonly else "")
    return f"{m.format}|{m.itemsize}|{joined(m.shape)}|{joined(m.strides)}|{m.nbytes}|{flags}|{m.hex()}"


def sliced(nested, shape, keys):
    """The part of a nested list of this shape, and the part's shape."""
    if not shape:
        return nested, []
    key, rest = (keys[0], keys[1:]) if keys else (slice(None), [])
    if isinstance(key, slice):
        # Every position is looked at, also where there is no element: a mistake further on is a mistake anyway. Of
        # several the first one is reported.
        extent = len(range(shape[0])[key])
        _, below = sliced_shape(shape[1:], rest)
        part = [sliced(element, shape[1:], rest)[0] for element in nested[key]]
        return part, [extent] + below
    range(shape[0])[key]
    return sliced(nested[key] if nested else None, shape[1:], rest)


def sliced_shape(shape, keys):
    if not shape:
        return None, []
    key, rest = (keys[0], keys[1:]) if keys else (slice(None), [])
    at = range(shape[0])[key]
    _, below = sliced_shape(shape[1:], rest)
    return None, ([len(at)] if isinstance(key, slice) else []) + below


def nd_keys(texts, ndim):
    keys = [... if t == "..." else slice(*(number(p) for p in t.split(":"))) if ":" in t else int(t) for t in texts]
    if ... in keys:
        at = keys.index(...)
        keys[at:at + 1] = [slice(None)] * (ndim - len(keys) + 1)
    return keys


class Run:
    def __init__(self):
        self.memory = bytearray()
        self.views = []

    def view(self, text):
        return self.views[int(text)]

    def make(self, operation):
        """What an operation gives that makes a view, which gets the next number."""
        self.views.append(None)
        made = operation()
        self.views[-1] = made
        return described(made)

    def line(self, text):
        """What an operation gives; REFUSED if memoryview does not do it, or did not make the view in question."""
        words = text.split(" ")
        name, rest = words[0], words[1:]
        if name == "P":
            self.memory = bytearray.fromhex(rest[1][1:])
            self.views = [memoryview(self.memory)]
            if rest[0] == "R":
                self.views[0] = self.views[0].toreadonly()
            return described(self.views[0])
        if name == "M":
            return self.memory.hex()
        makes = name in "SCDR"
        if self.view(rest[0]) is None:
            if makes:
                self.views.append(None)
            return REFUSED
        try:
            return getattr(self, name)(self.view(rest[0]), *rest[1:])
        except NotImplementedError:
            return REFUSED
        except IndexError:
            return "error I"
        except (TypeError, ValueError):
            return "error V"

    def S(self, m, start, stop, step):
        return self.make(lambda: m[number(start):number(stop):number(step)])

    def C(self, m, form):
        return self.make(lambda: m.cast(form))

    def D(self, m, form, shape):
        return self.make(lambda: m.cast(form, numbers(shape)))

    def R(self, m):
        return self.make(m.toreadonly)

    def G(self, m, positions):
        at = numbers(positions)
        return encoded(m[at[0]] if len(at) == 1 else m[tuple(at)])

    def W(self, m, positions, value):
        at = numbers(positions)
        try:
            m[at[0] if len(at) == 1 else tuple(at)] = decoded(value)
        except ValueError:
            return "error I"  # deft: std::out_of_range; see same()
        return "done"

    def T(self, m):
        return listed(m.tolist())

    def X(self, m, separator, group):
        return m.hex() if separator == "N" else m.hex(separator, int(group))

    def B(self, m, order):
        return m.tobytes(order).hex()

    def E(self, m, other):
        if self.view(other) is None:
            return REFUSED
        return "1" if m == self.view(other) else "0"

    def N(self, m, *keys):
        asked = nd_keys(keys, m.ndim)
        part, shape = sliced(m.tolist(), list(m.shape), asked)
        return joined(shape) + "|" + listed(part)

    def A(self, m, start, stop, step, other):
        if self.view(other) is None:
            return REFUSED
        m[number(start):number(stop):number(step)] = self.view(other)
        return "done"

    def Q(self, m, value):
        wanted = decoded(value)
        return f"{sum(1 for v in m if v == wanted)} {'in' if wanted in m else 'out'}"

    def K(self, m):
        # Here the memory is a bytearray, which no view of has a hash, even if it is read-only.
        hash(memoryview(m.tobytes()).cast(m.format) if m.readonly and m.nbytes else m if not m.readonly else memoryview(b"").cast(m.format))
        return "done"

    def L(self, m):
        m.release()
        return "done"

    def Z(self, m):
        return str(len(m))

    def V(self, m):
        return listed(list(reversed(m)))


def same(operation, ours, theirs):
    if ours == theirs:
        return True
    # Of a value that does not fit Python says TypeError or ValueError, deft out_of_range or invalid_argument.
    return operation[0] == "W" and ours.startswith("error") and theirs.startswith("error")


def main():
    program, count, seed = sys.argv[1], *(sys.argv[2:] + ["1000", "1"][len(sys.argv) - 2:])
    count = os.environ.get("DEFT_MEMORYVIEW_PROGRAMS", count)
    seed = os.environ.get("DEFT_MEMORYVIEW_SEED", seed)
    run, history, programs, operations, refused = Run(), [], 0, 0, 0
    with subprocess.Popen([program, count, seed], stdout=subprocess.PIPE, text=True) as maker:
        for line in maker.stdout:
            operation, theirs = line.rstrip("\n").split("\t")
            history = [line] if operation[0] == "P" else history + [line]
            programs += operation[0] == "P"
            operations += 1
            ours = run.line(operation)
            if ours is REFUSED:
                refused += 1
            elif not same(operation, ours, theirs):
                print("".join(history), f"memoryview: {ours}", sep="", file=sys.stderr)
                maker.kill()
                return 1
    print(f"{programs} programs, {operations} operations alike, {refused} of them not done by memoryview")
    return 0 if maker.returncode == 0 and programs == int(count) else 1


sys.exit(main())

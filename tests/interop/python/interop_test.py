"""interop_test.py FOLDER: memoryview, numpy and pandas read deft's tables, through the extension deft_interop in FOLDER:
every type, the same values, the same addresses, for as long as Python holds them."""
import ctypes
import gc
import sys
import unittest

sys.path.insert(0, sys.argv[1])
import deft_interop  # noqa: E402

try:
    import numpy as np
    import pandas as pd
except ImportError as missing:
    print(f"SKIPPED: {missing}: tools/setup installs python3-numpy and python3-pandas")
    sys.exit(77)

ROWS = 300


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


Schema._fields_ = [("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p),
                   ("flags", ctypes.c_int64), ("n_children", ctypes.c_int64),
                   ("children", ctypes.POINTER(ctypes.POINTER(Schema))), ("dictionary", ctypes.POINTER(Schema)),
                   ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(Schema))), ("private_data", ctypes.c_void_p)]
Array._fields_ = [("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64),
                  ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64),
                  ("buffers", ctypes.POINTER(ctypes.c_void_p)), ("children", ctypes.POINTER(ctypes.POINTER(Array))),
                  ("dictionary", ctypes.POINTER(Array)),
                  ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(Array))), ("private_data", ctypes.c_void_p)]

NUMBERS = {"c": "i1", "C": "u1", "s": "i2", "S": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8", "f": "f4", "g": "f8",
           "tss:": "M8[s]", "tsm:": "M8[ms]", "tsu:": "M8[us]", "tsn:": "M8[ns]", "tDu": "m8[us]"}


class Table:
    """A table through Arrow's structs: what pyarrow would do, which Debian does not have."""

    def __init__(self):
        self.array, self.schema = Array(), Schema()
        deft_interop.arrow(ctypes.addressof(self.array), ctypes.addressof(self.schema))
        self.names = [self.schema.children[i].contents.name.decode() for i in range(self.schema.n_children)]

    def __del__(self):
        self.array.release(self.array)
        self.schema.release(self.schema)

    def memory(self, array, i, count, dtype):
        """`count` elements of buffer `i`, without a copy."""
        kind = np.dtype(dtype)
        if count == 0:
            return np.empty(0, kind)
        raw = (ctypes.c_char * (count * kind.itemsize)).from_address(array.buffers[i])
        found = np.frombuffer(raw, kind)
        found.flags.writeable = False
        return found

    def bits(self, array, i, end):
        return np.unpackbits(self.memory(array, i, (end + 7) // 8, "u1"), bitorder="little")[:end].astype(bool)

    def values(self, array, schema):
        """All values as numpy has them, dictionaries and structs aside."""
        form, end = schema.format.decode(), array.offset + array.length
        if form in NUMBERS:
            return self.memory(array, 1, end, NUMBERS[form])[array.offset:]
        if form == "tdD":
            return self.memory(array, 1, end, "i4")[array.offset:].astype("M8[D]")
        if form == "b":
            return self.bits(array, 1, end)[array.offset:]
        if form.startswith("w:"):
            return self.memory(array, 1, end, f"S{form[2:]}")[array.offset:]
        if form.startswith("+w:"):
            width = int(form[3:])
            items = self.values(array.children[0].contents, schema.children[0].contents)
            return items.reshape(-1, width)[array.offset:end]
        if form in "uU":
            offsets = self.memory(array, 1, end + 1, "i4" if form == "u" else "i8")
            text = ctypes.string_at(array.buffers[2], int(offsets[-1]))
            return np.array([text[a:b].decode() for a, b in zip(offsets[array.offset:], offsets[array.offset + 1:])])
        raise AssertionError(form)

    def column(self, name):
        i = self.names.index(name)
        return self.array.children[i].contents, self.schema.children[i].contents

    def __getitem__(self, name):
        array, schema = self.column(name)
        values = self.values(array, schema)
        if schema.dictionary:
            values = self.values(array.dictionary.contents, schema.dictionary.contents)[values]
        if array.buffers[0]:
            return np.ma.masked_array(values, ~self.bits(array, 0, array.offset + array.length)[array.offset:])
        return values


class Interop(unittest.TestCase):
    def setUp(self):
        deft_interop.make(ROWS)
        self.i = np.arange(ROWS)

    def test_arrow_has_every_value(self):
        t, i = Table(), self.i
        self.assertEqual(t.array.length, ROWS)
        expected = {
            "i8": i % 251 - 125, "u8": i % 256, "i16": i * 31 % 65521 - 32760, "u16": i * 37 % 65521, "i32": i * -1001,
            "u32": i + 4000000000, "i64": i * -100000000003, "u64": i.astype("u8") + np.uint64(18000000000000000000),
            "f32": i * 0.5, "f64": i * 0.25, "flag": i % 3 == 0, "level": i % 306 - 5,
            "way": np.array(["buy", "sell", "cross"])[i % 3], "plain_side": (i + 1) % 3,
            "name": np.array([f"row {n}" + (" with a longer tail of characters" if n % 5 == 0 else "") for n in i]),
            "symbol": np.array([b"ABCDEF"[:n % 7] for n in i]),
            "at_s": (i * 86461).astype("M8[s]"), "at_ms": (i * 86461001).astype("M8[ms]"),
            "at_us": (i * 86461000003).astype("M8[us]"), "at_ns": (i * 86461000000007).astype("M8[ns]"),
            "day": i.astype("M8[D]"), "took": (i * 1003).astype("m8[us]"),
            "triple": np.stack([i, -i, i * 0 + 7], axis=1), "flags": np.stack([i % 2 == 0, i % 5 == 0], axis=1),
        }
        for name, values in expected.items():
            np.testing.assert_array_equal(t[name], values, err_msg=name)
        where, schema = t.column("where")
        for k, values in enumerate([i * 2.0, -i, i % 4 == 0]):
            np.testing.assert_array_equal(t.values(where.children[k].contents, schema.children[k].contents), values)
        absent = {
            "maybe_i32": (i * 7, i % 4 == 0), "maybe_f64": (i * 0.125, i % 5 == 1), "maybe_flag": (i % 4 == 0, i % 2 != 0),
            "maybe_name": (np.array([chr(97 + n % 26) * (n % 23) for n in i]), i % 3 == 1), "maybe_venue": (i % 20, i % 7 == 2),
            "maybe_way": (np.array(["buy", "sell", "cross"])[i % 3], i % 7 == 3), "maybe_at": ((i * 13).astype("M8[ns]"), i % 6 == 5),
        }
        for name, (values, mask) in absent.items():
            found = t[name]
            np.testing.assert_array_equal(found.mask, mask, err_msg=name)
            np.testing.assert_array_equal(found.compressed(), values[~mask], err_msg=name)
        place, schema = t.column("maybe_where")
        mask = t.bits(place, 0, ROWS)
        np.testing.assert_array_equal(mask, i % 3 != 2)
        np.testing.assert_array_equal(t.values(place.children[1].contents, schema.children[1].contents)[mask], i[mask])

    def test_arrow_has_the_tables_addresses(self):
        t = Table()
        array, _ = t.column("f64")
        self.assertEqual(array.buffers[1], deft_interop.address())
        self.assertEqual(t["f64"].ctypes.data, deft_interop.address())

    def test_pandas_takes_columns_without_a_copy(self):
        t = Table()
        series = pd.Series(t["f64"], copy=False)
        self.assertEqual(series.values.ctypes.data, deft_interop.address())
        self.assertEqual(series.sum(), sum(n * 0.25 for n in range(ROWS)))
        # Of its own columns a frame makes one block of each type; it is handed them one by one.
        frame = pd.DataFrame({"f64": series, "name": t["name"], "at": t["at_ns"], "way": pd.Categorical(t["way"])}, copy=False)
        self.assertEqual(frame.loc[8, "at"], pd.Timestamp("1970-01-09 00:08:08.000000056"))
        self.assertEqual(frame.groupby("way", observed=True)["f64"].count().to_dict(), {"buy": 100, "sell": 100, "cross": 100})

    def test_memoryview_shows_columns(self):
        m = memoryview(deft_interop.column("f64"))
        self.assertEqual((m.format, m.itemsize, m.shape, m.strides, m.readonly), ("d", 8, (ROWS,), (8,), True))
        self.assertEqual(m.tolist(), [n * 0.25 for n in range(ROWS)])
        with self.assertRaises(TypeError):
            m[0] = 1.0
        m = memoryview(deft_interop.column("triple"))
        self.assertEqual((m.format, m.shape, m.strides), ("h", (ROWS, 3), (6, 2)))
        self.assertEqual(m[8, 1], -8)
        self.assertEqual(memoryview(deft_interop.column("symbol")).format, "6s")
        self.assertEqual(bytes(deft_interop.column("symbol"))[6 * 9:6 * 10], b"AB\0\0\0\0")
        self.assertEqual(memoryview(deft_interop.column("level")).format, "h")
        self.assertEqual(memoryview(deft_interop.column("way"))[2], 2)

    def test_requests_that_cannot_be_met_are_buffer_errors(self):
        column = deft_interop.column("f64")
        with self.assertRaises((BufferError, TypeError)):
            ctypes.c_char.from_buffer(column)  # wants to write
        self.assertEqual(len(bytes(column)), 8 * ROWS)  # wants bytes only

    def test_numpy_has_the_same_addresses(self):
        kinds = {"i8": "i1", "u8": "u1", "i16": "i2", "u16": "u2", "i32": "i4", "u32": "u4", "i64": "i8", "u64": "u8", "f32": "f4",
                 "f64": "f8", "level": "i2", "way": "u1", "plain_side": "u1", "symbol": "S6", "at_ns": "i8", "took": "i8",
                 "triple": "i2", "maybe_f64": "f8", "maybe_venue": "u1"}
        t = Table()
        for name, kind in kinds.items():
            array, _ = t.column(name)
            at = array.children[0].contents.buffers[1] if name == "triple" else array.buffers[1]
            found = np.asarray(deft_interop.column(name))
            self.assertEqual((found.dtype, found.ctypes.data), (np.dtype(kind), at), name)
            if name != "symbol":  # no strings in DLPack
                tensor = np.from_dlpack(deft_interop.column(name))
                self.assertEqual((tensor.dtype, tensor.ctypes.data), (np.dtype(kind), at), name)
                np.testing.assert_array_equal(tensor, found)
        with self.assertRaises(BufferError):
            np.from_dlpack(deft_interop.column("symbol"))
        np.testing.assert_array_equal(np.asarray(deft_interop.column("at_ns")).view("M8[ns]"), t["at_ns"])
        present = np.unpackbits(np.asarray(deft_interop.validity()), bitorder="little")[:ROWS].astype(bool)
        np.testing.assert_array_equal(present, self.i % 5 != 1)

    def test_memory_outlives_the_exporter(self):
        views = [np.asarray(deft_interop.column("i64")), np.from_dlpack(deft_interop.column("i64"))]
        m = memoryview(deft_interop.column("i64"))
        t = Table()
        deft_interop.grow()  # which detaches the table
        deft_interop.drop()
        gc.collect()
        for view in views + [t["i64"], np.asarray(m)]:
            np.testing.assert_array_equal(view, self.i * -100000000003)

    def test_deft_takes_others_buffers(self):
        source = np.arange(24, dtype="i4").reshape(2, 3, 4)[:, ::-1, ::2]
        taken = deft_interop.take_buffer(source)
        back = np.asarray(taken)
        self.assertEqual((back.shape, back.strides, back.ctypes.data), (source.shape, source.strides, source.ctypes.data))
        np.testing.assert_array_equal(back, source)
        tensor = np.asarray(deft_interop.take_dlpack(source))
        self.assertEqual((tensor.strides, tensor.ctypes.data), (source.strides, source.ctypes.data))
        for make in (deft_interop.take_buffer, deft_interop.take_dlpack):
            count = sys.getrefcount(source)
            held = make(source)
            self.assertGreater(sys.getrefcount(source), count)
            del held
            self.assertEqual(sys.getrefcount(source), count)
        for kind in ("?", "i1", "u1", "i2", "u2", "i8", "u8", "f4", "f8"):
            for take in (deft_interop.take_buffer, deft_interop.take_dlpack)[:1 if kind == "?" else 2]:  # numpy 1.24 has no tensors of bools
                np.testing.assert_array_equal(np.asarray(take(np.arange(5).astype(kind))), np.arange(5).astype(kind))
        np.testing.assert_array_equal(np.asarray(deft_interop.take_buffer(b"abc")), [97, 98, 99])
        with self.assertRaises(TypeError):
            deft_interop.take_buffer(7)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

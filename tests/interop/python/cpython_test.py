"""cpython_test.py FOLDER: CPython's own tests of memoryview and of the buffer protocol, on what the extension deft_interop in FOLDER
exports: columns of tables, and buffers that deft took from others and gives out again. They are CPython's test.test_memoryview and
test.test_buffer, as installed (Debian: libpython3.*-testsuite); nothing of them is copied."""
import array
import sys
import unittest

sys.path.insert(0, sys.argv[1])
import deft_interop  # noqa: E402

try:
    import _testbuffer
    from test import test_buffer, test_memoryview
except ImportError as missing:
    print(f"SKIPPED: {missing}: tools/setup installs Debian's libpython3.*-testsuite")
    sys.exit(77)


# ---- test_memoryview: the sources of its views are deft's

class Contents:
    """Array compares by identity: its contents are compared as views."""

    def _check_contents(self, tp, obj, contents):
        kept = memoryview(obj)
        self.assertEqual(kept[1:7] if len(kept) == 8 else kept, memoryview(tp(contents)))


class ByteArray(deft_interop.Array):
    """A type, and not a function, so that its objects may be in cycles."""

    def __new__(cls, data):
        return super().__new__(cls, bytearray(data))


class Bytes:
    ro_type = staticmethod(deft_interop.bytes_column)  # of a table
    rw_type = ByteArray
    getitem_type = bytes
    itemsize = 1
    format = "B"


class Ints:
    ro_type = staticmethod(deft_interop.int_column)
    rw_type = staticmethod(lambda data: deft_interop.Array(array.array("i", list(data))))
    getitem_type = staticmethod(lambda data: array.array("i", list(data)).tobytes())
    itemsize = array.array("i").itemsize
    format = "i"
    test_hash = None  # memoryview hashes bytes only
    test_getbuffer = None  # it reads bytes as UTF-8


WHOLE = (Contents, test_memoryview.BaseMemoryviewTests)
SLICE = (Contents, test_memoryview.BaseMemorySliceTests)
SLICE_OF_SLICE = (Contents, test_memoryview.BaseMemorySliceSliceTests)
COMMON = test_memoryview.AbstractMemoryTests


class BytesView(*WHOLE, Bytes, COMMON, unittest.TestCase):
    pass


class BytesSlice(*SLICE, Bytes, COMMON, unittest.TestCase):
    pass


class BytesSliceOfSlice(*SLICE_OF_SLICE, Bytes, COMMON, unittest.TestCase):
    pass


class IntsView(*WHOLE, Ints, COMMON, unittest.TestCase):
    pass


class IntsSlice(*SLICE, Ints, COMMON, unittest.TestCase):
    pass


class IntsSliceOfSlice(*SLICE_OF_SLICE, Ints, COMMON, unittest.TestCase):
    pass


# ---- test_buffer: whatever it verifies goes through deft as well

class Exporter(deft_interop.Array):
    """An Array with the attributes that the tests ask of an exporter, out of a view of it."""

    def __getattr__(self, name):
        return getattr(memoryview(self), name)

    def tolist(self):
        return _testbuffer.ndarray(self, getbuf=_testbuffer.PyBUF_FULL_RO).tolist()


def is_complete(buffer):
    """Whether a buffer says all about itself: what was asked for less is described otherwise when it is given on."""
    return bool(buffer.format) and (buffer.ndim == 0 or bool(buffer.shape and buffer.strides))


class Buffers(test_buffer.TestBufferProtocol):
    through = 0

    def verify(self, result, *, obj, **known):
        super().verify(result, obj=obj, **known)
        if not is_complete(result):
            return
        exporter = Exporter(result)
        super().verify(_testbuffer.ndarray(exporter, getbuf=_testbuffer.PyBUF_FULL_RO), obj=exporter, **known)
        super().verify(memoryview(exporter), obj=exporter, **known)
        Buffers.through += 1

    def verify_getbuf(self, orig_ex, ex, req, sliced=False):
        super().verify_getbuf(orig_ex, ex, req, sliced)
        super().verify_getbuf(orig_ex, Exporter(ex), req, sliced)

    @classmethod
    def tearDownClass(cls):
        assert cls.through > 1000, f"only {cls.through} buffers went through deft"


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])

// A CPython extension for the tests beside it: a table whose columns Python sees through PEP 3118, DLPack and
// Arrow.
#define PY_SSIZE_T_CLEAN
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <Python.h>

#include "deft/interop/arrow.hpp"
#include "deft/interop/column_view.hpp"
#include "deft/interop/dlpack.hpp"
#include "deft/interop/python_buffer.hpp"
#include "deft/record/record_vector.hpp"

#include "tests/interop/arrow_schemas.hpp"

namespace {

using deft_test::exported;

deft::record_vector<exported>& table() {
  static deft::record_vector<exported> rows;
  return rows;
}

// ---- deft's errors as Python's

template <typename F>
auto guarded(F f) -> decltype(f()) {
  try {
    return f();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& e) {
    PyErr_SetString(PyExc_BufferError, e.what());
  }
  if constexpr (std::is_same_v<decltype(f()), int>) {
    return -1;
  } else {
    return nullptr;
  }
}

// ---- an any_view as an object

struct array_object {
  PyObject_HEAD deft::any_view* array;
};

extern PyTypeObject array_type;

PyObject* new_array(deft::any_view view, PyTypeObject* type = &array_type) {
  PyObject* const self = type->tp_alloc(type, 0);
  if (self == nullptr) return nullptr;
  auto* const array = new (std::nothrow) deft::any_view(std::move(view));
  reinterpret_cast<array_object*>(self)->array = array;
  if (array == nullptr) {
    Py_DECREF(self);
    return PyErr_NoMemory();
  }
  return self;
}

deft::any_view& array_of(PyObject* self) {
  return *reinterpret_cast<array_object*>(self)->array;
}

void free_array(PyObject* self) {
  delete reinterpret_cast<array_object*>(self)->array;
  Py_TYPE(self)->tp_free(self);
}

int get_buffer(PyObject* self, Py_buffer* buffer, int flags) {
  return guarded([&] {
    buffer->obj = nullptr;
    deft::fill_python_buffer(array_of(self), buffer, flags);
    buffer->obj = Py_NewRef(self);
    return 0;
  });
}

void release_buffer(PyObject*, Py_buffer* buffer) {
  deft::release_python_buffer(buffer);
}

PyObject* dlpack_device(PyObject*, PyObject*) {
  return Py_BuildValue("(ii)", 1, 0);
}

PyObject* dlpack_capsule(PyObject* self, PyObject*, PyObject*) {
  return guarded([&]() -> PyObject* {
    // numpy reads what it takes by from_dlpack, and says so by its own flag.
    auto* const tensor = deft::export_dlpack_unversioned(array_of(self), deft::dlpack_writes::none);
    return PyCapsule_New(tensor, "dltensor", [](PyObject* capsule) {
      if (PyCapsule_IsValid(capsule, "dltensor") == 0) return;  // taken
      auto* const left =
          static_cast<deft::dlpack::managed_tensor*>(PyCapsule_GetPointer(capsule, "dltensor"));
      left->deleter(left);
    });
  });
}

/// An array over another's buffer.
PyObject* array_over(PyTypeObject* type, PyObject* object) {
  return guarded([&]() -> PyObject* {
    auto buffer = std::make_unique<Py_buffer>();
    if (PyObject_GetBuffer(object, buffer.get(), PyBUF_FULL_RO) != 0) return nullptr;
    Py_buffer* const taken = buffer.get();
    auto owner = deft::shared_buffer::adopt(
        std::span<const std::byte>(),
        [held = std::shared_ptr<Py_buffer>(std::move(buffer))](const std::byte*, std::size_t) {
          const PyGILState_STATE lock = PyGILState_Ensure();
          PyBuffer_Release(held.get());
          PyGILState_Release(lock);
        });
    return new_array(deft::from_python_buffer(*taken, std::move(owner)), type);
  });
}

/// Array(object): a class that Python can derive from.
PyObject* make_array(PyTypeObject* type, PyObject* arguments, PyObject*) {
  PyObject* object = nullptr;
  if (PyArg_ParseTuple(arguments, "O", &object) == 0) return nullptr;
  return array_over(type, object);
}

PyMethodDef array_methods[] = {
    {"__dlpack__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(dlpack_capsule)),
     METH_VARARGS | METH_KEYWORDS, nullptr},
    {"__dlpack_device__", dlpack_device, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyBufferProcs array_buffer = {get_buffer, release_buffer};

PyTypeObject array_type = [] {
  PyTypeObject type{};
  Py_SET_REFCNT(reinterpret_cast<PyObject*>(&type), 1);
  type.tp_name = "deft_interop.Array";
  type.tp_basicsize = sizeof(array_object);
  type.tp_dealloc = free_array;
  type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
  type.tp_new = make_array;
  type.tp_as_buffer = &array_buffer;
  type.tp_methods = array_methods;
  return type;
}();

// ---- the table

PyObject* make(PyObject*, PyObject* rows) {
  return guarded([&]() -> PyObject* {
    table() = {};
    for (long i = 0, n = PyLong_AsLong(rows); i < n; ++i)
      table().push_back(deft_test::make_exported(static_cast<int>(i)));
    Py_RETURN_NONE;
  });
}

PyObject* grow(PyObject*, PyObject*) {
  return guarded([&]() -> PyObject* {
    for (std::size_t i = 0; i < table().size(); ++i) table()[i].set<&exported::i64>(-1);
    const std::size_t before = table().size();
    for (std::size_t i = 0; i <= before; ++i) table().push_back(deft_test::make_exported(0));
    Py_RETURN_NONE;
  });
}

PyObject* drop(PyObject*, PyObject*) {
  table() = {};
  Py_RETURN_NONE;
}

template <auto... Members>
PyObject* column_of(std::string_view name) {
  const auto shared = table().share();
  PyObject* found = nullptr;
  const auto look = [&]<auto Member>(std::integral_constant<decltype(Member), Member>) {
    if (deft::detail::field_name<exported, deft::detail::field_index<Member>> != name) return;
    found = new_array(deft::column_view<Member>(shared));
  };
  (look(std::integral_constant<decltype(Members), Members>{}), ...);
  if (found == nullptr && PyErr_Occurred() == nullptr)
    PyErr_SetString(PyExc_KeyError, "no such column of numbers");
  return found;
}

PyObject* column(PyObject*, PyObject* name) {
  return guarded([&]() -> PyObject* {
    return column_of<&exported::i8, &exported::u8, &exported::i16, &exported::u16, &exported::i32,
                     &exported::u32, &exported::i64, &exported::u64, &exported::f32, &exported::f64,
                     &exported::level, &exported::way, &exported::plain_side, &exported::symbol,
                     &exported::at_ns, &exported::took, &exported::triple, &exported::maybe_f64,
                     &exported::maybe_venue>(PyUnicode_AsUTF8(name));
  });
}

PyObject* validity(PyObject*, PyObject*) {
  return guarded([&] { return new_array(deft::column_validity<&exported::maybe_f64>(table().share())); });
}

/// Any bytes as the one column of a table.
template <typename T>
PyObject* column_of_bytes(PyObject*, PyObject* bytes) {
  struct row {
    T value;
  };

  return guarded([&]() -> PyObject* {
    char* first = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(bytes, &first, &size) != 0) return nullptr;
    deft::record_vector<row> rows;
    for (Py_ssize_t i = 0; i < size; ++i) rows.push_back({static_cast<unsigned char>(first[i])});
    return new_array(deft::column_view<&row::value>(rows.share()));
  });
}

PyObject* address(PyObject*, PyObject*) {
  return PyLong_FromVoidPtr(const_cast<double*>(std::as_const(table()).column<&exported::f64>().data()));
}

PyObject* arrow(PyObject*, PyObject* addresses) {
  return guarded([&]() -> PyObject* {
    unsigned long long array = 0;
    unsigned long long schema = 0;
    if (PyArg_ParseTuple(addresses, "KK", &array, &schema) == 0) return nullptr;
    deft::export_arrow(table().share(), reinterpret_cast<ArrowArray*>(array),
                       reinterpret_cast<ArrowSchema*>(schema));
    Py_RETURN_NONE;
  });
}

// ---- what others made

PyObject* take_buffer(PyObject*, PyObject* object) {
  return array_over(&array_type, object);
}

PyObject* take_dlpack(PyObject*, PyObject* object) {
  return guarded([&]() -> PyObject* {
    PyObject* const capsule = PyObject_CallMethod(object, "__dlpack__", nullptr);
    if (capsule == nullptr) return nullptr;
    auto* const tensor =
        static_cast<deft::dlpack::managed_tensor*>(PyCapsule_GetPointer(capsule, "dltensor"));
    if (tensor != nullptr) PyCapsule_SetName(capsule, "used_dltensor");
    Py_DECREF(capsule);
    return tensor == nullptr ? nullptr : new_array(deft::import_dlpack(tensor));
  });
}

PyMethodDef methods[] = {{"make", make, METH_O, "Fills the table."},
                         {"grow", grow, METH_NOARGS, "Changes and enlarges the table."},
                         {"drop", drop, METH_NOARGS, "Empties the table."},
                         {"column", column, METH_O, "A column as an array."},
                         {"validity", validity, METH_NOARGS, "The bitmap of maybe_f64."},
                         {"address", address, METH_NOARGS, "Where f64 lies."},
                         {"bytes_column", column_of_bytes<std::uint8_t>, METH_O, "Bytes as a column of u8."},
                         {"int_column", column_of_bytes<std::int32_t>, METH_O, "Bytes as a column of i32."},
                         {"arrow", arrow, METH_VARARGS, "Exports into structs at two addresses."},
                         {"take_buffer", take_buffer, METH_O, "An array over another's buffer."},
                         {"take_dlpack", take_dlpack, METH_O, "An array over another's tensor."},
                         {nullptr, nullptr, 0, nullptr}};

PyModuleDef module_of_test = {
    PyModuleDef_HEAD_INIT, "deft_interop", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_deft_interop() {
  if (PyType_Ready(&array_type) < 0) return nullptr;
  PyObject* const module = PyModule_Create(&module_of_test);
  if (module != nullptr &&
      PyModule_AddObjectRef(module, "Array", reinterpret_cast<PyObject*>(&array_type)) < 0) {
    Py_DECREF(module);
    return nullptr;
  }
  return module;
}

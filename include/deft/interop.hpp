/// @file
/// Tables and views for other programs' libraries, without copies. (What needs others' headers is not here.)
#pragma once

#include "deft/interop/arrow.hpp"
#include "deft/interop/column_view.hpp"
#include "deft/interop/dlpack.hpp"
#include "deft/interop/python_buffer.hpp"

/// @file
/// Tables to and from Arrow's C interfaces.
#pragma once

#include "deft/interop/arrow_abi.hpp"
#include "deft/interop/arrow_column.hpp"
#include "deft/interop/arrow_export.hpp"
#include "deft/interop/arrow_handles.hpp"
#include "deft/interop/arrow_import.hpp"

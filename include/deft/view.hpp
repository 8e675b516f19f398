/// @file
/// Everything under deft/view/: looking at memory without copying it.
#pragma once

#include "deft/core.hpp"
#include "deft/view/any_value.hpp"
#include "deft/view/any_view.hpp"
#include "deft/view/bulk.hpp"
#include "deft/view/cast_view.hpp"
#include "deft/view/endian.hpp"
#include "deft/view/mapped_file.hpp"
#include "deft/view/nd_view.hpp"
#include "deft/view/shared_view.hpp"
#include "deft/view/slice.hpp"
#include "deft/view/strided_view.hpp"
#include "deft/view/view.hpp"
#include "deft/view/zip.hpp"

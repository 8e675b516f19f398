/// @file
/// The whole library.
#pragma once

#include "deft/core.hpp"
#include "deft/interop.hpp"
#include "deft/memo.hpp"
#include "deft/record.hpp"
#include "deft/sorted.hpp"
#include "deft/view.hpp"

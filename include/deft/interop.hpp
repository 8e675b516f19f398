/// @file
/// Tables and views for other programs' libraries, without copies. (What needs others' headers is not here.)
#pragma once

#include "deft/interop/arrow.hpp"

/// @file
/// Everything under deft/core/.
#pragma once

#include "deft/core/contracts.hpp"
#include "deft/core/fwd.hpp"
#include "deft/core/version.hpp"

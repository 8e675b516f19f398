/// @file
/// Everything under deft/core/.
#pragma once

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/core/fwd.hpp"
#include "deft/core/hash.hpp"
#include "deft/core/huge_page_resource.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/core/version.hpp"

/// @file
/// Everything under deft/sorted/: searching in sorted ranges, and sequences that stay in order.
#pragma once

#include "deft/core.hpp"
#include "deft/sorted/bisect.hpp"
#include "deft/sorted/compare_by.hpp"
#include "deft/sorted/counter.hpp"
#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"
#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"
#include "deft/sorted/frozen.hpp"
#include "deft/sorted/get_or.hpp"
#include "deft/sorted/search_index.hpp"
#include "deft/sorted/set_algebra.hpp"
#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"
#include "deft/sorted/sorted_vector.hpp"
#include "deft/sorted/tags.hpp"

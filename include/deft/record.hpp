/// @file
/// Everything under deft/record/.
#pragma once

#include "deft/record/bounded.hpp"
#include "deft/record/enum_names.hpp"
#include "deft/record/field_map.hpp"
#include "deft/record/fields.hpp"
#include "deft/record/fixed_string.hpp"
#include "deft/record/layout_report.hpp"
#include "deft/record/packed.hpp"
#include "deft/record/print.hpp"
#include "deft/record/record.hpp"
#include "deft/record/record_vector.hpp"
#include "deft/record/record_vector_print.hpp"

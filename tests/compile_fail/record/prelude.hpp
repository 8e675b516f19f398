// What the misuses of this folder include.
#pragma once

#include <any>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "deft/record/bounded.hpp"
#include "deft/record/fields.hpp"
#include "deft/record/layout_report.hpp"
#include "deft/record/packed.hpp"
#include "deft/record/record.hpp"

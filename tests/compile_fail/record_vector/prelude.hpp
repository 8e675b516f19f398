// What the misuses of this folder include.
#pragma once

#include <algorithm>
#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "deft/record/fields.hpp"
#include "deft/record/record_vector.hpp"

// What the misuses of this folder include.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "deft/interop.hpp"
#include "deft/record/record_vector.hpp"

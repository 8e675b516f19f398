// What the misuses of this folder include.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "deft/view.hpp"

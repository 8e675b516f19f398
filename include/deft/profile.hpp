/// @file
/// Everything under deft/profile/: sampling a region of a program, and names for stretches of code. The
/// sampler is compiled into the target deft::profile; scopes need no library.
#pragma once

#include "deft/profile/sampler.hpp"
#include "deft/profile/scope.hpp"

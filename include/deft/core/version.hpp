/// @file
/// The version of deft, as macros for the preprocessor. CMake refuses to configure when project(VERSION)
/// differs.
#pragma once

#define DEFT_VERSION_MAJOR 0
#define DEFT_VERSION_MINOR 1
#define DEFT_VERSION_PATCH 0
#define DEFT_VERSION_STRING "0.1.0"

/// One number to compare with: major * 10000 + minor * 100 + patch.
#define DEFT_VERSION (DEFT_VERSION_MAJOR * 10000 + DEFT_VERSION_MINOR * 100 + DEFT_VERSION_PATCH)

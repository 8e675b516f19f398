#pragma once

/// Compiled as users compile: -O2 -g, without frame pointers, whatever the test's own flags are.
namespace subject {

using visitor = void (*)(void* state);

/// Calls `visit` through: this function, then two that are inlined into it, then qsort's callback.
void from_inlined_and_callback(visitor visit, void* state);

/// Calls `visit` with this many frames of itself below.
void from_recursion(int depth, visitor visit, void* state);

/// Calls `visit` from a function of which only its translation unit knows.
void from_static_function(visitor visit, void* state);

/// Calls `visit` from the constructor of a class template, inlined into this function.
void from_inlined_constructor(visitor visit, void* state);

/// Calls `visit` from a function with the words of two open scopes and of a closed one in its frame, which
/// calls another function with one open scope.
void from_scopes(visitor visit, void* state);

inline constexpr const char* scope_names[] = {"outer scope", "second scope", "scope of the callee"};

}  // namespace subject

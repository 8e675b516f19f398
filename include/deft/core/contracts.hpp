/// @file
/// How deft checks its preconditions, and how its inline functions keep translation units of different flags
/// apart.
///
/// `-DDEFT_HARDENING=none|fast|debug` chooses per translation unit (default `fast`); `DEFT_HARDENING_LEVEL`
/// is then 0, 1 or 2:
///
/// | level   | DEFT_PRECONDITION | DEFT_DEBUG_CHECK |
/// |---------|-------------------|------------------|
/// | `none`  | not evaluated     | not evaluated    |
/// | `fast`  | checked, O(1)     | not evaluated    |
/// | `debug` | checked, O(1)     | checked, may be O(n) |
///
/// A failed check writes file, line and message to stderr and aborts. It is an abort and not a trap
/// instruction, because a SIGILL out of a library that dispatches on the instruction set would be read as the
/// wrong bug.
///
/// Layout never depends on the level or on -m flags, so such translation units may be linked together and
/// share objects. So that the linker never serves one of them with a function body compiled under another
/// one's flags, every inline body carries its flags in its mangled name: members by DEFT_TAGGED,
/// namespace-scope function templates by living in `inline namespace DEFT_TAG`. Types and compiled symbols
/// are never tagged: they are shared.
#pragma once

// A misspelt level must not silently mean 0, hence levels count from 1 until the check below.
#define DEFT_DETAIL_HARDENING_none 1
#define DEFT_DETAIL_HARDENING_fast 2
#define DEFT_DETAIL_HARDENING_debug 3
#define DEFT_DETAIL_CONCAT_(a, b) a##b
#define DEFT_DETAIL_CONCAT(a, b) DEFT_DETAIL_CONCAT_(a, b)

#ifndef DEFT_HARDENING
#define DEFT_HARDENING fast
#endif

#if DEFT_DETAIL_CONCAT(DEFT_DETAIL_HARDENING_, DEFT_HARDENING) == DEFT_DETAIL_HARDENING_none
#define DEFT_HARDENING_LEVEL 0
#define DEFT_DETAIL_TAG_HARDENING h0
#elif DEFT_DETAIL_CONCAT(DEFT_DETAIL_HARDENING_, DEFT_HARDENING) == DEFT_DETAIL_HARDENING_fast
#define DEFT_HARDENING_LEVEL 1
#define DEFT_DETAIL_TAG_HARDENING h1
#elif DEFT_DETAIL_CONCAT(DEFT_DETAIL_HARDENING_, DEFT_HARDENING) == DEFT_DETAIL_HARDENING_debug
#define DEFT_HARDENING_LEVEL 2
#define DEFT_DETAIL_TAG_HARDENING h2
#else
#error "DEFT_HARDENING must be none, fast or debug"
#endif

// h<level> and the extensions the compiler may use: h1, h1_sse3_ssse3_..._avx2.
#include "deft/core/detail/isa_words.hpp"
#define DEFT_DETAIL_STRING_(a) #a
#define DEFT_DETAIL_STRING(a) DEFT_DETAIL_STRING_(a)

/// The identifier that names this translation unit's flags, for namespace-scope function templates:
/// `namespace deft { inline namespace DEFT_TAG { template <...> auto f(...) ... } }`. An attribute does not
/// do there: g++ 12 drops abi_tag on them without a word. Only functions go into such a namespace, never
/// types, detail::flags excepted.
#define DEFT_TAG DEFT_DETAIL_TAG_JOINED

/// The attribute for every other inline function: members, member templates, constructors, operators, hidden
/// friends that are not templates (g++ 12 drops it on friend templates too) and plain inline functions.
#define DEFT_TAGGED [[gnu::abi_tag(DEFT_DETAIL_STRING(DEFT_TAG))]]

namespace deft::detail {

inline namespace DEFT_TAG {

/// The last template parameter's default of constructors that other classes inherit (`using base::base`):
/// compilers make such a constructor's body anew for the inheriting class, and carry over its template
/// arguments but not its tag. Never a member, a base or a parameter of a type.
struct flags;

}  // namespace DEFT_TAG

/// Writes `file:line: deft: precondition violated: message` to stderr and aborts.
[[noreturn, gnu::cold]] void precondition_failed(const char* file, int line, const char* message) noexcept;

/// Throws std::out_of_range(what), or reports `what` and aborts where exceptions are disabled in the
/// library's build.
[[noreturn, gnu::cold]] void throw_out_of_range(const char* what);

/// Throws std::length_error(what), or reports `what` and aborts where exceptions are disabled in the
/// library's build.
[[noreturn, gnu::cold]] void throw_length_error(const char* what);

}  // namespace deft::detail

#define DEFT_DETAIL_CHECK(condition, message) \
  ((condition) ? static_cast<void>(0) : ::deft::detail::precondition_failed(__FILE__, __LINE__, message))
#define DEFT_DETAIL_NO_CHECK(condition) static_cast<void>(sizeof((condition) ? 1 : 0))

/// `DEFT_PRECONDITION(condition, "message")`: an O(1) check, on by default, also in release builds. An
/// expression of type void; in constant evaluation a violated one does not compile.
#if DEFT_HARDENING_LEVEL >= 1
#define DEFT_PRECONDITION(condition, message) DEFT_DETAIL_CHECK(condition, message)
#else
#define DEFT_PRECONDITION(condition, message) DEFT_DETAIL_NO_CHECK(condition)
#endif

/// `DEFT_DEBUG_CHECK(condition, "message")`: a check of any cost, at level `debug` only.
#if DEFT_HARDENING_LEVEL >= 2
#define DEFT_DEBUG_CHECK(condition, message) DEFT_DETAIL_CHECK(condition, message)
#else
#define DEFT_DEBUG_CHECK(condition, message) DEFT_DETAIL_NO_CHECK(condition)
#endif

/// @file
/// What Helgrind and DRD are told, as functions: the macros of their headers have the same names.
#pragma once

#include <cstddef>

namespace deft::test {

/// Whatever `object` guards: a thread that passed `arrive` synchronises with those that passed `depart`
/// before.
void depart_helgrind(const volatile void* object);
void depart_drd(const volatile void* object);
void arrive_helgrind(const volatile void* object);
void arrive_drd(const volatile void* object);

/// The bytes themselves may be read and written at any time.
void do_not_watch_helgrind(const volatile void* object, std::size_t bytes);
void do_not_watch_drd(const volatile void* object, std::size_t bytes);

}  // namespace deft::test

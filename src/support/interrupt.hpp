#pragma once

namespace deft::support {

/// Installs handlers for SIGINT, SIGTERM and SIGHUP that only note the wish to stop (a second one ends the
/// program at once, its children with it). Called once by main; without it `interrupted()` is always false.
void install_interrupt_handlers();

/// Whether somebody asked the program to stop. Long loops look at this between two steps.
bool interrupted() noexcept;

/// For tests: pretend that SIGINT came, or forget that it did.
void set_interrupted(bool value) noexcept;

/// Becomes readable when `interrupted()` becomes true, for poll; -1 before install_interrupt_handlers().
int interrupt_descriptor() noexcept;

}  // namespace deft::support

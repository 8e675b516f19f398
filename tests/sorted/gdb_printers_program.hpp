// The parts of the program that gdb_printers_test.py starts.
#pragma once

/// Where gdb stops.
[[gnu::noinline]] void stop();

/// Keeps what is given, and so what it refers to, in memory.
[[gnu::noinline]] void keep(const void* what);

void show_what_is_gone();

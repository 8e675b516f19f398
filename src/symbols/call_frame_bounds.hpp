#pragma once

#include <elfutils/libdw.h>

namespace deft::symbols {

/// Whether elfutils may be asked for rules of the call frame information that it finds in `elf` for exception
/// handling: the section .eh_frame or, where sections have no names, what the program header leads to.
///
/// elfutils gets memory for every register up to the highest number that a rule names and copies it for every
/// remembered state, so that a file of a few hundred bytes takes gigabytes and minutes. Compilers name no
/// register above 200 and remember few states: true where that is so everywhere that elfutils can get to.
bool exception_frames_are_bounded(Elf* elf);

/// The same of the section .debug_frame, which is not compressed any more.
bool debug_frames_are_bounded(Elf* elf);

}  // namespace deft::symbols

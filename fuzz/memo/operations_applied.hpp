// How many operations on caches were compared with the model in this process, for tests that want to be many.
#pragma once

namespace deft_fuzz {

inline long operations_applied = 0;

}  // namespace deft_fuzz

// Opened by family.cpp while it runs.

namespace {

volatile int calls;

}

extern "C" __attribute__((visibility("default"), noinline)) void plugin_entry(void (*call_back)()) {
  call_back();
  calls = calls + 1;
}

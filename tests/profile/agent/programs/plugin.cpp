// A library that comes and goes: twice the same code under two names.

#ifndef DEFT_PLUGIN_FUNCTION
#error "which one?"
#endif

static volatile int calls;

extern "C" __attribute__((visibility("default"), noinline)) void DEFT_PLUGIN_FUNCTION(void (*work)()) {
  work();
  calls = calls + 1;
}

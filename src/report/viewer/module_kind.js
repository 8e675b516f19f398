export const SCOPE_MODULE = '[scope]';    // a scope that the program itself marked
export const THREAD_MODULE = '[thread]';  // put above the stacks where threads are shown one by one

/** 'program', 'library', 'kernel', 'scope', 'thread' or 'unknown', by the name of a frame's module. */
export function moduleKind(module) {
  if (module === '[kernel]' || module === '[vdso]') return 'kernel';
  if (module === SCOPE_MODULE) return 'scope';
  if (module === THREAD_MODULE) return 'thread';
  if (/^\[|^$/.test(module)) return 'unknown';
  return /\.so(\.|$)/.test(module) ? 'library' : 'program';
}

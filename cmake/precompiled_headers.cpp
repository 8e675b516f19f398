// Nothing of its own: a source for targets that precompile headers for others.

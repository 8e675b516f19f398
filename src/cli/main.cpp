#include "cli/program.hpp"

int main(int argc, char** argv) {
  return deft::cli::run_program(argc, argv);
}

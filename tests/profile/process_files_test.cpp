#include "profile/process_files.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "profile/traced_thread.hpp"

namespace deft::profile {
namespace {

TEST(ExecutableMappings, HoldOurOwnCode) {
  // NOLINTNEXTLINE: the address of code
  const auto code = reinterpret_cast<std::uint64_t>(&executable_mappings);
  const std::vector<symbols::mapping_event> mappings = executable_mappings(::getpid());
  const auto holds_it = [code](const symbols::mapping_event& mapping) {
    return mapping.start <= code && code - mapping.start < mapping.size_bytes;
  };
  const auto ours = std::find_if(mappings.begin(), mappings.end(), holds_it);
  ASSERT_NE(ours, mappings.end());
  EXPECT_TRUE(ours->path.ends_with("test_profile")) << ours->path;
  EXPECT_EQ(ours->pid, static_cast<std::uint32_t>(::getpid()));
  EXPECT_TRUE(
      std::any_of(mappings.begin(), mappings.end(), [](const auto& m) { return m.path == "[vdso]"; }));
}

TEST(ThreadFiles, TellWhatAThreadDoes) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::atomic<pid_t> tid{0};
  std::thread blocked([&] {
    tid = static_cast<pid_t>(::gettid());
    ::pthread_setname_np(::pthread_self(), "it is) R here");
    char byte;
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
  });
  while (tid == 0 || activity_of(::getpid(), tid).value().state != 'S') std::this_thread::yield();
  const auto call = blocking_call_of(::getpid(), tid);
  // Its own threads a process may always look at; a sandbox may hide the file.
  if (call) {
    EXPECT_EQ(call->number, SYS_read);
    EXPECT_NE(call->stack_pointer, 0U);
    EXPECT_NE(call->program_counter, 0U);
  }
  EXPECT_EQ(name_of(::getpid(), tid), "it is) R here");
  EXPECT_EQ(identity_of(tid).value().pid, ::getpid());
  EXPECT_EQ(identity_of(tid).value().parent, ::getppid());
  EXPECT_EQ(activity_of(::getpid(), ::gettid()).value().state, 'R');
  ASSERT_EQ(::write(ends[1], "x", 1), 1);
  blocked.join();
  EXPECT_FALSE(activity_of(::getpid(), tid));
  EXPECT_FALSE(identity_of(tid));
  EXPECT_EQ(name_of(::getpid(), tid), "");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(ReadMemory, EndsWhereTheMemoryEnds) {
  const char text[] = "some bytes";
  // NOLINTNEXTLINE: the address of data
  const auto address = reinterpret_cast<std::uint64_t>(text);
  const std::vector<std::uint8_t> bytes = read_memory(::getpid(), address, sizeof text);
  if (bytes.empty()) GTEST_SKIP() << "this sandbox forbids process_vm_readv";
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), text, text + sizeof text));
  EXPECT_TRUE(read_memory(::getpid(), 0, 4096).empty());
}

}  // namespace
}  // namespace deft::profile

#include "measure/worker_process.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "measure/batch_rounds.hpp"
#include "measure/worker/messages.hpp"
#include "support/files.hpp"

namespace deft::measure {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

program saying(const std::string& words) {
  return {DEFT_TEST_BAD_WORKER, {}, {{"DEFT_TEST_SAYS", words}}};
}

/// A round of `p` alone, which has 20 s for it unless told otherwise.
support::result<round> round_of(const program& p, const std::string& name,
                                std::chrono::milliseconds time_limit = 20s) {
  const auto folder = support::temporary_folder::make("test");
  random_source random(7);
  batch_round_plan plan;
  plan.settings = {4, 0.002, time_limit};
  plan.folder = folder->path();
  return run_batch_round(p, nullptr, name, plan, random);
}

std::string failure_of(const program& p, const std::string& name = "good",
                       std::chrono::milliseconds time_limit = 20s) {
  const auto measured = round_of(p, name, time_limit);
  EXPECT_FALSE(measured) << name;
  return measured ? "" : measured.error().message;
}

TEST(AskWorker, ListsTheBenchmarksOfAWorker) {
  const auto own = ask_worker({DEFT_TEST_OWN_BENCHMARKS, {}, {}}, 20s);
  ASSERT_TRUE(own) << own.error().message;
  ASSERT_TRUE(*own);
  EXPECT_EQ((*own)->suite, "deft");
  EXPECT_THAT((*own)->names, testing::IsSupersetOf({"hash", "sum"}));
  const auto google = ask_worker({DEFT_TEST_SEEDED_WORKER, {}, {}}, 20s);
  ASSERT_TRUE(google) << google.error().message;
  ASSERT_TRUE(*google);
  EXPECT_EQ((*google)->suite, "google-benchmark");
  EXPECT_THAT((*google)->names, ElementsAre("search", "map", "hash", "sum", "sort"));
}

TEST(AskWorker, SeesThatAProgramIsNoWorker) {
  for (const char* path : {DEFT_TEST_SEEDED_SLOWDOWN, "/bin/true", "/bin/false", "/no/such/file"}) {
    const auto asked = ask_worker({path, {}, {}}, 20s);
    ASSERT_TRUE(asked) << asked.error().message;
    EXPECT_FALSE(*asked) << path;
  }
}

TEST(AskWorker, WaitsForNoAnswerForEver) {
  const auto asked = ask_worker(saying("no greeting"), 200ms);
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_FALSE(*asked);
}

TEST(AskWorker, RefusesWhatSpeaksOtherwise) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"newer version", "speaks version 2 of the worker protocol, this deft 1"},
      {"garbage", "no worker's greeting"},
      {"list of nonsense", "answers nothing that was asked"},
      {"endless name", "a line of more than"},
      {"wrong count", "answers nothing that was asked"}};
  for (const auto& [words, cause] : cases) {
    const auto asked = ask_worker(saying(words), 20s);
    ASSERT_FALSE(asked) << words;
    EXPECT_THAT(asked.error().message, AllOf(HasSubstr(cause), HasSubstr("bad_worker"))) << words;
    EXPECT_THAT(asked.error().message, Not(HasSubstr("\x01"))) << words;
  }
}

TEST(BatchRound, MeasuresOwnBenchmarksAndThoseOfGoogle) {
  for (const char* path : {DEFT_TEST_OWN_BENCHMARKS, DEFT_TEST_SEEDED_WORKER}) {
    const auto measured = round_of({path, {}, {}}, "hash");
    ASSERT_TRUE(measured) << measured.error().message;
    ASSERT_THAT(measured->base, SizeIs(4));
    EXPECT_GT(measured->base[0].cpu_ns, 0);
    EXPECT_GT(measured->base[0].real_ns, 0);
    EXPECT_GT(measured->base[0].iterations, 0U);
  }
}

TEST(BatchRound, SetsABenchmarkOfItsOwnUpOnce) {
  const auto measured = round_of({DEFT_TEST_OWN_BENCHMARKS, {}, {}}, "set_up_once");
  EXPECT_TRUE(measured) << measured.error().message;
}

TEST(BatchRound, TakesTwoProcessesOfAnArm) {
  const auto folder = support::temporary_folder::make("test");
  const std::string set_ups = (folder->path() / "set-ups").string();
  const auto measured =
      round_of({DEFT_TEST_OWN_BENCHMARKS, {}, {{"DEFT_TEST_SET_UPS", set_ups}}}, "set_up_once");
  ASSERT_TRUE(measured) << measured.error().message;
  EXPECT_THAT(measured->base, SizeIs(4));
  std::string found;
  std::ifstream(set_ups) >> found;
  EXPECT_EQ(found, "..");
}

TEST(BatchRound, SaysWhatABenchmarkSaid) {
  const program own{DEFT_TEST_OWN_BENCHMARKS, {}, {}};
  EXPECT_THAT(failure_of(own, "fails"), HasSubstr("no input file"));
  EXPECT_THAT(failure_of(own, "throws"), HasSubstr("threw an exception: out of luck"));
  EXPECT_THAT(failure_of(own, "does_nothing"), HasSubstr("returned without its loop"));
  EXPECT_THAT(failure_of(own, "leaves_its_loop"), HasSubstr("left its loop"));
  EXPECT_THAT(failure_of(own, "no such benchmark"), HasSubstr("no benchmark of this name"));
  EXPECT_THAT(failure_of({DEFT_TEST_MISBEHAVING_WORKER, {}, {}}, "error"), HasSubstr("no input file"));
  const auto skipped = round_of(own, "skips");
  ASSERT_FALSE(skipped);
  EXPECT_EQ(skipped.error().kind, support::error_kind::unavailable);
  EXPECT_THAT(skipped.error().message, HasSubstr("not on this machine"));
}

TEST(BatchRound, SaysHowAWorkerDied) {
  const program bad{DEFT_TEST_MISBEHAVING_WORKER, {}, {}};
  EXPECT_THAT(failure_of(bad, "segfault"), HasSubstr("SIGSEGV"));
  EXPECT_THAT(failure_of(bad, "abort"), AllOf(HasSubstr("SIGABRT"), HasSubstr("the table is corrupt")));
  EXPECT_THAT(failure_of(bad, "exit_3"), HasSubstr("exit code 3"));
  EXPECT_THAT(failure_of(bad, "exit_0"), HasSubstr("ended without an answer"));
}

TEST(BatchRound, EndsAWorkerThatHangs) {
  EXPECT_THAT(failure_of({DEFT_TEST_MISBEHAVING_WORKER, {}, {}}, "hang", 1s), HasSubstr("hang"));
  EXPECT_THAT(failure_of(saying("silence"), "good", 500ms), HasSubstr("hang"));
}

TEST(BatchRound, TakesNoNonsenseForATime) {
  for (const char* words : {"batch of nothing", "negative batch", "another answer"})
    EXPECT_THAT(failure_of(saying(words)), HasSubstr("answers nothing that was asked")) << words;
  EXPECT_THAT(failure_of(saying("half a batch")), HasSubstr("ended without an answer"));
  EXPECT_THAT(failure_of(saying("no time")), HasSubstr("reports no CPU time"));
  EXPECT_THAT(failure_of(saying("abort")), HasSubstr("SIGABRT"));
}

TEST(BatchRound, NamesTheArmThatFailed) {
  const auto folder = support::temporary_folder::make("test");
  random_source random(7);
  batch_round_plan plan;
  plan.settings = {1, 0.001, 20s};
  plan.folder = folder->path();
  const program head{DEFT_TEST_SEEDED_WORKER, {}, {}};
  const program base{DEFT_TEST_MISBEHAVING_WORKER, {}, {}};
  const auto measured = run_batch_round(base, &head, "good", plan, random);
  ASSERT_FALSE(measured);
  EXPECT_THAT(measured.error().message, AllOf(HasSubstr("head: no benchmark"), Not(HasSubstr("base"))));
}

TEST(BatchRound, OfADuetMeasuresAllArmsOnTwoCores) {
  const auto folder = support::temporary_folder::make("test");
  random_source random(7);
  batch_round_plan plan;
  plan.how = method::duet;
  plan.settings = {2, 0.004, 20s};
  plan.folder = folder->path();
  plan.cpus = support::allowed_cpus();
  const program p{DEFT_TEST_SEEDED_WORKER, {}, {}};
  const auto measured = run_batch_round(p, &p, "sum", plan, random);
  ASSERT_TRUE(measured) << measured.error().message;
  for (const process_run& run : {measured->base, measured->head, measured->control}) {
    ASSERT_THAT(run, SizeIs(2));
    EXPECT_GT(run[0].cpu_ns, 0);
  }
}

/// What a worker does whose peer says `text` and, if so, goes away; and what it says on stderr.
std::pair<int, std::string> end_of_worker_told(const std::string& text) {
  const auto folder = support::temporary_folder::make("test");
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  wire::line_socket ours(ends[0]);
  support::spawn_options options;
  options.argv = {DEFT_TEST_OWN_BENCHMARKS};
  options.environment = {{wire::variable, std::to_string(ends[1])}};
  options.inherited = {ends[1]};
  options.stderr_path = (folder->path() / "stderr").string();
  {
    auto child = support::spawn(options);
    EXPECT_TRUE(child);
    {
      const wire::line_socket theirs(ends[1]);
    }
    EXPECT_EQ(::send(ours.descriptor(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
    ::shutdown(ours.descriptor(), SHUT_WR);
    const auto status = support::wait_all({&*child, 1}, 20s).front();
    EXPECT_FALSE(status.timed_out);
    auto said = support::read_file(options.stderr_path);
    return {status.code, said ? *said : std::string()};
  }
}

TEST(Worker, LeavesWhenItsPeerDoes) {
  EXPECT_EQ(end_of_worker_told("quit\n").first, 0);
  EXPECT_EQ(end_of_worker_told("quit\n").second, "");
  const std::vector<std::pair<std::string, const char*>> cases{
      {"", "deft is gone"},
      {"list\n", "deft is gone"},
      {"run 0 0 10", "cut off"},
      {"run 0 0 1000000\nrun 0 0", "cut off"},
      {"run 0 0 1000000000000000000000\n", "does not understand"},
      {"hello \x1b\x01\n", "does not understand deft: 'hello   '"},
      {std::string(100'000, 'x') + "\n", "too long"}};
  for (const auto& [text, cause] : cases) {
    const auto [code, said] = end_of_worker_told(text);
    EXPECT_EQ(code, 1) << text.substr(0, 50);
    EXPECT_THAT(said, HasSubstr(cause)) << text.substr(0, 50);
  }
}

TEST(Worker, RefusesAVariableThatNamesNoSocket) {
  for (const char* value : {"", "x", "0", "-1", "3x", "99", "99999999999999"}) {
    const auto folder = support::temporary_folder::make("test");
    support::spawn_options options;
    options.argv = {DEFT_TEST_OWN_BENCHMARKS};
    options.environment = {{wire::variable, value}};
    options.stderr_path = (folder->path() / "stderr").string();
    const auto status = support::run(options, 20s);
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 1) << value;
    EXPECT_THAT(*support::read_file(options.stderr_path), HasSubstr("names no socket")) << value;
  }
}

TEST(Worker, NotDrivenDoesWhatItAlwaysDid) {
  const auto folder = support::temporary_folder::make("test");
  const auto output = [&](const char* path, std::vector<std::string> arguments) {
    support::spawn_options options;
    options.argv = {path};
    options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
    options.stdout_path = (folder->path() / "stdout").string();
    const auto status = support::run(options, 60s);
    EXPECT_TRUE(status && status->code == 0);
    return *support::read_file(options.stdout_path);
  };
  EXPECT_EQ(output(DEFT_TEST_SEEDED_WORKER, {"--benchmark_list_tests=true"}),
            output(DEFT_TEST_SEEDED_SLOWDOWN, {"--benchmark_list_tests=true"}));
  EXPECT_THAT(output(DEFT_TEST_SEEDED_WORKER, {"--benchmark_filter=^sum$", "--benchmark_min_time=0.001"}),
              HasSubstr("sum"));
  EXPECT_THAT(output(DEFT_TEST_OWN_BENCHMARKS, {"sum"}),
              AllOf(HasSubstr("sum"), HasSubstr(" ns"), Not(HasSubstr("hash"))));
  EXPECT_THAT(output(DEFT_TEST_OWN_BENCHMARKS, {"--list"}), testing::StartsWith("hash\nsum\n"));
}

}  // namespace
}  // namespace deft::measure

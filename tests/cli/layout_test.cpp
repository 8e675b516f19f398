#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/layout_file.hpp"
#include "store/machine.hpp"
#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using stats::verdict;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* first_source = R"(#include <benchmark/benchmark.h>
int twice(int);
static void doubling(benchmark::State& state) {
  int value = 1;
  for (auto _ : state) benchmark::DoNotOptimize(value = twice(value) & 1023);
}
BENCHMARK(doubling);
)";

constexpr const char* second_source = R"(#include <benchmark/benchmark.h>
int twice(int value) { return 2 * value; }
static void adding(benchmark::State& state) {
  int value = 1;
  for (auto _ : state) benchmark::DoNotOptimize(value += 3);
}
BENCHMARK(adding);
BENCHMARK_MAIN();
)";

/// A program of two files, compiled once, in the test's folder.
class Layout : public deft_program {
 protected:
  void SetUp() override {
    write("first.cpp", first_source);
    write("second.cpp", second_source);
    shell("g++ -O1 -c first.cpp && g++ -O1 -c second.cpp");
  }

  void shell(const std::string& line) const {
    support::spawn_options options;
    options.argv = {"/bin/sh", "-ec", line};
    options.working_folder = in_folder("").string();
    options.stderr_path = in_folder("shell.err").string();
    const auto status = support::run(options, std::chrono::seconds(120));
    ASSERT_TRUE(status && status->ok()) << line << ": " << read("shell.err");
  }

  outcome layout(std::vector<std::string> more) const {
    more.insert(more.begin(), {"layout", "--rounds", "4", "--repetitions", "1", "--min-time", "0.001",
                               "--seed", "1", "-o", in_folder("layout.json").string()});
    return deft(std::move(more));
  }

  outcome rebuild(const std::string& build) const {
    return layout({"--build", build, "--bench", "bench", "--variants", "3"});
  }

  store::layout_file learnt() const {
    auto file = store::load_layout(in_folder("layout.json"));
    EXPECT_TRUE(file) << file.error().message;
    return file ? *std::move(file) : store::layout_file{};
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(in_folder(""))) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  /// A floor file for seeded_slowdown's benchmarks on this machine.
  void write_floor(double floor, const std::string& name = "hash", std::string cpu = "") const {
    store::layout_file file;
    file.machine = store::read_machine();
    if (!cpu.empty()) file.machine.cpu_model = std::move(cpu);
    file.program = "a program";
    file.learnt.whole_run = floor;
    file.learnt.benchmarks = {{name, measure::method::same_core, floor, {{0.01, 0.001}}}};
    ASSERT_TRUE(store::save(file, in_folder("floor.json")));
  }

  outcome slowed(const std::string& floor) const {
    return deft({"ab", DEFT_TEST_SEEDED_SLOWDOWN, DEFT_TEST_SEEDED_SLOWDOWN, "--filter", "^hash$",
                 "--head-env", "DEFT_SLOWDOWN=hash=4", "--no-profile", "--repetitions", "2", "--min-time",
                 "0.005", "-o", result_path(), "--layout-floor", floor});
  }
};

TEST_F(Layout, IsLearntFromRebuildsAndTheProgramIsLeftAsItWas) {
  const std::string build = "test -e bench || g++ first.o second.o -o bench -lbenchmark -pthread";
  shell(build);
  const std::string before = read("bench");
  const auto written = fs::last_write_time(in_folder("bench"));
  const outcome o = rebuild(build);
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("doubling"));
  EXPECT_THAT(o.out, HasSubstr("floor of the run"));
  const store::layout_file file = learnt();
  ASSERT_EQ(file.learnt.benchmarks.size(), 2U);
  EXPECT_EQ(file.learnt.benchmarks[0].variants.size(), 3U);
  EXPECT_EQ(file.build, build);
  EXPECT_GT(file.learnt.whole_run, 0);
  EXPECT_EQ(read("bench"), before);
  EXPECT_EQ(fs::last_write_time(in_folder("bench")), written);
  for (const std::string& name : files()) EXPECT_EQ(name.find("bench.layout"), std::string::npos) << name;
}

TEST_F(Layout, IsChangedInWhatClangLinksToo) {
  if (support::find_program("clang++-16").empty()) GTEST_SKIP() << "no clang++-16";
  const outcome o = rebuild("clang++-16 first.o second.o -o bench -lbenchmark -pthread");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(learnt().learnt.benchmarks.size(), 2U);
}

TEST_F(Layout, IsChangedThroughResponseFiles) {
  write("objects", "first.o \"second.o\" -lbenchmark -pthread\n");
  const outcome o = rebuild("g++ @objects -o bench");
  EXPECT_EQ(o.code, 0) << o.err;
}

TEST_F(Layout, IsAnErrorWhereTheBuildLinksPastTheStandIn) {
  shell("g++ first.o second.o -o kept -lbenchmark -pthread");
  const outcome o = rebuild("cp kept bench");
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(
      is_one_line_with(o.err.substr(o.err.rfind("deft: ")), {"rebuild 1", "did not link", "--variant"}));
  EXPECT_EQ(read("bench"), read("kept"));
  EXPECT_FALSE(fs::exists(in_folder("layout.json")));
}

TEST_F(Layout, ABuildThatFailsIsToldWithItsLastLines) {
  const outcome o = rebuild("echo what went wrong; exit 3");
  EXPECT_EQ(o.code, 5);
  EXPECT_THAT(o.err, HasSubstr("the build command failed (exit code 3)"));
  EXPECT_THAT(o.err, HasSubstr("what went wrong"));
}

TEST_F(Layout, IsLearntFromReadyMadeBuilds) {
  const std::string libraries = " -lbenchmark -pthread";
  shell("g++ first.o second.o -o a" + libraries + " && g++ second.o first.o -o b" + libraries +
        " && cp a c && cp b d");
  EXPECT_EQ(layout({"--variant", "a", "--variant", "b", "--variant", "c", "--variant", "d"}).code, 0);
  EXPECT_EQ(learnt().learnt.benchmarks[0].variants.size(), 3U);
  const outcome few = layout({"--variant", "a", "--variant", "b"});
  EXPECT_EQ(few.code, 2);
  EXPECT_THAT(few.err, HasSubstr("at least 4"));
  const outcome other =
      layout({"--variant", "a", "--variant", "b", "--variant", "c", "--variant", DEFT_TEST_SEEDED_SLOWDOWN});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("has other benchmarks"));
}

TEST_F(Layout, FloorAboveAChangeMakesItInconclusive) {
  write_floor(9);
  const outcome o = slowed("floor.json");
  EXPECT_EQ(o.code, 0) << o.err;
  const auto b = benchmark("hash");
  ASSERT_TRUE(b.decision);
  EXPECT_EQ(b.decision->verdict, verdict::inconclusive);
  EXPECT_THAT(b.decision->reason, StartsWith("layout: "));
  EXPECT_EQ(b.decision->layout_floor, 9);
  EXPECT_THAT(o.out, HasSubstr("layout: "));

  // What was measured is in the file: another floor, another verdict.
  EXPECT_EQ(deft({"gate", "result.json"}).code, 0);
  EXPECT_EQ(deft({"gate", "result.json", "--rejudge"}).code, 1);
  write_floor(0.1);
  EXPECT_EQ(deft({"report", "result.json", "--rejudge", "--layout-floor", "floor.json", "-o", "r"}).code, 0);
  const auto again = store::load(in_folder("r/result.json"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->benchmarks[0].decision->verdict, verdict::regressed);
  EXPECT_EQ(again->benchmarks[0].decision->layout_floor, 0.1);
  EXPECT_THAT(read("r/report.md"), HasSubstr("rebuilding alone"));
}

TEST_F(Layout, FloorThatIsBrokenOrOfSomethingElseIsRefusedBeforeMeasuring) {
  write("floor.json", "{\"schema\":\"deft-layout-floor\",\"vers");
  EXPECT_TRUE(is_one_line_with(slowed("floor.json").err, {"floor.json", "cut off"}));
  EXPECT_EQ(slowed("nowhere.json").code, 5);
  write_floor(0.1, "something else");
  const outcome other = slowed("floor.json");
  EXPECT_EQ(other.code, 5);
  EXPECT_TRUE(is_one_line_with(other.err, {"floor.json", "none of these benchmarks", "a program"}));
  write_floor(0.1, "hash", "A processor of tomorrow");
  const outcome machine = slowed("floor.json");
  EXPECT_EQ(machine.code, 5);
  EXPECT_TRUE(is_one_line_with(machine.err, {"floor.json", "A processor of tomorrow"}));
  EXPECT_FALSE(fs::exists(result_path()));
}

TEST_F(Layout, NeedsAProgramAndABuildOrBuilds) {
  EXPECT_EQ(layout({}).code, 2);
  EXPECT_EQ(layout({"--build", "make"}).code, 2);
  EXPECT_EQ(layout({"--build", "make", "--bench", "b", "--variant", "c"}).code, 2);
  EXPECT_EQ(layout({"--build", "make", "--bench", "b", "--variants", "2"}).code, 2);
}

}  // namespace
}  // namespace deft::cli
